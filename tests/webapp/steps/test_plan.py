"""A person's own plan among her steps: what is prepared, what she is invited to, what it lacks."""

from datetime import timedelta

import pytest

from models.circles import CircleMember
from models.db import transaction
from models.plans import PlanLine
from models.states import BookingState, CircleMemberState, PairingState, PlanLineState, SuggestionState
from models.workshops import Booking, WorkshopSession
from tests.factories import (
    make_booking,
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
    ("state", "words"),
    [
        (PairingState.PROPOSED, "La demande est envoyée"),
        (PairingState.ACTIVE, "Vous travaillez ensemble"),
        (PairingState.EXPIRED, "cherche quelqu’un d’autre"),
    ],
)
def test_a_line_about_a_supporter_says_where_it_stands(client, person, house, state, words):
    suggestion, _ = make_plan(house, person)
    with transaction() as session:
        stored = session.merge(suggestion)
        stored.state, stored.decided_at = SuggestionState.APPROVED, utc_now()
        session.flush()
        supporter = make_supporter(session, house.association)
        values = {"deadline_at": utc_now() + timedelta(days=3)} if state is PairingState.PROPOSED else {}
        make_pairing(session, person, supporter, state=state, suggestion_id=stored.id, **values)
    assert words in my_plan(client)


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
