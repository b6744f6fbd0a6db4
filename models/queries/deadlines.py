"""Laws about time: nothing live stays past its day without a next step, and somebody answers for everybody.

Unlike the laws of `invariants.py` these need to know what time it is, and how long ago the clocks may have ticked last.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType

from sqlalchemy import (
    ColumnElement,
    Date,
    Dialect,
    Integer,
    String,
    TextClause,
    and_,
    bindparam,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import Session

from models.accounts import Account, Coordinator
from models.assisted import AssistedCall
from models.circle_meetings import CircleMeeting
from models.circles import Circle, CircleMember
from models.coaching import CoachingFile
from models.db import UtcDateTime
from models.entrepreneurs import Entrepreneur
from models.erasures import Erasure
from models.expert_questions import ExpertQuestion
from models.gatherings import Gathering
from models.handovers import Handover
from models.interviews import Interview
from models.introductions import Introduction
from models.match_runs import MatchRun, Suggestion
from models.notices import Notice, NoticeKind
from models.pairings import Pairing
from models.queries.expert_questions import list_overdue_questions
from models.queries.introductions import list_stale
from models.queries.invariants import InvariantCheck
from models.queries.meetings import hours_used_at
from models.queries.reviews import SET_ASIDE_AFTER
from models.queries.suggestions import list_undecided
from models.queries.waiting import LATEST_ANSWER, needs_a_day
from models.reviews import Review
from models.session_proposals import SessionProposal
from models.states import (
    IN_LINE_BOOKING_STATES,
    LIVE_ERASURE_STATES,
    LIVE_HANDOVER_STATES,
    LIVE_INTRODUCTION_STATES,
    LIVE_PAIRING_STATES,
    LIVE_QUESTION_STATES,
    BookingState,
    CircleMeetingState,
    CircleMemberState,
    CircleState,
    CoachingFileState,
    EntrepreneurState,
    GatheringState,
    InterviewState,
    MatchRunState,
    PairingState,
    ReviewState,
    SessionProposalState,
    SessionState,
    SuggestionState,
    SupporterState,
    VisitorState,
)
from models.supporters import ASKED_AGAIN_AFTER, RESTS_AFTER, Supporter
from models.visitors import Visitor
from models.workshops import Booking, WorkshopSession

LAST_DAY = timedelta(days=1)
"""In the last day before a session a free seat is for who answers first, and may stay free."""

USUAL_GRACE = timedelta(days=2)
"""The clocks tick every few minutes; two days without a tick are a breakdown that a check must show."""

UNNOTED, UNDECIDED = timedelta(days=30), timedelta(days=14)
"""After so many days a meeting of a circle counts as missed, and a circle that fell short goes on as it is."""


def check_deadlines(session: Session, *, at: datetime, grace: timedelta = USUAL_GRACE) -> list[InvariantCheck]:
    """Check every law about time, in one fixed order. What became due within the grace may still wait for a tick."""
    since = at - grace
    moments = {
        "since": since,
        "set_aside": since - SET_ASIDE_AFTER,
        "unnoted": since - UNNOTED,
        "undecided": since - UNDECIDED,
        "last_day": at + LAST_DAY,
        "day": since.date(),
        "asked_by": (since - ASKED_AGAIN_AFTER).date(),
        "answered_by": (since - LATEST_ANSWER).date(),
    }
    return [
        InvariantCheck(name=name, rows=rows, broken=len(_LATE[name](session, at=since)) if name in _LATE else broken)
        for _number, name, rows, broken in sorted(session.execute(_write_laws(session.connection().dialect), moments))
    ]


# How long these may stay is for each association to say: those past it are read as the clocks read them.
_LATE: Mapping[str, Callable[..., Sequence[object]]] = MappingProxyType(
    {
        "suggestion_is_decided_or_set_aside": list_undecided,
        "question_is_answered_passed_back_or_ended": list_overdue_questions,
        "introduction_is_told_or_lapses": list_stale,
    }
)


@lru_cache(maxsize=2)
def _write_laws(dialect: Dialect) -> TextClause:
    """Write the laws once, as one statement: which law, how many rows are looked at, and how many of them are wrong.

    Only moments are bound to it. The states are written into it, or SQLite would plan all of it anew at each check.
    """
    counts = [
        select(
            literal_column(str(number), Integer()),
            literal_column(f"'{name}'", String()),
            func.count(),
            func.count().filter(wrong),
        )
        .select_from(table)
        .where(looked_at)
        for number, (name, table, looked_at, wrong) in enumerate(_list_laws())
    ]
    written = union_all(*counts).compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    return text(str(written)).bindparams(
        *(bindparam(name, type_=UtcDateTime()) for name in _MOMENTS), *(bindparam(name, type_=Date()) for name in _DAYS)
    )


# What a law compares with on the day on which it is held against the rows.
_MOMENTS = ("since", "set_aside", "unnoted", "undecided", "last_day")
_DAYS = ("day", "asked_by", "answered_by")


def _moment(name: str) -> ColumnElement[datetime]:
    return literal_column(f":{name}", UtcDateTime())


def _day(name: str) -> ColumnElement[date]:
    return literal_column(f":{name}", Date())


def _list_laws() -> Sequence[tuple[str, type, ColumnElement[bool], ColumnElement[bool]]]:
    """List the laws: the name of each, its table, which rows it looks at, and which of them are wrong."""
    since, asked = _moment("since"), ExpertQuestion.state.in_(LIVE_QUESTION_STATES)
    return (
        ("proposal_ends_by_its_deadline", Pairing, _proposed(), Pairing.deadline_at < since),
        ("who_waits_has_a_day", Entrepreneur, needs_a_day(), _has_no_day(since)),
        ("who_waits_has_a_day_to_come", Entrepreneur, needs_a_day(), _day_is_over()),
        ("open_file_has_a_named_person", Entrepreneur, _is_open(), ~_has_somebody(Entrepreneur)),
        ("live_pairing_has_a_named_person", Pairing, _is_live(), ~_has_somebody(Pairing)),
        ("used_hours_are_noticed", Pairing, _has_used_its_hours(), _unnoticed_hours(since)),
        ("review_is_held_or_set_aside", Review, _is_due(), Review.deadline_at < _moment("set_aside")),
        ("due_review_has_a_named_person", Review, _is_due(), ~_has_somebody(Review)),
        ("interview_has_a_named_person", Interview, _is_to_hold(), ~_has_its_holder()),
        ("interview_past_its_day_is_noticed", Interview, _is_to_hold(), _is_unnoticed(since)),
        ("proposed_session_has_a_named_person", SessionProposal, _is_wished_for(), ~_has_somebody(SessionProposal)),
        ("proposed_session_past_its_day_is_noticed", SessionProposal, _is_wished_for(), _unnoticed_wish(since)),
        ("run_ends_within_a_day", MatchRun, _under_way(), MatchRun.requested_at < since),
        ("nobody_waits_for_a_seat_that_is_over", Booking, _in_line(), _session_began(since)),
        ("offer_is_answered_or_passed_on", Booking, _is_offered(), Booking.offer_until < since),
        ("free_seat_is_offered_until_the_last_day", Booking, _waits(), _seat_stays_free()),
        ("call_is_asked_of_the_next_in_time", Handover, _is_wished(), Handover.due_at < since),
        ("telephone_call_ends_in_time", AssistedCall, _is_on_the_phone(), AssistedCall.deadline_at < since),
        ("coaching_file_ends_by_its_day", CoachingFile, _is_coached(), CoachingFile.ends_on < _day("day")),
        ("words_are_erased_by_their_day", CoachingFile, _is_to_erase(), CoachingFile.erase_at < since),
        ("session_is_decided_or_asked_about", WorkshopSession, _is_undecided(), _nobody_was_asked(since)),
        ("visitor_confirms_or_is_forgotten", Visitor, _is_asked(), Visitor.expires_at < since),
        ("visitor_is_forgotten_on_her_day", Visitor, Visitor.erased_at.is_(None), Visitor.erase_at < since),
        ("erasure_is_carried_out_or_taken_back", Erasure, _is_wished_away(), Erasure.due_at < since),
        ("mails_about_the_forgotten_go", Erasure, _has_mails(), Erasure.mails_until < since),
        ("circle_has_its_next_meeting", Circle, _is_confirmed(), _has_no_meeting(since)),
        ("circle_has_a_named_person", Circle, _is_confirmed(), ~_has_somebody(Circle)),
        ("invitation_to_a_circle_ends", CircleMember, _is_invited(), CircleMember.deadline_at < since),
        ("circle_meeting_is_noted", CircleMeeting, _is_planned(), CircleMeeting.report_due_at < _moment("unnoted")),
        ("gathering_is_noted", Gathering, _is_ahead(), Gathering.report_due_at < _moment("unnoted")),
        ("gathering_has_a_named_person", Gathering, _is_ahead(), ~_has_its_host()),
        ("pause_of_a_supporter_has_a_day_to_come", Supporter, _is_away(), _pause_is_over()),
        ("silent_supporter_is_on_pause", Supporter, _is_proposed(), _has_been_silent(since)),
        ("small_circle_is_decided", Circle, _is_confirmed(), Circle.decide_by_at < _moment("undecided")),
        ("suggestion_is_decided_or_set_aside", Suggestion, Suggestion.state == SuggestionState.OPEN, false()),
        ("question_is_answered_passed_back_or_ended", ExpertQuestion, asked, false()),
        ("introduction_is_told_or_lapses", Introduction, Introduction.state.in_(LIVE_INTRODUCTION_STATES), false()),
    )


def _is_on_the_phone() -> ColumnElement[bool]:
    return AssistedCall.ended_at.is_(None)


def _proposed() -> ColumnElement[bool]:
    return Pairing.state == PairingState.PROPOSED


def _is_live() -> ColumnElement[bool]:
    return Pairing.state.in_(LIVE_PAIRING_STATES)


def _has_used_its_hours() -> ColumnElement[bool]:
    return and_(Pairing.state == PairingState.ACTIVE, hours_used_at().is_not(None))


def _unnoticed_hours(since: ColumnElement[datetime]) -> ColumnElement[bool]:
    noticed = exists().where(
        Notice.subject_id == Pairing.public_id,
        Notice.kind == NoticeKind.HOURS_USED,
        Notice.due_at == hours_used_at(),
    )
    return and_(hours_used_at() < since, ~noticed)


def _is_open() -> ColumnElement[bool]:
    return Entrepreneur.state != EntrepreneurState.CLOSED


def _is_due() -> ColumnElement[bool]:
    return Review.state == ReviewState.DUE


def _is_wished() -> ColumnElement[bool]:
    return Handover.state.in_(LIVE_HANDOVER_STATES)


def _is_coached() -> ColumnElement[bool]:
    return CoachingFile.state == CoachingFileState.OPEN


def _is_to_erase() -> ColumnElement[bool]:
    return and_(CoachingFile.erase_at.is_not(None), CoachingFile.erased_at.is_(None))


def _is_confirmed() -> ColumnElement[bool]:
    return Circle.state == CircleState.CONFIRMED


def _is_invited() -> ColumnElement[bool]:
    return CircleMember.state == CircleMemberState.INVITED


def _is_planned() -> ColumnElement[bool]:
    return CircleMeeting.state == CircleMeetingState.PLANNED


def _has_no_meeting(since: ColumnElement[datetime]) -> ColumnElement[bool]:
    to_come = exists().where(CircleMeeting.circle_id == Circle.id, _is_planned(), CircleMeeting.starts_at > since)
    return and_(Circle.confirmed_at < since, ~to_come)


def _under_way() -> ColumnElement[bool]:
    return MatchRun.state.in_((MatchRunState.QUEUED, MatchRunState.RUNNING))


def _has_no_day(since: ColumnElement[datetime]) -> ColumnElement[bool]:
    return and_(Entrepreneur.follow_up_on.is_(None), Entrepreneur.updated_at < since)


def _day_is_over() -> ColumnElement[bool]:
    return Entrepreneur.follow_up_on < _day("answered_by")


def _has_somebody(
    table: type[Entrepreneur] | type[Pairing] | type[Review] | type[Circle] | type[SessionProposal],
) -> ColumnElement[bool]:
    """Say that somebody who can sign in answers for it: her referent, or who runs the association."""
    run = (
        select(Coordinator.association_id).join(Account, Account.id == Coordinator.account_id).where(Account.is_active)
    )
    coordinator = table.association_id.in_(run)
    if table is not Entrepreneur:
        return coordinator
    return or_(coordinator, exists().where(Account.id == Entrepreneur.referent_id, Account.is_active))


def _in_line() -> ColumnElement[bool]:
    return Booking.state.in_(IN_LINE_BOOKING_STATES)


def _is_wished_away() -> ColumnElement[bool]:
    return Erasure.state.in_(LIVE_ERASURE_STATES)


def _has_mails() -> ColumnElement[bool]:
    return and_(Erasure.mails_until.is_not(None), Erasure.mails_erased_at.is_(None))


def _is_asked() -> ColumnElement[bool]:
    return Visitor.state == VisitorState.ASKED


def _is_to_hold() -> ColumnElement[bool]:
    return Interview.state == InterviewState.PLANNED


def _has_its_holder() -> ColumnElement[bool]:
    return exists().where(Account.id == Interview.coordinator_id, Account.is_active)


def _is_unnoticed(since: ColumnElement[datetime]) -> ColumnElement[bool]:
    noticed = exists().where(
        Notice.subject_id == Interview.public_id,
        Notice.kind == NoticeKind.INTERVIEW_DUE,
        Notice.due_at == Interview.due_at,
    )
    return and_(Interview.due_at < since, ~noticed)


def _is_wished_for() -> ColumnElement[bool]:
    return SessionProposal.state == SessionProposalState.PROPOSED


def _unnoticed_wish(since: ColumnElement[datetime]) -> ColumnElement[bool]:
    noticed = exists().where(
        Notice.subject_id == SessionProposal.public_id,
        Notice.kind == NoticeKind.SESSION_PROPOSAL_WAITS,
        Notice.due_at == SessionProposal.due_at,
    )
    return and_(SessionProposal.due_at < since, ~noticed)


def _is_ahead() -> ColumnElement[bool]:
    return Gathering.state == GatheringState.PLANNED


def _has_its_host() -> ColumnElement[bool]:
    return exists().where(Account.id == Gathering.host_id, Account.is_active)


def _is_away() -> ColumnElement[bool]:
    return Supporter.state == SupporterState.PAUSED


def _pause_is_over() -> ColumnElement[bool]:
    return Supporter.back_on < _day("asked_by")


def _is_proposed() -> ColumnElement[bool]:
    return Supporter.state == SupporterState.ACTIVE


def _has_been_silent(since: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Say that so many proposals in a row had no word, the last of them before."""
    lately = exists().where(
        Pairing.supporter_id == Supporter.id, Pairing.state == PairingState.EXPIRED, Pairing.ended_at >= since
    )
    return and_(Supporter.unanswered >= RESTS_AFTER, ~lately)


def _waits() -> ColumnElement[bool]:
    return Booking.state == BookingState.WAITING


def _is_undecided() -> ColumnElement[bool]:
    scheduled = WorkshopSession.state == SessionState.SCHEDULED
    return and_(scheduled, WorkshopSession.minimum.is_not(None), WorkshopSession.sure_at.is_(None))


def _nobody_was_asked(since: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Say that the day to decide is over, and nobody was asked whether the session takes place."""
    asked = exists().where(Notice.subject_id == WorkshopSession.public_id, Notice.kind == NoticeKind.GO_OR_NO_GO)
    return and_(WorkshopSession.decide_by < since, ~asked)


def _is_offered() -> ColumnElement[bool]:
    return Booking.state == BookingState.OFFERED


def _seat_stays_free() -> ColumnElement[bool]:
    """Say that a seat of the session is free although it is further ahead than the last day."""
    return exists().where(
        WorkshopSession.id == Booking.session_id,
        WorkshopSession.state == SessionState.SCHEDULED,
        WorkshopSession.starts_at > _moment("last_day"),
        WorkshopSession.taken < WorkshopSession.seats,
    )


def _session_began(since: ColumnElement[datetime]) -> ColumnElement[bool]:
    return exists().where(
        WorkshopSession.id == Booking.session_id,
        or_(WorkshopSession.starts_at < since, WorkshopSession.state != SessionState.SCHEDULED),
    )
