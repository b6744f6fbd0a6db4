"""What must hold in the database at every moment, each as a count of the rows that break it."""

from collections.abc import Callable, Container
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from models.associations import Association, Network, WeightVersion
from models.audit import AuditEvent
from models.charters import Charter, CharterParty, CharterSignature
from models.circle_meetings import CircleAgreement, CircleMeeting
from models.circles import Circle, CircleMember, Facilitator
from models.coaching import CoachingAssessment, CoachingFile
from models.committees import CommitteeFile
from models.entrepreneurs import Entrepreneur
from models.expert_questions import ExpertQuestion
from models.handovers import Handover, Sentinel
from models.interviews import Interview
from models.introductions import Introduction
from models.match_runs import MatchRun, Suggestion
from models.meetings import Meeting
from models.moves import RECORD_NAMES, Stateful
from models.pairings import Pairing
from models.plans import PlanLine, SupportPlan
from models.queries.committees import same_person
from models.queries.programme_laws import (
    count_seated_visitors,
    has_another_theme_than_its_series,
    is_live_visitor,
    is_of_a_series,
    is_public,
    is_public_of_a_sensitive_theme,
    visits_a_cancelled_session,
)
from models.reviews import Review, ReviewKind
from models.states import (
    IN_LINE_BOOKING_STATES,
    LIVE_CIRCLE_MEMBER_STATES,
    LIVE_HANDOVER_STATES,
    LIVE_INTRODUCTION_STATES,
    LIVE_MEETING_STATES,
    LIVE_PAIRING_STATES,
    LIVE_QUESTION_STATES,
    SEATED_BOOKING_STATES,
    TOGETHER_PAIRING_STATES,
    UNANSWERED_PAIRING_STATES,
    BookingState,
    CharterState,
    CircleMeetingState,
    CircleMemberState,
    CircleState,
    CoachingFileState,
    EntrepreneurState,
    ExpertQuestionState,
    HandoverState,
    InterviewState,
    IntroductionState,
    MatchRunState,
    MeetingState,
    PairingState,
    PlanLineState,
    ReviewState,
    SessionState,
    SuggestionState,
    SupporterState,
    VisitorState,
    WeightDraftState,
)
from models.supporters import PAIRING_COST, Supporter, SupporterRole
from models.visitors import Visitor
from models.weights import WeightDraft
from models.workshops import Booking, WorkshopSession


@dataclass(frozen=True, slots=True, kw_only=True)
class InvariantCheck:
    """One law: how many rows were looked at, and how many break it."""

    name: str
    rows: int
    broken: int

    @property
    def holds(self) -> bool:
        """Say whether no row breaks it."""
        return self.broken == 0


def check_invariants(session: Session, *, names: Container[str] | None = None) -> list[InvariantCheck]:
    """Check every law, or those named, in one fixed order."""
    return [
        InvariantCheck(name=name, rows=_count(session, looked_at), broken=_count(session, build()))
        for name, looked_at, build in _laws()
        if names is None or name in names
    ]


Law = tuple[str, Select[int], Callable[[], Select[int]]]


def _laws() -> list[Law]:
    live = _all(Pairing, Pairing.state.in_(LIVE_PAIRING_STATES))
    together = _all(Pairing, Pairing.state.in_(TOGETHER_PAIRING_STATES))
    unanswered = _all(Pairing, Pairing.state.in_(UNANSWERED_PAIRING_STATES))
    laws: list[Law] = [
        ("supporter_taken_equals_live_pairings", _all(Supporter), _wrong_taken),
        ("supporter_within_capacity", _all(Supporter), lambda: _all(Supporter, Supporter.taken > Supporter.capacity)),
        ("pairing_cost_is_of_its_role", _all(Pairing), _wrong_cost),
        ("live_pairing_has_its_supporter", live, _supporter_left),
        ("proposal_has_an_active_supporter", unanswered, _proposed_to_idle),
        ("live_pairing_has_an_open_file", live, _file_closed),
        ("one_live_pairing_per_role", live, _several_live),
        ("proposal_has_a_deadline", unanswered, _proposal_without_deadline),
        ("together_has_its_next_day", together, _together_without_day),
        ("meeting_to_come_is_of_an_active_pairing", _all(Meeting, _is_to_come()), _meeting_of_nobody),
        ("open_charter_is_of_two_together", _all(Charter, Charter.state == CharterState.OPEN), _charter_of_nobody),
        ("signed_charter_has_every_signature", _all(Charter, Charter.state == CharterState.SIGNED), _lacks_signature),
        ("due_check_is_of_two_together", _all(Review, _is_due_check()), _check_of_nobody),
        ("due_review_has_an_open_file", _all(Review, Review.state == ReviewState.DUE), _review_of_a_closed_file),
        ("lending_side_checks_no_coach", _all(Review, Review.pairing_id.is_not(None)), _walled_check),
        ("open_suggestion_has_a_deadline", _all(Suggestion, _is_open()), _open_without_deadline),
        ("open_suggestion_is_for_somebody_unserved", _all(Suggestion, _is_open()), _open_though_served),
        ("approved_suggestion_has_its_pairing", _all(Suggestion, _is_approved()), _approved_without_pairing),
        ("examiner_is_not_suggested", _all(CommitteeFile), _examiner_suggested),
        ("plan_line_is_about_its_person", _all(PlanLine, PlanLine.suggestion_id.is_not(None)), _foreign_line),
        ("proposed_line_is_of_the_last_run", _all(PlanLine, _is_proposed()), _proposed_by_an_older_run),
        ("one_run_under_way", _all(MatchRun), _several_under_way),
        ("published_weights_are_those_of_their_draft", _all(WeightDraft, _is_published()), _published_elsewhere),
        ("session_taken_equals_seats_held", _all(WorkshopSession), _wrong_seats),
        ("session_within_seats", _all(WorkshopSession), _too_many_seats),
        ("date_has_the_theme_of_its_series", _all(WorkshopSession, is_of_a_series()), _foreign_theme),
        (
            "public_session_is_of_an_open_theme",
            _all(WorkshopSession, is_public()),
            _public_and_private,
        ),
        ("live_visitor_has_a_session", _all(Visitor, is_live_visitor()), _visitor_of_nothing),
        ("waiting_only_when_full", _all(Booking, Booking.state == BookingState.WAITING), _waiting_though_free),
        ("one_turn_each_in_a_waiting_list", _all(Booking, Booking.state.in_(IN_LINE_BOOKING_STATES)), _same_turn),
        ("circle_taken_equals_live_members", _all(Circle), _wrong_members),
        ("live_member_is_in_a_live_circle", _all(CircleMember, _is_live_member()), _member_of_nothing),
        ("live_member_has_an_open_file", _all(CircleMember, _is_live_member()), _member_closed),
        ("one_live_circle_per_person", _all(CircleMember, _is_live_member()), _several_circles),
        ("facilitator_taken_equals_confirmed_circles", _all(Facilitator), _wrong_circles_led),
        ("introduction_is_of_its_pairing", _all(Introduction), _introduction_of_others),
        ("live_introduction_has_an_open_file", _all(Introduction, _is_live_introduction()), _introduction_closed),
        ("asked_question_is_with_her_expert", _all(ExpertQuestion, _is_asked()), _asked_of_others),
        ("live_question_has_an_open_file", _all(ExpertQuestion, _is_live_question()), _question_closed),
        ("circle_to_come_is_of_a_live_circle", _all(CircleMeeting, _circle_planned()), _meeting_of_a_past_circle),
        ("turn_is_of_a_member", _all(CircleMeeting, CircleMeeting.client_member_id.is_not(None)), _turn_of_a_stranger),
        ("one_turn_at_a_time", _all(CircleMeeting, _circle_planned()), _several_turns),
        ("short_circle_has_a_day_to_decide", _all(Circle, _is_confirmed()), _day_without_need),
        ("contract_is_of_who_joined", _all(CircleAgreement), _agreed_without_joining),
        ("cancelled_session_holds_nobody", _all(WorkshopSession), _cancelled_with_bookings),
        ("coaching_file_is_of_a_coach", _all(CoachingFile), _file_of_no_coach),
        ("erased_file_keeps_no_word", _all(CoachingFile, CoachingFile.erased_at.is_not(None)), _erased_with_words),
        ("waiting_call_has_somebody_named", _all(Handover, _is_wished()), _call_of_nobody),
        ("interview_to_come_is_of_an_open_file", _all(Interview, _is_to_hold()), _interview_of_a_closed_file),
        ("ready_file_is_whole", _all(Entrepreneur, Entrepreneur.state == EntrepreneurState.READY), _ready_not_whole),
    ]
    for table, start in _FIRST_STATES.items():
        kind = RECORD_NAMES[table]
        laws.append((f"{kind}_state_has_its_event", _all(table), _event_law(table, kind, start)))
    return laws


# In these states a record may have been made; in any other it was moved there, and an event says so.
_FIRST_STATES: dict[type[Stateful], tuple[str, ...]] = {
    Entrepreneur: (EntrepreneurState.INCOMPLETE, EntrepreneurState.READY),
    Supporter: (SupporterState.ACTIVE,),
    Interview: (InterviewState.PLANNED,),
    MatchRun: (MatchRunState.QUEUED,),
    WeightDraft: (WeightDraftState.QUEUED,),
    Suggestion: (SuggestionState.ALTERNATIVE, SuggestionState.OPEN),
    PlanLine: (PlanLineState.PROPOSED,),
    Pairing: (PairingState.PROPOSED,),
    Meeting: (MeetingState.PROPOSED, MeetingState.HELD),
    Charter: (CharterState.OPEN,),
    Review: (ReviewState.DUE,),
    CoachingFile: (CoachingFileState.OPEN,),
    Handover: (HandoverState.OPEN,),
    WorkshopSession: (SessionState.SCHEDULED,),
    Booking: (BookingState.CONFIRMED, BookingState.WAITING),
    Visitor: (VisitorState.ASKED,),
    Circle: (CircleState.PROPOSED,),
    CircleMember: (CircleMemberState.PROPOSED,),
    Introduction: (IntroductionState.PROMISED, IntroductionState.MADE),
    ExpertQuestion: (ExpertQuestionState.ASKED,),
    CircleMeeting: (CircleMeetingState.PLANNED,),
}


def _count(session: Session, counting: Select[int]) -> int:
    return session.scalar(counting) or 0


def _all(table: type, *conditions: ColumnElement[bool]) -> Select[int]:
    return select(func.count()).select_from(table).where(*conditions)


def _is_open() -> ColumnElement[bool]:
    return Suggestion.state == SuggestionState.OPEN


def _is_approved() -> ColumnElement[bool]:
    return Suggestion.state == SuggestionState.APPROVED


def _wrong_taken() -> Select[int]:
    held = (
        select(func.coalesce(func.sum(Pairing.cost), 0))
        .where(Pairing.supporter_id == Supporter.id, Pairing.state.in_(LIVE_PAIRING_STATES))
        .correlate(Supporter)
        .scalar_subquery()
    )
    return _all(Supporter, Supporter.taken != held)


def _wrong_cost() -> Select[int]:
    right = or_(*(and_(Pairing.role == role, Pairing.cost == cost) for role, cost in PAIRING_COST.items()))
    return _all(Pairing, ~right)


def _supporter_left() -> Select[int]:
    gone = exists().where(Supporter.id == Pairing.supporter_id, Supporter.state == SupporterState.LEFT)
    return _all(Pairing, Pairing.state.in_(LIVE_PAIRING_STATES), gone)


def _proposed_to_idle() -> Select[int]:
    idle = exists().where(Supporter.id == Pairing.supporter_id, Supporter.state != SupporterState.ACTIVE)
    return _all(Pairing, Pairing.state.in_(UNANSWERED_PAIRING_STATES), idle)


def _file_closed() -> Select[int]:
    closed = exists().where(Entrepreneur.id == Pairing.entrepreneur_id, Entrepreneur.state == EntrepreneurState.CLOSED)
    return _all(Pairing, Pairing.state.in_(LIVE_PAIRING_STATES), closed)


def _several_live() -> Select[int]:
    groups = (
        select(literal(1))
        .where(Pairing.state.in_(LIVE_PAIRING_STATES))
        .group_by(Pairing.entrepreneur_id, Pairing.role)
        .having(func.count() > 1)
        .subquery()
    )
    return select(func.count()).select_from(groups)


def _proposal_without_deadline() -> Select[int]:
    return _all(Pairing, Pairing.state.in_(UNANSWERED_PAIRING_STATES), Pairing.deadline_at.is_(None))


def _together_without_day() -> Select[int]:
    """Count pairs without a day for the next meeting, an end of their pause, or a term."""
    active, paused = Pairing.state == PairingState.ACTIVE, Pairing.state == PairingState.PAUSED
    lacking = or_(
        and_(active, Pairing.next_meeting_due_at.is_(None)),
        and_(paused, Pairing.pause_until.is_(None)),
        Pairing.ends_on.is_(None),
    )
    return _all(Pairing, Pairing.state.in_(TOGETHER_PAIRING_STATES), lacking)


def _is_to_come() -> ColumnElement[bool]:
    return Meeting.state.in_(LIVE_MEETING_STATES)


def _meeting_of_nobody() -> Select[int]:
    active = exists().where(Pairing.id == Meeting.pairing_id, Pairing.state == PairingState.ACTIVE)
    return _all(Meeting, _is_to_come(), ~active)


def _charter_of_nobody() -> Select[int]:
    together = exists().where(Pairing.id == Charter.pairing_id, Pairing.state.in_(TOGETHER_PAIRING_STATES))
    return _all(Charter, Charter.state == CharterState.OPEN, ~together)


def _lacks_signature() -> Select[int]:
    signed = (
        select(func.count())
        .select_from(CharterSignature)
        .where(CharterSignature.charter_id == Charter.id)
        .correlate(Charter)
        .scalar_subquery()
    )
    return _all(Charter, Charter.state == CharterState.SIGNED, signed < len(CharterParty))


def _is_due_check() -> ColumnElement[bool]:
    return and_(Review.state == ReviewState.DUE, Review.kind == ReviewKind.CHECK)


def _check_of_nobody() -> Select[int]:
    together = exists().where(Pairing.id == Review.pairing_id, Pairing.state.in_(TOGETHER_PAIRING_STATES))
    return _all(Review, _is_due_check(), ~together)


def _review_of_a_closed_file() -> Select[int]:
    closed = exists().where(Entrepreneur.id == Review.entrepreneur_id, Entrepreneur.state == EntrepreneurState.CLOSED)
    return _all(Review, Review.state == ReviewState.DUE, closed)


def _walled_check() -> Select[int]:
    """Count checks of coaches' paths in associations that decide on loans."""
    lending = exists().where(Association.id == Review.association_id, Association.network == Network.INITIATIVE_FRANCE)
    coached = exists().where(Pairing.id == Review.pairing_id, Pairing.role == SupporterRole.COACH)
    return _all(Review, lending, coached)


def _file_of_no_coach() -> Select[int]:
    """Count files whose pairing is no coach's, or somebody else's."""
    own = exists().where(
        Pairing.id == CoachingFile.pairing_id,
        Pairing.entrepreneur_id == CoachingFile.entrepreneur_id,
        Pairing.role == SupporterRole.COACH,
    )
    return _all(CoachingFile, ~own)


def _erased_with_words() -> Select[int]:
    noted = exists().where(CoachingAssessment.file_id == CoachingFile.id)
    return _all(CoachingFile, CoachingFile.erased_at.is_not(None), noted)


def _is_wished() -> ColumnElement[bool]:
    return Handover.state.in_(LIVE_HANDOVER_STATES)


def _call_of_nobody() -> Select[int]:
    """Count wishes for which no sentinel answers and of which no coordinator was told."""
    still = exists().where(Sentinel.id == Handover.sentinel_id, Sentinel.ended_at.is_(None))
    return _all(Handover, _is_wished(), ~still, Handover.told_at.is_(None))


def _open_without_deadline() -> Select[int]:
    return _all(Suggestion, _is_open(), Suggestion.deadline_at.is_(None))


def _open_though_served() -> Select[int]:
    served = exists().where(
        Pairing.entrepreneur_id == Suggestion.entrepreneur_id,
        Pairing.role == Suggestion.role,
        Pairing.state.in_(LIVE_PAIRING_STATES),
    )
    return _all(Suggestion, _is_open(), served)


def _approved_without_pairing() -> Select[int]:
    return _all(Suggestion, _is_approved(), ~exists().where(Pairing.suggestion_id == Suggestion.id))


def _examiner_suggested() -> Select[int]:
    """Count committee lines of now whose supporter, in any of her roles, is suggested, proposed or with the person."""
    named, every = aliased(Supporter), aliased(Supporter)
    rows = (
        select(every.id)
        .join(named, and_(every.association_id == named.association_id, same_person(named, every)))
        .where(named.id == CommitteeFile.supporter_id)
        .correlate(CommitteeFile)
    )
    live = exists().where(
        Pairing.entrepreneur_id == CommitteeFile.entrepreneur_id,
        Pairing.supporter_id.in_(rows),
        Pairing.state.in_(LIVE_PAIRING_STATES),
    )
    waiting = exists().where(
        Suggestion.entrepreneur_id == CommitteeFile.entrepreneur_id,
        Suggestion.supporter_id.in_(rows),
        Suggestion.state.in_((SuggestionState.OPEN, SuggestionState.ALTERNATIVE)),
    )
    return _all(CommitteeFile, CommitteeFile.until.is_(None), or_(live, waiting))


def _is_proposed() -> ColumnElement[bool]:
    return PlanLine.state == PlanLineState.PROPOSED


def _foreign_line() -> Select[int]:
    """Count lines whose suggestion is for somebody else than the plan, or in another role."""
    same = exists().where(
        Suggestion.id == PlanLine.suggestion_id,
        SupportPlan.id == PlanLine.plan_id,
        Suggestion.entrepreneur_id == SupportPlan.entrepreneur_id,
        cast(Suggestion.role, String) == cast(PlanLine.kind, String),
    )
    return _all(PlanLine, PlanLine.suggestion_id.is_not(None), ~same)


def _proposed_by_an_older_run() -> Select[int]:
    current = exists().where(SupportPlan.id == PlanLine.plan_id, SupportPlan.run_id == PlanLine.run_id)
    return _all(PlanLine, _is_proposed(), ~current)


def _is_published() -> ColumnElement[bool]:
    return WeightDraft.state == WeightDraftState.PUBLISHED


def _published_elsewhere() -> Select[int]:
    """Count drafts whose version is of another association."""
    return _all(WeightDraft, _is_published()).where(
        ~exists().where(
            WeightVersion.id == WeightDraft.published_as_id,
            WeightVersion.association_id == WeightDraft.association_id,
        )
    )


def _several_under_way() -> Select[int]:
    groups = (
        select(literal(1))
        .where(MatchRun.state.in_((MatchRunState.QUEUED, MatchRunState.RUNNING)))
        .group_by(MatchRun.association_id)
        .having(func.count() > 1)
        .subquery()
    )
    return select(func.count()).select_from(groups)


def _wrong_seats() -> Select[int]:
    held = (
        select(func.count())
        .select_from(Booking)
        .where(Booking.session_id == WorkshopSession.id, Booking.state.in_(SEATED_BOOKING_STATES))
        .correlate(WorkshopSession)
        .scalar_subquery()
    )
    return _all(WorkshopSession, WorkshopSession.taken != held + count_seated_visitors())


def _too_many_seats() -> Select[int]:
    return _all(WorkshopSession, WorkshopSession.taken > WorkshopSession.seats)


def _foreign_theme() -> Select[int]:
    return _all(WorkshopSession, has_another_theme_than_its_series())


def _public_and_private() -> Select[int]:
    return _all(WorkshopSession, is_public_of_a_sensitive_theme())


def _visitor_of_nothing() -> Select[int]:
    return _all(Visitor, visits_a_cancelled_session())


def _waiting_though_free() -> Select[int]:
    """Count people who wait although a seat is free, unless the last seats were opened to who answers first."""
    free = exists().where(
        WorkshopSession.id == Booking.session_id,
        WorkshopSession.state == SessionState.SCHEDULED,
        WorkshopSession.taken < WorkshopSession.seats,
        WorkshopSession.last_calls == 0,
    )
    return _all(Booking, Booking.state == BookingState.WAITING, free)


def _same_turn() -> Select[int]:
    """Count the people who share their turn in one list with somebody else."""
    groups = (
        select(Booking.session_id)
        .where(Booking.state.in_(IN_LINE_BOOKING_STATES))
        .group_by(Booking.session_id, Booking.turn)
        .having(func.count() > 1)
        .subquery()
    )
    return select(func.count()).select_from(groups)


def _cancelled_with_bookings() -> Select[int]:
    held = exists().where(Booking.session_id == WorkshopSession.id, Booking.state != BookingState.CANCELLED)
    return _all(WorkshopSession, WorkshopSession.state == SessionState.CANCELLED, held)


def _is_to_hold() -> ColumnElement[bool]:
    return Interview.state == InterviewState.PLANNED


def _interview_of_a_closed_file() -> Select[int]:
    closed = exists().where(
        Entrepreneur.id == Interview.entrepreneur_id, Entrepreneur.state == EntrepreneurState.CLOSED
    )
    return _all(Interview, _is_to_hold(), closed)


def _is_live_member() -> ColumnElement[bool]:
    return CircleMember.state.in_(LIVE_CIRCLE_MEMBER_STATES)


def _wrong_members() -> Select[int]:
    live = (
        select(func.count())
        .select_from(CircleMember)
        .where(CircleMember.circle_id == Circle.id, _is_live_member())
        .correlate(Circle)
        .scalar_subquery()
    )
    return _all(Circle, Circle.taken != live)


def _member_of_nothing() -> Select[int]:
    """Count live places of circles that are over, and places not invited to of a confirmed one or the reverse."""
    over = exists().where(Circle.id == CircleMember.circle_id, Circle.state == CircleState.DISSOLVED)
    confirmed = exists().where(Circle.id == CircleMember.circle_id, Circle.state == CircleState.CONFIRMED)
    waits = CircleMember.state == CircleMemberState.PROPOSED
    return _all(CircleMember, _is_live_member(), or_(over, and_(waits, confirmed), and_(~waits, ~confirmed)))


def _member_closed() -> Select[int]:
    closed = exists().where(
        Entrepreneur.id == CircleMember.entrepreneur_id, Entrepreneur.state == EntrepreneurState.CLOSED
    )
    return _all(CircleMember, _is_live_member(), closed)


def _several_circles() -> Select[int]:
    groups = (
        select(literal(1))
        .select_from(CircleMember)
        .where(_is_live_member())
        .group_by(CircleMember.entrepreneur_id)
        .having(func.count() > 1)
        .subquery()
    )
    return select(func.count()).select_from(groups)


def _circle_planned() -> ColumnElement[bool]:
    return CircleMeeting.state == CircleMeetingState.PLANNED


def _is_confirmed() -> ColumnElement[bool]:
    return Circle.state == CircleState.CONFIRMED


def _meeting_of_a_past_circle() -> Select[int]:
    live = exists().where(Circle.id == CircleMeeting.circle_id, _is_confirmed())
    return _all(CircleMeeting, _circle_planned(), ~live)


def _turn_of_a_stranger() -> Select[int]:
    """Count turns of somebody of another circle, or of a planned meeting of somebody who is not in it any more."""
    member = exists().where(
        CircleMember.id == CircleMeeting.client_member_id,
        CircleMember.circle_id == CircleMeeting.circle_id,
        or_(CircleMember.state == CircleMemberState.JOINED, ~_circle_planned()),
    )
    return _all(CircleMeeting, CircleMeeting.client_member_id.is_not(None), ~member)


def _several_turns() -> Select[int]:
    groups = (
        select(literal(1))
        .where(_circle_planned(), CircleMeeting.client_member_id.is_not(None))
        .group_by(CircleMeeting.circle_id, CircleMeeting.client_member_id)
        .having(func.count() > 1)
        .subquery()
    )
    return select(func.count()).select_from(groups)


def _day_without_need() -> Select[int]:
    """Count circles that wait for a decision though they have people enough, or are not under way."""
    return _all(Circle, Circle.decide_by_at.is_not(None), or_(~_is_confirmed(), Circle.taken >= Circle.minimum))


def _agreed_without_joining() -> Select[int]:
    joined = exists().where(CircleMember.id == CircleAgreement.member_id, CircleMember.joined_at.is_not(None))
    return _all(CircleAgreement, ~joined)


def _wrong_circles_led() -> Select[int]:
    led = (
        select(func.count())
        .select_from(Circle)
        .where(Circle.facilitator_id == Facilitator.supporter_id, Circle.state == CircleState.CONFIRMED)
        .correlate(Facilitator)
        .scalar_subquery()
    )
    return _all(Facilitator, Facilitator.taken != led)


def _introduction_of_others() -> Select[int]:
    """Count introductions whose pairing is of somebody else."""
    same = exists().where(
        Pairing.id == Introduction.pairing_id,
        Pairing.entrepreneur_id == Introduction.entrepreneur_id,
        Pairing.supporter_id == Introduction.supporter_id,
    )
    return _all(Introduction, Introduction.pairing_id.is_not(None), ~same)


def _is_live_introduction() -> ColumnElement[bool]:
    return Introduction.state.in_(LIVE_INTRODUCTION_STATES)


def _introduction_closed() -> Select[int]:
    closed = exists().where(
        Entrepreneur.id == Introduction.entrepreneur_id, Entrepreneur.state == EntrepreneurState.CLOSED
    )
    return _all(Introduction, _is_live_introduction(), closed)


def _is_asked() -> ColumnElement[bool]:
    return ExpertQuestion.state == ExpertQuestionState.ASKED


def _asked_of_others() -> Select[int]:
    """Count questions put to an expert who does not work with the person, or no longer."""
    together = exists().where(
        Pairing.id == ExpertQuestion.pairing_id,
        Pairing.entrepreneur_id == ExpertQuestion.entrepreneur_id,
        Pairing.supporter_id == ExpertQuestion.supporter_id,
        Pairing.state.in_(TOGETHER_PAIRING_STATES),
    )
    return _all(ExpertQuestion, _is_asked(), ExpertQuestion.pairing_id.is_not(None), ~together)


def _is_live_question() -> ColumnElement[bool]:
    return ExpertQuestion.state.in_(LIVE_QUESTION_STATES)


def _question_closed() -> Select[int]:
    closed = exists().where(
        Entrepreneur.id == ExpertQuestion.entrepreneur_id, Entrepreneur.state == EntrepreneurState.CLOSED
    )
    return _all(ExpertQuestion, _is_live_question(), closed)


def _ready_not_whole() -> Select[int]:
    lacking = or_(Entrepreneur.stage.is_(None), Entrepreneur.waiting_since.is_(None))
    return _all(Entrepreneur, Entrepreneur.state == EntrepreneurState.READY, lacking)


def _event_law(table: type[Stateful], kind: str, first_states: tuple[str, ...]) -> Callable[[], Select[int]]:
    def build() -> Select[int]:
        """Count records whose last move does not lead to the state they are in, and those moved without any event."""
        later = aliased(AuditEvent)
        moved = and_(AuditEvent.record == kind, AuditEvent.record_id == table.id, AuditEvent.to_state.is_not(None))
        is_last = ~exists().where(
            later.record == AuditEvent.record,
            later.record_id == AuditEvent.record_id,
            later.to_state.is_not(None),
            later.id > AuditEvent.id,
        )
        last_leads_here = exists().where(moved, AuditEvent.to_state == table.state, is_last)
        never_moved = and_(table.state.in_(first_states), ~exists().where(moved))
        return _all(table, ~or_(last_leads_here, never_moved))

    return build
