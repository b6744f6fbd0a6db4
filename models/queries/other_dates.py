"""Other dates of sessions that were cancelled: which may be named, and what became of the people who were asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload

from models.states import IN_LINE_BOOKING_STATES, BookingState, SessionState
from models.topics import WorkshopTheme
from models.workshops import Booking, WorkshopSession

MOST_CHOICES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherDateSheet:
    """The other date of a cancelled session, and how many of its people said yes, are asked, or wait there."""

    session: WorkshopSession
    accepted: int
    offered: int
    waiting: int


def list_other_dates(session: Session, workshop: WorkshopSession, *, after: datetime) -> Sequence[WorkshopSession]:
    """List the sessions after an instant that may be named as the other date of one, those of its theme first.

    Of a sensitive theme only those of the same organiser, of an open theme only open ones. The theme must be loaded.
    """
    sensitive = select(WorkshopTheme.slug).where(WorkshopTheme.is_sensitive)
    same_privacy = (
        (
            WorkshopSession.theme_slug.in_(sensitive),
            WorkshopSession.organiser_id.is_not_distinct_from(workshop.organiser_id),
        )
        if workshop.theme.is_sensitive
        else (WorkshopSession.theme_slug.not_in(sensitive),)
    )
    return session.scalars(
        select(WorkshopSession)
        .where(
            WorkshopSession.association_id == workshop.association_id,
            WorkshopSession.id != workshop.id,
            WorkshopSession.state == SessionState.SCHEDULED,
            WorkshopSession.starts_at > after,
            *same_privacy,
        )
        .order_by(
            case((WorkshopSession.theme_slug == workshop.theme_slug, 0), else_=1),
            WorkshopSession.starts_at,
            WorkshopSession.id,
        )
        .limit(MOST_CHOICES)
    ).all()


def find_other_date(session: Session, session_id: int) -> OtherDateSheet | None:
    """Give the other date to which the people of a cancelled session were asked; None if nobody was."""
    rows = session.execute(
        select(Booking.session_id, Booking.state, func.count())
        .where(Booking.from_session_id == session_id)
        .group_by(Booking.session_id, Booking.state)
    ).all()
    if not rows:
        return None
    counted = {state: number for _other, state, number in rows}
    seated = (BookingState.CONFIRMED, BookingState.ATTENDED, BookingState.ABSENT)
    return OtherDateSheet(
        session=session.get_one(WorkshopSession, rows[0][0]),
        accepted=sum(counted.get(state, 0) for state in seated),
        offered=counted.get(BookingState.OFFERED, 0),
        waiting=counted.get(BookingState.WAITING, 0),
    )


def list_not_answered(session: Session, session_id: int) -> Sequence[Booking]:
    """Give who was asked to another date because this session was cancelled, and has not answered, in their order."""
    return session.scalars(
        select(Booking)
        .where(Booking.from_session_id == session_id, Booking.state.in_(IN_LINE_BOOKING_STATES))
        .options(joinedload(Booking.entrepreneur))
        .order_by(Booking.turn)
        .execution_options(populate_existing=True)
    ).all()
