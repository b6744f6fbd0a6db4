"""A free seat is held for the first in line until an answer, then it passes on; nothing after the start."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from models.clocks import AssociationClock, Clock
from models.db import db, transaction
from models.entrepreneurs import EntrepreneurNeed
from models.exceptions import (
    InvalidTransitionError,
    NotFoundError,
    PermissionDeniedError,
    SeatGoneError,
    SessionClosedError,
)
from models.messages import Message, MessageKind
from models.queries.deadlines import check_deadlines
from models.queries.invariants import check_invariants
from models.states import BookingState, SessionState
from models.workshops import Booking, CancelReason, WorkshopSession
from tests.factories import make_association, make_booking, make_coordinator, make_entrepreneur, make_workshop_session
from tests.webapp.services.test_bookings import House, kinds_to
from tests.webapp.services.test_workshops import VALUES, create
from webapp.messages.wording import render_message
from webapp.services.clocks import tick
from webapp.services.seat_offers import accept_seat, expire_offers
from webapp.services.waiting_order import find_rule
from webapp.services.workshops import cancel_session, hold_session, resize_session, update_session

DAY = timedelta(days=1)
LAWS = (
    "session_taken_equals_seats_held",
    "session_within_seats",
    "waiting_only_when_full",
    "one_turn_each_in_a_waiting_list",
    "cancelled_session_holds_nobody",
    "nobody_waits_for_a_seat_that_is_over",
    "offer_is_answered_or_passed_on",
    "free_seat_is_offered_until_the_last_day",
)


def accept(house, booking, number, at, actor=None):
    return accept_seat(booking_id=booking.booking_id, actor=actor or house.actor(number), at=at)


def offered_house(now, *, seats=1, people=4, **values):
    """Somebody gives her seat back: it is offered to the second, the others wait."""
    house = House(seats=seats, people=people, **values)
    bookings = [house.book(number, now) for number in range(people)]
    house.cancel(bookings[0], 0, now)
    return house, bookings


def assert_laws_hold(at):
    """Check every law about sessions and their people."""
    db.session.rollback()
    session = db.session()
    checks = {check.name: check.holds for check in (*check_invariants(session), *check_deadlines(session, at=at))}
    assert {name: checks[name] for name in LAWS} == dict.fromkeys(LAWS, True)


def offer_of(booking):
    db.session.rollback()
    return db.session.scalar(select(Booking).where(Booking.public_id == booking.booking_id))


def test_a_free_seat_is_held_for_a_day_and_taken_in_one_tap(any_app, now):
    house, bookings = offered_house(now)
    assert house.states() == [(0, "cancelled"), (1, "offered"), (2, "waiting"), (3, "waiting")]
    assert (house.taken(), offer_of(bookings[1]).offer_until) == (1, now + DAY)
    assert accept(house, bookings[1], 1, now).state is BookingState.CONFIRMED
    assert accept(house, bookings[1], 1, now).state is BookingState.CONFIRMED
    assert kinds_to(house.people[1]) == [
        MessageKind.BOOKING_WAITING,
        MessageKind.SEAT_OFFERED,
        MessageKind.BOOKING_CONFIRMED,
    ]
    assert house.taken() == 1
    assert_laws_hold(now)


def test_the_days_of_an_offer_are_those_of_the_association_and_end_half_a_day_before_the_start(app, now):
    house = House(seats=1)
    with transaction() as session:
        session.add(AssociationClock(association_id=house.association.id, clock=Clock.SEAT_OFFER, days=3, set_at=now))
    first, second, third = (house.book(number, now) for number in range(3))
    house.cancel(first, 0, now)
    assert offer_of(second).offer_until == now + 3 * DAY
    late = house.workshop.starts_at - timedelta(hours=30)
    house.cancel(second, 1, late)
    assert offer_of(third).offer_until == house.workshop.starts_at - timedelta(hours=12)


def test_without_an_answer_the_seat_passes_on_in_the_order_of_the_list(any_app, now):
    house, _ = offered_house(now)
    assert expire_offers(at=now + DAY - timedelta(seconds=1)) == 0
    assert [tick(at=now + DAY)["offers_passed_on"], tick(at=now + DAY)["offers_passed_on"]] == [1, 0]
    assert house.states() == [(0, "cancelled"), (1, "cancelled"), (2, "offered"), (3, "waiting")]
    assert kinds_to(house.people[1])[-1] is MessageKind.BOOKING_CANCELLED
    lapsed = db.session.scalar(select(Booking).where(Booking.entrepreneur_id == house.people[1].id))
    assert lapsed.cancel_reason is CancelReason.OFFER_LAPSED
    told = db.session.scalar(
        select(Message.facts).where(Message.kind == MessageKind.BOOKING_CANCELLED).order_by(Message.id.desc())
    )
    assert told["offer_lapsed"] is True
    assert_laws_hold(now + DAY)
    assert expire_offers(at=now + 3 * DAY) == 1
    assert expire_offers(at=now + 9 * DAY) == 1
    assert house.taken() == 0
    assert_laws_hold(now + 9 * DAY)


def test_a_no_passes_the_seat_on_and_keeps_no_blame(any_app, now):
    house, bookings = offered_house(now)
    house.cancel(bookings[1], 1, now)
    assert offer_of(bookings[1]).cancel_reason is CancelReason.OFFER_DECLINED
    assert house.states() == [(0, "cancelled"), (1, "cancelled"), (2, "offered"), (3, "waiting")]
    again = house.book(1, now)
    assert again.position == 2
    assert offer_of(again).waiting_rule is offer_of(bookings[3]).waiting_rule


def test_who_said_nothing_in_time_may_still_say_yes_until_the_seat_is_passed_on(app, now):
    house, bookings = offered_house(now)
    assert accept(house, bookings[1], 1, now + DAY).state is BookingState.CONFIRMED
    house, bookings = offered_house(now)
    expire_offers(at=now + DAY)
    with pytest.raises(SeatGoneError):
        accept(house, bookings[1], 1, now + DAY)


def test_only_the_one_who_is_asked_or_the_organiser_answers(app, now):
    house, bookings = offered_house(now)
    other = House()
    for actor in (house.actor(2), other.organiser):
        with pytest.raises(NotFoundError):
            accept(house, bookings[1], 1, now, actor=actor)
    with pytest.raises(SeatGoneError):
        accept(house, bookings[2], 2, now)
    with pytest.raises(InvalidTransitionError):
        accept(house, bookings[0], 0, now)
    assert accept(house, bookings[1], 1, now, actor=house.organiser).state is BookingState.CONFIRMED


def test_no_other_coordinator_answers_for_a_sensitive_session(app, now):
    with transaction() as session:
        owner = make_coordinator(session, make_association(session))
    house, bookings = offered_house(now, theme_slug="stress_management", organiser_id=owner.id)
    with pytest.raises(PermissionDeniedError):
        accept(house, bookings[1], 1, now, actor=house.organiser)


def test_a_held_seat_is_not_given_to_somebody_new(any_app, now):
    house, _ = offered_house(now, people=2)
    with transaction() as session:
        house.people.append(make_entrepreneur(session, house.association))
    assert house.book(2, now).state is BookingState.WAITING
    assert house.taken() == 1


def test_in_the_last_day_the_first_answer_has_the_seat(any_app, now):
    house = House(seats=1)
    bookings = [house.book(number, now) for number in range(3)]
    late = house.workshop.starts_at - DAY
    house.cancel(bookings[0], 0, late)
    assert house.states() == [(0, "cancelled"), (1, "waiting"), (2, "waiting")]
    for person in house.people[1:3]:
        assert kinds_to(person) == [MessageKind.BOOKING_WAITING, MessageKind.SEAT_FREE]
    assert_laws_hold(late)
    assert accept(house, bookings[2], 2, late).state is BookingState.CONFIRMED
    with pytest.raises(SeatGoneError):
        accept(house, bookings[1], 1, late)
    house.cancel(bookings[2], 2, late)
    assert kinds_to(house.people[1]).count(MessageKind.SEAT_FREE) == 2
    assert house.book(3, late).state is BookingState.CONFIRMED


def test_in_the_last_day_a_seat_that_is_still_open_is_told_once(any_app, now):
    house = House(seats=2)
    bookings = [house.book(number, now) for number in range(4)]
    late = house.workshop.starts_at - DAY
    for number in (0, 1):
        house.cancel(bookings[number], number, late)
    resize_session(session_id=house.workshop.public_id, seats=3, actor=house.organiser, at=late)
    house.cancel(bookings[3], 3, late)
    assert kinds_to(house.people[2]) == [MessageKind.BOOKING_WAITING, MessageKind.SEAT_FREE]
    assert house.taken() == 0
    assert_laws_hold(late)


def test_nothing_is_offered_or_taken_after_the_start(any_app, now):
    house, bookings = offered_house(now)
    start = house.workshop.starts_at
    with pytest.raises(SessionClosedError):
        accept(house, bookings[1], 1, start)
    assert tick(at=start)["let_go"] == 3
    assert {state for _, state in house.states()} == {"cancelled"}
    assert house.taken() == 0
    assert offer_of(bookings[1]).cancel_reason is CancelReason.OFFER_LAPSED
    assert offer_of(bookings[2]).cancel_reason is CancelReason.NO_SEAT_FREED
    assert_laws_hold(start)


def test_a_session_that_is_held_gives_back_the_seats_that_nobody_took(app, now):
    house, _ = offered_house(now)
    start = house.workshop.starts_at
    assert hold_session(session_id=house.id, actor=house.organiser, at=start) is SessionState.HELD
    assert house.taken() == 0


def test_a_cancelled_session_ends_offers_too(any_app, now):
    house, bookings = offered_house(now)
    assert cancel_session(session_id=house.id, actor=house.organiser, at=now).told == 3
    assert offer_of(bookings[1]).cancel_reason is CancelReason.SESSION_CANCELLED
    assert house.taken() == 0


def test_an_offer_does_not_outlast_a_session_moved_to_an_earlier_day(app, now):
    house = House(seats=1)
    house.id = create(house, now, seats=1).session_id
    bookings = [house.book(number, now) for number in range(2)]
    house.cancel(bookings[0], 0, now)
    soon = replace(VALUES, seats=1, day=(now + timedelta(hours=20)).date())
    update_session(session_id=house.id, values=soon, actor=house.organiser, at=now)
    workshop = db.session.scalar(select(WorkshopSession).where(WorkshopSession.public_id == house.id))
    assert offer_of(bookings[1]).offer_until == min(workshop.starts_at, now + DAY)
    changed = db.session.scalars(select(Message).where(Message.kind == MessageKind.SESSION_CHANGED)).one()
    words = render_message(changed).body
    assert "dites oui avant le mardi 24 novembre" in words
    assert "liste d’attente" not in words


def test_a_file_that_is_closed_passes_its_offer_on(any_app, now):
    house, bookings = offered_house(now)
    resize_session(session_id=house.id, seats=2, actor=house.organiser, at=now)
    assert offer_of(bookings[2]).state is BookingState.OFFERED
    assert house.taken() == 2


def line_of(house):
    db.session.rollback()
    rows = db.session.execute(
        select(Booking.entrepreneur_id, Booking.waiting_rule)
        .where(Booking.state == BookingState.WAITING, Booking.session_id == house.workshop.id)
        .order_by(Booking.turn)
    )
    order = {person.id: number for number, person in enumerate(house.people)}
    return [(order[entrepreneur_id], rule.value) for entrepreneur_id, rule in rows]


def served_before(session, house, number, state=BookingState.ATTENDED):
    earlier = make_workshop_session(session, house.association)
    make_booking(session, earlier, house.people[number], state=state)


def test_the_list_follows_its_written_rules_and_says_why(any_app, now):
    house = House(seats=1, people=6)
    with transaction() as session:
        for number in (1, 2):
            served_before(session, house, number)
        served_before(session, house, 3, BookingState.ABSENT)
        others = [house.people[number].id for number in (1, 3, 4)]
        session.execute(delete(EntrepreneurNeed).where(EntrepreneurNeed.entrepreneur_id.in_(others)))
    for number in range(6):
        house.book(number, now)
    assert line_of(house) == [
        (5, "first_time_and_need"),
        (3, "first_time"),
        (4, "first_time"),
        (2, "need"),
        (1, "arrival"),
    ]
    assert house.book(1, now).position == 5
    assert_laws_hold(now)


def test_of_a_sensitive_theme_only_the_order_of_arrival_counts(app, now):
    house = House(theme_slug="stress_management")
    with transaction() as session:
        assert find_rule(session, house.people[0], house.workshop).value == "arrival"
