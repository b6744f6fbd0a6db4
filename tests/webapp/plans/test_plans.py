"""Plans at a coordinator's desk: listed, approved as a whole or line by line, with what is refused said by name."""

from datetime import timedelta
from uuid import uuid4

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from models.db import transaction
from models.match_runs import Suggestion
from models.pairings import Pairing
from models.plans import PlanLine, SupportPlan
from models.states import BookingState, EntrepreneurState, PairingState, PlanLineState, SuggestionState
from models.supporters import SupporterRole
from models.workshops import WorkshopSession
from tests.factories import (
    make_booking,
    make_circle,
    make_circle_member,
    make_entrepreneur,
    make_facilitator,
    make_match_run,
    make_plan_line,
    make_support_plan,
    make_supporter,
    make_workshop_session,
)
from tests.webapp.desk import Desk, fresh, suggest
from webapp.clock import utc_now
from webapp.words import plans as words


def make_plan(desk: Desk, *, name="Traoré", left_out=(), seats=10, **values) -> tuple[SupportPlan, PlanLine, PlanLine]:
    """A plan with a mentor and a workshop in three days."""
    session, now = desk.session, utc_now()
    run = make_match_run(session, desk.association)
    person = make_entrepreneur(session, desk.association, last_name=name)
    suggestion = suggest(desk, run=run, entrepreneur=person)
    starts = now + timedelta(days=3)
    workshop = make_workshop_session(
        session, desk.association, title=f"Trésorerie {name}", starts_at=starts, seats=seats
    )
    plan = make_support_plan(
        session, run, person, left_out=list(left_out), **{"deadline_at": now + timedelta(days=4), **values}
    )
    mentor, seat = make_plan_line(session, plan, suggestion, slot="tue_eve"), make_plan_line(session, plan, workshop)
    session.commit()
    return plan, mentor, seat


def test_plans_that_wait_are_listed_with_their_lines_the_first_deadline_first(desk: Desk) -> None:
    make_plan(desk, name="Martin")
    make_plan(desk, name="Abadie", deadline_at=utc_now() - timedelta(days=1))
    decided, _, seat = make_plan(desk, name="Zola")
    desk.session.get_one(Suggestion, 3).state = SuggestionState.SUPERSEDED
    seat.state = PlanLineState.SUPERSEDED
    desk.session.commit()
    shown = desk.client.get("/plans").text
    assert shown.index("Abadie") < shown.index("Martin")
    assert "Trésorerie Martin" in shown
    assert "en retard" in shown
    assert str(decided.public_id) not in shown
    assert shown.count("<h1") == 1


def test_the_list_says_of_a_pair_that_is_over_that_it_is(desk: Desk) -> None:
    plan, mentor, _ = make_plan(desk)
    desk.client.post(f"/plans/lines/{mentor.public_id}/approve")
    assert "Validée" in desk.client.get("/plans").text
    with transaction() as session:
        pairing = session.scalars(select(Pairing)).one()
        pairing.state, pairing.end_reason, pairing.ended_at = PairingState.ENDED, "moved", utc_now()
        pairing.answered_at = utc_now()
    shown = desk.client.get("/plans").text
    assert str(plan.public_id) in shown
    assert "Validée" not in shown
    assert "Terminé" in shown


def test_without_plans_the_list_says_what_next(desk: Desk) -> None:
    shown = desk.client.get("/plans").text
    assert "Aucun parcours à décider" in shown
    assert 'href="/match-runs"' in shown


def test_a_plan_shows_each_line_with_its_reason_and_what_it_lacks(desk: Desk) -> None:
    lacking = [
        {"kind": "coach", "code": "same_slot", "facts": {"slots": ["tue_eve"]}},
        {"kind": "expert", "code": "nobody", "facts": {"rules": {"language": 2}, "possible": 0}},
    ]
    plan, mentor, seat = make_plan(desk, left_out=lacking)
    shown = desk.client.get(f"/plans/{plan.public_id}").text
    assert shown.count("<h1") == 1
    assert "Parcours d’Aïcha Traoré" in shown
    assert "Peut aider" in shown
    assert "mardi soir" in shown
    assert "aucune langue commune" in shown
    assert f"/plans/lines/{mentor.public_id}/approve" in shown
    assert f"/plans/lines/{seat.public_id}/reject" in shown


def test_approving_the_whole_plan_does_every_line(desk: Desk) -> None:
    plan, _, seat = make_plan(desk)
    answer = desk.client.post(f"/plans/{plan.public_id}/approve")
    assert (answer.status_code, answer.location) == (303, f"/plans/{plan.public_id}")
    shown = desk.client.get(answer.location).text
    assert "2 étapes validées" in shown
    assert "Invitation envoyée" in shown
    session = fresh()
    assert session.scalars(select(Pairing)).one()
    assert session.get_one(PlanLine, seat.id).state is PlanLineState.APPROVED
    again = desk.client.post(f"/plans/{plan.public_id}/approve", follow_redirects=True).text
    assert "Plus rien n’attendait" in again
    with transaction() as session:
        pairing = session.scalars(select(Pairing)).one()
        pairing.state, pairing.end_reason, pairing.ended_at = PairingState.ENDED, "moved", utc_now()
        pairing.answered_at = utc_now()
    over = desk.client.get(f"/plans/{plan.public_id}").text
    assert over.count("Validée") == shown.count("Validée") - 1
    assert over.count("Terminé") == 1


def test_what_could_not_be_approved_is_named_with_its_reason(desk: Desk) -> None:
    plan, mentor, seat = make_plan(desk, seats=1)
    session = desk.session
    workshop = session.get_one(WorkshopSession, seat.session_id)
    make_booking(session, workshop, make_entrepreneur(session, desk.association))
    suggestion = session.get_one(Suggestion, mentor.suggestion_id)
    session.refresh(suggestion, ["supporter"])
    supporter = suggestion.supporter
    supporter.capacity = supporter.taken = 0
    session.commit()
    shown = desk.client.post(f"/plans/{plan.public_id}/approve", follow_redirects=True).text
    assert f"{supporter.first_name} {supporter.last_name}. " in shown
    assert "Trésorerie Traoré. Toutes les places de cet atelier sont prises." in shown
    assert "étape validée" not in shown
    assert shown.count("Non validée") == 2


def test_lines_are_decided_one_by_one(desk: Desk) -> None:
    plan, mentor, seat = make_plan(desk)
    for path in (f"/plans/lines/{mentor.public_id}/approve", f"/plans/lines/{seat.public_id}/reject"):
        answer = desk.client.post(path)
        assert (answer.status_code, answer.location) == (303, f"/plans/{plan.public_id}")
    assert fresh().get_one(PlanLine, seat.id).state is PlanLineState.REJECTED
    shown = desk.client.get(f"/plans/{plan.public_id}").text
    assert "Rien ne vous attend" in shown
    assert "Mise de côté" in shown
    assert desk.client.post(f"/plans/lines/{seat.public_id}/approve").status_code == 409


def test_the_pages_of_a_suggestion_and_of_a_person_show_the_plan(desk: Desk) -> None:
    plan, mentor, _ = make_plan(desk)
    suggestion = desk.session.get_one(Suggestion, mentor.suggestion_id)
    desk.session.refresh(plan, ["entrepreneur"])
    for path in (f"/suggestions/{suggestion.public_id}", f"/entrepreneurs/{plan.entrepreneur.public_id}"):
        shown = desk.client.get(path).text
        assert f"/plans/{plan.public_id}" in shown
        assert "Trésorerie Traoré" in shown
    alone = make_entrepreneur(desk.session, desk.association)
    desk.session.commit()
    assert "Pas encore" in desk.client.get(f"/entrepreneurs/{alone.public_id}").text


def test_a_circle_and_what_came_since_stand_beside_the_lines(desk: Desk) -> None:
    plan, _, _ = make_plan(desk)
    desk.session.refresh(plan, ["entrepreneur"])
    leader = make_supporter(desk.session, desk.association, last_name="Animatrice")
    circle = make_circle(desk.session, make_facilitator(desk.session, leader), slot=5)
    make_circle_member(desk.session, circle, plan.entrepreneur)
    expert = make_supporter(desk.session, desk.association, role=SupporterRole.EXPERT, last_name="Nouvelle")
    suggest(desk, entrepreneur=plan.entrepreneur, supporter=expert)
    shown = desk.client.get(f"/plans/{plan.public_id}").text
    assert f"/circles/{circle.public_id}" in shown
    assert "mardi soir" in shown
    assert "Proposé depuis" in shown
    assert "Nouvelle" in shown


def test_plans_of_others_do_not_exist(desk: Desk, stranger: Desk) -> None:
    plan, mentor, seat = make_plan(desk)
    assert "Traoré" not in stranger.client.get("/plans").text
    assert stranger.client.get(f"/plans/{plan.public_id}").status_code == 404
    paths = [f"/plans/{plan.public_id}/approve", f"/plans/{uuid4()}/approve", f"/plans/lines/{uuid4()}/approve"]
    paths += [f"/plans/lines/{line.public_id}/{what}" for line in (mentor, seat) for what in ("approve", "reject")]
    for path in paths:
        assert stranger.client.post(path).status_code == 404
    assert fresh().get_one(PlanLine, seat.id).state is PlanLineState.PROPOSED


def test_a_closed_file_waits_for_nothing(desk: Desk) -> None:
    plan, _, _ = make_plan(desk)
    desk.session.refresh(plan, ["entrepreneur"])
    plan.entrepreneur.state = EntrepreneurState.INCOMPLETE
    desk.session.commit()
    assert str(plan.public_id) not in desk.client.get("/plans").text


def test_many_plans_cost_as_many_statements_as_few(desk: Desk, statements) -> None:
    def count(path: str) -> int:
        desk.client.get(path)
        with statements() as counted:
            desk.client.get(path)
        return counted.number

    first, *_ = make_plan(desk)
    few = count("/plans"), count(f"/plans/{first.public_id}")
    for number in range(4):
        make_plan(desk, name=f"Autre {number}")
    assert (count("/plans"), count(f"/plans/{first.public_id}")) == few
    assert max(few) <= 15


EXAMPLES = {
    "same_slot": {"slots": ["tue_eve"]},
    "no_hours": {"hours": 2.0, "hours_per_month": 1.5},
    "nobody": {"rules": {"language": 2}, "possible": 0},
    "enough_booked": {"count": 3},
    "no_session_for_needs": {"topics": ["cash_flow"]},
    "none_fits": {"language": 2, "full": 1},
    "language": {"slot": "tue_eve", "language": "ar"},
    "time": {"slot": "tue_eve", "language": "fr"},
}


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_everything_that_a_plan_may_lack_has_its_words(app, locale: str) -> None:
    facts = [{"kind": "workshop", "code": code, "facts": EXAMPLES.get(code, {})} for code in words.COORDINATOR]
    facts += [
        {"kind": "workshop", "code": "no_hours", "facts": {}},
        {"kind": "expert", "code": "nobody", "facts": {"rules": {}, "possible": 2}},
        {"kind": "expert", "code": "nobody", "facts": {"rules": {}, "possible": 0}},
        {"kind": "circle", "code": "same_slot", "facts": {"slots": ["tue_eve"]}},
        {"kind": "workshop", "code": "from an older engine", "facts": {}},
    ]
    with app.test_request_context(), force_locale(locale):
        told = words.tell_coordinator(facts)
        hers = words.tell_person(facts)
    assert len(told) == len(facts) - 1
    assert len(hers) == len(words.PERSON) + 1
    for _, sentence in told + hers:
        assert sentence.endswith(".")
        assert "%(" not in sentence


def test_a_place_taken_by_a_booking_is_seen(desk: Desk) -> None:
    plan, _, seat = make_plan(desk)
    desk.client.post(f"/plans/lines/{seat.public_id}/approve")
    session = fresh()
    stored = session.get_one(SupportPlan, plan.id)
    session.refresh(stored, ["entrepreneur"])
    workshop = session.get_one(WorkshopSession, seat.session_id)
    make_booking(session, workshop, stored.entrepreneur, state=BookingState.CONFIRMED)
    session.commit()
    assert "Réservé" in desk.client.get(f"/plans/{plan.public_id}").text
