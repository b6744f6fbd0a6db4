"""Each law of the database is seen to hold on a house at work, and to be counted when it is broken on purpose."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, text

from models.associations import Network
from models.audit import AuditEvent
from models.charters import CharterParty, CharterSignature
from models.circles import CircleMember
from models.db import db, transaction
from models.entrepreneurs import EntrepreneurNeed
from models.erasures import ERASED_FIRST_NAME, ERASED_LAST_NAME
from models.match_runs import Suggestion
from models.moves import move
from models.pairings import Pairing
from models.queries.invariants import check_invariants
from models.states import (
    BookingState,
    CharterAction,
    CoachingFileAction,
    EntrepreneurAction,
    ErasureAction,
    PairingState,
    SessionAction,
    SuggestionState,
)
from models.supporters import SupporterRole
from tests.factories import (
    make_assisted_call,
    make_association,
    make_booking,
    make_charter,
    make_circle,
    make_circle_member,
    make_coaching_assessment,
    make_coaching_file,
    make_committee_file,
    make_entrepreneur,
    make_erasure,
    make_expert_question,
    make_facilitator,
    make_gathering,
    make_gathering_attendance,
    make_handover,
    make_interview,
    make_introduction,
    make_meeting,
    make_pairing,
    make_sentinel,
    make_session_proposal,
    make_supporter,
    make_supporter_listing,
    make_visitor,
    make_workshop_series,
    make_workshop_session,
)
from tests.factories.sequence import MADE_AT
from tests.office import Office
from webapp.matcher_bridge import default_weights
from webapp.permissions import Actor
from webapp.services.circle_contracts import agree_to_contract
from webapp.services.circles import confirm_circle, join_circle
from webapp.services.match_runs import execute_run, request_run
from webapp.services.pairings import accept_pairing
from webapp.services.suggestions import approve_suggestion
from webapp.services.weight_drafts import draft_weights, publish_draft, replay_draft

# Row numbers below are those of this house: pairing 1 is active, pairing 2 proposed, session 1 full with one waiting.
BREAKS = {
    "supporter_taken_equals_live_pairings": "UPDATE supporters SET taken = taken + 1 WHERE id = 3",
    "supporter_within_capacity": "UPDATE supporters SET capacity = taken - 1 WHERE taken > 0",
    "pairing_cost_is_of_its_role": "UPDATE pairings SET cost = 2 WHERE id = 1",
    "live_pairing_has_its_supporter": (
        "UPDATE supporters SET state = 'left' WHERE id = (SELECT supporter_id FROM pairings WHERE id = 1)"
    ),
    "proposal_has_an_active_supporter": (
        "UPDATE supporters SET state = 'paused' WHERE id = (SELECT supporter_id FROM pairings WHERE id = 2)"
    ),
    "live_pairing_has_an_open_file": (
        "UPDATE entrepreneurs SET state = 'closed' WHERE id = (SELECT entrepreneur_id FROM pairings WHERE id = 1)"
    ),
    "one_live_pairing_per_role": (
        "UPDATE pairings SET entrepreneur_id = (SELECT entrepreneur_id FROM pairings WHERE id = 1)"
    ),
    "proposal_has_a_deadline": "UPDATE pairings SET deadline_at = NULL WHERE id = 2",
    "together_has_its_next_day": "UPDATE pairings SET next_meeting_due_at = NULL WHERE id = 1",
    "meeting_to_come_is_of_an_active_pairing": "UPDATE pairings SET state = 'paused' WHERE id = 1",
    "open_charter_is_of_two_together": "UPDATE pairings SET state = 'ended' WHERE id = 1",
    "signed_charter_has_every_signature": "DELETE FROM charter_signatures WHERE party = 'referent'",
    "due_check_is_of_two_together": "UPDATE pairings SET state = 'ended' WHERE id = 1",
    "due_review_has_an_open_file": (
        "UPDATE entrepreneurs SET state = 'closed' WHERE id = (SELECT entrepreneur_id FROM pairings WHERE id = 1)"
    ),
    "lending_side_checks_no_coach": "UPDATE pairings SET role = 'coach' WHERE id = 1",
    "review_state_has_its_event": "UPDATE reviews SET state = 'done'",
    "meeting_state_has_its_event": "UPDATE meetings SET state = 'confirmed' WHERE state = 'proposed'",
    "charter_state_has_its_event": "UPDATE charters SET state = 'signed' WHERE state = 'open'",
    "open_suggestion_has_a_deadline": (
        "UPDATE suggestions SET deadline_at = NULL WHERE id = (SELECT max(id) FROM suggestions WHERE state = 'open')"
    ),
    "open_suggestion_is_for_somebody_unserved": (
        "UPDATE suggestions SET state = 'open' WHERE id = (SELECT min(id) FROM suggestions WHERE state = 'approved')"
    ),
    "approved_suggestion_has_its_pairing": "UPDATE pairings SET suggestion_id = NULL WHERE id = 1",
    "examiner_is_not_suggested": (
        "UPDATE committee_files SET supporter_id = (SELECT supporter_id FROM pairings WHERE id = 1),"
        " entrepreneur_id = (SELECT entrepreneur_id FROM pairings WHERE id = 1)"
    ),
    "plan_line_is_about_its_person": (
        "UPDATE plan_lines SET suggestion_id = (SELECT max(id) FROM suggestions) "
        "WHERE id = (SELECT min(id) FROM plan_lines WHERE suggestion_id IS NOT NULL)"
    ),
    "proposed_line_is_of_the_last_run": "UPDATE plan_lines SET run_id = 1 WHERE state = 'proposed'",
    "one_run_under_way": "UPDATE match_runs SET state = 'queued'",
    "published_weights_are_those_of_their_draft": (
        "UPDATE weight_drafts SET published_as_id = based_on_id WHERE state = 'published'"
    ),
    "session_taken_equals_seats_held": "UPDATE workshop_sessions SET taken = 2, seats = 2",
    "session_within_seats": "UPDATE workshop_sessions SET seats = 0",
    "date_has_the_theme_of_its_series": "UPDATE workshop_series SET theme_slug = 'stress_management'",
    "public_session_is_of_an_open_theme": (
        "UPDATE workshop_sessions SET theme_slug = 'stress_management' WHERE is_public"
    ),
    "other_date_is_instead_of_a_cancelled_one": (
        "UPDATE bookings SET from_session_id = session_id WHERE from_session_id IS NOT NULL"
    ),
    "live_visitor_has_a_session": "UPDATE workshop_sessions SET state = 'cancelled' WHERE is_public",
    "visitor_state_has_its_event": "UPDATE visitors SET state = 'confirmed'",
    "waiting_only_when_full": "UPDATE workshop_sessions SET seats = 5",
    "one_turn_each_in_a_waiting_list": "UPDATE bookings SET state = 'waiting', turn = 1",
    "circle_taken_equals_live_members": "UPDATE circles SET taken = taken + 1",
    "live_member_is_in_a_live_circle": "UPDATE circle_members SET state = 'proposed'",
    "live_member_has_an_open_file": "UPDATE entrepreneurs SET state = 'closed' WHERE id = 3",
    "one_live_circle_per_person": "UPDATE circle_members SET entrepreneur_id = 3",
    "facilitator_taken_equals_confirmed_circles": "UPDATE facilitators SET taken = 0",
    "introduction_is_of_its_pairing": "UPDATE introductions SET supporter_id = supporter_id + 1",
    "live_introduction_has_an_open_file": (
        "UPDATE entrepreneurs SET state = 'closed' WHERE id = (SELECT entrepreneur_id FROM introductions)"
    ),
    "introduction_state_has_its_event": "UPDATE introductions SET state = 'lapsed', due_at = NULL, told_at = noted_at",
    "asked_question_is_with_her_expert": "UPDATE expert_questions SET supporter_id = supporter_id + 1",
    "live_question_has_an_open_file": (
        "UPDATE entrepreneurs SET state = 'closed' WHERE id = (SELECT entrepreneur_id FROM expert_questions)"
    ),
    "expert_question_state_has_its_event": (
        "UPDATE expert_questions SET state = 'expired', due_at = NULL, ended_at = asked_at"
    ),
    "circle_to_come_is_of_a_live_circle": "UPDATE circles SET state = 'proposed'",
    "turn_is_of_a_member": "UPDATE circle_members SET state = 'left'",
    "one_turn_at_a_time": "UPDATE circle_meetings SET client_member_id = 1",
    "short_circle_has_a_day_to_decide": "UPDATE circles SET decide_by_at = '2026-12-01 09:00:00'",
    "contract_is_of_who_joined": "UPDATE circle_members SET joined_at = NULL",
    "listed_supporter_is_here_still": (
        "UPDATE supporters SET state = 'left' WHERE id = (SELECT supporter_id FROM supporter_listings)"
    ),
    "was_there_is_noted_of_what_took_place": "UPDATE gathering_attendances SET was_there = true",
    "gathering_state_has_its_event": "UPDATE gatherings SET state = 'cancelled'",
    "proposed_session_has_its_proposer": (
        "UPDATE entrepreneurs SET state = 'closed' WHERE id = (SELECT entrepreneur_id FROM session_proposals)"
    ),
    "session_proposal_state_has_its_event": (
        "UPDATE session_proposals SET state = 'withdrawn', due_at = NULL, ended_at = proposed_at"
    ),
    "cancelled_session_holds_nobody": "UPDATE workshop_sessions SET state = 'cancelled'",
    "closed_file_holds_no_booking_ahead": (
        "UPDATE entrepreneurs SET state = 'closed', closed_at = '2026-11-20 09:00:00'"
        " WHERE id = (SELECT entrepreneur_id FROM bookings WHERE id = 1)"
    ),
    "ready_file_is_whole": "UPDATE entrepreneurs SET stage = NULL WHERE id = 3",
    "telephone_call_is_of_an_open_file": (
        "UPDATE entrepreneurs SET state = 'closed' WHERE id = (SELECT entrepreneur_id FROM assisted_calls)"
    ),
    "interview_to_come_is_of_an_open_file": (
        "UPDATE entrepreneurs SET state = 'closed' WHERE id = (SELECT entrepreneur_id FROM interviews)"
    ),
    "interview_state_has_its_event": "UPDATE interviews SET state = 'missed'",
    "entrepreneur_state_has_its_event": "UPDATE entrepreneurs SET state = 'closed' WHERE id = 3",
    "supporter_state_has_its_event": "UPDATE supporters SET state = 'paused' WHERE id = 3",
    "match_run_state_has_its_event": "DELETE FROM audit_events WHERE record = 'match_run' AND action = 'finish'",
    "weight_draft_state_has_its_event": "UPDATE weight_drafts SET state = 'discarded'",
    "suggestion_state_has_its_event": "DELETE FROM audit_events WHERE record = 'suggestion' AND action = 'approve'",
    "plan_line_state_has_its_event": "UPDATE plan_lines SET state = 'approved' WHERE state = 'proposed'",
    "pairing_state_has_its_event": (
        "UPDATE audit_events SET to_state = 'ended' WHERE record = 'pairing' AND action = 'accept'"
    ),
    "workshop_session_state_has_its_event": "UPDATE workshop_sessions SET state = 'held'",
    "booking_state_has_its_event": "UPDATE bookings SET state = 'attended' WHERE id = 1",
    "coaching_file_is_of_a_coach": "UPDATE coaching_files SET pairing_id = 1 WHERE state = 'open'",
    "forgotten_row_has_no_name": "UPDATE entrepreneurs SET last_name = 'Diallo' WHERE erased_at IS NOT NULL",
    "forgotten_row_has_no_word": (
        "INSERT INTO entrepreneur_needs (entrepreneur_id, topic, priority) "
        "SELECT id, 'cash_flow', 1 FROM entrepreneurs WHERE erased_at IS NOT NULL"
    ),
    "carried_out_erasure_has_erased": "UPDATE entrepreneurs SET erased_at = NULL",
    "erasure_state_has_its_event": "DELETE FROM audit_events WHERE action = 'carry_out'",
    "erased_file_keeps_no_word": "UPDATE coaching_files SET erased_at = '2026-11-20 09:00:00' WHERE state = 'open'",
    "nobody_runs_both_sides_of_the_wall": (
        "INSERT INTO coordinators (account_id, association_id) "
        "SELECT account_id, (SELECT max(id) FROM associations) FROM coordinators"
    ),
    "waiting_call_has_somebody_named": "UPDATE sentinels SET ended_at = '2026-11-20 09:00:00'",
    "coaching_file_state_has_its_event": "UPDATE coaching_files SET state = 'closed'",
    "handover_state_has_its_event": "UPDATE handovers SET state = 'taken'",
    "circle_state_has_its_event": "DELETE FROM audit_events WHERE record = 'circle' AND action = 'confirm'",
    "circle_meeting_state_has_its_event": "UPDATE circle_meetings SET state = 'held'",
    "circle_member_state_has_its_event": "UPDATE circle_members SET state = 'joined' WHERE id = 2",
}


@pytest.fixture
def house(app, now):
    """Give a house at work, reached through the services: nothing in it is out of order."""
    office = Office(people=4, supporters=3, suggested=False)
    with transaction() as session:
        make_association(session, network=Network.REBONDS)
        series = make_workshop_series(session, office.association)
        make_workshop_session(session, office.association, latitude=48.93, longitude=2.35, series_id=series.id)
    for _ in range(2):
        run_id = request_run(association_id=office.association.public_id, actor=office.coordinator, at=now)
        execute_run(run_id=run_id, at=now)
    opened = select(Suggestion.public_id).where(Suggestion.state == SuggestionState.OPEN).order_by(Suggestion.id)
    for suggestion_id in db.session.scalars(opened).all()[:2]:
        approve_suggestion(suggestion_id=suggestion_id, actor=office.coordinator, at=now)
    first = db.session.scalars(select(Pairing).order_by(Pairing.id)).first()
    number = next(n for n, one in enumerate(office.supporters) if one.id == first.supporter_id)
    accept_pairing(pairing_id=first.public_id, actor=office.as_supporter(number), at=now + timedelta(days=1))
    with transaction() as session:
        workshop = make_workshop_session(session, office.association, seats=1)
        fallen = make_workshop_session(session, office.association)
        move(session, fallen, SessionAction.CANCEL, actor_id=None, at=now)
        make_booking(session, workshop, office.people[0], from_session_id=fallen.id)
        make_booking(session, workshop, office.people[1], state=BookingState.WAITING)
        make_visitor(session, make_workshop_session(session, office.association, is_public=True))
        make_meeting(session, first)
        make_introduction(session, first)
        make_expert_question(session, next(one for one in office.people if one.id == first.entrepreneur_id), first)
        make_session_proposal(session, office.people[0])
        sign_charter(session, make_charter(session, session.get_one(Pairing, 2)), at=now)
        circle = make_circle(
            session, make_facilitator(session, make_supporter(session, office.association)), minimum=2, quorum=2
        )
        for person in office.people[2:]:
            make_circle_member(session, circle, person)
        listed = make_supporter(session, office.association)
        make_supporter_listing(session, listed)
        make_gathering_attendance(session, make_gathering(session, office.association.id, office.account), listed)
        make_interview(session, office.people[0])
        make_assisted_call(session, office.people[0], office.account)
        make_committee_file(session, office.people[0], make_supporter(session, office.association))
    with transaction() as session:
        add_care(session, office)
        forget_somebody(session, office, now)
    draft_id = draft_weights(
        association_id=office.association.public_id, weights=default_weights(), actor=office.coordinator, at=now
    )
    replay_draft(draft_id=draft_id, at=now)
    publish_draft(draft_id=draft_id, note="Essai", actor=office.coordinator, at=now)
    confirm_circle(circle_id=circle.public_id, actor=office.coordinator, at=now)
    place = db.session.scalars(select(CircleMember).order_by(CircleMember.id)).first()
    herself = Actor(account_id=None, entrepreneur_ids=frozenset({place.entrepreneur_id}))
    join_circle(member_id=place.public_id, actor=herself, at=now)
    agree_to_contract(member_id=place.public_id, actor=herself, at=now)
    return office


def forget_somebody(session, office, now):
    """Forget one more person at her wish."""
    nothing = dict.fromkeys(("email", "latitude", "longitude", "stage"))
    person = make_entrepreneur(
        session,
        office.association,
        first_name=ERASED_FIRST_NAME,
        last_name=ERASED_LAST_NAME,
        reference="erased-9",
        project_title="",
        state="incomplete",
        languages=(),
        **nothing,
    )
    session.execute(delete(EntrepreneurNeed).where(EntrepreneurNeed.entrepreneur_id == person.id))
    move(session, person, EntrepreneurAction.CLOSE, actor_id=None, at=now, closed_at=now, erased_at=now)
    erasure = make_erasure(session, person)
    move(session, erasure, ErasureAction.BEGIN, actor_id=None, at=now)
    move(session, erasure, ErasureAction.CARRY_OUT, actor_id=None, at=now, ended_at=now, mails_until=now)


def add_care(session, office):
    """A space with a coach, one that is emptied, and somebody who asked for a call."""
    coach = make_supporter(session, office.association, role=SupporterRole.COACH, capacity=14)
    pairings = [make_pairing(session, person, coach, state=PairingState.ACTIVE) for person in office.people[2:]]
    make_coaching_assessment(session, make_coaching_file(session, pairings[0]))
    emptied = make_coaching_file(session, pairings[1])
    values = {"withdrawn_at": MADE_AT, "erase_at": MADE_AT, "erased_at": MADE_AT, "door": None}
    move(session, emptied, CoachingFileAction.WITHDRAW, actor_id=None, at=MADE_AT, **values)
    make_handover(session, office.people[0], make_sentinel(session, office.association, office.account))
    for pairing in pairings:
        moved = {"from_state": "proposed", "to_state": "active", "action": "accept", "at": MADE_AT}
        session.add(AuditEvent(record="pairing", record_id=pairing.id, **moved))


def sign_charter(session, charter, *, at):
    for party in CharterParty:
        session.add(CharterSignature(charter_id=charter.id, party=party, name="Aïcha Diallo", signed_at=at))
    document = {"signed_at": at, "pdf": b"%PDF", "pdf_sha256": "0" * 64}
    move(session, charter, CharterAction.COMPLETE, actor_id=None, at=at, **document)


def broken():
    db.session.rollback()
    return {check.name: check.broken for check in check_invariants(db.session()) if not check.holds}


def test_every_law_looks_at_rows_and_holds_on_a_house_at_work(house):
    db.session.rollback()
    checks = check_invariants(db.session())
    assert {check.name: check.broken for check in checks if check.broken} == {}
    assert {check.name for check in checks if check.rows == 0} == set()


def test_every_law_has_its_break(app):
    assert {check.name for check in check_invariants(db.session())} == set(BREAKS)


@pytest.mark.parametrize("law", BREAKS)
def test_a_broken_law_is_counted(house, law):
    db.session.execute(text("PRAGMA ignore_check_constraints = ON"))
    db.session.commit()
    with transaction() as session:
        for index in (
            "uq_pairings_live_couple",
            "uq_pairings_live_role",
            "uq_match_runs_under_way",
            "uq_suggestions_open",
            "uq_circle_members_live",
        ):
            session.execute(text(f"DROP INDEX {index}"))
        session.execute(text(BREAKS[law]))
    assert law in broken()


def test_an_event_that_moves_nothing_disturbs_no_law(house, now):
    with transaction() as session:
        session.add(AuditEvent(record="supporter", record_id=house.supporters[0].id, action="update", at=now))
    assert broken() == {}
