"""What each process does to waiting lists at once: come, go, answer, move up by hand, pass on, make rooms bigger."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from models.db import db
from models.exceptions import DomainError
from models.states import BookingState
from models.workshops import Booking, MoveReason, WorkshopSession
from tests.webapp.services.crowd import Person, patiently, resize_all
from webapp.permissions import Actor
from webapp.services import seats
from webapp.services.bookings import book_session, cancel_booking
from webapp.services.seat_offers import accept_seat, expire_offers
from webapp.services.waiting_moves import move_in_line

ROUNDS = 16


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


def pass_on_all(at: datetime) -> Counter[str]:
    """Let time run out for every offer, again and again."""
    return Counter(lapsed=sum(patiently(expire_offers, at=at + timedelta(days=2)) for _ in range(ROUNDS // 2)))


def cross(
    people: Sequence[Person], sessions: Sequence[UUID], organiser: Actor, at: datetime, number: int, is_guarded: bool
) -> Counter[str]:
    """Play one part: most come and go, some organise, one is the clock. Unguarded, a seat is offered but not taken."""
    if not is_guarded:
        seats.take_seat = lambda _session, _id: True
    if number == 0:
        return pass_on_all(at)
    if number % 5 == 1:
        return resize_all(sessions, organiser, at, number)
    if number % 5 == 2:
        return reorder_all(sessions, organiser, at, number)
    return come_answer_and_go(people, sessions, at, number)
