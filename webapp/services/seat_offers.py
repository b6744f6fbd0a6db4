"""Answering a seat that became free: yes in one tap, or nothing, and then it passes on. A no leaves no blame."""

import logging
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from models.db import db, retried, transaction
from models.exceptions import InvalidTransitionError, SeatGoneError, SessionClosedError
from models.messages import MessageKind
from models.moves import move
from models.queries.bookings import list_lapsed_offers
from models.queries.workshops import lock_workshop_session
from models.states import BookingAction, BookingState, SessionState
from models.workshops import Booking, CancelReason, WorkshopSession
from webapp.permissions import Actor
from webapp.services.bookings import BookingOutcome, get_booking, require_change
from webapp.services.seats import end_turn, is_last_call, settle_seats, take_seat
from webapp.services.session_notices import tell_about_booking

logger = logging.getLogger(__name__)


@retried
def accept_seat(*, booking_id: UUID, actor: Actor, at: datetime) -> BookingOutcome:
    """Take the seat that is offered, or in the last day the one that is open to who answers first. Twice is once.

    A late yes still counts as long as the seat was not passed on: it is held for her, and nobody is harmed.

    Raises NotFoundError, PermissionDeniedError, SessionClosedError, SeatGoneError or InvalidTransitionError.
    """
    with transaction() as session:
        found = get_booking(session, booking_id)
        workshop = lock_workshop_session(session, found.session_id)
        booking = session.get_one(Booking, found.id, with_for_update=True, populate_existing=True)
        require_change(session, actor, booking, workshop)
        if workshop.state is not SessionState.SCHEDULED or workshop.starts_at <= at:
            raise SessionClosedError(session_id=workshop.public_id)
        if booking.state is BookingState.OFFERED:
            move(session, booking, BookingAction.ACCEPT, actor_id=actor.account_id, at=at, confirmed_at=at)
            tell_about_booking(session, MessageKind.BOOKING_CONFIRMED, booking, workshop, at=at)
        elif booking.state is BookingState.WAITING:
            _take_open_seat(session, booking, workshop, actor=actor, at=at)
        elif booking.state is not BookingState.CONFIRMED:
            raise _refusal(booking, workshop)
        outcome = BookingOutcome(booking_id=booking.public_id, state=booking.state)
    logger.info("seat accepted", extra={"booking_id": str(booking_id)})
    return outcome


def expire_offers(*, at: datetime) -> int:
    """Pass on every seat whose offer had no answer in time; may run twice, also at once."""
    return sum(_expire(booking_id, at=at) for booking_id in list_lapsed_offers(db.session(), at=at))


@retried
def _expire(booking_id: UUID, *, at: datetime) -> int:
    with transaction() as session:
        found = get_booking(session, booking_id)
        workshop = lock_workshop_session(session, found.session_id)
        booking = session.get_one(Booking, found.id, with_for_update=True, populate_existing=True)
        if booking.state is not BookingState.OFFERED or booking.offer_until is None or booking.offer_until > at:
            return 0
        end_turn(session, booking, workshop, CancelReason.OFFER_LAPSED, actor_id=None, at=at)
        settle_seats(session, workshop.id, freed=1, actor_id=None, at=at)
    logger.info("offer passed on", extra={"booking_id": str(booking_id)})
    return 1


def _take_open_seat(
    session: Session, booking: Booking, workshop: WorkshopSession, *, actor: Actor, at: datetime
) -> None:
    """Take a seat that is open in the last day; before that, a seat belongs to whom it is offered."""
    if not is_last_call(workshop, at=at) or not take_seat(session, workshop.id):
        raise SeatGoneError(session_id=workshop.public_id)
    move(session, booking, BookingAction.PROMOTE, actor_id=actor.account_id, at=at, confirmed_at=at)
    tell_about_booking(session, MessageKind.BOOKING_PROMOTED, booking, workshop, at=at)


def _refusal(booking: Booking, workshop: WorkshopSession) -> SeatGoneError | InvalidTransitionError:
    """Say that the seat was passed on, when that is why; else that there was nothing to accept."""
    if booking.cancel_reason is CancelReason.OFFER_LAPSED:
        return SeatGoneError(session_id=workshop.public_id)
    return InvalidTransitionError(record="booking", state=str(booking.state), action=str(BookingAction.ACCEPT))
