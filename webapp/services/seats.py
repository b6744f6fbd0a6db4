"""Seats of workshop sessions: tickets, seats, and the one function that gives free seats to who waits.

The session's row comes first in every transaction and stays locked to its end, so that bookings, cancellations and
changes of size of one session happen one after the other. The counter moves by conditional updates only.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from models.db import db, retried, transaction
from models.messages import MessageKind
from models.moves import move
from models.queries.bookings import list_begun_with_waiting, list_waiting
from models.queries.workshops import lock_workshop_session
from models.states import BookingAction, SessionState
from models.workshops import CancelReason, WorkshopSession
from webapp.services.session_notices import tell_about_booking


def draw_ticket(session: Session, session_id: int, *, at: datetime) -> int | None:
    """Take the next ticket, and the lock with it; None once the session is cancelled, held or has begun."""
    drawn = session.execute(
        update(WorkshopSession)
        .where(
            WorkshopSession.id == session_id,
            WorkshopSession.state == SessionState.SCHEDULED,
            WorkshopSession.starts_at > at,
        )
        .values(next_ticket=WorkshopSession.next_ticket + 1)
        .returning(WorkshopSession.next_ticket)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    return None if drawn is None else drawn - 1


def take_seat(session: Session, session_id: int) -> bool:
    """Take one seat if one is free: one row changed means that you have it."""
    changed: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        update(WorkshopSession)
        .where(WorkshopSession.id == session_id, WorkshopSession.taken < WorkshopSession.seats)
        .values(taken=WorkshopSession.taken + 1)
        .execution_options(synchronize_session=False)
    )
    return changed.rowcount == 1


def settle_seats(session: Session, session_id: int, *, freed: int, actor_id: int | None, at: datetime) -> int:
    """Give seats back, then give what is free to who waits, the lowest ticket first; say how many got one.

    Whoever frees a seat (a person, an organiser, a bigger room, an erasure) does it here, in the transaction of the
    cause. After the start nobody is promoted: who still waits is let go. The caller has locked the session's row.
    """
    session.flush()
    if freed:
        session.execute(
            update(WorkshopSession)
            .where(WorkshopSession.id == session_id)
            .values(taken=WorkshopSession.taken - freed)
            .execution_options(synchronize_session=False)
        )
    workshop = lock_workshop_session(session, session_id)
    if workshop.state is not SessionState.SCHEDULED:
        return 0
    if workshop.starts_at <= at:
        let_go_of_waiting(session, workshop, actor_id=actor_id, at=at)
        return 0
    promoted = 0
    for booking in list_waiting(session, session_id, limit=workshop.seats - workshop.taken):
        if not take_seat(session, session_id):
            break
        move(session, booking, BookingAction.PROMOTE, actor_id=actor_id, at=at, confirmed_at=at)
        tell_about_booking(session, MessageKind.BOOKING_PROMOTED, booking, workshop, at=at)
        promoted += 1
    if promoted:
        lock_workshop_session(session, session_id)
    return promoted


def let_go_of_waiting(session: Session, workshop: WorkshopSession, *, actor_id: int | None, at: datetime) -> int:
    """End the waiting list of a session that has begun, and tell who was on it: nobody waits for a day that is over."""
    waiting = list_waiting(session, workshop.id)
    for booking in waiting:
        move(
            session,
            booking,
            BookingAction.CANCEL,
            actor_id=actor_id,
            at=at,
            reason=CancelReason.NO_SEAT_FREED.value,
            cancelled_at=at,
            cancel_reason=CancelReason.NO_SEAT_FREED,
        )
        tell_about_booking(session, MessageKind.BOOKING_CANCELLED, booking, workshop, at=at, no_seat_freed=True)
    return len(waiting)


def end_waiting_lists(*, at: datetime) -> int:
    """Let go of everybody who waits for a session that has begun; may run twice, also at once."""
    return sum(_end_waiting_list(session_id, at=at) for session_id in list_begun_with_waiting(db.session(), at=at))


@retried
def _end_waiting_list(session_id: int, *, at: datetime) -> int:
    with transaction() as session:
        workshop = lock_workshop_session(session, session_id)
        if workshop.starts_at > at:
            return 0
        return let_go_of_waiting(session, workshop, actor_id=None, at=at)
