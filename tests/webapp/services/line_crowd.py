"""What each process does to waiting lists at once.

People come, go, answer, book and leave a whole series; the organiser moves people up by hand, moves dates and makes
rooms bigger; the clock passes offers on.
"""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select

from models.db import db
from models.exceptions import DomainError
from models.states import BookingState
from models.workshops import Booking, MoveReason, SessionFormat, WorkshopSession
from tests.webapp.services.crowd import Person, patiently, resize_all
from webapp.permissions import Actor
from webapp.services import seats
from webapp.services.bookings import book_session, cancel_booking
from webapp.services.seat_offers import accept_seat, expire_offers
from webapp.services.series import book_series, leave_series
from webapp.services.session_values import SessionValues
from webapp.services.waiting_moves import move_in_line
from webapp.services.workshops import update_session

ROUNDS = 12
MOVE_DATES, BOOK_SERIES = (7, 11), (4, 9, 14)


def live_in_line(people: Sequence[UUID], sessions: Sequence[UUID]) -> UUID | None:
    """Find an offer among the bookings of these people."""
    session = db.session()
    found = session.scalar(
        select(Booking.public_id)
        .join(WorkshopSession, WorkshopSession.id == Booking.session_id)
        .join(Booking.entrepreneur)
        .where(
            WorkshopSession.public_id.in_(sessions),
            Booking.state == BookingState.OFFERED,
            Booking.entrepreneur.property.mapper.class_.public_id.in_(people),
        )
        .limit(1)
    )
    session.rollback()
    return found


def come_answer_and_go(people: Sequence[Person], sessions: Sequence[UUID], at: datetime, seed: int) -> Counter[str]:
    """Book, answer offers with yes or no, and leave, at random."""
    chance, did = random.Random(seed), Counter[str]()
    actors = dict(people)
    held: dict[tuple[UUID, UUID], UUID] = {}
    for _ in range(ROUNDS):
        (person, actor), session_id = chance.choice(people), chance.choice(sessions)
        try:
            offer = live_in_line(list(actors), sessions)
            if offer is not None and chance.random() < 0.7:
                for one in actors.values():
                    try:
                        patiently(accept_seat, booking_id=offer, actor=one, at=at)
                        did["accepted"] += 1
                        break
                    except DomainError:
                        continue
            elif (person, session_id) in held and chance.random() < 0.6:
                patiently(cancel_booking, booking_id=held.pop((person, session_id)), actor=actor, at=at)
                did["left"] += 1
            else:
                outcome = patiently(book_session, session_id=session_id, entrepreneur_id=person, actor=actor, at=at)
                held[person, session_id] = outcome.booking_id
                did[outcome.state.value] += 1
        except DomainError as error:
            did[error.code] += 1
    return did


def reorder_all(sessions: Sequence[UUID], organiser: Actor, at: datetime, seed: int) -> Counter[str]:
    """Give people of waiting lists other positions by hand."""
    chance, did = random.Random(seed), Counter[str]()
    for _ in range(ROUNDS):
        waiting = select(Booking.public_id).where(Booking.state == BookingState.WAITING).order_by(Booking.id)
        ids = db.session.scalars(waiting).all()
        db.session.rollback()
        if not ids:
            continue
        try:
            patiently(
                move_in_line,
                booking_id=chance.choice(ids),
                position=chance.randint(1, 3),
                reason=MoveReason.AGREED,
                actor=organiser,
                at=at,
            )
            did["moved"] += 1
        except DomainError as error:
            did[error.code] += 1
    return did


def book_and_leave_series(people: Sequence[Person], series_id: UUID, at: datetime, seed: int) -> Counter[str]:
    """Book all dates of the series in one transaction, or leave them all."""
    chance, did = random.Random(seed), Counter[str]()
    for _ in range(ROUNDS // 2):
        person, actor = chance.choice(people)
        decide = book_series if chance.random() < 0.6 else leave_series
        try:
            patiently(decide, series_id=series_id, entrepreneur_id=person, actor=actor, at=at)
            did[decide.__name__] += 1
        except DomainError as error:
            did[error.code] += 1
    return did


def move_dates(
    sessions: Sequence[UUID], series_id: UUID, theme: str, organiser: Actor, at: datetime, seed: int
) -> Counter[str]:
    """Move sessions to other days: nobody loses her place or her turn by it."""
    chance, did = random.Random(seed), Counter[str]()
    for _ in range(ROUNDS // 2):
        values = SessionValues(
            theme=theme,
            title="Atelier déplacé",
            day=at.date() + timedelta(days=chance.randint(7, 30)),
            starts_at=time(chance.randint(9, 16)),
            ends_at=time(18),
            format=SessionFormat.ONLINE,
            online_url="https://visio.example.org/atelier",
            seats=8,  # as many as `resize_all` ever gives: a date moves however full its room is
            series_id=series_id,
        )
        try:
            patiently(update_session, session_id=chance.choice(sessions), values=values, actor=organiser, at=at)
            did["date_moved"] += 1
        except DomainError as error:
            did[error.code] += 1
    return did


def pass_on_all(at: datetime) -> Counter[str]:
    """Let time run out for every offer, again and again."""
    return Counter(lapsed=sum(patiently(expire_offers, at=at + timedelta(days=2)) for _ in range(ROUNDS // 2)))


def cross(
    people: Sequence[Person],
    sessions: Sequence[UUID],
    series: tuple[UUID, str],
    organiser: Actor,
    at: datetime,
    number: int,
    is_guarded: bool,
) -> Counter[str]:
    """Play one part: most come and go, some organise, one is the clock. Unguarded, a seat is offered but not taken."""
    if not is_guarded:
        seats.take_seat = lambda _session, _id: True
    if number == 0:
        return pass_on_all(at)
    if number in MOVE_DATES:
        return move_dates(sessions, *series, organiser, at, number)
    if number in BOOK_SERIES:
        return book_and_leave_series(people, series[0], at, number)
    if number % 5 == 1:
        return resize_all(sessions, organiser, at, number)
    if number % 5 == 2:
        return reorder_all(sessions, organiser, at, number)
    return come_answer_and_go(people, sessions, at, number)
