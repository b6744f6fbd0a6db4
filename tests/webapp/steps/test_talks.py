"""What a person reads of somebody, wherever she is with them: the same on steps, in her team, on the team's page."""

from datetime import timedelta

import pytest

from models.db import transaction
from models.meetings import MeetingSide
from models.pairings import Pairing
from models.states import MeetingState, PairingState
from models.supporters import SupporterRole
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


def add_meeting(pairing, state, *, starts_at=None, offered=None, by=MeetingSide.SUPPORTER):
    slot = (starts_at or offered or utc_now() + LATER).isoformat()
    agreed = {"starts_at": starts_at, "wall_start": "2026-12-08T18:00"} if starts_at else {}
    slots = [{"starts_at": slot, "wall": "2026-12-08T18:00", "zone": "Europe/Paris"}]
    values = {"slots": slots, "proposed_by": by, "answer_due_at": utc_now() + SOON, **agreed}
    with transaction() as session:
        make_meeting(session, session.get_one(Pairing, pairing.id), state=state, **values)


def day(instant):
    return format_day(instant, "EEEE d MMMM")


def task_about(page, name):
    """The words of the one step that is about somebody."""
    found = [task for task in page.split('<li class="task ')[1:] if name in task.split("</li>")[0]]
    assert len(found) == 1
    return found[0]


def arrange(case, pairing, now):
    """Bring a pairing of two who have just begun to where a case has it."""
    if case == "proposed":
        set_pairing(pairing, PairingState.PROPOSED, answered_at=None, deadline_at=now + SOON)
    elif case == "asked":
        asked = {"question": "Quand ?", "asked_at": now, "question_due_at": now + SOON, "deadline_at": now + LATER}
        set_pairing(pairing, PairingState.ASKED, answered_at=None, **asked)
    elif case == "paused":
        set_pairing(pairing, PairingState.PAUSED, pause_until=now + SOON)
    elif case == "dates by him":
        add_meeting(pairing, MeetingState.PROPOSED)
    elif case == "dates by her":
        add_meeting(pairing, MeetingState.PROPOSED, by=MeetingSide.ENTREPRENEUR)
    elif case == "dates gone by":
        add_meeting(pairing, MeetingState.PROPOSED, offered=now - SOON)
    elif case == "agreed":
        add_meeting(pairing, MeetingState.CONFIRMED, starts_at=now + LATER)
    elif case == "past":
        add_meeting(pairing, MeetingState.CONFIRMED, starts_at=now - SOON)
    elif case == "met":
        add_meeting(pairing, MeetingState.HELD, starts_at=now - SOON)


@pytest.mark.parametrize(
    ("case", "expected", "button"),
    [
        ("proposed", "Réponse avant le {soon}", "Nous avons demandé à"),
        ("asked", "Il y a d’abord une question : réponse avant le {soon}", "Nous avons demandé à"),
        ("no date", "Premier échange avant le {later}", "Fixer une date"),
        ("dates by him", "Des dates vous sont proposées : choisissez avant le {soon}", "Aucune de ces dates"),
        ("dates by her", "Vous avez proposé des dates : réponse avant le {soon}", "Nos dates et nos échanges"),
        ("dates gone by", "Premier échange avant le {later}", "Fixer une date"),
        ("agreed", "Premier échange : {later} à {later_hour}", "Nos dates et nos échanges"),
        ("past", "Un échange était prévu le {before} à {before_hour}", "Dire si nous avons échangé"),
        ("met", "Prochain échange avant le {later}", "Fixer une date"),
        ("paused", "En pause jusqu’au {soon}", "Nos dates et nos échanges"),
    ],
)
def test_steps_and_team_say_the_same_of_where_she_is_with_somebody(app, client, pair, case, expected, button):
    pairing, _person, _account = pair
    now = utc_now()
    arrange(case, pairing, now)
    with app.test_request_context(headers={"Accept-Language": "fr"}):
        days = {"soon": day(now + SOON), "later": day(now + LATER), "before": day(now - SOON)}
        words = expected.format(**days, later_hour=format_clock(now + LATER), before_hour=format_clock(now - SOON))
    step = task_about(client.get("/my-steps").get_data(as_text=True), "Yohann")
    team = client.get("/my-steps/team").get_data(as_text=True)
    assert words in step
    assert words in team
    assert button in step
    assert ("/confirm" in step) is (case == "dates by him")
    assert (f'href="/pairings/{pairing.public_id}"' in team) is (case not in ("proposed", "asked"))


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


def test_a_coach_has_a_door_to_their_space_on_her_steps_and_in_her_team(client, pair):
    pairing, _person, _account = pair
    pages = ("/my-steps", "/my-steps/team")
    assert not [page for page in pages if 'href="/my-coaching"' in client.get(page).get_data(as_text=True)]
    set_pairing(pairing, PairingState.ACTIVE, role=SupporterRole.COACH)
    assert not [page for page in pages if 'href="/my-coaching"' not in client.get(page).get_data(as_text=True)]
