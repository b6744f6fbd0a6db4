"""Who came lately, and what was changed by hand in a waiting list, as an organiser sees them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.accounts import Account
from models.audit import AuditEvent
from models.entrepreneurs import Entrepreneur
from models.states import BookingState
from models.topics import WorkshopTheme
from models.workshops import Booking, MoveReason, WorkshopSession

RECENT = timedelta(days=183)
"""How far back attendance is looked at: what was longer ago is nobody's business any more."""

LAST_SESSIONS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentAttendance:
    """Of her last few workshops, how many she came to. Sensitive themes are never counted."""

    came: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChange:
    """One change of a waiting list by hand: who changed whose position, from where to where, and why."""

    at: datetime
    by: str
    person: str
    before: str
    after: str
    reason: MoveReason


def map_recent_attendance(
    session: Session, entrepreneur_ids: Collection[int], *, at: datetime
) -> Mapping[int, RecentAttendance]:
    """Give the recent attendance of people who missed a workshop lately; who missed none is left out."""
    number = (
        func.row_number()
        .over(partition_by=Booking.entrepreneur_id, order_by=(WorkshopSession.starts_at.desc(), Booking.id.desc()))
        .label("number")
    )
    marked = (
        select(Booking.entrepreneur_id, Booking.state, number)
        .join(WorkshopSession, WorkshopSession.id == Booking.session_id)
        .join(WorkshopTheme, WorkshopTheme.slug == WorkshopSession.theme_slug)
        .where(
            Booking.entrepreneur_id.in_(entrepreneur_ids),
            Booking.state.in_((BookingState.ATTENDED, BookingState.ABSENT)),
            WorkshopTheme.is_sensitive.is_(False),
            WorkshopSession.starts_at > at - RECENT,
        )
        .subquery()
    )
    rows = session.execute(
        select(marked.c.entrepreneur_id, marked.c.state, func.count())
        .where(marked.c.number <= LAST_SESSIONS)
        .group_by(marked.c.entrepreneur_id, marked.c.state)
    )
    counted: dict[int, dict[str, int]] = {}
    for entrepreneur_id, state, count in rows:
        counted.setdefault(entrepreneur_id, {})[str(state)] = count
    return {
        entrepreneur_id: RecentAttendance(came=states.get("attended", 0), of=sum(states.values()))
        for entrepreneur_id, states in counted.items()
        if states.get("absent")
    }


def list_line_changes(session: Session, session_id: int) -> list[LineChange]:
    """Give the log of what was changed by hand in the waiting list of a session, the last change first."""
    rows = session.execute(
        select(AuditEvent, Entrepreneur.first_name, Entrepreneur.last_name, Account.first_name, Account.last_name)
        .join(Booking, Booking.id == AuditEvent.record_id)
        .join(Entrepreneur, Entrepreneur.id == Booking.entrepreneur_id)
        .outerjoin(Account, Account.id == AuditEvent.actor_id)
        .where(AuditEvent.record == "booking", AuditEvent.action == "reorder", Booking.session_id == session_id)
        .order_by(AuditEvent.id.desc())
    )
    found = []
    for event, first_name, last_name, *by in rows:
        before, _arrow, after = event.note.partition(" -> ")
        found.append(
            LineChange(
                at=event.at,
                by=" ".join(name for name in by if name),
                person=f"{first_name} {last_name}",
                before=before,
                after=after,
                reason=MoveReason(event.reason or ""),
            )
        )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class LastLineChange:
    """When the order of a waiting list was last changed by hand and why, without whose place."""

    at: datetime
    reason: MoveReason


def find_last_line_change(session: Session, session_id: int) -> LastLineChange | None:
    """Find the last change by hand of the waiting list of a session, as everybody on it may know it."""
    event = session.scalars(
        select(AuditEvent)
        .join(Booking, Booking.id == AuditEvent.record_id)
        .where(AuditEvent.record == "booking", AuditEvent.action == "reorder", Booking.session_id == session_id)
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .limit(1)
    ).first()
    return LastLineChange(at=event.at, reason=MoveReason(event.reason or "")) if event is not None else None
