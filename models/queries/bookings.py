"""Bookings as services need them: the live one of a person, the head of a waiting list, a turn in it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from models.db import UtcDateTime
from models.states import IN_LINE_BOOKING_STATES, OPEN_BOOKING_STATES, BookingState, SessionState, VisitorState
from models.visitors import Visitor
from models.workshops import Booking, WorkshopSession

REMINDED_BEFORE = timedelta(hours=48)
KNOWS_IT = timedelta(hours=24)
_OF_PERSON = (
    select(Booking)
    .where(
        Booking.session_id == bindparam("session"),
        Booking.entrepreneur_id == bindparam("person"),
        Booking.state != BookingState.CANCELLED,
    )
    .execution_options(populate_existing=True)
)
"""Her booking of a session as it is now: written once, since every booking asks it."""
_WAITING = (
    select(Booking)
    .where(Booking.session_id == bindparam("session"), Booking.state == BookingState.WAITING)
    .options(joinedload(Booking.entrepreneur))
    .order_by(Booking.turn)
    .execution_options(populate_existing=True)
)


def _count_coming() -> ColumnElement[int]:
    booked = select(func.count()).where(
        Booking.session_id == WorkshopSession.id, Booking.state == BookingState.CONFIRMED
    )
    visiting = select(func.count()).where(
        Visitor.session_id == WorkshopSession.id, Visitor.state == VisitorState.CONFIRMED
    )
    return booked.correlate(WorkshopSession).scalar_subquery() + visiting.correlate(WorkshopSession).scalar_subquery()


# Every tick asks these: they are written once.
_LAPSED = (
    select(Booking.public_id)
    .where(Booking.state == BookingState.OFFERED, Booking.offer_until <= bindparam("at"))
    .order_by(Booking.offer_until, Booking.id)
)
_TO_REMIND = (
    select(Booking.public_id)
    .join(WorkshopSession, WorkshopSession.id == Booking.session_id)
    .where(
        WorkshopSession.state == SessionState.SCHEDULED,
        WorkshopSession.starts_at > bindparam("at"),
        WorkshopSession.starts_at <= bindparam("last"),
        Booking.state == BookingState.CONFIRMED,
        func.coalesce(Booking.confirmed_at, Booking.booked_at) <= bindparam("known", type_=UtcDateTime()),
        or_(Booking.reminded_for.is_(None), Booking.reminded_for != WorkshopSession.starts_at),
    )
    .order_by(Booking.id)
)
_ENOUGH = (
    select(WorkshopSession.id)
    .where(
        WorkshopSession.state == SessionState.SCHEDULED,
        WorkshopSession.starts_at > bindparam("at"),
        WorkshopSession.sure_at.is_(None),
        WorkshopSession.minimum <= _count_coming(),
    )
    .order_by(WorkshopSession.id)
)
_BEGUN = (
    select(WorkshopSession.id)
    .where(
        WorkshopSession.starts_at <= bindparam("at"),
        exists().where(Booking.session_id == WorkshopSession.id, Booking.state.in_(IN_LINE_BOOKING_STATES)),
    )
    .order_by(WorkshopSession.id)
)


def find_live_booking(session: Session, *, session_id: int, entrepreneur_id: int) -> Booking | None:
    """Give a person's booking of a session that is not cancelled; there is one at most."""
    return session.scalar(_OF_PERSON, {"session": session_id, "person": entrepreneur_id})


def find_position(session: Session, booking: Booking) -> int | None:
    """Give the turn in the waiting list, counted from 1; None for who does not wait."""
    if booking.state is not BookingState.WAITING:
        return None
    before = session.scalar(
        select(func.count()).where(
            Booking.session_id == booking.session_id,
            Booking.state == BookingState.WAITING,
            Booking.turn < booking.turn,
        )
    )
    return (before or 0) + 1


def list_waiting(session: Session, session_id: int, *, limit: int | None = None) -> Sequence[Booking]:
    """Give a waiting list, or its head, in the order in which seats are offered, with the people."""
    return session.scalars(_WAITING if limit is None else _WAITING.limit(limit), {"session": session_id}).all()


def list_in_line(session: Session, session_id: int) -> Sequence[Booking]:
    """Give who waits or has an offer to answer, in the order of the list, with the people."""
    return session.scalars(
        select(Booking)
        .where(Booking.session_id == session_id, Booking.state.in_(IN_LINE_BOOKING_STATES))
        .options(joinedload(Booking.entrepreneur))
        .order_by(Booking.turn)
        .execution_options(populate_existing=True)
    ).all()


def list_lapsed_offers(session: Session, *, at: datetime) -> Sequence[UUID]:
    """Give the public numbers of the offers whose time is up, the oldest first."""
    return session.scalars(_LAPSED, {"at": at}).all()


def list_bookings_to_remind(session: Session, *, at: datetime) -> Sequence[UUID]:
    """Give who comes to a session within two days and was not reminded of that day; who just booked knows it."""
    when = {"at": at, "last": at + REMINDED_BEFORE, "known": at - KNOWS_IT}
    return session.scalars(_TO_REMIND, when).all()


def list_sessions_that_are_enough(session: Session, *, at: datetime) -> Sequence[int]:
    """Give the row numbers of sessions to come that have the people they need, and were not said to be certain."""
    return session.scalars(_ENOUGH, {"at": at}).all()


def list_begun_with_waiting(session: Session, *, at: datetime) -> Sequence[int]:
    """Give the row numbers of the sessions that have begun although people still wait, or have an offer to answer."""
    return session.scalars(_BEGUN, {"at": at}).all()


def list_open_bookings(session: Session, session_id: int) -> Sequence[Booking]:
    """Give who holds a seat, is offered one or waits for one, by ticket, with the people."""
    return session.scalars(
        select(Booking)
        .where(Booking.session_id == session_id, Booking.state.in_(OPEN_BOOKING_STATES))
        .options(joinedload(Booking.entrepreneur))
        .order_by(Booking.ticket)
        .execution_options(populate_existing=True)
    ).all()


def count_bookings_in(session: Session, session_id: int, *states: BookingState) -> int:
    """Count the bookings of a session in these states."""
    counted = select(func.count()).where(Booking.session_id == session_id, Booking.state.in_(states))
    return session.scalar(counted) or 0


def count_coming(session: Session, session_id: int) -> int:
    """Count who has a seat of a session and said yes to it, followed or visitor: those who make a group."""
    return session.scalar(select(_count_coming()).where(WorkshopSession.id == session_id)) or 0


def count_own_bookings(session: Session, *, session_id: int, entrepreneur_id: int) -> int:
    """Count how often a person has booked a session, cancelled bookings included."""
    counted = select(func.count()).where(Booking.session_id == session_id, Booking.entrepreneur_id == entrepreneur_id)
    return session.scalar(counted) or 0


def list_sessions_ahead(session: Session, *, entrepreneur_id: int, at: datetime) -> Sequence[int]:
    """Give the row numbers of the sessions to come that a person holds or waits for, in the order of locking."""
    return session.scalars(
        select(WorkshopSession.id)
        .join(Booking, Booking.session_id == WorkshopSession.id)
        .where(
            Booking.entrepreneur_id == entrepreneur_id,
            Booking.state.in_(OPEN_BOOKING_STATES),
            WorkshopSession.state == SessionState.SCHEDULED,
            WorkshopSession.starts_at > at,
        )
        .order_by(WorkshopSession.id)
    ).all()
