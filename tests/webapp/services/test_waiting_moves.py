"""Moves in a waiting list by hand, reminders, and absences put right: each with its reason, its event, its limit."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.audit import AuditEvent
from models.db import db, transaction
from models.exceptions import (
    CorrectionOverError,
    InvalidInputError,
    InvalidTransitionError,
    NotFoundError,
    PermissionDeniedError,
)
from models.messages import MessageKind
from models.queries.attendance import list_line_changes, map_recent_attendance
from models.states import BookingState
from models.workshops import Booking, MoveReason, WorkshopSession
from tests.factories import make_association, make_booking, make_coordinator, make_entrepreneur, make_workshop_session
from tests.webapp.services.test_bookings import House, kinds_to
from webapp.services.attendance import CORRECTED_WITHIN, mark_attendance, say_i_was_there
from webapp.services.clocks import tick
from webapp.services.session_reminders import remind_sessions
from webapp.services.waiting_moves import move_in_line

DAY = timedelta(days=1)


def queue_house(now, **values):
    house = House(seats=1, people=5, **values)
    return house, [house.book(number, now) for number in range(4)]


def reorder(house, booking, position, now, actor=None, reason=MoveReason.URGENT):
    return move_in_line(
        booking_id=booking.booking_id, position=position, reason=reason, actor=actor or house.organiser, at=now
    )


def line_of(house):
    db.session.rollback()
    order = {person.id: number for number, person in enumerate(house.people)}
    waiting = select(Booking.entrepreneur_id).where(Booking.state == BookingState.WAITING).order_by(Booking.turn)
    return [order[one] for one in db.session.scalars(waiting)]


def test_a_move_changes_the_order_and_its_reason_is_in_the_log(any_app, now):
    house, bookings = queue_house(now)
    assert reorder(house, bookings[3], 1, now) == 3
    assert line_of(house) == [3, 1, 2]
    assert house.book(4, now).position == 4
    reorder(house, bookings[3], 2, now, reason=MoveReason.MISTAKE)
    assert line_of(house) == [1, 3, 2, 4]
    changes = list_line_changes(db.session(), house.workshop.id)
    assert [(one.before, one.after, one.reason) for one in changes] == [
        ("1", "2", MoveReason.MISTAKE),
        ("3", "1", MoveReason.URGENT),
    ]
    assert changes[0].person == f"{house.people[3].first_name} {house.people[3].last_name}"
    house.cancel(bookings[0], 0, now)
    assert house.states()[1] == (1, "offered"), "the seat goes by the list as it stands"


def test_a_move_to_where_one_stands_leaves_no_trace(app, now):
    house, bookings = queue_house(now)
    assert reorder(house, bookings[2], 2, now) == 2
    assert db.session.scalar(select(AuditEvent).where(AuditEvent.action == "reorder")) is None


def test_only_the_organiser_moves_and_only_who_waits(app, now):
    house, bookings = queue_house(now)
    other = House()
    for actor in (house.actor(3), other.organiser):
        with pytest.raises((NotFoundError, PermissionDeniedError)):
            reorder(house, bookings[3], 1, now, actor=actor)
    with pytest.raises(InvalidTransitionError):
        reorder(house, bookings[0], 1, now)
    for position in (0, 4):
        with pytest.raises(InvalidInputError):
            reorder(house, bookings[3], position, now)
    assert line_of(house) == [1, 2, 3]


def test_no_other_coordinator_moves_people_of_a_sensitive_session(app, now):
    with transaction() as session:
        owner = make_coordinator(session, make_association(session))
    house, bookings = queue_house(now, theme_slug="stress_management", organiser_id=owner.id)
    with pytest.raises(PermissionDeniedError):
        reorder(house, bookings[3], 1, now)


def test_who_comes_is_reminded_once_two_days_before_and_again_of_another_day(any_app, now):
    house = House(seats=1)
    house.book(0, now)
    house.book(1, now)
    soon = house.workshop.starts_at - 2 * DAY
    assert remind_sessions(at=soon - timedelta(seconds=1)) == 0
    assert [tick(at=soon)["sessions_reminded"], tick(at=soon)["sessions_reminded"]] == [1, 0]
    assert kinds_to(house.people[0]) == [MessageKind.BOOKING_CONFIRMED, MessageKind.SESSION_REMINDER]
    assert kinds_to(house.people[1]) == [MessageKind.BOOKING_WAITING]
    with transaction() as session:
        session.get_one(WorkshopSession, house.workshop.id).starts_at += timedelta(hours=1)
    assert remind_sessions(at=soon + DAY) == 1
    assert kinds_to(house.people[0]).count(MessageKind.SESSION_REMINDER) == 2


def test_who_has_just_booked_is_not_reminded_at_once(app, now):
    house = House()
    soon = house.workshop.starts_at - DAY * 2
    house.book(0, soon)
    assert remind_sessions(at=soon + timedelta(hours=23)) == 0
    assert remind_sessions(at=soon + DAY) == 1
    assert remind_sessions(at=house.workshop.starts_at) == 0


def missed(now):
    house = House()
    booking = house.book(0, now)
    end = house.workshop.ends_at
    mark_attendance(booking_id=booking.booking_id, attended=False, actor=house.organiser, at=end)
    return house, booking, end


def test_a_person_puts_her_absence_right_and_her_word_counts(any_app, now):
    house, booking, end = missed(now)
    late = end + CORRECTED_WITHIN
    for _ in range(2):
        assert say_i_was_there(booking_id=booking.booking_id, actor=house.actor(0), at=late) is BookingState.ATTENDED
    assert db.session.scalar(select(Booking.corrected_at)) == late


def test_an_absence_is_put_right_by_herself_in_time_and_once(app, now):
    house, booking, end = missed(now)
    with pytest.raises(PermissionDeniedError):
        say_i_was_there(booking_id=booking.booking_id, actor=house.organiser, at=end)
    with pytest.raises(NotFoundError):
        say_i_was_there(booking_id=booking.booking_id, actor=house.actor(1), at=end)
    with pytest.raises(CorrectionOverError):
        say_i_was_there(
            booking_id=booking.booking_id, actor=house.actor(0), at=end + CORRECTED_WITHIN + timedelta(seconds=1)
        )
    say_i_was_there(booking_id=booking.booking_id, actor=house.actor(0), at=end)
    mark_attendance(booking_id=booking.booking_id, attended=False, actor=house.organiser, at=end)
    with pytest.raises(CorrectionOverError):
        say_i_was_there(booking_id=booking.booking_id, actor=house.actor(0), at=end)


def test_recent_attendance_counts_five_sessions_of_six_months_and_nothing_sensitive(any_app, now):
    with transaction() as session:
        association = make_association(session)
        person, other, quiet = (make_entrepreneur(session, association) for _ in range(3))
        for days in (400, 100, 90, 80, 70, 60, 50):
            state = BookingState.ABSENT if days in (400, 100, 60) else BookingState.ATTENDED
            workshop = make_workshop_session(session, association, starts_at=now - days * DAY)
            make_booking(session, workshop, person, state=state)
            make_booking(session, workshop, quiet, state=BookingState.ATTENDED)
        hidden = make_workshop_session(session, association, starts_at=now - 10 * DAY, theme_slug="stress_management")
        make_booking(session, hidden, person, state=BookingState.ABSENT)
        make_booking(session, hidden, other, state=BookingState.ABSENT)
    found = map_recent_attendance(db.session(), [person.id, other.id, quiet.id], at=now)
    assert {key: (one.came, one.of) for key, one in found.items()} == {person.id: (4, 5)}
