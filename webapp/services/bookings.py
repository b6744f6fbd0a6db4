"""Booking a workshop session, waiting for it, leaving it."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.db import retried, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import (
    AlreadyServedError,
    NotEligibleError,
    NotFoundError,
    PermissionDeniedError,
    SessionClosedError,
)
from models.messages import MessageKind
from models.moves import write_event
from models.queries.bookings import find_live_booking, find_position, list_sessions_ahead
from models.queries.workshops import get_workshop_session, lock_workshop_session
from models.states import SEATED_BOOKING_STATES, BookingState, EntrepreneurState
from models.topics import WorkshopTheme
from models.workshops import Booking, CancelReason, WorkshopSession
from webapp.form_keys import claim_form_key, note_outcome
from webapp.permissions import Actor, Permission, may_know_participants, require
from webapp.services.seats import draw_ticket, end_booking, settle_seats, take_seat
from webapp.services.session_notices import tell_about_booking
from webapp.services.waiting_order import find_rule, give_turn

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingOutcome:
    """A booking as it stands now; `position` counts from 1 for who waits.

    Of what a cancellation gave back: `was_waiting` when it was a turn, `offered` people are offered the seat.
    """

    booking_id: UUID
    state: BookingState
    position: int | None = None
    was_waiting: bool = False
    offered: int = 0


@retried
def book_session(
    *, session_id: UUID, entrepreneur_id: UUID, actor: Actor, at: datetime, form_key: str | None = None
) -> BookingOutcome:
    """Give a person a seat, or a turn in the waiting list when the session is full; a second call changes nothing.

    With the key of a form that was sent before, a booking that was cancelled since is not made again.

    Raises NotFoundError, PermissionDeniedError, NotEligibleError, SessionClosedError, AlreadyServedError or
    RepeatedRequestError.
    """
    with transaction() as session:
        workshop = get_workshop_session(session, session_id)
        person = _get_person(session, entrepreneur_id)
        known = find_live_booking(session, session_id=workshop.id, entrepreneur_id=person.id)
        if known is None:
            claim_form_key(session, key=form_key, account_id=actor.account_id, at=at)
        booking = book_in(session, workshop, person, actor=actor, at=at)
        if booking is None:
            raise SessionClosedError(session_id=session_id)
        if known is None:
            note_outcome(session, key=form_key, outcome=booking.public_id)
        outcome = _outcome(session, booking)
    logger.info("session booked", extra={"session_id": str(session_id), "state": outcome.state.value})
    return outcome


@retried
def cancel_booking(*, booking_id: UUID, actor: Actor, at: datetime) -> BookingOutcome:
    """Give a seat or a turn back, the person until the start, the organiser at any time; it is offered to the next.

    Raises NotFoundError, PermissionDeniedError, SessionClosedError or InvalidTransitionError.
    """
    with transaction() as session:
        booking = get_booking(session, booking_id)
        workshop = lock_workshop_session(session, booking.session_id)
        booking = session.get_one(Booking, booking.id, with_for_update=True, populate_existing=True)
        require_change(session, actor, booking, workshop)
        by_person = booking.entrepreneur_id in actor.entrepreneur_ids
        if by_person and workshop.starts_at <= at:
            raise SessionClosedError(session_id=workshop.public_id)
        was_waiting, offered = booking.state is BookingState.WAITING, 0
        if booking.state is not BookingState.CANCELLED:
            reason = _reason_to_leave(booking, by_person=by_person)
            offered = _leave(session, booking, workshop, reason, actor_id=actor.account_id, at=at)
        outcome = BookingOutcome(
            booking_id=booking.public_id, state=booking.state, was_waiting=was_waiting, offered=offered
        )
    logger.info("booking cancelled", extra={"booking_id": str(booking_id), "by_person": by_person})
    return outcome


def cancel_bookings_ahead(
    session: Session, *, person: Entrepreneur, reason: CancelReason, actor_id: int | None, at: datetime
) -> int:
    """Leave every session to come, in the caller's transaction (a file is closed or erased); others are offered it.

    The caller has locked the person, so that she books nothing meanwhile. An organiser may still ask her to another
    date: what is there is read until nothing is left.
    """
    left = 0
    while ahead := list_sessions_ahead(session, entrepreneur_id=person.id, at=at):
        for session_id in ahead:
            workshop = lock_workshop_session(session, session_id)
            booking = find_live_booking(session, session_id=session_id, entrepreneur_id=person.id)
            if booking is not None:
                _leave(session, booking, workshop, reason, actor_id=actor_id, at=at)
                left += 1
    return left


def get_person_to_book(session: Session, public_id: UUID) -> Entrepreneur:
    """Get a person for a decision about several sessions, locked before any of them.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    return _get_person(session, public_id)


def book_in(
    session: Session, workshop: WorkshopSession, person: Entrepreneur, *, actor: Actor, at: datetime
) -> Booking | None:
    """Give a person a seat or a turn in the caller's transaction, or find the one she has; None once it has begun.

    Raises NotFoundError, PermissionDeniedError, NotEligibleError or AlreadyServedError.
    """
    booking = Booking(
        public_id=uuid4(),
        association_id=workshop.association_id,
        session_id=workshop.id,
        entrepreneur_id=person.id,
        booked_at=at,
    )
    require_change(session, actor, booking, workshop)
    _require_eligible(person, workshop)
    ticket = draw_ticket(session, workshop.id, at=at)
    if ticket is None:
        return None
    known = find_live_booking(session, session_id=workshop.id, entrepreneur_id=person.id)
    if known is None:
        booking.ticket = ticket
        booking.waiting_rule = find_rule(session, person, workshop)
        booking.turn = give_turn(booking.waiting_rule, ticket)
        _seat_or_queue(session, booking, workshop, actor=actor, at=at)
    return known or booking


def leave_in(session: Session, workshop: WorkshopSession, person: Entrepreneur, *, actor: Actor, at: datetime) -> bool:
    """Give a person's seat or turn back in the caller's transaction, and say whether she had one.

    Raises NotFoundError or PermissionDeniedError.
    """
    workshop = lock_workshop_session(session, workshop.id)
    booking = find_live_booking(session, session_id=workshop.id, entrepreneur_id=person.id)
    if booking is None or workshop.starts_at <= at:
        return False
    require_change(session, actor, booking, workshop)
    by_person = booking.entrepreneur_id in actor.entrepreneur_ids
    reason = _reason_to_leave(booking, by_person=by_person)
    _leave(session, booking, workshop, reason, actor_id=actor.account_id, at=at)
    return True


def get_booking(session: Session, public_id: UUID) -> Booking:
    """Get a booking.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    found = session.scalar(select(Booking).where(Booking.public_id == public_id))
    if found is None:
        raise NotFoundError(record="Booking")
    return found


def _get_person(session: Session, public_id: UUID) -> Entrepreneur:
    """Read a person under a shared lock, taken before the session's: her file is not closed while she books."""
    found = session.scalar(
        select(Entrepreneur)
        .where(Entrepreneur.public_id == public_id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFoundError(record="Entrepreneur")
    return found


def require_change(session: Session, actor: Actor, booking: Booking, workshop: WorkshopSession) -> None:
    """Allow the person herself, and the organiser; of a sensitive session no other coordinator may know who comes.

    Raises
    ------
    NotFoundError
        If the actor may not know of the booking.
    PermissionDeniedError
        If the actor may know of it, and not change it.
    """
    require(actor, Permission.BOOKING_CHANGE, booking)
    if actor.is_system or booking.entrepreneur_id in actor.entrepreneur_ids:
        return
    is_sensitive = session.get_one(WorkshopTheme, workshop.theme_slug).is_sensitive
    if not may_know_participants(actor, workshop, is_sensitive=is_sensitive):
        raise PermissionDeniedError(permission=str(Permission.BOOKING_CHANGE))


def require_organiser(actor: Actor, workshop: WorkshopSession) -> None:
    """Allow only who runs the session, not the person herself.

    Raises
    ------
    NotFoundError
        If the actor does not coordinate the association.
    """
    require(actor, Permission.WORKSHOP_RUN, workshop)


def _require_eligible(person: Entrepreneur, workshop: WorkshopSession) -> None:
    if person.association_id != workshop.association_id:
        raise NotFoundError(record="WorkshopSession")
    if person.state is EntrepreneurState.CLOSED:
        raise NotEligibleError(rule="closed_file")


def _seat_or_queue(
    session: Session,
    booking: Booking,
    workshop: WorkshopSession,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    seated = take_seat(session, workshop.id)
    booking.state = BookingState.CONFIRMED if seated else BookingState.WAITING
    booking.confirmed_at = at if seated else None
    session.add(booking)
    try:
        session.flush()
    except IntegrityError as error:
        raise AlreadyServedError(session_id=workshop.public_id) from error
    write_event(session, booking, "book", to_state=booking.state.value, actor_id=actor.account_id, at=at)
    kind = MessageKind.BOOKING_CONFIRMED if seated else MessageKind.BOOKING_WAITING
    tell_about_booking(session, kind, booking, workshop, at=at, position=find_position(session, booking))


def _leave(
    session: Session,
    booking: Booking,
    workshop: WorkshopSession,
    reason: CancelReason,
    *,
    actor_id: int | None,
    at: datetime,
) -> int:
    """Give a seat or a turn back, tell the person, and say how many people are offered a seat now."""
    held_seat = booking.state in SEATED_BOOKING_STATES
    end_booking(session, booking, reason, actor_id=actor_id, at=at)
    by_organiser = reason not in (CancelReason.BY_PERSON, CancelReason.OFFER_DECLINED)
    lost_at = workshop.starts_at if by_organiser and held_seat else None
    facts: dict[str, Any] = {"by_organiser": by_organiser, "lost_at": lost_at}
    tell_about_booking(session, MessageKind.BOOKING_CANCELLED, booking, workshop, at=at, **facts)
    return settle_seats(session, workshop.id, freed=int(held_seat), actor_id=actor_id, at=at)


def _reason_to_leave(booking: Booking, *, by_person: bool) -> CancelReason:
    if not by_person:
        return CancelReason.BY_ORGANISER
    return CancelReason.OFFER_DECLINED if booking.state is BookingState.OFFERED else CancelReason.BY_PERSON


def _outcome(session: Session, booking: Booking) -> BookingOutcome:
    return BookingOutcome(booking_id=booking.public_id, state=booking.state, position=find_position(session, booking))
