"""Plans are made with a match run, decided line by line, and keep what was decided before."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from models.audit import AuditEvent
from models.db import db, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import (
    InvalidTransitionError,
    NotEligibleError,
    NotFoundError,
    PermissionDeniedError,
    SessionClosedError,
    SessionFullError,
)
from models.match_runs import MatchRun
from models.messages import Message, MessageKind
from models.pairings import Pairing
from models.plans import PlanLine, PlanLineKind, SupportPlan
from models.queries.plans import find_plan_sheet, get_plan_sheet, list_invitations, list_plans_to_decide, state_of
from models.queries.programme import read_programme
from models.states import BookingState, EntrepreneurState, MatchRunState, PlanLineState, SessionState
from models.workshops import CancelReason, WorkshopSession
from tests.factories import (
    make_booking,
    make_circle,
    make_circle_member,
    make_facilitator,
    make_workshop_session,
)
from tests.office import NOBODY, Office, broken_laws, take_snapshot
from webapp import session_bridge
from webapp.permissions import Actor
from webapp.services.match_runs import LATELY, execute_run, request_run
from webapp.services.plans import approve_line, approve_plan, reject_line

NEAR = {"latitude": 48.93, "longitude": 2.35}


def open_office(*, people=2, supporters=3, sessions=1, **values) -> Office:
    office = Office(people=people, supporters=supporters, suggested=False)
    with transaction() as session:
        office.sessions = [
            make_workshop_session(session, office.association, **NEAR, **values) for _ in range(sessions)
        ]
    return office


def run(office, at):
    execute_run(run_id=request_run(association_id=office.association.public_id, actor=office.coordinator, at=at), at=at)
    db.session.rollback()


def lines(office, number=0):
    db.session.rollback()
    plan = db.session.scalar(select(SupportPlan).where(SupportPlan.entrepreneur_id == office.people[number].id))
    rows = select(PlanLine).where(PlanLine.plan_id == plan.id).order_by(PlanLine.run_id, PlanLine.position)
    return plan, db.session.scalars(rows).all()


def workshop_line(office, number=0, state=PlanLineState.PROPOSED):
    return next(line for line in lines(office, number)[1] if line.state is state)


def invited_to(office, number=0):
    return db.session.scalars(
        select(Message).where(
            Message.kind == MessageKind.SESSION_PROPOSED, Message.recipient == office.people[number].email
        )
    ).all()


def test_a_run_leaves_one_plan_per_person_with_her_suggestion_and_her_seat(any_app, now):
    office = open_office()
    run(office, now)
    for number in range(2):
        plan, found = lines(office, number)
        assert [line.kind for line in found] == [PlanLineKind.MENTOR, PlanLineKind.WORKSHOP]
        assert found[1].session_id == office.sessions[0].id
        assert found[1].reasons[0]["code"] == "needs_served"
        assert found[0].slot.endswith("_eve")
        assert plan.deadline_at > now
    listed = list_plans_to_decide(db.session(), office.association_id, at=now)
    assert listed.page.total == 2
    assert [listed.stand_of(line) for line in listed.lines[listed.page.lines[0].id]] == [PlanLineState.PROPOSED] * 2
    assert broken_laws() == []


def test_seats_are_shared_and_who_lacks_one_is_told_why(app, now):
    office = open_office(people=3, seats=1)
    run(office, now)
    seats = db.session.scalars(select(PlanLine).where(PlanLine.kind == PlanLineKind.WORKSHOP)).all()
    assert len(seats) == 1
    reasons = [plan.left_out for plan in db.session.scalars(select(SupportPlan)) if plan.id != seats[0].plan_id]
    assert all([one["code"] for one in left] == ["seats_gone"] for left in reasons)


def test_who_was_served_lately_lets_others_go_first(app, now):
    office = open_office(people=2, seats=1)
    with transaction() as session:
        begun = now - timedelta(days=30)
        earlier = make_workshop_session(session, office.association, starts_at=begun, state=SessionState.HELD)
        make_booking(session, earlier, office.people[0], state=BookingState.ATTENDED)
    run(office, now)
    assert workshop_line(office, 1)
    assert [line.kind for line in lines(office, 0)[1]] == [PlanLineKind.MENTOR]


def test_approving_a_plan_asks_the_supporter_and_invites_to_the_session(any_app, now):
    office = open_office()
    run(office, now)
    plan, _ = lines(office)
    outcomes = approve_plan(plan_id=plan.public_id, actor=office.coordinator, at=now)
    assert [outcome.error for outcome in outcomes] == [None, None]
    assert db.session.scalar(select(func.count()).select_from(Pairing)) == 1
    (message,) = invited_to(office)
    assert message.facts["session_id"] == str(office.sessions[0].public_id)
    assert message.facts["coordinator"]
    sheet = find_plan_sheet(db.session(), office.people[0].id, at=now)
    assert [state_of(line) for line in sheet.lines] == [PlanLineState.APPROVED] * 2
    # No seat is held: she decides.
    assert db.session.get(WorkshopSession, office.sessions[0].id).taken == 0
    assert [line.session_id for line in list_invitations(db.session(), office.people[0].id, at=now)] == [
        office.sessions[0].id
    ]
    events = db.session.scalars(select(AuditEvent.action).where(AuditEvent.record == "plan_line")).all()
    assert events == ["approve"]
    assert approve_plan(plan_id=plan.public_id, actor=office.coordinator, at=now) == ()
    assert broken_laws() == []


def test_what_cannot_be_approved_is_said_and_keeps_nothing_else_back(app, now):
    office = open_office(seats=1)
    run(office, now)
    owner = next(n for n in range(2) if any(line.state for line in lines(office, n)[1]))
    plan, _ = lines(office, owner)
    with transaction() as session:
        make_booking(session, session.get_one(WorkshopSession, office.sessions[0].id), office.people[1 - owner])
    outcomes = approve_plan(plan_id=plan.public_id, actor=office.coordinator, at=now)
    assert [type(outcome.error) for outcome in outcomes] == [type(None), SessionFullError]
    assert workshop_line(office, owner).state is PlanLineState.PROPOSED
    assert invited_to(office, owner) == []


def test_who_has_booked_meanwhile_is_not_invited_again(app, now):
    office = open_office()
    run(office, now)
    with transaction() as session:
        make_booking(session, session.get_one(WorkshopSession, office.sessions[0].id), office.people[0])
    approve_line(line_id=workshop_line(office).public_id, actor=office.coordinator, at=now)
    assert invited_to(office) == []
    assert list_invitations(db.session(), office.people[0].id, at=now) == []


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"state": SessionState.CANCELLED}, SessionClosedError),
        ({"starts_at": "now", "ends_at": "later"}, SessionClosedError),
    ],
)
def test_nobody_is_invited_to_a_session_that_takes_no_bookings(app, now, change, error):
    office = open_office()
    run(office, now)
    line = workshop_line(office)
    with transaction() as session:
        workshop = session.get_one(WorkshopSession, office.sessions[0].id)
        moments = {"now": now, "later": now + timedelta(hours=2)}
        for name, value in change.items():
            setattr(workshop, name, moments.get(value, value))
    before = take_snapshot()
    with pytest.raises(error):
        approve_line(line_id=line.public_id, actor=office.coordinator, at=now)
    assert take_snapshot() == before


def test_a_closed_file_is_invited_to_nothing(app, now):
    office = open_office()
    run(office, now)
    line = workshop_line(office)
    with transaction() as session:
        office.people[0].state = EntrepreneurState.INCOMPLETE
        session.merge(office.people[0])
    with pytest.raises(NotEligibleError):
        approve_line(line_id=line.public_id, actor=office.coordinator, at=now)
    listed = list_plans_to_decide(db.session(), office.association_id, at=now)
    assert [plan.entrepreneur_id for plan in listed.page.lines] == [office.people[1].id]


def test_a_session_set_aside_is_not_approved_any_more(app, now):
    office = open_office()
    run(office, now)
    line = workshop_line(office)
    reject_line(line_id=line.public_id, actor=office.coordinator, at=now)
    assert workshop_line(office, state=PlanLineState.REJECTED).decided_by_id == office.account.id
    with pytest.raises(InvalidTransitionError):
        approve_line(line_id=line.public_id, actor=office.coordinator, at=now)
    mentor = lines(office)[1][0]
    with pytest.raises(NotFoundError):
        reject_line(line_id=mentor.public_id, actor=office.coordinator, at=now)


def test_only_coordinators_of_the_association_decide(app, now):
    office = open_office()
    run(office, now)
    plan, found = lines(office)
    for actor, error in ((NOBODY, NotFoundError), (office.as_person(), PermissionDeniedError)):
        before = take_snapshot()
        with pytest.raises(error):
            approve_plan(plan_id=plan.public_id, actor=actor, at=now)
        for line in found:
            with pytest.raises(error):
                approve_line(line_id=line.public_id, actor=actor, at=now)
            with pytest.raises(error):
                reject_line(line_id=line.public_id, actor=actor, at=now)
        assert take_snapshot() == before
    stranger = Actor(account_id=None, coordinates=frozenset({office.association_id + 1}))
    with pytest.raises(NotFoundError):
        approve_plan(plan_id=plan.public_id, actor=stranger, at=now)


def test_a_newer_run_replaces_what_was_proposed_and_keeps_what_was_decided(any_app, now):
    office = open_office(sessions=2)
    run(office, now)
    plan, found = lines(office)
    first = workshop_line(office)
    approve_line(line_id=first.public_id, actor=office.coordinator, at=now)
    run(office, now + timedelta(days=1))
    plan, found = lines(office)
    states = [line.state for line in found if line.kind is PlanLineKind.WORKSHOP]
    assert states == [PlanLineState.APPROVED]
    sheet = find_plan_sheet(db.session(), office.people[0].id, at=now)
    assert [line.kind for line in sheet.lines] == [PlanLineKind.MENTOR, PlanLineKind.WORKSHOP]
    assert {line.run_id for line in sheet.lines} == {found[0].run_id, plan.run_id}
    other = lines(office, 1)[1]
    assert [line.state for line in other if line.state] == [PlanLineState.SUPERSEDED, PlanLineState.PROPOSED]
    assert broken_laws() == []


def test_an_invitation_counts_as_a_seat_for_the_next_run(app, now):
    office = open_office(seats=1, people=2)
    run(office, now)
    owner = next(n for n in range(2) if any(line.state for line in lines(office, n)[1]))
    approve_line(line_id=workshop_line(office, owner).public_id, actor=office.coordinator, at=now)
    run(office, now)
    proposed = db.session.scalars(select(PlanLine).where(PlanLine.state == PlanLineState.PROPOSED)).all()
    assert proposed == []


def test_what_she_cancelled_or_was_set_aside_is_not_proposed_again(app, now):
    office = open_office(people=2)
    run(office, now)
    approve_line(line_id=workshop_line(office).public_id, actor=office.coordinator, at=now)
    reject_line(line_id=workshop_line(office, 1).public_id, actor=office.coordinator, at=now)
    with transaction() as session:
        booking = make_booking(session, session.get_one(WorkshopSession, office.sessions[0].id), office.people[0])
        booking.state, booking.cancelled_at = BookingState.CANCELLED, now
        booking.cancel_reason = CancelReason.BY_PERSON
        session.get_one(WorkshopSession, office.sessions[0].id).taken = 0
    run(office, now)
    assert db.session.scalars(select(PlanLine).where(PlanLine.state == PlanLineState.PROPOSED)).all() == []


def test_an_invitation_made_while_the_engine_works_stays_and_is_not_proposed_beside(app, now, monkeypatch):
    office = open_office()
    run(office, now)
    line_id, find_plans = workshop_line(office).public_id, session_bridge.find_plans

    def find_and_invite(*arguments, **values):
        found = find_plans(*arguments, **values)
        approve_line(line_id=line_id, actor=office.coordinator, at=now)
        return found

    monkeypatch.setattr(session_bridge, "find_plans", find_and_invite)
    run(office, now)
    states = [line.state for line in lines(office)[1] if line.kind is PlanLineKind.WORKSHOP]
    assert states == [PlanLineState.APPROVED]
    assert db.session.scalars(select(MatchRun.state).order_by(MatchRun.id)).all() == [MatchRunState.DONE] * 2


def test_a_circle_keeps_its_moment_apart_from_the_mentors(app, now):
    office = open_office(people=1)
    with transaction() as session:
        circle = make_circle(session, make_facilitator(session, office.supporters[0]), slot=2)
        make_circle_member(session, circle, office.people[0])
    run(office, now)
    plan, (mentor, seat) = lines(office)
    assert (mentor.kind, mentor.slot) == (PlanLineKind.MENTOR, "tue_eve")
    assert seat.kind is PlanLineKind.WORKSHOP
    sheet = get_plan_sheet(db.session(), plan.public_id, association_ids=office.coordinator.coordinates, at=now)
    assert sheet.place.circle_id == circle.id
    with transaction() as session:
        session.get_one(Entrepreneur, office.people[0].id).availability = 1 << 2
    run(office, now)
    plan, _ = lines(office)
    assert ("circle", "same_slot") in [(one["kind"], one["code"]) for one in plan.left_out]


def test_sensitive_sessions_are_no_part_of_plans(app, now):
    """Who comes to them is known to their organiser alone, and a plan is read by every coordinator."""
    office = open_office(theme_slug="stress_management")
    with transaction() as session:
        make_booking(session, session.get_one(WorkshopSession, office.sessions[0].id), office.people[0])
    programme = read_programme(db.session(), office.association_id, at=now, since=now - LATELY)
    assert (programme.sessions, dict(programme.held), dict(programme.served)) == ([], {}, {})
    assert programme.told_elsewhere == {"stress_balance", "confidence"}


def test_a_need_that_only_sensitive_sessions_serve_is_not_called_unserved(app, now):
    office = open_office(theme_slug="stress_management", people=1)
    with transaction() as session:
        person = session.get_one(Entrepreneur, office.people[0].id, options=[selectinload(Entrepreneur.needs)])
        person.needs[0].topic = "stress_balance"
    run(office, now)
    assert [one["code"] for one in lines(office)[0].left_out] == ["nothing_needed"]
