"""What is past its instant, of every association at once: one select per kind of notice."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, Select, bindparam, exists, func, literal, select, union, union_all
from sqlalchemy.orm import Session

from models.accounts import Account, LinkPurpose, OneTimeLink
from models.charters import Charter
from models.circle_meetings import CircleMeeting
from models.circles import Circle, CircleMember
from models.clocks import Clock
from models.db import UtcDateTime
from models.entrepreneurs import Entrepreneur
from models.expert_questions import ExpertQuestion
from models.gatherings import Gathering
from models.interviews import Interview
from models.introductions import Introduction
from models.meetings import Meeting
from models.notices import Notice, NoticeKind
from models.pairings import Pairing
from models.queries.circle_leaders import is_unled, next_meeting_at
from models.queries.circle_meetings import lacks_people
from models.queries.clocks import select_days
from models.queries.gatherings import select_without_plan
from models.queries.meetings import HOURS_DECISION_DAYS, hours_used_at
from models.reviews import Review
from models.session_proposals import SessionProposal
from models.states import (
    LIVE_INTRODUCTION_STATES,
    LIVE_MEETING_STATES,
    CharterState,
    CircleMeetingState,
    CircleMemberState,
    EntrepreneurState,
    ExpertQuestionState,
    GatheringState,
    InterviewState,
    IntroductionState,
    MeetingState,
    PairingState,
    ReviewState,
    SessionProposalState,
    SessionState,
    SupporterState,
)
from models.supporters import Supporter
from models.workshops import WorkshopSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """One record past its day: which record, whose association, and the instant that passed."""

    record_id: int
    subject_id: UUID
    association_id: int
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What is past its day for one kind of notice: the rows with their instant, and the days that are added to it."""

    rows: Callable[[], Select[Any]]
    clock: Clock | None = None
    days: int = 0


def list_due(session: Session, kind: NoticeKind, *, at: datetime, noticed: bool = False) -> Sequence[Overdue]:
    """Give what is past its day and was not noticed for that day yet; with `noticed`, all that is past its day."""
    return [overdue for _kind, overdue in list_all_due(session, (kind,), at=at, noticed=noticed)]


def list_all_due(
    session: Session, kinds: Iterable[NoticeKind], *, at: datetime, noticed: bool = False
) -> list[tuple[NoticeKind, Overdue]]:
    """Do the same for several kinds in one statement: kind by kind as they are named, in each by row number."""
    order = {kind: number for number, kind in enumerate(kinds)}
    due: list[tuple[NoticeKind, Overdue]] = []
    for name, days, record_id, subject_id, association_id, due_at in session.execute(
        _select_due(tuple(order), noticed), {"at": at}
    ):
        if due_at + timedelta(days=days) <= at:
            overdue = Overdue(record_id=record_id, subject_id=subject_id, association_id=association_id, due_at=due_at)
            due.append((NoticeKind(name), overdue))
    return sorted(due, key=lambda one: (order[one[0]], one[1].record_id))


@cache
def _select_due(kinds: tuple[NoticeKind, ...], noticed: bool) -> CompoundSelect[Any]:
    """Write the statement once: every tick asks it again, of `at`."""
    return union_all(*(_select_kind(kind, noticed=noticed) for kind in kinds))


def _select_kind(kind: NoticeKind, *, noticed: bool) -> Select[Any]:
    matter = MATTERS[kind]
    rows = matter.rows()
    _id, subject_id, association_id, due = rows.selected_columns
    days = literal(matter.days) if matter.clock is None else select_days(matter.clock, association_id)
    rows = rows.where(due <= bindparam("at", type_=UtcDateTime()))
    if not noticed:
        rows = rows.where(~exists().where(Notice.subject_id == subject_id, Notice.kind == kind, Notice.due_at == due))
    read = (literal(str(kind)).label("kind"), days.label("days"), *rows.selected_columns)
    return rows.with_only_columns(*read, maintain_column_froms=True)


def select_overdue(table: Any, due: Any, *conditions: ColumnElement[bool]) -> Select[Any]:
    """Select what `Overdue` names of the rows of a table for which all holds, with the column of their day."""
    return select(table.id, table.public_id, table.association_id, due).where(*conditions)


def _asked() -> Select[Any]:
    return select_overdue(Pairing, Pairing.question_due_at, Pairing.state == PairingState.ASKED)


def _without_date() -> Select[Any]:
    planned = exists().where(Meeting.pairing_id == Pairing.id, Meeting.state.in_(LIVE_MEETING_STATES))
    return _active().where(~planned)


def _active() -> Select[Any]:
    """Select two who have a date to find; whose hours are used waits for the coordinator instead."""
    is_theirs = hours_used_at().is_(None)
    return select_overdue(Pairing, Pairing.next_meeting_due_at, Pairing.state == PairingState.ACTIVE, is_theirs)


def _used_up() -> Select[Any]:
    return select_overdue(
        Pairing, hours_used_at(), Pairing.state == PairingState.ACTIVE, Pairing.budget_minutes.is_not(None)
    )


def _dates_proposed() -> Select[Any]:
    return select_overdue(Meeting, Meeting.answer_due_at, Meeting.state == MeetingState.PROPOSED)


def _agreed() -> Select[Any]:
    return select_overdue(Meeting, Meeting.report_due_at, Meeting.state == MeetingState.CONFIRMED)


def _unsigned() -> Select[Any]:
    return select_overdue(Charter, Charter.due_at, Charter.state == CharterState.OPEN)


def _pausing() -> Select[Any]:
    return select_overdue(Pairing, Pairing.pause_until, Pairing.state == PairingState.PAUSED)


def _unfinished() -> Select[Any]:
    """Give the profiles that rest; who is met first, or met again on a later day, is asked for nothing until then."""
    to_hold = exists().where(Interview.entrepreneur_id == Entrepreneur.id, is_to_hold())
    return select_overdue(
        Entrepreneur, Entrepreneur.created_at, Entrepreneur.state == EntrepreneurState.INCOMPLETE, ~to_hold
    )


def is_to_hold() -> ColumnElement[bool]:
    """Say of a first interview that it is still to be held."""
    return Interview.state == InterviewState.PLANNED


def _to_hold() -> Select[Any]:
    return select_overdue(Interview, Interview.due_at, is_to_hold())


def _unmarked() -> Select[Any]:
    return select_overdue(WorkshopSession, WorkshopSession.ends_at, WorkshopSession.state == SessionState.SCHEDULED)


def _promised() -> Select[Any]:
    return select_overdue(Introduction, Introduction.due_at, Introduction.state == IntroductionState.PROMISED)


def _made() -> Select[Any]:
    return select_overdue(Introduction, Introduction.due_at, Introduction.state == IntroductionState.MADE)


def _without_news() -> Select[Any]:
    return select_overdue(Introduction, Introduction.due_at, Introduction.state.in_(LIVE_INTRODUCTION_STATES))


def _reviews() -> Select[Any]:
    return select_overdue(Review, Review.due_at, Review.state == ReviewState.DUE)


def _late_reviews() -> Select[Any]:
    return select_overdue(Review, Review.deadline_at, Review.state == ReviewState.DUE)


def _undecided() -> Select[Any]:
    scheduled = WorkshopSession.state == SessionState.SCHEDULED
    return select_overdue(WorkshopSession, WorkshopSession.decide_by, scheduled, WorkshopSession.sure_at.is_(None))


def _unanswered_by_expert() -> Select[Any]:
    return select_overdue(ExpertQuestion, ExpertQuestion.due_at, ExpertQuestion.state == ExpertQuestionState.ASKED)


def _session_proposed() -> Select[Any]:
    return select_overdue(
        SessionProposal, SessionProposal.due_at, SessionProposal.state == SessionProposalState.PROPOSED
    )


def _invited() -> Select[Any]:
    """Select the accounts of people and supporters that nobody has opened yet, with the last invitation."""
    sent = select(func.max(OneTimeLink.created_at)).where(
        OneTimeLink.account_id == Account.id, OneTimeLink.purpose == LinkPurpose.INVITATION
    )
    sent_at = sent.correlate(Account).scalar_subquery()
    named = union(
        select(Entrepreneur.account_id, Entrepreneur.association_id).where(
            Entrepreneur.account_id.is_not(None), Entrepreneur.state != EntrepreneurState.CLOSED
        ),
        select(Supporter.account_id, Supporter.association_id).where(
            Supporter.account_id.is_not(None), Supporter.state != SupporterState.LEFT
        ),
    ).subquery()
    return (
        select(Account.id, Account.public_id, named.c.association_id, sent_at)
        .join(named, named.c.account_id == Account.id)
        .where(Account.is_active, Account.password_hash.is_(None))
    )


def _circle_invited() -> Select[Any]:
    return select_overdue(CircleMember, CircleMember.deadline_at, CircleMember.state == CircleMemberState.INVITED)


def _circle_meets() -> Select[Any]:
    return select_overdue(CircleMeeting, CircleMeeting.starts_at, CircleMeeting.state == CircleMeetingState.PLANNED)


def _few_come() -> Select[Any]:
    """Select meetings to which fewer are to come than it takes, about which nobody has decided."""
    rows = select_overdue(CircleMeeting, CircleMeeting.quorum_due_at, CircleMeeting.state == CircleMeetingState.PLANNED)
    return rows.where(lacks_people())


def _circle_met() -> Select[Any]:
    return select_overdue(CircleMeeting, CircleMeeting.report_due_at, CircleMeeting.state == CircleMeetingState.PLANNED)


def _gathering_ahead() -> Select[Any]:
    return select_overdue(Gathering, Gathering.starts_at, Gathering.state == GatheringState.PLANNED)


def _gathered() -> Select[Any]:
    return select_overdue(Gathering, Gathering.report_due_at, Gathering.state == GatheringState.PLANNED)


def _short_circles() -> Select[Any]:
    return select_overdue(Circle, Circle.decide_by_at, Circle.decide_by_at.is_not(None))


def _unled_circles() -> Select[Any]:
    """Select the circles under way that nobody leads, by the day of their next meeting."""
    return select_overdue(Circle, next_meeting_at(), is_unled())


MATTERS: Mapping[NoticeKind, Matter] = MappingProxyType(
    {
        NoticeKind.QUESTION_WAITS: Matter(rows=_asked),
        NoticeKind.HOURS_USED: Matter(rows=_used_up),
        NoticeKind.HOURS_UNDECIDED: Matter(rows=_used_up, days=HOURS_DECISION_DAYS),
        NoticeKind.DATE_TO_FIND: Matter(rows=_without_date),
        NoticeKind.SILENCE: Matter(rows=_active, clock=Clock.SILENCE),
        NoticeKind.LONG_SILENCE: Matter(rows=_active, clock=Clock.SILENCE_ESCALATION),
        NoticeKind.DATE_TO_CHOOSE: Matter(rows=_dates_proposed),
        NoticeKind.DID_YOU_MEET: Matter(rows=_agreed),
        NoticeKind.REPORT_MISSING: Matter(rows=_agreed, clock=Clock.MEETING_REPORT),
        NoticeKind.CHARTER_TO_SIGN: Matter(rows=_unsigned),
        NoticeKind.PAUSE_OVER: Matter(rows=_pausing),
        NoticeKind.PROFILE_TO_FINISH: Matter(rows=_unfinished, days=7),
        NoticeKind.INTERVIEW_DUE: Matter(rows=_to_hold),
        NoticeKind.INTERVIEW_LATE: Matter(rows=_to_hold, days=7),
        NoticeKind.ATTENDANCE_TO_MARK: Matter(rows=_unmarked, days=1),
        NoticeKind.GO_OR_NO_GO: Matter(rows=_undecided),
        NoticeKind.GO_OVERDUE: Matter(rows=_undecided, days=1),
        NoticeKind.INTRODUCTION_TO_MAKE: Matter(rows=_promised),
        NoticeKind.INTRODUCTION_NEWS: Matter(rows=_made),
        NoticeKind.INTRODUCTION_LATE: Matter(rows=_without_news, clock=Clock.INTRODUCTION),
        NoticeKind.ATTENDANCE_LATE: Matter(rows=_unmarked, days=5),
        NoticeKind.INVITATION_WAITS: Matter(rows=_invited, days=7),
        NoticeKind.INVITATION_UNANSWERED: Matter(rows=_invited, days=14),
        NoticeKind.REVIEW_DUE: Matter(rows=_reviews),
        NoticeKind.REVIEW_LATE: Matter(rows=_late_reviews),
        NoticeKind.SESSION_PROPOSAL_WAITS: Matter(rows=_session_proposed),
        NoticeKind.SESSION_PROPOSAL_LATE: Matter(rows=_session_proposed, days=7),
        NoticeKind.EXPERT_QUESTION_WAITS: Matter(rows=_unanswered_by_expert),
        NoticeKind.CIRCLE_TO_ANSWER: Matter(rows=_circle_invited),
        NoticeKind.CIRCLE_MEETS_SOON: Matter(rows=_circle_meets),
        NoticeKind.CIRCLE_TOO_FEW_COME: Matter(rows=_few_come),
        NoticeKind.CIRCLE_TO_REPORT: Matter(rows=_circle_met),
        NoticeKind.CIRCLE_NOT_REPORTED: Matter(rows=_circle_met, clock=Clock.MEETING_REPORT),
        NoticeKind.CIRCLE_TOO_SMALL: Matter(rows=_short_circles),
        NoticeKind.CIRCLE_UNDECIDED: Matter(rows=_short_circles),
        NoticeKind.CIRCLE_UNLED: Matter(rows=_unled_circles),
        NoticeKind.GATHERING_SOON: Matter(rows=_gathering_ahead),
        NoticeKind.GATHERING_TO_NOTE: Matter(rows=_gathered),
        NoticeKind.GATHERING_NOT_NOTED: Matter(rows=_gathered, clock=Clock.MEETING_REPORT),
        NoticeKind.GATHERING_WANTED: Matter(rows=select_without_plan, clock=Clock.GATHERING),
    }
)
