"""Workshop sessions and bookings as one entrepreneur sees them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from models.states import LIVE_BOOKING_STATES, BookingState, SessionState
from models.topics import WorkshopTheme
from models.workshops import Booking, SessionFormat, WorkshopSession


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnBooking:
    """One person's booking with its session; `position` counts from 1 in the waiting list, None outside it."""

    booking: Booking
    session: WorkshopSession
    position: int | None


def list_coming_sessions(
    session: Session,
    association_ids: Collection[int],
    *,
    at: datetime,
    theme: str | None = None,
    online: bool = False,
) -> list[WorkshopSession]:
    """Give the sessions to come of some associations with their themes, the soonest first."""
    conditions: list[ColumnElement[bool]] = [
        WorkshopSession.association_id.in_(association_ids),
        WorkshopSession.state == SessionState.SCHEDULED,
        WorkshopSession.starts_at > at,
    ]
    if theme:
        conditions.append(WorkshopSession.theme_slug == theme)
    if online:
        conditions.append(WorkshopSession.format != SessionFormat.IN_PERSON)
    return list(
        session.scalars(
            select(WorkshopSession)
            .where(*conditions)
            .options(joinedload(WorkshopSession.theme))
            .order_by(WorkshopSession.starts_at, WorkshopSession.id)
        )
    )


def list_themes(session: Session) -> list[WorkshopTheme]:
    """Give the themes in the order in which they are offered."""
    return list(session.scalars(select(WorkshopTheme).order_by(WorkshopTheme.position)))


def find_session(session: Session, public_id: UUID) -> WorkshopSession | None:
    """Give one session with its theme."""
    return session.scalar(
        select(WorkshopSession).where(WorkshopSession.public_id == public_id).options(joinedload(WorkshopSession.theme))
    )


def list_own_bookings(
    session: Session,
    entrepreneur_id: int,
    *,
    session_ids: Collection[int] | None = None,
    ends_after: datetime | None = None,
) -> list[OwnBooking]:
    """Give a person's bookings that were not cancelled, with their sessions and her turn where she waits."""
    earlier = aliased(Booking)
    position = (
        select(func.count() + 1)
        .select_from(earlier)
        .where(
            earlier.session_id == Booking.session_id,
            earlier.state == BookingState.WAITING,
            earlier.turn < Booking.turn,
        )
        .correlate(Booking)
        .scalar_subquery()
    )
    conditions: list[ColumnElement[bool]] = [
        Booking.entrepreneur_id == entrepreneur_id,
        Booking.state.in_(LIVE_BOOKING_STATES),
    ]
    if session_ids is not None:
        conditions.append(Booking.session_id.in_(session_ids))
    if ends_after is not None:
        conditions += [WorkshopSession.ends_at > ends_after, WorkshopSession.state == SessionState.SCHEDULED]
    rows = session.execute(
        select(Booking, position)
        .join(WorkshopSession, WorkshopSession.id == Booking.session_id)
        .where(*conditions)
        .options(joinedload(Booking.session).joinedload(WorkshopSession.theme))
        .order_by(WorkshopSession.starts_at, Booking.id)
    )
    return [
        OwnBooking(
            booking=booking,
            session=booking.session,
            position=turn if booking.state == BookingState.WAITING else None,
        )
        for booking, turn in rows
    ]


def find_own_turn(session: Session, *, session_id: int, entrepreneur_id: int) -> Booking | None:
    """Give a person's last booking of a session, also one that has ended: what became of it can be said."""
    return session.scalar(
        select(Booking)
        .where(Booking.session_id == session_id, Booking.entrepreneur_id == entrepreneur_id)
        .order_by(Booking.id.desc())
        .limit(1)
    )


def find_booking_instead(session: Session, *, session_id: int, entrepreneur_id: int) -> Booking | None:
    """Give a person's live booking at the date to which she was asked because this one was cancelled."""
    return session.scalar(
        select(Booking)
        .where(
            Booking.from_session_id == session_id,
            Booking.entrepreneur_id == entrepreneur_id,
            Booking.state.in_(LIVE_BOOKING_STATES),
        )
        .options(joinedload(Booking.session))
    )


def map_own_bookings(session: Session, entrepreneur_id: int, session_ids: Collection[int]) -> Mapping[int, OwnBooking]:
    """Give a person's live booking of each of these sessions, by the session's row number."""
    own = list_own_bookings(session, entrepreneur_id, session_ids=session_ids)
    return {known.session.id: known for known in own}


def count_waiting(session: Session, session_id: int) -> int:
    """Count the people in the waiting list of one session."""
    return (
        session.scalar(
            select(func.count()).where(Booking.session_id == session_id, Booking.state == BookingState.WAITING)
        )
        or 0
    )
