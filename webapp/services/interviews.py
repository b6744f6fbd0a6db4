"""First interviews: planned with a named person and a day, held, missed or called off; nobody is left without a next.

Who meets the person, when and where is arranged in `webapp/services/interview_dates.py`.

=========  ==============================================================================================
outcome    what follows
=========  ==============================================================================================
joins      she completes her profile, alone or with the team, and somebody is looked for
later      nothing is looked for until the day agreed, and who was asked waits no more; the next interview is that day
elsewhere  the same, with where she was sent: on that day somebody asks how it went
missed     another interview is planned, with the same person of the team
=========  ==============================================================================================
"""

import logging
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.accounts import Account
from models.clocks import Clock
from models.db import retried, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import InterviewPlannedError, InvalidInputError, InvalidTransitionError, NotFoundError
from models.interviews import Interview, InterviewOutcome
from models.meetings import MeetingFormat
from models.messages import MessageKind
from models.moves import move, write_event
from models.names import full_name
from models.pairings import WithdrawReason
from models.queries.associations import get_association
from models.queries.clocks import get_clocks
from models.queries.coordinators import list_coordinators
from models.queries.interviews import choose_interviewer, find_to_come
from models.queries.suggestions import lock_entrepreneur
from models.states import EntrepreneurAction, EntrepreneurState, InterviewAction, InterviewState
from webapp.clock import PARIS, day_of
from webapp.permissions import Actor, Permission, require
from webapp.services import pairings
from webapp.services.alternatives import plan_follow_up
from webapp.services.messages import queue_message

logger = logging.getLogger(__name__)

LONGEST_LATER = timedelta(days=365)
MEET_AGAIN = frozenset({InterviewOutcome.LATER, InterviewOutcome.ELSEWHERE})


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewReport:
    """What came of an interview: a day to meet again unless she joins, where she was sent, a note for the team."""

    outcome: InterviewOutcome
    again_on: date | None = None
    orientation: str = ""
    note: str = ""


@retried
def plan_interview(*, entrepreneur_id: UUID, actor: Actor, at: datetime) -> UUID:
    """Plan to meet somebody, oneself, within the days that the association gives itself.

    Raises NotFoundError, PermissionDeniedError, InterviewPlannedError or InvalidTransitionError (closed).
    """
    with transaction() as session:
        found = session.scalar(select(Entrepreneur).where(Entrepreneur.public_id == entrepreneur_id))
        if found is None:
            raise NotFoundError(record="Entrepreneur")
        require(actor, Permission.INTERVIEW_HOLD, found)
        entrepreneur = lock_entrepreneur(session, found.id)
        if entrepreneur.state is EntrepreneurState.CLOSED:
            raise InvalidTransitionError(record="entrepreneur", state=str(entrepreneur.state), action="plan_interview")
        if find_to_come(session, entrepreneur.id) is not None:
            raise InterviewPlannedError(entrepreneur_id=entrepreneur_id)
        interview = add_interview(session, entrepreneur, coordinator_id=actor.account_id, actor=actor, at=at)
        tell(session, entrepreneur, interview, MessageKind.INTERVIEW_PLANNED, at=at)
        public_id = interview.public_id
    logger.info("interview planned", extra={"interview_id": str(public_id), "actor_id": actor.account_id})
    return public_id


def plan_first_interview(session: Session, entrepreneur: Entrepreneur, *, actor: Actor, at: datetime) -> None:
    """Plan the first interview of a person whose profile is still open, once: who was met before is not met anew."""
    if entrepreneur.state is not EntrepreneurState.INCOMPLETE or _was_ever_planned(session, entrepreneur.id):
        return
    add_interview(session, entrepreneur, coordinator_id=entrepreneur.referent_id, actor=actor, at=at)


def add_interview(
    session: Session,
    entrepreneur: Entrepreneur,
    *,
    coordinator_id: int | None,
    actor: Actor,
    at: datetime,
    opens_on: date | None = None,
    channel: MeetingFormat = MeetingFormat.PHONE,
) -> Interview:
    """Plan an interview in the caller's transaction: with the one named, else with who has the fewest to hold.

    Until then it is the day on which somebody comes back to her. She must be locked, with none to come.
    """
    opens_on = opens_on or day_of(at)
    interview = Interview(
        public_id=uuid4(),
        association_id=entrepreneur.association_id,
        entrepreneur_id=entrepreneur.id,
        coordinator_id=_choose(session, entrepreneur.association_id, coordinator_id),
        state=InterviewState.PLANNED,
        channel=channel,
        opens_on=opens_on,
        due_at=_due(session, entrepreneur.association_id, opens_on=opens_on, at=at),
        planned_at=at,
        updated_at=at,
    )
    session.add(interview)
    entrepreneur.follow_up_on = day_of(interview.due_at)
    session.flush()
    write_event(session, interview, "create", actor_id=actor.account_id, at=at)
    return interview


@retried
def hold_interview(*, interview_id: UUID, report: InterviewReport, actor: Actor, at: datetime) -> None:
    """Note what came of an interview, or correct what was noted; the person is told, with what comes next and when.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError or InvalidInputError.
    """
    with transaction() as session:
        if report.outcome in MEET_AGAIN:
            pairings.lock_partners(session, _find(session, interview_id, actor).entrepreneur_id)
        entrepreneur, interview = lock_interview(session, interview_id, actor)
        _check(report, at)
        if entrepreneur.state is EntrepreneurState.CLOSED:
            raise InvalidTransitionError(record="entrepreneur", state=str(entrepreneur.state), action="hold")
        if _is_noted(interview, report):
            return
        told = (interview.outcome, interview.again_on)
        move(
            session,
            interview,
            InterviewAction.HOLD,
            actor_id=actor.account_id,
            at=at,
            reason=str(report.outcome),
            outcome=report.outcome,
            again_on=report.again_on if report.outcome in MEET_AGAIN else None,
            orientation=report.orientation.strip() or None if report.outcome is InterviewOutcome.ELSEWHERE else None,
            team_note=report.note.strip() or None,
            held_at=interview.held_at or at,
            updated_at=at,
        )
        # A correction takes back the interview that followed from what was noted before.
        cancel_to_come(session, entrepreneur, actor=actor, at=at)
        _follow(session, entrepreneur, interview, actor, at)
        if told != (interview.outcome, interview.again_on):
            tell_change(session, entrepreneur, interview, MessageKind.INTERVIEW_OUTCOME, at=at)
    logger.info("interview held", extra={"interview_id": str(interview_id), "actor_id": actor.account_id})


@retried
def miss_interview(*, interview_id: UUID, actor: Actor, at: datetime) -> UUID:
    """Note that the two did not meet, and plan another interview: nobody is dropped for a call that was missed.

    Raises NotFoundError, PermissionDeniedError or InvalidTransitionError.
    """
    with transaction() as session:
        entrepreneur, interview = lock_interview(session, interview_id, actor)
        move(session, interview, InterviewAction.MISS, actor_id=actor.account_id, at=at, updated_at=at)
        following = add_interview(
            session,
            entrepreneur,
            coordinator_id=interview.coordinator_id,
            actor=actor,
            at=at,
            channel=interview.channel,
        )
        tell(session, entrepreneur, following, MessageKind.INTERVIEW_PLANNED, at=at, was_missed=True)
        public_id = following.public_id
    logger.info("interview missed", extra={"interview_id": str(interview_id), "actor_id": actor.account_id})
    return public_id


@retried
def cancel_interview(*, interview_id: UUID, actor: Actor, at: datetime) -> None:
    """Call an interview off: there is nothing to meet about. The person is told, and before which day she has news.

    Raises NotFoundError, PermissionDeniedError or InvalidTransitionError.
    """
    with transaction() as session:
        entrepreneur, interview = lock_interview(session, interview_id, actor)
        entrepreneur.follow_up_on = None
        plan_follow_up(entrepreneur, get_association(session, entrepreneur.association_id), at=at)
        follow_up_on: date | None = entrepreneur.follow_up_on
        back_at = _morning(follow_up_on) if follow_up_on is not None else None
        _call_off(session, entrepreneur, interview, actor=actor, at=at, due_at=back_at)
    logger.info("interview called off", extra={"interview_id": str(interview_id), "actor_id": actor.account_id})


def cancel_to_come(session: Session, entrepreneur: Entrepreneur, *, actor: Actor, at: datetime) -> None:
    """Call off what is to come with a person, in the caller's transaction; an hour agreed is told. Lock her first."""
    to_come = find_to_come(session, entrepreneur.id)
    if to_come is None:
        return
    if hour_to_come(to_come, at) is not None:
        _call_off(session, entrepreneur, to_come, actor=actor, at=at, due_at=None)
    else:
        move(session, to_come, InterviewAction.CANCEL, actor_id=actor.account_id, at=at, updated_at=at)


def _call_off(
    session: Session,
    entrepreneur: Entrepreneur,
    interview: Interview,
    *,
    actor: Actor,
    at: datetime,
    due_at: datetime | None,
) -> None:
    move(session, interview, InterviewAction.CANCEL, actor_id=actor.account_id, at=at, updated_at=at)
    lost_at = hour_to_come(interview, at)
    told: dict[str, Any] = {"is_called_off": True, "lost_at": lost_at, "starts_at": None, "due_at": due_at}
    tell_change(session, entrepreneur, interview, MessageKind.INTERVIEW_PLANNED, at=at, **told)


def hour_to_come(interview: Interview, at: datetime) -> datetime | None:
    """Give the hour agreed, unless it has gone by: of that nobody needs to be told that it no longer holds."""
    return interview.starts_at if interview.starts_at is not None and interview.starts_at > at else None


def tell(
    session: Session,
    entrepreneur: Entrepreneur,
    interview: Interview,
    kind: MessageKind,
    *,
    at: datetime,
    was_missed: bool = False,
    **facts: object,
) -> None:
    """Write to the person who meets her and by when, or what came of it and what comes next."""
    holder = session.get(Account, interview.coordinator_id) if interview.coordinator_id is not None else None
    queue_message(
        session,
        kind=kind,
        account_id=entrepreneur.account_id,
        recipient=entrepreneur.email,
        event_key=f"interview:{interview.public_id}:{interview.sequence}:{kind}",
        facts={
            "association": get_association(session, entrepreneur.association_id).name,
            "coordinator": full_name(holder) if holder is not None else None,
            "due_at": interview.due_at,
            "starts_at": interview.starts_at,
            "outcome": str(interview.outcome) if interview.outcome is not None else None,
            "again_at": _morning(interview.again_on) if interview.again_on is not None else None,
            "was_missed": was_missed or None,
            **(_say_how(interview) if kind is MessageKind.INTERVIEW_PLANNED else {}),
            **facts,
        },
        association_id=entrepreneur.association_id,
        at=at,
    )


def _say_how(interview: Interview) -> dict[str, object]:
    """Say how the two talk once an hour is agreed; of what is called off nobody needs the way."""
    if interview.starts_at is None or interview.state is not InterviewState.PLANNED:
        return {}
    called = interview.person_calls or None
    return {"channel": str(interview.channel), "place": interview.place or None, "person_calls": called}


def tell_change(
    session: Session,
    entrepreneur: Entrepreneur,
    interview: Interview,
    kind: MessageKind,
    *,
    at: datetime,
    **facts: Any,
) -> None:
    """Tell what changed, also what was told before and changed back: what she read last is how it stands."""
    interview.sequence += 1
    tell(session, entrepreneur, interview, kind, at=at, **facts)


def _follow(session: Session, entrepreneur: Entrepreneur, interview: Interview, actor: Actor, at: datetime) -> None:
    if interview.again_on is None:
        entrepreneur.follow_up_on = None
        plan_follow_up(entrepreneur, get_association(session, entrepreneur.association_id), at=at)
        return
    if entrepreneur.state is EntrepreneurState.READY:
        # Nobody is looked for meanwhile; who is already with her stays.
        action = EntrepreneurAction.REOPEN
        move(session, entrepreneur, action, actor_id=actor.account_id, at=at, updated_at=at)
        # Whoever was asked waits for nobody, and nobody is put off for it: they may be proposed again.
        away = WithdrawReason.OTHER_CHOICE
        pairings.release_person(session, entrepreneur, actor=actor, at=at, keeps_whom_she_has=True, reason=away)
    add_interview(
        session,
        entrepreneur,
        coordinator_id=interview.coordinator_id,
        actor=actor,
        at=at,
        opens_on=interview.again_on,
        channel=interview.channel,
    )


def _is_noted(interview: Interview, report: InterviewReport) -> bool:
    """Say whether all of this was noted before: the same form sent twice has one effect."""
    noted = (interview.outcome, interview.again_on, interview.orientation or "", interview.team_note or "")
    again_on = report.again_on if report.outcome in MEET_AGAIN else None
    return noted == (report.outcome, again_on, report.orientation.strip(), report.note.strip())


def _check(report: InterviewReport, at: datetime) -> None:
    if report.outcome in MEET_AGAIN:
        today = day_of(at)
        if report.again_on is None or not today < report.again_on <= today + LONGEST_LATER:
            raise InvalidInputError(field="again_on")
    if report.outcome is InterviewOutcome.ELSEWHERE and not report.orientation.strip():
        raise InvalidInputError(field="orientation")


def _find(session: Session, interview_id: UUID, actor: Actor) -> Interview:
    found = session.scalar(select(Interview).where(Interview.public_id == interview_id))
    if found is None:
        raise NotFoundError(record="Interview")
    require(actor, Permission.INTERVIEW_HOLD, found)
    return found


def lock_interview(session: Session, interview_id: UUID, actor: Actor) -> tuple[Entrepreneur, Interview]:
    """Lock an interview with the person it is about, her first.

    Raises NotFoundError or PermissionDeniedError.
    """
    found = _find(session, interview_id, actor)
    entrepreneur = lock_entrepreneur(session, found.entrepreneur_id)
    return entrepreneur, session.get_one(Interview, found.id, with_for_update=True, populate_existing=True)


def _choose(session: Session, association_id: int, coordinator_id: int | None) -> int | None:
    """Keep who is named if she can still sign in and runs the association; else the one with the fewest to hold."""
    if coordinator_id in {account.id for account in list_coordinators(session, association_id)}:
        return coordinator_id
    chosen = choose_interviewer(session, association_id)
    return chosen.id if chosen is not None else None


def _due(session: Session, association_id: int, *, opens_on: date, at: datetime) -> datetime:
    days = timedelta(days=get_clocks(session, association_id)[Clock.INTERVIEW])
    return max(at, _morning(opens_on)) + days


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(9), PARIS).astimezone(UTC)


def _was_ever_planned(session: Session, entrepreneur_id: int) -> bool:
    return session.scalar(select(Interview.id).where(Interview.entrepreneur_id == entrepreneur_id).limit(1)) is not None
