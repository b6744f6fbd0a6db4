"""A person's own plan among her steps: what is prepared, what she is invited to, what it lacks."""

from datetime import timedelta

import pytest

from models.circles import CircleMember
from models.db import transaction
from models.entrepreneurs import Entrepreneur
from models.pairings import EndReason, Pairing
from models.plans import PlanLine
from models.states import (
    TOGETHER_PAIRING_STATES,
    BookingState,
    CharterState,
    CircleMemberState,
    PairingState,
    PlanLineState,
    SuggestionState,
)
from models.workshops import Booking, WorkshopSession
from tests.factories import (
    make_booking,
    make_charter,
    make_circle,
    make_circle_member,
    make_facilitator,
    make_match_run,
    make_pairing,
    make_plan_line,
    make_suggestion,
    make_support_plan,
    make_supporter,
    make_workshop_session,
)
from tests.webapp.member_pages import make_house, make_member
from webapp.clock import utc_now

AGES = timedelta(days=90)


@pytest.fixture
def house(app):
    with transaction() as session:
        return make_house(session)


@pytest.fixture
def person(house, client, sign_in):
    with transaction() as session:
        person, account = make_member(session, house)
    sign_in(client, account)
    return person


def make_plan(house, person, *, seat=PlanLineState.PROPOSED, left_out=()):
    now = utc_now()
    with transaction() as session:
        run = make_match_run(session, house.association)
        supporter = make_supporter(session, house.association, last_name="Discret")
        suggestion = make_suggestion(session, run, person, supporter, deadline_at=now + timedelta(days=4))
        workshop = make_workshop_session(
            session, house.association, title="Tenir sa caisse", starts_at=now + timedelta(days=3)
        )
        plan = make_support_plan(session, run, person, left_out=list(left_out), deadline_at=now + timedelta(days=4))
        make_plan_line(session, plan, suggestion)
        decided = {"decided_at": now} if seat is PlanLineState.APPROVED else {}
        make_plan_line(session, plan, workshop, state=seat, **decided)
    return suggestion, workshop


def ask_supporter(house, person, state, **values):
    """Ask the supporter of her plan's line, as far as the pairing has come."""
    suggestion, _ = make_plan(house, person)
    with transaction() as session:
        stored = session.merge(suggestion)
        stored.state, stored.decided_at = SuggestionState.APPROVED, utc_now()
        session.flush()
        supporter = make_supporter(session, house.association)
        return make_pairing(session, person, supporter, state=state, suggestion_id=stored.id, **values)


def steps(client) -> str:
    return client.get("/my-steps").get_data(as_text=True)


def my_plan(client) -> str:
    page = steps(client)
    return page.split('id="plan-title"')[1].split("</section>")[0] if 'id="plan-title"' in page else ""


def test_without_a_plan_nothing_is_said_of_one(client, person):
    assert my_plan(client) == ""


def test_what_is_prepared_names_who_decides_and_until_when_but_not_who_was_found(client, person, house, statements):
    make_plan(house, person)
    with statements() as counted:
        shown = my_plan(client)
    assert "Nadia Lopez étudie cette idée" in shown
    assert shown.count("cet atelier vous est déjà ouvert") == 1
    assert "Discret" not in shown
    assert "Tenir sa caisse" in shown
    assert "trésorerie" in shown
    assert counted.number <= 29, counted.texts


def test_an_invitation_is_a_step_with_one_button_that_books(client, person, house):
    _, workshop = make_plan(house, person, seat=PlanLineState.APPROVED)
    shown = steps(client)
    assert "Une invitation pour vous : Tenir sa caisse" in shown
    assert f'action="/sessions/{workshop.public_id}/book"' in shown
    assert "dites-nous si vous venez" in my_plan(client)
    client.post(f"/sessions/{workshop.public_id}/book")
    with transaction() as session:
        assert session.query(Booking).one().state is BookingState.CONFIRMED
        assert session.get_one(WorkshopSession, workshop.id, populate_existing=True).taken == 1
    after = steps(client)
    assert "Une invitation pour vous : Tenir sa caisse" not in after
    assert "Votre inscription est faite" in my_plan(client)


def test_what_she_is_invited_to_is_not_recommended_again(client, person, house):
    _, workshop = make_plan(house, person, seat=PlanLineState.APPROVED)
    with transaction() as session:
        session.get_one(WorkshopSession, workshop.id).latitude = 48.93
        session.get_one(WorkshopSession, workshop.id).longitude = 2.35
    assert client.get("/my-steps").status_code == 200
    recommended = client.get("/sessions").get_data(as_text=True)
    assert recommended.count("Parce que") <= 1


@pytest.mark.parametrize(
    ("state", "values", "words"),
    [
        (PairingState.PROPOSED, {}, "Réponse avant le"),
        (PairingState.ASKED, {"question_due_at": timedelta(days=3)}, "Il y a d’abord une question : réponse avant le"),
        (PairingState.ACTIVE, {"next_meeting_due_at": timedelta(days=3)}, "Prochain échange avant le"),
        (PairingState.PAUSED, {"pause_until": timedelta(days=3)}, "En pause jusqu’au"),
        (PairingState.ENDED, {"end_reason": EndReason.GOAL_REACHED}, "Vous avez avancé ensemble jusqu’au"),
        (PairingState.EXPIRED, {}, "Cela ne s’est pas fait. Nadia Lopez cherche quelqu’un d’autre"),
    ],
)
def test_a_line_about_a_supporter_says_where_it_stands(client, person, house, state, values, words):
    now = utc_now()
    dated = {name: now + value if isinstance(value, timedelta) else value for name, value in values.items()}
    ask_supporter(house, person, state, deadline_at=now + timedelta(days=3), answered_at=now - AGES, **dated)
    shown = my_plan(client)
    assert words in shown
    assert ("cherche quelqu’un d’autre" in shown) is (state is PairingState.EXPIRED)
    assert ('href="/pairings/' in shown) is (state in TOGETHER_PAIRING_STATES)
    assert "Une personne qui a dirigé" not in shown


def test_nobody_is_looked_for_whom_she_no_longer_wishes(client, person, house):
    ask_supporter(house, person, PairingState.EXPIRED)
    with transaction() as session:
        session.get_one(Entrepreneur, person.id).wanted_roles = []
    shown = my_plan(client)
    assert "est là pour la suite" in shown
    assert "cherche quelqu’un d’autre" not in shown


def test_after_the_end_somebody_talks_with_her_before_a_day(client, person, house):
    due_at = utc_now() + timedelta(days=4)
    ended = {"end_reason": EndReason.GOAL_REACHED, "closing_due_at": due_at}
    pairing = ask_supporter(house, person, PairingState.ENDED, **ended)
    address = f"/pairings/{pairing.public_id}"
    with transaction() as session:
        stored = session.get_one(Pairing, pairing.id)
        make_charter(session, stored, state=CharterState.CLOSED)
    for page in (steps(client), client.get(address).get_data(as_text=True)):
        assert "Nadia Lopez parle de la suite avec vous" in page
        assert due_at.date().isoformat() in page
    assert f'href="{address}/charter"' in client.get(address).get_data(as_text=True)
    with transaction() as session:
        session.get_one(Pairing, pairing.id).closing_done_at = utc_now()
    assert "parle de la suite avec vous" not in steps(client)


def test_what_the_plan_lacks_is_said_where_she_can_do_something(client, person, house):
    lacking = [
        {"kind": "coach", "code": "same_slot", "facts": {"slots": ["tue_eve"]}},
        {"kind": "expert", "code": "nobody", "facts": {"rules": {}, "possible": 0}},
    ]
    make_plan(house, person, left_out=lacking)
    shown = my_plan(client)
    assert "Ajouter des moments" in shown
    assert "Personne ne propose" not in shown


def test_a_circle_is_told_once_she_is_invited(client, person, house):
    make_plan(house, person)
    with transaction() as session:
        leader = make_supporter(session, house.association)
        circle = make_circle(session, make_facilitator(session, leader))
        place = make_circle_member(session, circle, person, state=CircleMemberState.PROPOSED)
    assert "Un cercle" not in my_plan(client)
    with transaction() as session:
        stored = session.get_one(CircleMember, place.id)
        stored.state, stored.deadline_at = CircleMemberState.INVITED, utc_now() + timedelta(days=5)
    assert 'href="/circles/mine"' in my_plan(client)


def test_what_was_set_aside_is_not_shown(client, person, house):
    make_plan(house, person)
    with transaction() as session:
        line = session.query(PlanLine).filter(PlanLine.session_id.is_not(None)).one()
        line.state, line.decided_at = PlanLineState.REJECTED, utc_now()
    assert "Tenir sa caisse" not in my_plan(client)


def test_a_booking_made_by_herself_is_seen_in_the_plan(client, person, house):
    _, workshop = make_plan(house, person)
    with transaction() as session:
        make_booking(session, session.get_one(WorkshopSession, workshop.id), person)
    assert "Votre inscription est faite" in my_plan(client)
