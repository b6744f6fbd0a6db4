"""What a person reads of somebody, wherever she is with them: the same on steps, in her team, on the team's page."""

from datetime import timedelta

import pytest

from models.db import transaction
from models.meetings import MeetingSide
from models.pairings import Pairing
from models.states import MeetingState, PairingState
from tests.factories import make_meeting, make_pairing
from tests.webapp.member_pages import make_helper, make_house, make_member
from webapp.clock import utc_now
from webapp.templating import format_clock, format_day

SOON, LATER = timedelta(days=3), timedelta(days=6)


@pytest.fixture
def house(app):
    with transaction() as session:
        return make_house(session)


@pytest.fixture
def pair(house, client, sign_in):
    """A person who reads, and a mentor with her: the pairing's number, and both accounts."""
    now = utc_now()
    with transaction() as session:
        person, own = make_member(session, house, first_name="Awa")
        mentor, account = make_helper(session, house, first_name="Yohann", last_name="Petit")
        dates = {"answered_at": now, "next_meeting_due_at": now + LATER}
        pairing = make_pairing(session, person, mentor, state=PairingState.ACTIVE, **dates)
    sign_in(client, own)
    return pairing, person, account


def set_pairing(pairing, state, **values):
    with transaction() as session:
        stored = session.get_one(Pairing, pairing.id)
        for name, value in {"state": state, **values}.items():
            setattr(stored, name, value)


def add_meeting(pairing, state, *, starts_at=None, by=MeetingSide.SUPPORTER):
    slot = (starts_at or utc_now() + LATER).isoformat()
    values = {"starts_at": starts_at, "wall_start": "2026-12-08T18:00"} if starts_at else {}
    with transaction() as session:
        stored = session.get_one(Pairing, pairing.id)
        slots = [{"starts_at": slot, "wall": "2026-12-08T18:00", "zone": "Europe/Paris"}]
        make_meeting(
            session, stored, state=state, slots=slots, proposed_by=by, answer_due_at=utc_now() + SOON, **values
        )


def day(instant):
    return format_day(instant, "EEEE d MMMM")


def task_about(page, name):
    """The words of the one step that is about somebody."""
    found = [task for task in page.split('<li class="task">')[1:] if name in task.split("</li>")[0]]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    "case", ["proposed", "asked", "none", "by_him", "by_her", "confirmed", "past", "met", "paused", "passed"]
)
def test_steps_and_team_say_the_same_of_where_she_is_with_somebody(app, client, pair, case):
    pairing, _person, _account = pair
    now = utc_now()
    hour = now + LATER
    if case == "proposed":
        set_pairing(pairing, PairingState.PROPOSED, answered_at=None, deadline_at=now + SOON)
        expected, button = "Réponse avant le {soon}", None
    elif case == "asked":
        asked = {"question": "Quand ?", "asked_at": now, "question_due_at": now + SOON, "deadline_at": now + LATER}
        set_pairing(pairing, PairingState.ASKED, answered_at=None, **asked)
        expected, button = "Il y a d’abord une question : réponse avant le {soon}", None
    elif case == "none":
        expected, button = "Premier échange avant le {later}", "Fixer une date"
    elif case == "by_him":
        add_meeting(pairing, MeetingState.PROPOSED)
        expected, button = "Des dates vous sont proposées : choisissez avant le {soon}", "Choisir une date"
    elif case == "by_her":
        add_meeting(pairing, MeetingState.PROPOSED, by=MeetingSide.ENTREPRENEUR)
        expected, button = "Vous avez proposé des dates : réponse avant le {soon}", "Nos dates et nos échanges"
    elif case == "confirmed":
        add_meeting(pairing, MeetingState.CONFIRMED, starts_at=hour)
        expected, button = "Premier échange : {later} à {time}", "Nos dates et nos échanges"
    elif case == "past":
        hour = now - SOON
        add_meeting(pairing, MeetingState.CONFIRMED, starts_at=hour)
        expected, button = "Un échange était prévu le {hour} à {time}", "Dire si nous avons échangé"
    elif case == "met":
        add_meeting(pairing, MeetingState.HELD, starts_at=now - SOON)
        expected, button = "Prochain échange avant le {later}", "Fixer une date"
    elif case == "paused":
        set_pairing(pairing, PairingState.PAUSED, pause_until=now + SOON)
        expected, button = "En pause jusqu’au {soon}", "Nos dates et nos échanges"
    else:
        add_meeting(pairing, MeetingState.PROPOSED, starts_at=None)
        with app.app_context(), transaction() as session:
            session.connection().exec_driver_sql(
                'UPDATE meetings SET slots = \'[{"starts_at": "2026-01-05T10:00:00+00:00"}]\''
            )
        expected, button = "Premier échange avant le {later}", "Fixer une date"
    with app.test_request_context(headers={"Accept-Language": "fr"}):
        words = expected.format(soon=day(now + SOON), later=day(now + LATER), hour=day(hour), time=format_clock(hour))
    step = task_about(client.get("/my-steps").get_data(as_text=True), "Yohann")
    team = client.get("/my-steps/team").get_data(as_text=True)
    assert words in step
    assert words in team
    assert (button or "Nous avons demandé à") in step
    assert (f'href="/pairings/{pairing.public_id}"' in team) is (button is not None)


def test_the_hour_agreed_stands_on_the_page_of_the_team_and_of_the_supporter(app, client, pair, sign_in):
    pairing, person, account = pair
    hour = utc_now() + LATER
    add_meeting(pairing, MeetingState.CONFIRMED, starts_at=hour)
    with app.test_request_context(headers={"Accept-Language": "fr"}):
        words = f"Premier échange : {day(hour)} à {format_clock(hour)}"
    reader = sign_in(app.test_client(), account)
    for address in (f"/teams/{person.public_id}", "/pairings", f"/pairings/{pairing.public_id}"):
        assert words in reader.get(address).get_data(as_text=True)
    assert words in client.get(f"/pairings/{pairing.public_id}").get_data(as_text=True)
