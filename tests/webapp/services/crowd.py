"""What each process of a crowd at the workshops does: module-level functions, since they travel by name."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.db import db
from models.exceptions import BusyError, DomainError
from models.states import SEATED_BOOKING_STATES
from models.workshops import Booking, WorkshopSession
from webapp.permissions import Actor
from webapp.services import bookings
from webapp.services.bookings import book_session, cancel_booking
from webapp.services.messages import send_due_messages
from webapp.services.visitors import confirm_seat
from webapp.services.workshops import cancel_session, resize_session
from webapp.transport import SmtpTransport

Person = tuple[UUID, Actor]
TRIES = 5


def patiently(decide: Callable[..., Any], **values: Any) -> Any:
    """Try again as a person would when the database was too busy for her: that is said to be safe."""
    for _ in range(TRIES - 1):
        try:
            return decide(**values)
        except BusyError:
            continue
    return decide(**values)


def book_all(people: Sequence[Person], sessions: Sequence[UUID], at: datetime) -> Counter[str]:
    """Book every session for every person, and count the answers."""
    answers: Counter[str] = Counter()
    for session_id in sessions:
        for person, actor in people:
            outcome = patiently(book_session, session_id=session_id, entrepreneur_id=person, actor=actor, at=at)
            answers[outcome.state.value] += 1
    return answers


def book_all_unguarded(people: Sequence[Person], sessions: Sequence[UUID], at: datetime) -> Counter[str]:
    """Do the same with a guard that counts first and inserts afterwards: what one must not do."""
    bookings.draw_ticket = _draw_any_ticket
    answers: Counter[str] = Counter()
    for session_id in sessions:
        for person, actor in people:
            free = _count_free(session_id)
            bookings.take_seat = lambda _session, _id, free=free: free > 0
            outcome = patiently(book_session, session_id=session_id, entrepreneur_id=person, actor=actor, at=at)
            answers[outcome.state.value] += 1
    return answers


def _draw_any_ticket(session: Session, session_id: int, *, at: datetime) -> int:
    return random.randrange(1, 2**30)  # a turn is a ticket and more, and has to fit its column too


def _count_free(session_id: UUID) -> int:
    session = db.session()
    seats = session.execute(
        select(WorkshopSession.seats, func.count(Booking.id))
        .outerjoin(Booking, (Booking.session_id == WorkshopSession.id) & Booking.state.in_(SEATED_BOOKING_STATES))
        .where(WorkshopSession.public_id == session_id)
        .group_by(WorkshopSession.seats)
    ).one()
    session.rollback()
    return seats[0] - seats[1]


def come_and_go(people: Sequence[Person], sessions: Sequence[UUID], at: datetime, seed: int) -> dict[Any, str]:
    """Book and cancel at random; give what each person was told last about each session."""
    chance = random.Random(seed)
    last: dict[Any, str] = {}
    held: dict[Any, UUID] = {}
    for _ in range(len(people) * len(sessions) * 2):
        (person, actor), session_id = chance.choice(people), chance.choice(sessions)
        key = (person, session_id)
        try:
            if key in held and chance.random() < 0.6:
                patiently(cancel_booking, booking_id=held.pop(key), actor=actor, at=at)
                last[key] = "cancelled"
            else:
                outcome = patiently(book_session, session_id=session_id, entrepreneur_id=person, actor=actor, at=at)
                held[key], last[key] = outcome.booking_id, "booked"
        except DomainError as error:
            last[key] = error.code
    return last


def resize_all(sessions: Sequence[UUID], organiser: Actor, at: datetime, seed: int) -> Counter[str]:
    """Make sessions bigger and smaller at random."""
    chance = random.Random(seed)
    answers: Counter[str] = Counter()
    for _ in range(len(sessions) * 6):
        try:
            patiently(
                resize_session, session_id=chance.choice(sessions), seats=chance.randint(1, 8), actor=organiser, at=at
            )
            answers["resized"] += 1
        except DomainError as error:
            answers[error.code] += 1
    return answers


def cancel_all(sessions: Sequence[UUID], organiser: Actor, at: datetime) -> Counter[str]:
    """Cancel every session."""
    for session_id in sessions:
        patiently(cancel_session, session_id=session_id, actor=organiser, at=at)
    return Counter({"cancelled": len(sessions)})


def try_to_book(people: Sequence[Person], sessions: Sequence[UUID], at: datetime) -> Counter[str]:
    """Book until it is too late."""
    answers: Counter[str] = Counter()
    for session_id in sessions:
        for person, actor in people:
            try:
                patiently(book_session, session_id=session_id, entrepreneur_id=person, actor=actor, at=at)
                answers["booked"] += 1
            except DomainError as error:
                answers[error.code] += 1
    return answers


def send_over(port: int, at: datetime) -> tuple[int, int, int]:
    """Send what is due to a mail server on this machine."""
    settings = replace(current_app.config["SETTINGS"], smtp_host="127.0.0.1", smtp_port=port, smtp_tls=False)
    transport = SmtpTransport(settings)
    report = send_due_messages(at=at, transport=transport)
    transport.close()
    return report.sent, report.released, report.failed


def confirm_all(visitor_ids: Sequence[UUID], at: datetime) -> Counter[str]:
    """Open the links of visitors, and count who has a seat."""
    outcomes = [patiently(confirm_seat, visitor_id=visitor_id, at=at) for visitor_id in visitor_ids]
    return Counter("full" if outcome.is_full else outcome.state.value for outcome in outcomes)


def move_to(session_id: UUID, other: UUID, organiser: Actor, at: datetime) -> Counter[str]:
    """Cancel a session and offer its people seats at another one."""
    outcome = patiently(cancel_session, session_id=session_id, actor=organiser, at=at, other=other)
    return Counter({"asked": outcome.offered})
