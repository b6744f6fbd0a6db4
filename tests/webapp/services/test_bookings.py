"""Booking, waiting, leaving: seats exact, tickets in order, one message per event."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from models.audit import AuditEvent
from models.db import db, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import (
    NotEligibleError,
    NotFoundError,
    PermissionDeniedError,
    RepeatedRequestError,
    SessionClosedError,
)
from models.messages import Message, MessageKind
from models.states import BookingState, EntrepreneurState, SessionState
from models.workshops import Booking, CancelReason, WorkshopSession
from tests.factories import make_association, make_coordinator, make_entrepreneur, make_workshop_session
from webapp.permissions import Actor
from webapp.services.bookings import book_session, cancel_booking, cancel_bookings_ahead
from webapp.services.clocks import tick
from webapp.services.seats import end_waiting_lists


class House:
    """A session with some seats, and people who may book it."""

    def __init__(self, *, seats=2, people=4, **values):
        with transaction() as session:
            self.association = make_association(session)
            self.coordinator = make_coordinator(session, self.association)
            self.workshop = make_workshop_session(session, self.association, seats=seats, **values)
            self.people = [make_entrepreneur(session, self.association) for _ in range(people)]
        self.id = self.workshop.public_id

    def actor(self, number):
        person = self.people[number]
        return Actor(
            account_id=None, entrepreneur_ids=frozenset({person.id}), member_of=frozenset({self.association.id})
        )

    @property
    def organiser(self):
        return Actor(account_id=self.coordinator.id, coordinates=frozenset({self.association.id}))

    def book(self, number, at, actor=None):
        return book_session(
            session_id=self.id,
            entrepreneur_id=self.people[number].public_id,
            actor=actor or self.actor(number),
            at=at,
        )

    def cancel(self, booking, number, at, actor=None):
        return cancel_booking(booking_id=booking.booking_id, actor=actor or self.actor(number), at=at)

    def states(self):
        db.session.rollback()
        rows = db.session.execute(select(Booking.entrepreneur_id, Booking.state).order_by(Booking.ticket))
        order = {person.id: number for number, person in enumerate(self.people)}
        return [(order[entrepreneur_id], state.value) for entrepreneur_id, state in rows]

    def taken(self):
        db.session.rollback()
        return db.session.scalar(select(WorkshopSession.taken).where(WorkshopSession.public_id == self.id))


def kinds_to(person):
    return list(db.session.scalars(select(Message.kind).where(Message.recipient == person.email).order_by(Message.id)))


def test_seats_go_first_and_then_turns_in_the_waiting_list(any_app, now):
    house = House(seats=2)
    outcomes = [house.book(number, now) for number in range(4)]
    assert [(outcome.state, outcome.position) for outcome in outcomes] == [
        (BookingState.CONFIRMED, None),
        (BookingState.CONFIRMED, None),
        (BookingState.WAITING, 1),
        (BookingState.WAITING, 2),
    ]
    assert house.taken() == 2
    assert kinds_to(house.people[0]) == [MessageKind.BOOKING_CONFIRMED]
    assert kinds_to(house.people[3]) == [MessageKind.BOOKING_WAITING]


def test_booking_twice_gives_the_same_booking(any_app, now):
    house = House()
    assert house.book(0, now) == house.book(0, now + timedelta(seconds=1))
    assert house.taken() == 1
    assert len(kinds_to(house.people[0])) == 1


def test_a_cancelled_seat_is_offered_to_the_first_in_line_who_is_told(any_app, now):
    house = House(seats=1)
    first, *_ = (house.book(number, now) for number in range(3))
    assert house.cancel(first, 0, now).state is BookingState.CANCELLED
    assert house.states() == [(0, "cancelled"), (1, "offered"), (2, "waiting")]
    assert house.taken() == 1
    assert kinds_to(house.people[1]) == [MessageKind.BOOKING_WAITING, MessageKind.SEAT_OFFERED]
    assert house.book(2, now).position == 1
    assert kinds_to(house.people[2]) == [MessageKind.BOOKING_WAITING]


def test_who_leaves_the_waiting_list_takes_no_seat_along(any_app, now):
    house = House(seats=1)
    bookings = [house.book(number, now) for number in range(3)]
    house.cancel(bookings[1], 1, now)
    assert house.taken() == 1
    assert house.states() == [(0, "confirmed"), (1, "cancelled"), (2, "waiting")]


def test_cancelling_twice_frees_one_seat(any_app, now):
    house = House(seats=2)
    booking = house.book(0, now)
    house.book(1, now)
    house.cancel(booking, 0, now)
    house.cancel(booking, 0, now)
    assert house.taken() == 1
    assert kinds_to(house.people[0]).count(MessageKind.BOOKING_CANCELLED) == 1


def test_who_cancelled_can_book_again_at_the_end_of_the_line(any_app, now):
    house = House(seats=1)
    booking = house.book(0, now)
    house.book(1, now)
    house.cancel(booking, 0, now)
    assert house.book(0, now).position == 1
    assert house.states() == [(0, "cancelled"), (1, "offered"), (0, "waiting")]


def test_nobody_books_or_leaves_once_the_session_has_begun(app, now):
    house = House(seats=1)
    booking = house.book(0, now)
    house.book(1, now)
    for refused in (
        lambda: house.book(2, house.workshop.starts_at),
        lambda: house.cancel(booking, 0, house.workshop.starts_at),
    ):
        with pytest.raises(SessionClosedError):
            refused()
    assert house.states() == [(0, "confirmed"), (1, "waiting")]


def test_after_the_start_the_organiser_may_cancel_but_nobody_is_promoted(app, now):
    house = House(seats=1)
    booking = house.book(0, now)
    house.book(1, now)
    house.cancel(booking, 0, house.workshop.starts_at, actor=house.organiser)
    assert house.states() == [(0, "cancelled"), (1, "cancelled")]
    assert house.taken() == 0
    assert db.session.scalars(select(Booking.cancel_reason).order_by(Booking.ticket)).all() == [
        CancelReason.BY_ORGANISER,
        CancelReason.NO_SEAT_FREED,
    ]


def test_a_cancelled_session_takes_no_booking(app, now):
    house = House(state=SessionState.CANCELLED)
    with pytest.raises(SessionClosedError):
        house.book(0, now)


def test_people_book_for_themselves_and_organisers_for_their_people(app, now):
    house, other = House(), House()
    assert house.book(0, now, actor=house.organiser).state is BookingState.CONFIRMED
    with pytest.raises(NotFoundError):
        house.book(1, now, actor=house.actor(2))
    with pytest.raises(NotFoundError):
        house.book(1, now, actor=other.organiser)


def test_a_session_of_another_association_does_not_exist(app, now):
    house, other = House(), House()
    with pytest.raises(NotFoundError):
        book_session(session_id=other.id, entrepreneur_id=house.people[0].public_id, actor=house.actor(0), at=now)
    with pytest.raises(NotFoundError):
        book_session(session_id=uuid4(), entrepreneur_id=house.people[0].public_id, actor=house.actor(0), at=now)


def test_a_closed_file_books_nothing(app, now):
    house = House()
    with transaction() as session:
        person = session.get_one(Entrepreneur, house.people[0].id)
        person.state, person.closed_at = EntrepreneurState.CLOSED, now
    with pytest.raises(NotEligibleError):
        house.book(0, now)


def test_only_the_organiser_touches_bookings_of_a_sensitive_session(app, now):
    with transaction() as session:
        owner = make_coordinator(session, make_association(session))
    house = House(theme_slug="stress_management", organiser_id=owner.id)
    booking = house.book(0, now)
    with pytest.raises(PermissionDeniedError):
        house.cancel(booking, 0, now, actor=house.organiser)
    with pytest.raises(PermissionDeniedError):
        house.book(1, now, actor=house.organiser)


def test_a_mail_about_a_sensitive_session_does_not_say_what_it_is_on(app, now):
    house = House(theme_slug="stress_management", title="Gestion du stress")
    house.book(0, now)
    facts = db.session.scalar(select(Message.facts))
    assert "title" not in facts
    assert facts["place"] == "Maison de l'emploi"
    assert "stress" not in str(facts).lower()


def test_leaving_all_sessions_ahead_frees_each_seat_for_the_next(any_app, now):
    house = House(seats=1)
    for number in range(2):
        house.book(number, now)
    with transaction() as session:
        person = session.get_one(Entrepreneur, house.people[0].id)
        left = cancel_bookings_ahead(session, person=person, reason=CancelReason.BY_ORGANISER, actor_id=None, at=now)
    assert left == 1
    assert house.states() == [(0, "cancelled"), (1, "offered")]


def test_every_move_leaves_its_event(app, now):
    house = House(seats=1)
    booking = house.book(0, now)
    house.book(1, now)
    house.cancel(booking, 0, now)
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.record == "booking").order_by(AuditEvent.id))
    assert [(event.action, event.from_state, event.to_state) for event in events] == [
        ("book", None, "confirmed"),
        ("book", None, "waiting"),
        ("cancel", "confirmed", "cancelled"),
        ("offer", "waiting", "offered"),
    ]


def test_a_form_sent_again_after_the_cancellation_books_nothing(any_app, now):
    house = House()
    actor = replace(house.actor(0), account_id=house.coordinator.id)

    def send():
        return book_session(
            session_id=house.id, entrepreneur_id=house.people[0].public_id, actor=actor, at=now, form_key="k1"
        )

    booking = send()
    assert send() == booking
    house.cancel(booking, 0, now)
    with pytest.raises(RepeatedRequestError):
        send()
    assert house.states() == [(0, "cancelled")]


def test_a_waiting_list_ends_with_the_start_and_who_was_on_it_is_told_once(any_app, now):
    house = House(seats=1)
    for number in range(3):
        house.book(number, now)
    assert end_waiting_lists(at=now) == 0
    start = house.workshop.starts_at
    assert [tick(at=start)["let_go"], tick(at=start)["let_go"]] == [2, 0]
    assert house.states() == [(0, "confirmed"), (1, "cancelled"), (2, "cancelled")]
    assert kinds_to(house.people[2]) == [MessageKind.BOOKING_WAITING, MessageKind.BOOKING_CANCELLED]
    assert kinds_to(house.people[0]) == [MessageKind.BOOKING_CONFIRMED]
