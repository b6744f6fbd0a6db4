"""The one function that changes a state: by the table of moves, by compare-and-set, with its event row."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any, cast

from sqlalchemy import CursorResult, Table, Update, bindparam, insert, select, update
from sqlalchemy.orm import Session, attributes

from models.audit import AuditEvent
from models.charters import Charter
from models.circle_meetings import CircleMeeting
from models.circles import Circle, CircleMember
from models.coaching import CoachingFile
from models.entrepreneurs import Entrepreneur
from models.erasures import Erasure
from models.exceptions import InvalidTransitionError, RepeatedAnswerError
from models.expert_questions import ExpertQuestion
from models.gatherings import Gathering
from models.handovers import Handover
from models.interviews import Interview
from models.introductions import Introduction
from models.match_runs import MatchRun, Suggestion
from models.meetings import Meeting
from models.messages import Message
from models.pairings import Pairing
from models.plans import PlanLine
from models.reviews import Review
from models.session_proposals import SessionProposal
from models.states import MOVES
from models.supporters import Supporter
from models.visitors import Visitor
from models.weights import WeightDraft
from models.workshops import Booking, WorkshopSession

RECORD_NAMES: Mapping[type, str] = MappingProxyType(
    {
        Entrepreneur: "entrepreneur",
        Erasure: "erasure",
        Interview: "interview",
        Supporter: "supporter",
        MatchRun: "match_run",
        WeightDraft: "weight_draft",
        Suggestion: "suggestion",
        PlanLine: "plan_line",
        Pairing: "pairing",
        Meeting: "meeting",
        Charter: "charter",
        Review: "review",
        CoachingFile: "coaching_file",
        Handover: "handover",
        WorkshopSession: "workshop_session",
        Booking: "booking",
        Visitor: "visitor",
        Circle: "circle",
        CircleMember: "circle_member",
        Introduction: "introduction",
        ExpertQuestion: "expert_question",
        CircleMeeting: "circle_meeting",
        Gathering: "gathering",
        SessionProposal: "session_proposal",
        Message: "message",
    }
)
# Databases limit how many values one statement may carry.
BATCH = 500
# Every decision leaves events: the statement is written once.
_EVENTS = insert(cast(Table, AuditEvent.__table__))

Stateful = (
    Entrepreneur
    | Erasure
    | Interview
    | Supporter
    | MatchRun
    | WeightDraft
    | Suggestion
    | PlanLine
    | Pairing
    | Meeting
    | Charter
    | Review
    | CoachingFile
    | Handover
    | WorkshopSession
    | Booking
    | Visitor
    | Circle
    | CircleMember
    | Introduction
    | ExpertQuestion
    | CircleMeeting
    | Gathering
    | SessionProposal
    | Message
)


def write_event(
    session: Session,
    record: Stateful,
    action: str,
    *,
    actor_id: int | None,
    at: datetime,
    from_state: str | None = None,
    to_state: str | None = None,
    reason: str | None = None,
    note: str = "",
) -> None:
    """Write the event row of what happened to a record that has its number already; as `write_events` does."""
    write_events(
        session,
        [record],
        action,
        actor_id=actor_id,
        at=at,
        from_state=from_state,
        to_state=to_state,
        reason=reason,
        note=note,
    )


def write_events(
    session: Session,
    records: Sequence[Stateful],
    action: str,
    *,
    actor_id: int | None,
    at: datetime,
    from_state: str | None = None,
    to_state: str | None = None,
    reason: str | None = None,
    note: str = "",
) -> None:
    """Write the event rows of what happened to records of one table alike, in one statement, straight to the table."""
    what = {
        "record": RECORD_NAMES[type(records[0])],
        "action": str(action),
        "from_state": None if from_state is None else str(from_state),
        "to_state": None if to_state is None else str(to_state),
        "actor_id": actor_id,
        "at": at,
        "reason": reason,
        "note": note,
    }
    rows = [{"association_id": record.association_id, "record_id": record.id, **what} for record in records]
    session.execute(_EVENTS, rows)


def move(
    session: Session,
    record: Stateful,
    action: StrEnum,
    *,
    actor_id: int | None,
    at: datetime,
    reason: str | None = None,
    note: str = "",
    **values: Any,
) -> None:
    """Move a record, writing `values` in the same statement, and leave the event row.

    The statement names the state that was read; when somebody was faster no row changes and the move is refused.

    Raises
    ------
    InvalidTransitionError
        If the table has no such move from the record's state, or the state changed meanwhile.
    RepeatedAnswerError
        If it has none because the actor made this very move last, with the same words and choices.
    """
    kind = RECORD_NAMES[type(record)]
    start = record.state
    target = MOVES[kind].get((start, action))
    if target is None:
        raise explain_refusal(session, record, action, actor_id=actor_id, reason=reason, values=values)
    written = {"state": target, **values}
    session.flush()  # the statement goes past the session, straight to the table
    changed: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        _update_one(type(record), tuple(written)),
        {"row_number": record.id, "state_read": start, **{f"new_{name}": value for name, value in written.items()}},
    )
    if changed.rowcount != 1:
        now = session.scalar(select(type(record).state).where(type(record).id == record.id))
        raise InvalidTransitionError(record=kind, state=None if now is None else str(now), action=str(action))
    for name, value in written.items():
        attributes.set_committed_value(record, name, value)
    write_event(
        session, record, action, actor_id=actor_id, at=at, from_state=start, to_state=target, reason=reason, note=note
    )


def explain_refusal(
    session: Session,
    record: Stateful,
    action: StrEnum,
    *,
    actor_id: int | None,
    reason: str | None = None,
    values: Mapping[str, Any] = MappingProxyType({}),
) -> InvalidTransitionError:
    """Give why a move is refused: things have moved on, or the actor herself has just made it. The record is fresh.

    Instants differ from one sending to the next; what somebody wrote or chose is text, and is compared.
    """
    kind = RECORD_NAMES[type(record)]
    facts = {"record": kind, "state": str(record.state), "action": str(action)}
    chosen = {name: value for name, value in values.items() if isinstance(value, str)}
    if actor_id is None or any(getattr(record, name) != value for name, value in chosen.items()):
        return InvalidTransitionError(**facts)
    last = session.execute(
        select(AuditEvent.action, AuditEvent.actor_id, AuditEvent.reason)
        .where(AuditEvent.record == kind, AuditEvent.record_id == record.id)
        .order_by(AuditEvent.id.desc())
        .limit(1)
    ).one_or_none()
    is_hers = last is not None and tuple(last) == (str(action), actor_id, reason)
    return RepeatedAnswerError(**facts) if is_hers else InvalidTransitionError(**facts)


@cache
def _update_one(table: type[Stateful], names: tuple[str, ...]) -> Update:
    """Write the statement once for each kind of move: every decision makes one."""
    columns = table.__mapper__.columns
    return (
        update(cast(Table, table.__table__))
        .where(columns.id == bindparam("row_number"), columns.state == bindparam("state_read"))
        .values({columns[name]: bindparam(f"new_{name}") for name in names})
    )


def move_all(
    session: Session,
    records: Sequence[Stateful],
    action: StrEnum,
    *,
    actor_id: int | None,
    at: datetime,
    reason: str | None = None,
    **values: Any,
) -> None:
    """Move many records of one table alike, writing `values`, in few statements, each with its event row.

    The records must be locked, or belong to somebody who is: one that changed meanwhile refuses the move of all.

    Raises
    ------
    InvalidTransitionError
        If the table has no such move from a record's state, or a state changed meanwhile.
    """
    by_state: dict[StrEnum, list[Stateful]] = {}
    for record in records:
        by_state.setdefault(record.state, []).append(record)
    for start, alike in by_state.items():
        for first in range(0, len(alike), BATCH):
            batch = alike[first : first + BATCH]
            _move_batch(session, batch, start, action, actor_id=actor_id, at=at, reason=reason, values=values)


def _move_batch(
    session: Session,
    records: Sequence[Stateful],
    start: StrEnum,
    action: StrEnum,
    *,
    actor_id: int | None,
    at: datetime,
    reason: str | None,
    values: Mapping[str, Any],
) -> None:
    table = type(records[0])
    kind = RECORD_NAMES[table]
    target = MOVES[kind].get((start, action))
    if target is None:
        raise InvalidTransitionError(record=kind, state=str(start), action=str(action))
    changed: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        update(table)
        .where(table.id.in_([record.id for record in records]), table.state == start)
        .values(state=target, **values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != len(records):
        raise InvalidTransitionError(record=kind, action=str(action))  # each may be in another state now
    for record in records:
        for name, value in {"state": target, **values}.items():
            attributes.set_committed_value(record, name, value)
    write_events(session, records, action, actor_id=actor_id, at=at, from_state=start, to_state=target, reason=reason)
