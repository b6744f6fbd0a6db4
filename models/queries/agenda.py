"""Workshop sessions as their organiser sees them: lists, free seats, waiting lists, attendance to mark."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from models.exceptions import NotFoundError
from models.queries.pages import Page, fetch_page
from models.states import SEATED_BOOKING_STATES, BookingState, SessionState
from models.topics import WorkshopTheme
from models.workshops import Booking, WorkshopSession

OFFERED = BookingState.OFFERED


class SessionSituation(StrEnum):
    """What an organiser may look for among her sessions."""

    UPCOMING = "upcoming"
    FREE = "free"
    WAITING = "waiting"
    TO_DECIDE = "to_decide"
    ATTENDANCE = "attendance"
    PAST = "past"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLine:
    """One line of the list of sessions: seats, waiting list, attendance."""

    session: WorkshopSession
    waiting: int
    to_mark: int
    attended: int
    absent: int

    @property
    def free(self) -> int:
        """Free seats."""
        return self.session.seats - self.session.taken


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSheet:
    """One session with its people: seated by name; offered and waiting in the order of the list.

    Who is offered a seat has not answered yet: the seat is held for her.
    """

    session: WorkshopSession
    seated: tuple[Booking, ...]
    offered: tuple[Booking, ...]
    waiting: tuple[Booking, ...]
    cancelled: int

    @property
    def free(self) -> int:
        """Free seats."""
        return self.session.seats - self.session.taken

    @property
    def to_mark(self) -> int:
        """People whose attendance is not marked."""
        return sum(booking.state is BookingState.CONFIRMED for booking in self.seated)


def select_sessions(
    association_id: int, situation: SessionSituation, *, at: datetime, account_id: int | None = None
) -> Select[WorkshopSession]:
    """Select the sessions of one association in a situation; what comes next is first.

    Attendance is to be marked by `account_id`: what only somebody else may mark does not wait for her.
    """
    rows = select(WorkshopSession).where(WorkshopSession.association_id == association_id, *_conditions(situation, at))
    if situation is SessionSituation.ATTENDANCE:
        rows = rows.where(_may_be_marked_by(account_id))
    if situation is SessionSituation.PAST:
        return rows.order_by(WorkshopSession.starts_at.desc(), WorkshopSession.id)
    return rows.order_by(WorkshopSession.starts_at, WorkshopSession.id)


def list_sessions(
    session: Session,
    association_id: int,
    situation: SessionSituation,
    *,
    at: datetime,
    account_id: int | None = None,
    page: int = 1,
) -> Page[SessionLine]:
    """List one page of sessions with how full they are."""
    rows = select_sessions(association_id, situation, at=at, account_id=account_id)
    found = fetch_page(session, rows.options(joinedload(WorkshopSession.theme)), page)
    counted = _count_bookings(session, [line.id for line in found.lines])
    return found.with_lines([_line(workshop, counted.get(workshop.id, {})) for workshop in found.lines])


def list_next_sessions(session: Session, association_id: int, *, at: datetime, limit: int) -> list[SessionLine]:
    """List the next sessions with how full they are."""
    rows = select_sessions(association_id, SessionSituation.UPCOMING, at=at).options(joinedload(WorkshopSession.theme))
    found = list(session.scalars(rows.limit(limit)))
    counted = _count_bookings(session, [line.id for line in found])
    return [_line(workshop, counted.get(workshop.id, {})) for workshop in found]


def get_session_sheet(session: Session, public_id: UUID, *, association_ids: frozenset[int]) -> SessionSheet:
    """Get a session of one's own associations with its people.

    Raises
    ------
    NotFoundError
        If there is none, or it belongs to others.
    """
    workshop = get_organised_session(session, public_id, association_ids=association_ids)
    bookings = session.scalars(
        select(Booking)
        .where(Booking.session_id == workshop.id)
        .options(joinedload(Booking.entrepreneur))
        .order_by(Booking.turn)
    ).all()
    seated = (line for line in bookings if line.state in SEATED_BOOKING_STATES and line.state is not OFFERED)
    return SessionSheet(
        session=workshop,
        seated=tuple(sorted(seated, key=lambda line: (line.entrepreneur.search_name, line.ticket))),
        offered=tuple(line for line in bookings if line.state is OFFERED),
        waiting=tuple(line for line in bookings if line.state is BookingState.WAITING),
        cancelled=sum(line.state is BookingState.CANCELLED for line in bookings),
    )


def get_organised_session(session: Session, public_id: UUID, *, association_ids: frozenset[int]) -> WorkshopSession:
    """Get a session of one's own associations.

    Raises
    ------
    NotFoundError
        If there is none, or it belongs to others.
    """
    workshop = session.scalar(
        select(WorkshopSession)
        .where(WorkshopSession.public_id == public_id, WorkshopSession.association_id.in_(association_ids))
        .options(joinedload(WorkshopSession.theme))
        .execution_options(populate_existing=True)
    )
    if workshop is None:
        raise NotFoundError(record="WorkshopSession")
    return workshop


def _conditions(situation: SessionSituation, at: datetime) -> tuple[ColumnElement[bool], ...]:
    scheduled = WorkshopSession.state == SessionState.SCHEDULED
    upcoming = (scheduled, WorkshopSession.starts_at > at)
    if situation is SessionSituation.UPCOMING:
        return upcoming
    if situation is SessionSituation.FREE:
        return (*upcoming, WorkshopSession.taken < WorkshopSession.seats)
    if situation is SessionSituation.WAITING:
        return (*upcoming, _has_booking(BookingState.WAITING))
    if situation is SessionSituation.TO_DECIDE:
        return (*upcoming, WorkshopSession.sure_at.is_(None), WorkshopSession.decide_by <= at)
    if situation is SessionSituation.ATTENDANCE:
        return (
            WorkshopSession.state != SessionState.CANCELLED,
            WorkshopSession.starts_at <= at,
            _has_booking(BookingState.CONFIRMED),
        )
    return (or_(WorkshopSession.starts_at <= at, WorkshopSession.state != SessionState.SCHEDULED),)


def _may_be_marked_by(account_id: int | None) -> ColumnElement[bool]:
    """Ask in SQL what `permissions.may_know_participants` asks; what nobody organises is first taken over."""
    sensitive = select(WorkshopTheme.slug).where(WorkshopTheme.is_sensitive)
    return or_(
        WorkshopSession.theme_slug.not_in(sensitive),
        WorkshopSession.organiser_id.is_(None),
        WorkshopSession.organiser_id == account_id,
    )


def _has_booking(state: BookingState) -> ColumnElement[bool]:
    return exists().where(Booking.session_id == WorkshopSession.id, Booking.state == state)


def _count_bookings(session: Session, ids: list[int]) -> Mapping[int, Mapping[BookingState, int]]:
    counted: dict[int, dict[BookingState, int]] = {}
    rows = (
        select(Booking.session_id, Booking.state, func.count())
        .where(Booking.session_id.in_(ids))
        .group_by(Booking.session_id, Booking.state)
    )
    for session_id, state, number in session.execute(rows):
        counted.setdefault(session_id, {})[state] = number
    return counted


def _line(workshop: WorkshopSession, counted: Mapping[BookingState, int]) -> SessionLine:
    return SessionLine(
        session=workshop,
        waiting=counted.get(BookingState.WAITING, 0),
        to_mark=counted.get(BookingState.CONFIRMED, 0),
        attended=counted.get(BookingState.ATTENDED, 0),
        absent=counted.get(BookingState.ABSENT, 0),
    )
