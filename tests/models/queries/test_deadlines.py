"""Each law about time holds on an association at work, and counts what is past its day."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from models.db import db, transaction
from models.queries.deadlines import USUAL_GRACE, check_deadlines
from models.queries.invariants import check_invariants
from models.states import BookingState, CircleState, EntrepreneurState, MatchRunState, PairingState, SupporterState
from tests.factories import (
    make_assisted_call,
    make_booking,
    make_circle,
    make_circle_meeting,
    make_circle_member,
    make_coaching_file,
    make_entrepreneur,
    make_erasure,
    make_expert_question,
    make_facilitator,
    make_gathering,
    make_handover,
    make_interview,
    make_introduction,
    make_match_run,
    make_meeting,
    make_pairing,
    make_review,
    make_sentinel,
    make_session_proposal,
    make_supporter,
    make_visitor,
    make_workshop_session,
)
from tests.office import Office

# What each law says when nobody did anything for a month, and what must be changed for it to break at all.
BREAKS = {
    "proposal_ends_by_its_deadline": "UPDATE pairings SET deadline_at = '2026-11-01 09:00:00'",
    "who_waits_has_a_day": "UPDATE entrepreneurs SET follow_up_on = NULL, updated_at = '2026-11-01 09:00:00'",
    "who_waits_has_a_day_to_come": "UPDATE entrepreneurs SET follow_up_on = '2026-11-13'",
    "open_file_has_a_named_person": "UPDATE accounts SET is_active = false",
    "live_pairing_has_a_named_person": "DELETE FROM coordinators",
    "used_hours_are_noticed": "UPDATE meetings SET logged_at = '2026-11-20 09:00:00'",
    "review_is_held_or_set_aside": "UPDATE reviews SET deadline_at = '2026-01-05 09:00:00'",
    "due_review_has_a_named_person": "DELETE FROM coordinators",
    "interview_has_a_named_person": "UPDATE accounts SET is_active = false",
    "interview_past_its_day_is_noticed": "UPDATE interviews SET due_at = '2026-11-20 09:00:00'",
    "proposed_session_has_a_named_person": "DELETE FROM coordinators",
    "proposed_session_past_its_day_is_noticed": "UPDATE session_proposals SET due_at = '2026-11-20 09:00:00'",
    "run_ends_within_a_day": "UPDATE match_runs SET requested_at = '2026-11-20 09:00:00'",
    "nobody_waits_for_a_seat_that_is_over": "UPDATE workshop_sessions SET starts_at = '2026-11-20 09:00:00'",
    "offer_is_answered_or_passed_on": "UPDATE bookings SET offer_until = '2026-11-20 09:00:00'",
    "free_seat_is_offered_until_the_last_day": "UPDATE workshop_sessions SET taken = 0",
    "call_is_asked_of_the_next_in_time": "UPDATE handovers SET due_at = '2026-11-20 09:00:00'",
    "telephone_call_ends_in_time": (
        "UPDATE assisted_calls SET began_at = '2026-11-20 07:00:00', deadline_at = '2026-11-20 09:00:00'"
    ),
    "coaching_file_ends_by_its_day": "UPDATE coaching_files SET ends_on = '2026-11-20'",
    "words_are_erased_by_their_day": "UPDATE coaching_files SET erase_at = '2026-11-20 09:00:00' WHERE erase_at > ''",
    "session_is_decided_or_asked_about": "UPDATE workshop_sessions SET decide_by = '2026-11-20 09:00:00'",
    "visitor_confirms_or_is_forgotten": "UPDATE visitors SET expires_at = '2026-11-20 09:00:00'",
    "visitor_is_forgotten_on_her_day": "UPDATE visitors SET erase_at = '2026-11-20 09:00:00'",
    "erasure_is_carried_out_or_taken_back": "UPDATE erasures SET asked_at = '2026-11-19', due_at = '2026-11-20'",
    "mails_about_the_forgotten_go": "UPDATE erasures SET mails_until = '2026-11-20' WHERE state = 'done'",
    "circle_has_its_next_meeting": "UPDATE circle_meetings SET state = 'cancelled'",
    "circle_has_a_named_person": "DELETE FROM coordinators",
    "invitation_to_a_circle_ends": "UPDATE circle_members SET deadline_at = '2026-11-10 09:00:00'",
    "circle_meeting_is_noted": (
        "UPDATE circle_meetings SET quorum_due_at = '2026-09-01', starts_at = '2026-09-01', "
        "report_due_at = '2026-09-02'"
    ),
    "gathering_is_noted": "UPDATE gatherings SET starts_at = '2026-09-01', report_due_at = '2026-09-02'",
    "gathering_has_a_named_person": "UPDATE accounts SET is_active = false",
    "pause_of_a_supporter_has_a_day_to_come": "UPDATE supporters SET back_on = '2026-10-20' WHERE state = 'paused'",
    "silent_supporter_is_on_pause": "UPDATE supporters SET unanswered = 2 WHERE state = 'active'",
    "small_circle_is_decided": "UPDATE circles SET decide_by_at = '2026-10-20 09:00:00'",
    "suggestion_is_decided_or_set_aside": "UPDATE suggestions SET deadline_at = '2026-11-06 09:00:00'",
    "question_is_answered_passed_back_or_ended": "UPDATE expert_questions SET due_at = '2026-09-01 09:00:00'",
    "introduction_is_told_or_lapses": "UPDATE introductions SET due_at = '2026-09-01 09:00:00'",
}


@pytest.fixture
def office(app, now):
    """One proposal, one open suggestion, somebody who waits with a day, a run under way, somebody on a waiting list."""
    office = Office(people=2, supporters=3)
    office.propose(0, at=now)
    with transaction() as session:
        waiting = make_entrepreneur(
            session, office.association, state=EntrepreneurState.INCOMPLETE, follow_up_on=date(2026, 12, 1)
        )
        make_interview(session, waiting, coordinator_id=office.account.id)
        make_match_run(session, office.association, state=MatchRunState.QUEUED, requested_at=now, ended_at=None)
        circle = make_circle(session, make_facilitator(session, office.supporters[0]), state=CircleState.CONFIRMED)
        make_circle_member(session, circle, office.people[0], deadline_at=now + timedelta(days=7))
        make_circle_meeting(session, circle, starts_at=now + timedelta(days=21))
        make_gathering(session, office.association.id, office.account, starts_at=now + timedelta(days=21))
        workshop = make_workshop_session(session, office.association, seats=2, starts_at=now + timedelta(days=7))
        workshop.minimum, workshop.decide_by = 2, now + timedelta(days=4)
        make_booking(session, workshop, office.people[0])
        until = now + timedelta(days=1)
        make_booking(session, workshop, office.people[1], state=BookingState.OFFERED, offer_until=until)
        make_booking(session, workshop, waiting, state=BookingState.WAITING)
        make_visitor(session, workshop)
        make_supporter(session, office.association, state=SupporterState.PAUSED, back_on=date(2026, 12, 1))
        make_erasure(session, office.people[0], asked_at=now, due_at=now + timedelta(days=1))
        ended = {"state": "done", "ended_at": now, "mails_until": now + timedelta(days=8)}
        make_erasure(session, office.people[1], **ended)
        coach = make_supporter(session, office.association, role="coach", capacity=14)
        together = make_pairing(session, office.people[0], coach, state=PairingState.ACTIVE, budget_minutes=60)
        make_meeting(session, together, state="held", minutes=60, logged_at=now)
        make_coaching_file(session, together)
        make_assisted_call(session, waiting, office.account, began_at=now)
        make_review(session, office.people[1])
        make_expert_question(session, office.people[0], due_at=now + timedelta(days=10))
        make_session_proposal(
            session, office.people[0], coordinator_id=office.account.id, due_at=now + timedelta(days=7)
        )
        make_introduction(session, together, due_at=now + timedelta(days=1))
        withdrawn = {"state": "withdrawn", "withdrawn_at": now, "erase_at": now + timedelta(days=30)}
        make_coaching_file(session, make_pairing(session, waiting, coach, state=PairingState.ACTIVE), **withdrawn)
        sentinel = make_sentinel(session, office.association, office.account)
        make_handover(session, office.people[1], sentinel, due_at=now + timedelta(days=1))
    return office


def broken(at):
    db.session.rollback()
    return {check.name for check in check_deadlines(db.session(), at=at) if not check.holds}


def test_every_law_looks_at_something_and_holds(office, now):
    checks = check_deadlines(db.session(), at=now)
    assert [check.name for check in checks] == list(BREAKS)
    assert [check.name for check in checks if check.rows == 0] == []
    assert broken(now) == set()


@pytest.mark.parametrize("law", list(BREAKS))
def test_each_law_counts_what_is_past_its_day(office, now, law):
    with transaction() as session:
        session.execute(text(BREAKS[law]))
    assert law in broken(now)
    assert not {"proposal_ends_by_its_deadline", "suggestion_is_decided_or_set_aside"} & (broken(now) - {law})


def test_what_became_due_within_the_grace_may_wait_for_a_tick(office, now):
    deadline = now + timedelta(days=10)
    assert "proposal_ends_by_its_deadline" not in broken(deadline + USUAL_GRACE)
    assert "proposal_ends_by_its_deadline" in broken(deadline + USUAL_GRACE + timedelta(seconds=1))


def test_both_databases_are_asked_for_every_law(any_app, now):
    checks = [*check_deadlines(db.session(), at=now), *check_invariants(db.session())]
    assert {check.name for check in checks} >= set(BREAKS)
    assert {(check.rows, check.broken) for check in checks} == {(0, 0)}
