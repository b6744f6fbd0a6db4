"""The hours a volunteer gave, on a page and as a certificate: hers, and her association's, nobody else's."""

from datetime import UTC, datetime, timedelta

import pytest

from models.db import db, transaction
from models.states import MeetingState, PairingState, SessionState
from tests.factories import make_coordinator, make_meeting, make_pairing, make_workshop_session
from tests.webapp.member_pages import make_helper, make_house, make_member
from webapp.charters.hours import count, tell_minutes
from webapp.permissions import Actor
from webapp.services.volunteer_hours import read_hours

NEW_YEAR = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
"""Half past midnight in Paris, on the first of January 2026."""


@pytest.fixture
def people(app):
    """A supporter who met twice and led one workshop in 2026, and met once in 2025."""
    with transaction() as session:
        house = make_house(session)
        supporter, helper = make_helper(session, house, capacity=3)
        person, _member = make_member(session, house, first_name="Awa", last_name="Secret")
        pairing = make_pairing(session, person, supporter, state=PairingState.ACTIVE)
        held = {"state": MeetingState.HELD, "wall_start": "2026-01-01T00:30"}
        make_meeting(session, pairing, **held, starts_at=NEW_YEAR, minutes=90)
        make_meeting(session, pairing, **held, starts_at=NEW_YEAR + timedelta(days=40), minutes=30)
        make_meeting(session, pairing, **held, starts_at=NEW_YEAR - timedelta(hours=1), minutes=60)
        make_meeting(session, pairing, state=MeetingState.MISSED, starts_at=NEW_YEAR, wall_start="2026-01-01T00:30")
        day = NEW_YEAR + timedelta(days=30)
        led = {"starts_at": day, "ends_at": day + timedelta(hours=2), "state": SessionState.HELD}
        make_workshop_session(session, house.association, organiser_id=helper.id, **led)
        make_workshop_session(session, house.association, **led)
        coordinator = make_coordinator(session, house.association)
    return {"supporter": supporter, "helper": helper, "coordinator": coordinator}


def test_a_year_is_a_year_of_clocks_in_france(people):
    own = Actor(account_id=None, supporter_ids=frozenset({people["supporter"].id}))
    given = read_hours(supporter_id=people["supporter"].public_id, year=2026, actor=own).given
    assert (given.meetings, given.meeting_minutes, given.sessions, given.session_minutes) == (2, 120, 1, 120)
    before = read_hours(supporter_id=people["supporter"].public_id, year=2025, actor=own).given
    assert (before.meetings, before.minutes) == (1, 60)


@pytest.mark.parametrize("who", ["helper", "coordinator"])
def test_she_and_her_association_read_them_and_take_the_certificate(client, sign_in, people, who):
    sign_in(client, people[who])
    path = f"/my-availability/{people['supporter'].public_id}/hours"
    page = client.get(f"{path}?year=2026").get_data(as_text=True)
    assert page.count("<h1") == 1
    assert "4 h" in page
    assert "Secret" not in page
    answer = client.get(f"{path}.pdf?year=2026")
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    assert answer.data.startswith(b"%PDF")
    assert client.get(f"{path}?year=1900").status_code == 404


def test_nobody_else_does(client, sign_in, people):
    path = f"/my-availability/{people['supporter'].public_id}/hours"
    assert client.get(path).status_code in (302, 303)
    with transaction() as session:
        _other, account = make_helper(session, make_house(session))
    sign_in(client, account)
    assert {client.get(one).status_code for one in (path, f"{path}.pdf")} == {404}
    db.session.rollback()


def test_numbers_are_told_as_french_tells_them():
    assert [count(number, "rencontre", "rencontres") for number in (0, 1, 2)] == [
        "0 rencontre",
        "1 rencontre",
        "2 rencontres",
    ]
    assert tell_minutes(125) == "2 h 05"
