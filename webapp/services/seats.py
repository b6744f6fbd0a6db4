"""Seats of workshop sessions: tickets, seats, and the one function that offers free seats to who waits.

The session's row comes first in every transaction and stays locked to its end, so that bookings, cancellations and
changes of size of one session happen one after the other. The counter moves by conditional updates only.

A seat that becomes free is offered to the first in line and held for her: for `Clock.SEAT_OFFER` days, never nearer to
the start than `LATEST_ANSWER`. Then it passes on to the next. Whose own date was cancelled has longer to answer. In the
last day there is no time for that: the seat stays open, everybody in line is told once, and the first answer has it.
They are told again when all were taken and one becomes free, not when one more joins a seat that is still open.
"""

from collections.abc import Container, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, bindparam, update
from sqlalchemy.orm import Session

from models.clocks import Clock
from models.db import db, retried, transaction
from models.exceptions import SessionClosedError
from models.messages import MessageKind
from models.moves import move
from models.queries.bookings import list_begun_with_waiting, list_in_line, list_waiting
from models.queries.clocks import get_clocks
from models.queries.workshops import lock_workshop_session
from models.states import BookingAction, BookingState, SessionState
from models.workshops import Booking, CancelReason, WorkshopSession
from webapp.services.session_notices import tell_about_booking, tell_about_bookings
from webapp.services.working_days import add_working_days

LAST_DAY = timedelta(hours=24)
"""How long before the start a free seat is no longer offered to one after the other."""

LATEST_ANSWER = timedelta(hours=12)
"""An offer ends at the latest so long before the start: somebody else must still be able to come."""

NEAR = timedelta(days=7)
"""How long before the start nobody has longer than the clock: somebody else must still have the time to come."""

OTHER_DATE_WORKING_DAYS = 3
"""Working days at least for who is asked to another date than her own, when it is not near: she waits for no news."""

# Every booking asks both: they are written once.
_DRAW = (
    update(WorkshopSession)
    .where(
        WorkshopSession.id == bindparam("session"),
        WorkshopSession.state == SessionState.SCHEDULED,
        WorkshopSession.starts_at > bindparam("at"),
    )
    .values(next_ticket=WorkshopSession.next_ticket + 1)
    .returning(WorkshopSession.next_ticket)
    .execution_options(synchronize_session=False)
)
_TAKE = (
    update(WorkshopSession)
    .where(WorkshopSession.id == bindparam("session"), WorkshopSession.taken < WorkshopSession.seats)
    .values(taken=WorkshopSession.taken + 1)
    .execution_options(synchronize_session=False)
)


def draw_ticket(session: Session, session_id: int, *, at: datetime) -> int | None:
    """Take the next ticket, and the lock with it; None once the session is cancelled, held or has begun."""
    drawn = session.execute(_DRAW, {"session": session_id, "at": at}).scalar_one_or_none()
    return None if drawn is None else drawn - 1


def take_seat(session: Session, session_id: int) -> bool:
    """Take one seat if one is free: one row changed means that you have it."""
    changed: CursorResult[Any] = session.execute(_TAKE, {"session": session_id})  # type: ignore[assignment]
    return changed.rowcount == 1


def settle_seats(
    session: Session,
    session_id: int,
    *,
    freed: int,
    added: int = 0,
    actor_id: int | None,
    at: datetime,
    untold: Container[int] = frozenset(),
) -> int:
    """Give seats back, then offer what is free to who waits, in the order of the list; say how many are offered one.

    Whoever frees a seat (a person, an organiser, a bigger room, an erasure, an offer without answer) does it here, in
    the transaction of the cause. After the start nothing is offered: who still is in line is let go. The caller has
    locked the session's row, says how many seats a bigger room has `added`, and tells of an offer itself where a
    booking's id is in `untold`.
    """
    session.flush()
    if freed:
        _give_back(session, session_id, freed)
    workshop = lock_workshop_session(session, session_id)
    if workshop.state is not SessionState.SCHEDULED:
        return 0
    if workshop.starts_at <= at:
        let_go_of_waiting(session, workshop, actor_id=actor_id, at=at)
        return 0
    free = workshop.seats - workshop.taken
    waiting = list_waiting(session, session_id, limit=free if workshop.starts_at - at > LAST_DAY else None)
    if not free or not waiting:
        return 0
    if workshop.starts_at - at <= LAST_DAY:
        _call_for_last_seats(session, workshop, waiting, was_open=free > freed + max(added, 0), at=at)
        return 0
    return _offer(session, workshop, waiting, actor_id=actor_id, at=at, untold=untold)


def is_last_call(workshop: WorkshopSession, *, at: datetime) -> bool:
    """Say whether a seat is open to who answers first: one is free, and the last day before the start has begun."""
    return workshop.taken < workshop.seats and workshop.starts_at - at <= LAST_DAY


def end_of_offer(workshop: WorkshopSession, booking: Booking, *, days: int, at: datetime) -> datetime:
    """Give the instant until which a seat that is offered now is held for somebody."""
    until, latest = at + timedelta(days=days), workshop.starts_at - LATEST_ANSWER
    if booking.from_session_id is not None and workshop.starts_at - at > NEAR:
        until = max(until, add_working_days(at, OTHER_DATE_WORKING_DAYS))
    return min(until, latest if latest > at else workshop.starts_at)


def let_go_of_waiting(session: Session, workshop: WorkshopSession, *, actor_id: int | None, at: datetime) -> int:
    """End the line of a session that has begun, and tell who was in it: nobody waits for a day that is over.

    A seat that was offered and never taken is given back.
    """
    in_line = list_in_line(session, workshop.id)
    held = 0
    for booking in in_line:
        was_offered = booking.state is BookingState.OFFERED
        held += was_offered
        reason = CancelReason.OFFER_LAPSED if was_offered else CancelReason.NO_SEAT_FREED
        end_turn(session, booking, workshop, reason, actor_id=actor_id, at=at)
    if held:
        _give_back(session, workshop.id, held)
        lock_workshop_session(session, workshop.id)
    return len(in_line)


def require_ahead(workshop: WorkshopSession, at: datetime) -> None:
    """Require that a session takes place and has not begun.

    Raises SessionClosedError.
    """
    if workshop.state is not SessionState.SCHEDULED or workshop.starts_at <= at:
        raise SessionClosedError(session_id=workshop.public_id)


def end_booking(
    session: Session, booking: Booking, reason: CancelReason, *, actor_id: int | None, at: datetime
) -> None:
    """Cancel a booking in the caller's transaction; telling it and giving the seat back are the caller's."""
    move(
        session,
        booking,
        BookingAction.CANCEL,
        actor_id=actor_id,
        at=at,
        reason=reason.value,
        cancelled_at=at,
        cancel_reason=reason,
    )


def end_turn(
    session: Session,
    booking: Booking,
    workshop: WorkshopSession,
    reason: CancelReason,
    *,
    actor_id: int | None,
    at: datetime,
) -> None:
    """End a turn or an offer that nobody gave up herself, and tell her; the seat is the caller's to give back."""
    end_booking(session, booking, reason, actor_id=actor_id, at=at)
    facts: dict[str, Any] = {reason.value: True}
    tell_about_booking(session, MessageKind.BOOKING_CANCELLED, booking, workshop, at=at, **facts)


def end_waiting_lists(*, at: datetime) -> int:
    """Let go of everybody who is in line for a session that has begun; may run twice, also at once."""
    return sum(_end_waiting_list(session_id, at=at) for session_id in list_begun_with_waiting(db.session(), at=at))


@retried
def _end_waiting_list(session_id: int, *, at: datetime) -> int:
    with transaction() as session:
        workshop = lock_workshop_session(session, session_id)
        if workshop.starts_at > at:
            return 0
        return let_go_of_waiting(session, workshop, actor_id=None, at=at)


def _offer(
    session: Session,
    workshop: WorkshopSession,
    waiting: Sequence[Booking],
    *,
    actor_id: int | None,
    at: datetime,
    untold: Container[int],
) -> int:
    """Hold a seat for each of these until an answer, and tell them until when."""
    days = get_clocks(session, workshop.association_id)[Clock.SEAT_OFFER]
    offered = 0
    for booking in waiting:
        if not take_seat(session, workshop.id):
            break
        until = end_of_offer(workshop, booking, days=days, at=at)
        move(session, booking, BookingAction.OFFER, actor_id=actor_id, at=at, offer_until=until)
        if booking.id not in untold:
            tell_about_booking(session, MessageKind.SEAT_OFFERED, booking, workshop, at=at, offer_until=until)
        offered += 1
    lock_workshop_session(session, workshop.id)
    return offered


def _call_for_last_seats(
    session: Session, workshop: WorkshopSession, waiting: Sequence[Booking], *, was_open: bool, at: datetime
) -> None:
    """Tell everybody in line that a seat is open to who answers first: once each, until nobody finds one open."""
    if not (was_open and workshop.last_calls):
        workshop.last_calls += 1
        session.flush()
    event = f"{MessageKind.SEAT_FREE.value}:{workshop.last_calls}"
    tell_about_bookings(session, MessageKind.SEAT_FREE, ((one, {}) for one in waiting), workshop, at=at, event=event)


def _give_back(session: Session, session_id: int, seats: int) -> None:
    session.execute(
        update(WorkshopSession)
        .where(WorkshopSession.id == session_id)
        .values(taken=WorkshopSession.taken - seats)
        .execution_options(synchronize_session=False)
    )
