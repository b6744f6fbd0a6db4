"""The programme of a year: sessions and series, public ones and small ones, booked, left, moved, cancelled and held."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import select

from models.accounts import Locale
from models.db import db
from models.entrepreneurs import Entrepreneur
from models.series import WorkshopSeries
from models.states import BookingState, EntrepreneurState, SessionState, VisitorState
from models.topics import WorkshopTheme
from models.visitors import Visitor
from models.workshops import Booking, SessionFormat, WorkshopSession
from tests.simulation.world import AT, ids_of, instant
from webapp.services.attendance import hold_session, mark_attendance
from webapp.services.bookings import book_session, cancel_booking
from webapp.services.group_minimum import go_ahead
from webapp.services.other_dates import NewDate
from webapp.services.seat_offers import accept_seat
from webapp.services.series import SeriesValues, book_series, create_series, leave_series
from webapp.services.session_values import SessionValues
from webapp.services.visitors import ask_for_seat, confirm_seat, leave_seat
from webapp.services.workshops import cancel_session, create_session, resize_session, update_session

SESSION_EVERY_DAYS, SERIES_EVERY_DAYS, DATES_OF_A_SERIES = 9, 100, 3
BOOKS, CANCELS, SESSION_MOVES, SESSION_FALLS, TAKES_SEAT = 0.005, 0.02, 0.02, 0.006, 0.5
BOOKS_SERIES, LEAVES_SERIES = 0.05, 0.01
CAME, FORGETS_ATTENDANCE, PROPOSES_OTHER_DATE = 0.85, 0.3, 0.5
PUBLIC, NEEDS_A_GROUP, GOES_AHEAD, CALLS_OFF = 0.3, 0.3, 0.5, 0.3
VISITS, OPENS_LINK, STAYS_AWAY = 0.06, 0.5, 0.03
FEWEST, SERIES_THEME = 4, "financial_management"

READY_PEOPLE = ids_of(Entrepreneur, Entrepreneur.state == EntrepreneurState.READY)
IS_SCHEDULED = WorkshopSession.state == SessionState.SCHEDULED
SESSIONS_AHEAD = ids_of(WorkshopSession, IS_SCHEDULED, WorkshopSession.starts_at > AT)
PUBLIC_SESSIONS = ids_of(WorkshopSession, IS_SCHEDULED, WorkshopSession.starts_at > AT, WorkshopSession.is_public)
SESSIONS_TO_DECIDE = ids_of(
    WorkshopSession,
    IS_SCHEDULED,
    WorkshopSession.starts_at > AT,
    WorkshopSession.decide_by <= AT,
    WorkshopSession.sure_at.is_(None),
)
SESSIONS_OVER = ids_of(WorkshopSession, IS_SCHEDULED, WorkshopSession.ends_at <= AT)
SERIES = ids_of(WorkshopSeries)
BOOKED_BEFORE = ids_of(
    Booking, Booking.state.in_((BookingState.CONFIRMED, BookingState.WAITING)), Booking.booked_at < AT
)
OFFERED_SEATS = ids_of(Booking, Booking.state == BookingState.OFFERED)
VISITORS_ASKED = ids_of(Visitor, Visitor.state == VisitorState.ASKED)
VISITORS_COMING = ids_of(Visitor, Visitor.state == VisitorState.CONFIRMED, Visitor.erased_at.is_(None))


class Programme:
    """The programme of one association; what acts and draws comes from the branch."""

    public_id: UUID
    rng: np.random.Generator
    _do: Callable[..., Any]
    _do_alone: Callable[..., Any]
    _ids: Callable[..., list[UUID]]
    _drawn: Callable[..., list[UUID]]
    _happens: Callable[[float], bool]
    _pick: Callable[[Sequence[Any]], Any]

    def run_workshops(self, day: date, number: int) -> None:
        """Open, move, cancel, decide about and hold sessions, at the desk."""
        at = instant(day, 11)
        if number % SESSION_EVERY_DAYS == 0:
            self._do(create_session, association_id=self.public_id, values=self._new_session(day), at=at)
        if number % SERIES_EVERY_DAYS == 2:
            self._open_series(day, at)
        for session_id in self._drawn(SESSIONS_AHEAD, SESSION_FALLS, at=at):
            other = NewDate(day=day + timedelta(days=35), starts_at=time(14), ends_at=time(16))
            chosen = other if self._happens(PROPOSES_OTHER_DATE) else None
            self._do(cancel_session, session_id=session_id, other=chosen, at=at)
        for session_id in self._drawn(SESSIONS_AHEAD, SESSION_MOVES, at=at):
            if self._happens(0.5):
                self._do(resize_session, session_id=session_id, seats=int(self.rng.integers(3, 14)), at=at)
            else:
                self._do(update_session, session_id=session_id, values=self._new_session(day), at=at)
        for session_id in self._drawn(SESSIONS_TO_DECIDE, GOES_AHEAD, at=at):
            decide = cancel_session if self._happens(CALLS_OFF) else go_ahead
            self._do(decide, session_id=session_id, at=at)
        for session_id in self._ids(SESSIONS_OVER, at=at):
            if not self._happens(FORGETS_ATTENDANCE):
                self._mark(session_id, at)

    def come_and_go(self, day: date) -> None:
        """Let people book, leave, take the seats that they are offered, and let others come from outside."""
        at = instant(day, 19)
        people = self._drawn(READY_PEOPLE, BOOKS)
        ahead = self._ids(SESSIONS_AHEAD, at=at) if people else []
        for person_id in people if ahead else []:
            self._do(book_session, session_id=self._pick(ahead), entrepreneur_id=person_id, at=at)
        for chance, decide in ((BOOKS_SERIES, book_series), (LEAVES_SERIES, leave_series)):
            for series_id in self._drawn(SERIES, chance):
                person_id = self._pick(self._ids(READY_PEOPLE))
                self._do(decide, series_id=series_id, entrepreneur_id=person_id, at=at)
        for booking_id in self._drawn(BOOKED_BEFORE, CANCELS, at=at - timedelta(days=1)):
            self._do(cancel_booking, booking_id=booking_id, at=at)
        for booking_id in self._drawn(OFFERED_SEATS, TAKES_SEAT):
            self._do(accept_seat, booking_id=booking_id, at=at)
        self._visit(at)

    def _visit(self, at: datetime) -> None:
        for session_id in self._drawn(PUBLIC_SESSIONS, VISITS, at=at):
            email = f"visite.{int(self.rng.integers(10_000))}@example.org"
            who = {"name": "Sam Petit", "email": email, "locale": Locale.FRENCH, "place": "192.0.2.1"}
            self._do_alone(ask_for_seat, session_id=session_id, **who, at=at)
        for visitor_id in self._drawn(VISITORS_ASKED, OPENS_LINK):
            self._do_alone(confirm_seat, visitor_id=visitor_id, at=at)
        for visitor_id in self._drawn(VISITORS_COMING, STAYS_AWAY):
            self._do_alone(leave_seat, visitor_id=visitor_id, at=at)

    def _open_series(self, day: date, at: datetime) -> None:
        values = SeriesValues(theme=SERIES_THEME, title="Trois soirs pour compter")
        series_id = self._do(create_series, association_id=self.public_id, values=values, at=at)
        for week in range(DATES_OF_A_SERIES):
            one = self._new_session(day + timedelta(days=30 + 7 * week), theme=SERIES_THEME, series_id=series_id)
            self._do(create_session, association_id=self.public_id, values=one, at=at)

    def _new_session(self, day: date, **chosen: Any) -> SessionValues:
        seats = int(self.rng.integers(FEWEST, 10))
        themes = db.session.scalars(select(WorkshopTheme.slug).order_by(WorkshopTheme.slug)).all()
        values = {
            "theme": self._pick(themes),
            "day": day + timedelta(days=int(self.rng.integers(10, 40))),
            "is_public": self._happens(PUBLIC),
            "minimum": FEWEST if self._happens(NEEDS_A_GROUP) else None,
            **chosen,
        }
        return SessionValues(
            title="Atelier simulé",
            starts_at=time(int(self.rng.integers(9, 17))),
            ends_at=time(18),
            format=SessionFormat.ONLINE,
            online_url="https://visio.example.org/atelier",
            seats=seats,
            **values,
        )

    def _mark(self, session_id: UUID, at: datetime) -> None:
        confirmed = db.session.scalars(
            select(Booking.public_id)
            .join(WorkshopSession, WorkshopSession.id == Booking.session_id)
            .where(WorkshopSession.public_id == session_id, Booking.state == BookingState.CONFIRMED)
            .order_by(Booking.id)
        ).all()
        for booking_id in confirmed:
            self._do(mark_attendance, booking_id=booking_id, attended=self._happens(CAME), at=at)
        self._do(hold_session, session_id=session_id, at=at)
