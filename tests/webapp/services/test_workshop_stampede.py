"""Many real processes want the same seats: exact, in order, and each event told once."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from models.audit import AuditEvent
from models.db import db, transaction
from models.messages import Message, MessageKind
from models.states import SEATED_BOOKING_STATES, BookingState, MessageState
from models.workshops import Booking, WorkshopSession
from tests.factories import (
    make_association,
    make_coordinator,
    make_entrepreneur,
    make_message,
    make_workshop_session,
)
from tests.mail_sink import mail_sink
from tests.processes import run_together
from tests.webapp.services import crowd
from webapp.permissions import Actor

PROCESSES = 16
SESSIONS = 6
SEATS = 5


class Venue:
    """Some sessions, and a few people for each process."""

    def __init__(self, *, people_each=2, sessions=SESSIONS, seats=SEATS, **values):
        with transaction() as session:
            association = make_association(session)
            account = make_coordinator(session, association)
            values = {"seats": seats, "organiser_id": account.id, **values}
            self.sessions = [make_workshop_session(session, association, **values).public_id for _ in range(sessions)]
            self.crowds = [[self._person(session, association) for _ in range(people_each)] for _ in range(PROCESSES)]
        self.organiser = Actor(account_id=account.id, coordinates=frozenset({association.id}))

    @staticmethod
    def _person(session, association):
        person = make_entrepreneur(session, association)
        actor = Actor(account_id=None, entrepreneur_ids=frozenset({person.id}), member_of=frozenset({association.id}))
        return person.public_id, actor


def results(answers):
    assert {kind for kind, _ in answers} == {"done"}, answers
    return [result for _, result in answers]


def check_seats():
    """Compare every session with its bookings, its events and its messages."""
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Booking)) > 0
    for workshop in db.session.scalars(select(WorkshopSession)):
        bookings = list(db.session.scalars(select(Booking).where(Booking.session_id == workshop.id)))
        seated = sum(booking.state in SEATED_BOOKING_STATES for booking in bookings)
        waiting = sum(booking.state is BookingState.WAITING for booking in bookings)
        assert seated <= workshop.seats
        assert seated == workshop.taken
        assert not (waiting and seated < workshop.seats), "somebody waits although a seat is free"
        check_order(bookings)
        check_messages(bookings)


def check_order(bookings):
    """Replay the events: whoever was promoted was the first in line, and nobody took a seat past the line."""
    by_id = {booking.id: booking for booking in bookings}
    events = db.session.scalars(
        select(AuditEvent)
        .where(AuditEvent.record == "booking", AuditEvent.record_id.in_(by_id))
        .order_by(AuditEvent.id)
    )
    line = {}
    for event in events:
        booking = by_id[event.record_id]
        if event.action == "offer":
            assert booking.turn == min(line.values()), "somebody was passed over"
        if event.action == "book" and event.to_state == "confirmed":
            assert not line, "somebody got a seat although others waited"
        if event.to_state == "waiting":
            line[booking.id] = booking.turn
        else:
            line.pop(booking.id, None)


def check_messages(bookings):
    """Each event of a booking is told exactly once."""
    expected, told = Counter(), Counter()
    kinds = {
        ("book", "confirmed"): MessageKind.BOOKING_CONFIRMED,
        ("book", "waiting"): MessageKind.BOOKING_WAITING,
        ("offer", "offered"): MessageKind.SEAT_OFFERED,
        ("accept", "confirmed"): MessageKind.BOOKING_CONFIRMED,
        ("cancel", "cancelled"): MessageKind.BOOKING_CANCELLED,
    }
    by_id = {booking.id: booking for booking in bookings}
    events = select(AuditEvent).where(AuditEvent.record == "booking", AuditEvent.record_id.in_(by_id))
    for event in db.session.scalars(events):
        kind = kinds[event.action, event.to_state]
        if kind is MessageKind.BOOKING_CANCELLED and event.reason == "session_cancelled":
            kind = MessageKind.SESSION_CANCELLED
        expected[f"booking:{by_id[event.record_id].public_id}:{kind.value}"] += 1
    keys = {f"booking:{booking.public_id}:" for booking in bookings}
    for key in db.session.scalars(select(Message.event_key)):
        if any(key.startswith(start) for start in keys):
            told[key] += 1
    assert told == expected


def book_everything(venue, url, folder, at, work):
    db.session.rollback()
    return results(run_together(url, folder, work, [(people, venue.sessions, at) for people in venue.crowds]))


def test_many_processes_fill_sessions_exactly_and_in_order(any_app, any_url, tmp_path, now):
    venue = Venue()
    answers = sum(book_everything(venue, any_url, tmp_path, now, crowd.book_all), Counter())
    wanted = PROCESSES * 2 * SESSIONS
    assert answers == {"confirmed": SESSIONS * SEATS, "waiting": wanted - SESSIONS * SEATS}
    check_seats()


def test_counting_first_and_inserting_afterwards_overbooks(any_app, any_url, tmp_path, now):
    """The negative control: without the conditional updates the same check turns red."""
    venue = Venue()
    book_everything(venue, any_url, tmp_path, now, crowd.book_all_unguarded)
    with pytest.raises(AssertionError):
        check_seats()
    seated = db.session.scalar(select(func.count()).where(Booking.state == BookingState.CONFIRMED))
    assert seated > SESSIONS * SEATS


def come_go_or_resize(people, sessions, organiser, at, number):
    """Three organisers change the rooms while all the others come and go."""
    if number % 5 == 4:
        return crowd.resize_all(sessions, organiser, at, number)
    return crowd.come_and_go(people, sessions, at, number)


def test_coming_going_and_resizing_cross_without_a_seat_too_many_or_too_few(any_app, any_url, tmp_path, now):
    venue = Venue(people_each=3, sessions=3)
    arguments = [(people, venue.sessions, venue.organiser, now, number) for number, people in enumerate(venue.crowds)]
    db.session.rollback()
    answers = results(run_together(any_url, tmp_path, come_go_or_resize, arguments))
    check_seats()
    told = {key: word for answer in answers if not isinstance(answer, Counter) for key, word in answer.items()}
    assert set(told.values()) == {"booked", "cancelled"}
    for (person, session_id), word in told.items():
        live = db.session.scalar(
            select(func.count())
            .select_from(Booking)
            .join(Booking.session)
            .join(Booking.entrepreneur)
            .where(
                WorkshopSession.public_id == session_id,
                Booking.entrepreneur.property.mapper.class_.public_id == person,
                Booking.state != BookingState.CANCELLED,
            )
        )
        assert live == (1 if word == "booked" else 0), "a confirmed action was lost"
    resized = sum((answer for answer in answers if isinstance(answer, Counter)), Counter())
    assert set(resized) <= {"resized", "seats_taken"}
    assert resized["resized"]


def cancel_or_book(people, sessions, organiser, at, number):
    """One organiser cancels the sessions that all the others are booking."""
    if number == 0:
        return crowd.cancel_all(sessions, organiser, at)
    return crowd.try_to_book(people, sessions, at)


def test_nobody_stays_booked_in_a_session_that_was_cancelled_meanwhile(any_app, any_url, tmp_path, now):
    venue = Venue(people_each=1)
    arguments = [(people, venue.sessions, venue.organiser, now, number) for number, people in enumerate(venue.crowds)]
    db.session.rollback()
    answers = results(run_together(any_url, tmp_path, cancel_or_book, arguments))
    assert set(sum(answers, Counter())) <= {"cancelled", "booked", "session_closed"}
    db.session.rollback()
    assert set(db.session.scalars(select(WorkshopSession.taken))) == {0}
    bookings = list(db.session.scalars(select(Booking)))
    assert {booking.state for booking in bookings} <= {BookingState.CANCELLED}
    told = db.session.scalar(select(func.count()).where(Message.kind == MessageKind.SESSION_CANCELLED))
    assert told == len(bookings)


def test_several_senders_send_each_message_once(any_app, any_url, tmp_path, now):
    with transaction() as session:
        for number in range(120):
            make_message(
                session, recipient=f"p{number}@example.org", facts={"starts_at": now.isoformat()}, next_try_at=now
            )
    with mail_sink() as (sink, port):
        answers = results(run_together(any_url, tmp_path, crowd.send_over, [(port, now)] * 4))
    assert [sum(column) for column in zip(*answers, strict=True)] == [120, 0, 0]
    assert len({mail["Message-ID"] for mail in sink.mails}) == len(sink.mails) == 120
    db.session.rollback()
    assert set(db.session.scalars(select(Message.state))) == {MessageState.SENT}
