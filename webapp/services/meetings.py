"""Meetings of a pairing: dates proposed, agreed, moved, called off, held or missed. Either of the two does each."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from models.clocks import Clock
from models.db import retried, transaction
from models.exceptions import (
    HoursUsedError,
    InvalidInputError,
    InvalidTransitionError,
    MeetingPastError,
    OwnDatesError,
    TermOverError,
)
from models.meetings import Meeting, MeetingFormat, MeetingSide
from models.messages import MessageKind
from models.moves import move, write_event
from models.names import full_name
from models.pairings import Pairing
from models.queries.clocks import get_clocks
from models.queries.meetings import find_held_between, find_meeting_to_come, get_meeting, read_held
from models.states import TOGETHER_PAIRING_STATES, MeetingAction, MeetingState, PairingState
from webapp.clock import PARIS, day_of
from webapp.form_keys import claim_form_key, note_outcome
from webapp.permissions import Actor, Permission, require
from webapp.services.meeting_dates import ProposedDate, find_slot, resolve_dates
from webapp.services.pairing_terms import (
    RHYTHM_DAYS,
    give_days_to_meet,
    give_furthest_days,
    is_term_over,
    may_extend,
)
from webapp.services.parties import Parties, lock_parties, lock_parties_of, tell_parties
from webapp.services.wall_times import resolve_wall_time

logger = logging.getLogger(__name__)
PLANNED_MINUTES = 60
LEAST_MINUTES, MOST_MINUTES = 5, 600
MAX_WORDS = 1000
LOGGED_AFTER_END = timedelta(days=30)
"""How long after their end two people can still note a talk they had: the last one is often noted last."""
NOON = time(12)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingPlan:
    """How two people would meet: when (one to three dates), how, and where."""

    dates: Sequence[ProposedDate]
    format: MeetingFormat = MeetingFormat.PHONE
    place: str = ""


@retried
def propose_meeting(
    *, pairing_id: UUID, plan: MeetingPlan, actor: Actor, at: datetime, form_key: str | None = None
) -> UUID:
    """Propose dates, or other dates for the meeting that is to come; the other side is told.

    Raises NotFoundError, PermissionDeniedError, RepeatedRequestError, InvalidTransitionError, MeetingPastError,
    InvalidInputError, HoursUsedError or TermOverError.
    """
    with transaction() as session:
        parties = lock_parties(session, pairing_id, actor=actor, permission=Permission.PAIRING_MEET)
        claim_form_key(session, key=form_key, account_id=actor.account_id, at=at)
        note_outcome(session, key=form_key, outcome=pairing_id)
        if parties.pairing.state is not PairingState.ACTIVE:
            raise InvalidTransitionError(record="pairing", state=str(parties.pairing.state), action="meet")
        meeting = propose_locked(session, parties, plan, actor=actor, at=at)
    _log("meeting proposed", meeting, actor)
    return meeting.public_id


def propose_locked(
    session: Session, parties: Parties, plan: MeetingPlan, *, actor: Actor, at: datetime, is_told: bool = True
) -> Meeting:
    """Propose dates in the caller's transaction; the parties are locked. Not told when another message tells it."""
    pairing, side = parties.pairing, side_of(actor, parties.pairing)
    require_hours_left(session, pairing, at=at)
    _require_path_open(parties, at=at)
    values = _proposed(plan, side, get_clocks(session, pairing.association_id), at=at)
    meeting = find_meeting_to_come(session, pairing.id)
    replaces = meeting is not None and meeting.starts_at is None and meeting.proposed_by is not side
    lost_at = meeting.starts_at if meeting is not None else None
    if meeting is None:
        identity = {"public_id": uuid4(), "association_id": pairing.association_id, "pairing_id": pairing.id}
        meeting = Meeting(**identity, state=MeetingState.PROPOSED, minutes=PLANNED_MINUTES, sequence=0, **values)
        session.add(meeting)
        session.flush()
        _write_event(session, meeting, "propose", actor, at)
    else:
        if meeting.starts_at is not None and meeting.starts_at <= at:
            raise MeetingPastError(record="meeting", state="past", action="move")
        values |= {"starts_at": None, "wall_start": None, "report_due_at": None, "sequence": meeting.sequence + 1}
        move(session, meeting, MeetingAction.MOVE, actor_id=actor.account_id, at=at, **values)
    if is_told:
        told: dict[str, Any] = {"due_at": meeting.answer_due_at, "replaces": replaces or None, "lost_at": lost_at}
        tell_others(session, parties, MessageKind.MEETING_PROPOSED, meeting, side, at=at, **told)
    return meeting


@retried
def confirm_meeting(*, meeting_id: UUID, starts_at: datetime, actor: Actor, at: datetime) -> None:
    """Agree on one of the dates that the other side proposed; both are told, and calendars take it.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError, InvalidInputError or OwnDatesError.
    """
    with transaction() as session:
        parties, meeting = lock_meeting(session, meeting_id, actor=actor)
        slot, side = find_slot(meeting, starts_at), side_of(actor, parties.pairing)
        if side is meeting.proposed_by and side is not MeetingSide.COORDINATOR:
            raise OwnDatesError(meeting_id=meeting.public_id)
        if starts_at <= at:
            raise InvalidInputError(field="starts_at", expected="a date to come")
        report_days = get_clocks(session, parties.association.id)[Clock.MEETING_REPORT]
        move(
            session,
            meeting,
            MeetingAction.CONFIRM,
            actor_id=actor.account_id,
            at=at,
            starts_at=starts_at.astimezone(UTC),
            wall_start=slot["wall"],
            zone=slot["zone"],
            report_due_at=starts_at + timedelta(minutes=meeting.minutes, days=report_days),
            sequence=meeting.sequence + 1,
            updated_at=at,
        )
        parties.pairing.next_meeting_due_at = starts_at
        tell_both(session, parties, MessageKind.MEETING_CONFIRMED, meeting, at=at)
    _log("meeting confirmed", meeting, actor)


@retried
def cancel_meeting(*, meeting_id: UUID, word: str = "", actor: Actor, at: datetime) -> None:
    """Call a meeting off, with a word for the other; the two have some days to find another date.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError or MeetingPastError.
    """
    with transaction() as session:
        parties, meeting = lock_meeting(session, meeting_id, actor=actor)
        side, starts_at = side_of(actor, parties.pairing), meeting.starts_at
        if starts_at is not None and starts_at <= at:
            raise MeetingPastError(record="meeting", state="past", action="cancel")
        values = {**_cancelled(meeting, side, at), "word": word.strip()[:MAX_WORDS] or None}
        move(session, meeting, MeetingAction.CANCEL, actor_id=actor.account_id, at=at, **values)
        ask_again(session, parties.pairing, at=at)
        tell_others(session, parties, MessageKind.MEETING_CANCELLED, meeting, side, at=at, starts_at=starts_at)
    _log("meeting cancelled", meeting, actor)


@retried
def miss_meeting(*, meeting_id: UUID, actor: Actor, at: datetime) -> None:
    """Note that a meeting did not take place; nobody is at fault, and another date is to be found.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError or InvalidInputError.
    """
    with transaction() as session:
        parties, meeting = lock_meeting(session, meeting_id, actor=actor)
        if meeting.starts_at is not None and meeting.starts_at > at:
            raise InvalidInputError(field="starts_at", expected="a date that has passed")
        values = _logged(parties.pairing, actor, at)
        move(session, meeting, MeetingAction.MISS, actor_id=actor.account_id, at=at, **values)
        # What was noted by mistake may be put right while another date is agreed: that one holds.
        if parties.pairing.state is PairingState.ACTIVE and find_meeting_to_come(session, parties.pairing.id) is None:
            ask_again(session, parties.pairing, at=at)
    _log("meeting missed", meeting, actor)


@retried
def log_meeting(*, pairing_id: UUID, day: date, minutes: int, next_step: str = "", actor: Actor, at: datetime) -> UUID:
    """Note that the two met. A meeting agreed for that day is the one; noted by both, it is one meeting.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError or InvalidInputError.
    """
    with transaction() as session:
        parties = lock_parties(session, pairing_id, actor=actor, permission=Permission.PAIRING_MEET)
        pairing = parties.pairing
        if not may_log(pairing, at=at):
            raise InvalidTransitionError(record="pairing", state=str(pairing.state), action="log")
        _check_log(pairing, day, minutes, at)
        meeting = _hold(session, pairing, day, minutes, actor=actor, at=at)
        is_forgotten = parties.entrepreneur.erased_at or parties.supporter.erased_at
        if actor_is_one_of_two(actor, pairing) and not is_forgotten:
            meeting.next_step = next_step.strip()[:MAX_WORDS] or meeting.next_step
        if pairing.state is PairingState.ACTIVE and find_meeting_to_come(session, pairing.id) is None:
            pairing.next_meeting_due_at = max(at, (meeting.starts_at or at) + timedelta(days=RHYTHM_DAYS))
    _log("meeting held", meeting, actor)
    return meeting.public_id


def may_log(pairing: Pairing, *, at: datetime) -> bool:
    """Say whether a talk may still be noted: while the two are together, and for some time after they have ended."""
    if pairing.state is PairingState.ENDED and pairing.ended_at is not None:
        return at <= pairing.ended_at + LOGGED_AFTER_END
    return pairing.state in TOGETHER_PAIRING_STATES


def call_off(session: Session, pairing: Pairing, *, actor: Actor, at: datetime) -> datetime | None:
    """Call off what a pairing that ends or pauses had planned, in the caller's transaction; give the hour agreed.

    A talk whose hour has come stays: whether it took place can still be told, and its hours count.
    """
    meeting = find_meeting_to_come(session, pairing.id)
    if meeting is None or (meeting.starts_at is not None and meeting.starts_at <= at):
        return None
    lost_at, values = meeting.starts_at, _cancelled(meeting, side_of(actor, pairing), at)
    move(session, meeting, MeetingAction.CANCEL, actor_id=actor.account_id, at=at, reason="not_together", **values)
    return lost_at


def ask_again(session: Session, pairing: Pairing, *, at: datetime) -> None:
    """Give the two some days to find a date."""
    pairing.next_meeting_due_at = give_days_to_meet(session, pairing.association_id, at=at)


def side_of(actor: Actor, pairing: Pairing) -> MeetingSide:
    """Say for whom the actor speaks in a pairing; whoever is neither of the two, the clock included, coordinates."""
    if pairing.supporter_id in actor.supporter_ids:
        return MeetingSide.SUPPORTER
    if pairing.entrepreneur_id in actor.entrepreneur_ids:
        return MeetingSide.ENTREPRENEUR
    return MeetingSide.COORDINATOR


def actor_is_one_of_two(actor: Actor, pairing: Pairing) -> bool:
    """Say whether the actor is one of the two: what they note for next time is between them."""
    return side_of(actor, pairing) is not MeetingSide.COORDINATOR


def lock_meeting(session: Session, meeting_id: UUID, *, actor: Actor) -> tuple[Parties, Meeting]:
    """Lock the pairing of a meeting, then read the meeting as it is now: whoever changes one holds its pairing."""
    found = get_meeting(session, meeting_id)
    pairing = session.get_one(Pairing, found.pairing_id)
    require(actor, Permission.PAIRING_MEET, pairing)
    parties = lock_parties_of(session, pairing)
    return parties, get_meeting(session, meeting_id)


def require_hours_left(session: Session, pairing: Pairing, *, at: datetime) -> None:
    """Refuse another meeting once a coach's hours are used: the coordinator decides about more.

    Raises HoursUsedError.
    """
    if pairing.budget_minutes is None:
        return
    held = read_held(session, pairing.id, at=at)
    if held.tell_used_up(pairing.budget_minutes):
        raise HoursUsedError(minutes=held.minutes, budget_minutes=pairing.budget_minutes)


def _require_path_open(parties: Parties, *, at: datetime) -> None:
    """Refuse another date on a path whose last day has passed and that cannot be made longer.

    Raises TermOverError.
    """
    if is_term_over(parties.pairing, at=at) and not may_extend(parties.association, parties.pairing.role):
        raise TermOverError(ends_on=parties.pairing.ends_on)


def tell_others(
    session: Session,
    parties: Parties,
    kind: MessageKind,
    meeting: Meeting,
    side: MeetingSide,
    *,
    at: datetime,
    **facts: object,
) -> None:
    """Tell the other of the two, or both when a coordinator did it for them."""
    to_supporter = {"partner": full_name(parties.entrepreneur), **facts}
    to_entrepreneur = {"partner": full_name(parties.supporter), **facts}
    tell_parties(
        session,
        parties,
        kind,
        supporter=None if side is MeetingSide.SUPPORTER else to_supporter,
        entrepreneur=None if side is MeetingSide.ENTREPRENEUR else to_entrepreneur,
        at=at,
        event=f"{meeting.public_id}:{meeting.sequence}",
    )


def tell_both(session: Session, parties: Parties, kind: MessageKind, meeting: Meeting, *, at: datetime) -> None:
    """Tell both of the two."""
    tell_others(session, parties, kind, meeting, MeetingSide.COORDINATOR, at=at, starts_at=meeting.starts_at)


def _check_log(pairing: Pairing, day: date, minutes: int, at: datetime) -> None:
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        raise InvalidInputError(field="minutes", minimum=LEAST_MINUTES, maximum=MOST_MINUTES)
    began, ended = day_of(pairing.answered_at or pairing.proposed_at), day_of(pairing.ended_at or at)
    if not began <= day <= min(day_of(at), ended):
        raise InvalidInputError(field="talk_day", expected="a day since the two work together, until today")


def _hold(session: Session, pairing: Pairing, day: date, minutes: int, *, actor: Actor, at: datetime) -> Meeting:
    """Find the meeting of that day, or make one: one agreed for another day still waits for its own word."""
    start, end = (datetime.combine(one, time(), PARIS) for one in (day, day + timedelta(days=1)))
    known = find_held_between(session, pairing.id, start, end)
    if known is not None:
        known.minutes, known.updated_at = minutes, at
        return known
    planned = find_meeting_to_come(session, pairing.id)
    agreed = planned.starts_at if planned is not None else None
    if planned is not None and agreed is not None and start <= agreed < end and agreed <= at:
        values = {**_logged(pairing, actor, at), "minutes": minutes}
        move(session, planned, MeetingAction.HOLD, actor_id=actor.account_id, at=at, **values)
        return planned
    return _add_held(session, pairing, day, minutes, actor=actor, at=at)


def _add_held(session: Session, pairing: Pairing, day: date, minutes: int, *, actor: Actor, at: datetime) -> Meeting:
    """Note a talk that was not agreed for its day."""
    wall = resolve_wall_time(day, NOON, field="talk_day")
    meeting = Meeting(
        public_id=uuid4(),
        association_id=pairing.association_id,
        pairing_id=pairing.id,
        state=MeetingState.HELD,
        format=MeetingFormat.PHONE,
        starts_at=min(wall.instant, at),
        wall_start=wall.wall,
        zone=wall.zone,
        slots=[],
        proposed_by=side_of(actor, pairing),
        proposed_at=at,
        sequence=0,
        minutes=minutes,
        **_logged(pairing, actor, at),
    )
    session.add(meeting)
    session.flush()
    _write_event(session, meeting, "log", actor, at)
    return meeting


def _proposed(plan: MeetingPlan, side: MeetingSide, clocks: Mapping[Clock, int], *, at: datetime) -> dict[str, Any]:
    slots = resolve_dates(plan.dates, days=give_furthest_days(clocks), at=at)
    first, answer_by = datetime.fromisoformat(slots[0]["starts_at"]), at + timedelta(days=clocks[Clock.QUESTION])
    return {
        "format": plan.format,
        "place": plan.place.strip()[:255],
        "slots": slots,
        "proposed_by": side,
        "proposed_at": at,
        "answer_due_at": min(answer_by, first),
        "updated_at": at,
    }


def _cancelled(meeting: Meeting, side: MeetingSide, at: datetime) -> dict[str, Any]:
    return {"cancelled_by": side, "sequence": meeting.sequence + 1, "updated_at": at}


def _logged(pairing: Pairing, actor: Actor, at: datetime) -> dict[str, Any]:
    return {
        "logged_at": at,
        "logged_by": side_of(actor, pairing),
        "logged_by_id": actor.account_id,
        "updated_at": at,
    }


def _write_event(session: Session, meeting: Meeting, action: str, actor: Actor, at: datetime) -> None:
    write_event(session, meeting, action, to_state=str(meeting.state), actor_id=actor.account_id, at=at)


def _log(message: str, meeting: Meeting, actor: Actor) -> None:
    logger.info(message, extra={"meeting_id": str(meeting.public_id), "actor_id": actor.account_id})
