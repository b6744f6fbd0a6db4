"""Who came to a workshop session: marked and corrected after its start; the session is held once all is marked."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from models.db import retried, transaction
from models.exceptions import (
    CorrectionOverError,
    InvalidInputError,
    NotFoundError,
    PermissionDeniedError,
    SessionAheadError,
    SessionClosedError,
)
from models.moves import move, write_event
from models.queries.bookings import count_bookings_in
from models.queries.workshops import get_workshop_session, lock_workshop_session
from models.states import BookingAction, BookingState, SessionAction, SessionState
from models.topics import WorkshopTheme
from models.workshops import Booking, WorkshopSession
from webapp.permissions import Actor, Permission, may_know_participants, require
from webapp.services.bookings import get_booking
from webapp.services.seats import let_go_of_waiting

logger = logging.getLogger(__name__)

CORRECTED_WITHIN = timedelta(days=14)
"""How long after a session a person may say herself that she was there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceOutcome:
    """A booking after marking, with how many of the session remain to be marked."""

    booking_id: UUID
    state: BookingState
    session_state: SessionState
    to_mark: int


@retried
def mark_attendance(*, booking_id: UUID, attended: bool, actor: Actor, at: datetime) -> AttendanceOutcome:
    """Say whether a person came, or correct it; the last one marked makes the session held.

    Raises NotFoundError, PermissionDeniedError, SessionAheadError, SessionClosedError (cancelled) or
    InvalidTransitionError (who waited or had cancelled).
    """
    with transaction() as session:
        booking = get_booking(session, booking_id)
        workshop = _lock_begun(session, booking.session_id, actor, at)
        booking = session.get_one(Booking, booking.id, with_for_update=True, populate_existing=True)
        wanted = BookingState.ATTENDED if attended else BookingState.ABSENT
        if booking.state is not wanted:
            action = BookingAction.ATTEND if attended else BookingAction.MISS
            move(session, booking, action, actor_id=actor.account_id, at=at)
        to_mark = count_bookings_in(session, workshop.id, BookingState.CONFIRMED)
        if not to_mark and workshop.state is SessionState.SCHEDULED:
            _hold(session, workshop, actor, at)
        outcome = AttendanceOutcome(
            booking_id=booking_id, state=booking.state, session_state=workshop.state, to_mark=to_mark
        )
    logger.info("attendance marked", extra={"booking_id": str(booking_id)})
    return outcome


@retried
def say_i_was_there(*, booking_id: UUID, actor: Actor, at: datetime) -> BookingState:
    """Let a person put right an absence that was noted by mistake: her word counts, once, for two weeks.

    Raises NotFoundError, PermissionDeniedError, CorrectionOverError (too late, or said before) or
    InvalidTransitionError.
    """
    with transaction() as session:
        found = get_booking(session, booking_id)
        require(actor, Permission.BOOKING_CHANGE, found)
        if found.entrepreneur_id not in actor.entrepreneur_ids:
            raise PermissionDeniedError(permission=str(Permission.BOOKING_CHANGE))
        workshop = lock_workshop_session(session, found.session_id)
        booking = session.get_one(Booking, found.id, with_for_update=True, populate_existing=True)
        if booking.state is BookingState.ATTENDED:
            return booking.state
        if not may_say_i_was_there(booking, workshop, at=at):
            raise CorrectionOverError(session_id=workshop.public_id)
        move(
            session,
            booking,
            BookingAction.ATTEND,
            actor_id=actor.account_id,
            at=at,
            reason="said_by_the_person",
            corrected_at=at,
        )
    logger.info("absence corrected", extra={"booking_id": str(booking_id)})
    return BookingState.ATTENDED


def may_say_i_was_there(booking: Booking, workshop: WorkshopSession, *, at: datetime) -> bool:
    """Say whether a person may still put her absence right: it was noted, she did not yet, and it is not too late."""
    is_in_time = workshop.ends_at <= at <= workshop.ends_at + CORRECTED_WITHIN
    return booking.state is BookingState.ABSENT and booking.corrected_at is None and is_in_time


@retried
def count_visitors(*, session_id: UUID, came: int, actor: Actor, at: datetime) -> None:
    """Note how many visitors came, or correct it: a number alone, their names are erased.

    Raises NotFoundError, PermissionDeniedError, SessionAheadError, SessionClosedError or InvalidInputError (more
    than there are seats).
    """
    with transaction() as session:
        workshop = _lock_begun(session, get_workshop_session(session, session_id).id, actor, at)
        if not 0 <= came <= workshop.seats:
            raise InvalidInputError(field="came")
        if workshop.visitors_came == came:
            return
        workshop.visitors_came, workshop.updated_at = came, at
        write_event(session, workshop, "count_visitors", actor_id=actor.account_id, at=at, note=str(came))
    logger.info("visitors counted", extra={"session_id": str(session_id)})


@retried
def hold_session(*, session_id: UUID, actor: Actor, at: datetime) -> SessionState:
    """Close a session that took place and has nobody left to mark. A second call changes nothing.

    Raises NotFoundError, PermissionDeniedError, SessionAheadError, SessionClosedError or InvalidInputError.
    """
    with transaction() as session:
        workshop = _lock_begun(session, get_workshop_session(session, session_id).id, actor, at)
        if count_bookings_in(session, workshop.id, BookingState.CONFIRMED):
            raise InvalidInputError(field="attendance")
        if workshop.state is SessionState.SCHEDULED:
            _hold(session, workshop, actor, at)
        state = workshop.state
    logger.info("session held", extra={"session_id": str(session_id)})
    return state


def _lock_begun(session: Session, session_id: int, actor: Actor, at: datetime) -> WorkshopSession:
    workshop = lock_workshop_session(session, session_id)
    require(actor, Permission.WORKSHOP_RUN, workshop)
    is_sensitive = session.get_one(WorkshopTheme, workshop.theme_slug).is_sensitive
    if not may_know_participants(actor, workshop, is_sensitive=is_sensitive):
        raise NotFoundError(record="Booking")
    if workshop.state is SessionState.CANCELLED:
        raise SessionClosedError(session_id=workshop.public_id)
    if workshop.starts_at > at:
        raise SessionAheadError(session_id=workshop.public_id, starts_at=workshop.starts_at)
    return workshop


def _hold(session: Session, workshop: WorkshopSession, actor: Actor, at: datetime) -> None:
    move(session, workshop, SessionAction.HOLD, actor_id=actor.account_id, at=at, updated_at=at)
    let_go_of_waiting(session, workshop, actor_id=actor.account_id, at=at)
