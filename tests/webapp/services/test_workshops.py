"""Workshop sessions: created and changed on French clocks, resized, cancelled, held."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import select

from models.db import db, transaction
from models.exceptions import (
    InvalidInputError,
    InvalidTransitionError,
    InvalidWallTimeError,
    NotFoundError,
    PermissionDeniedError,
    SeatsTakenError,
    SessionClosedError,
)
from models.messages import Message, MessageKind
from models.states import BookingState, SessionState
from models.workshops import Booking, CancelReason, SessionFormat, WorkshopSession
from tests.factories import make_association, make_coordinator
from tests.webapp.services.test_bookings import House, kinds_to
from webapp.services.wall_times import resolve_wall_time
from webapp.services.workshops import (
    SessionValues,
    cancel_session,
    create_session,
    hold_session,
    mark_attendance,
    resize_session,
    update_session,
)

VALUES = SessionValues(
    theme="financial_management",
    title="Tenir sa trésorerie",
    day=date(2026, 12, 8),
    starts_at=time(18, 0),
    ends_at=time(20, 0),
    format=SessionFormat.IN_PERSON,
    seats=2,
    place="Maison de l'emploi",
    commune_code="93066",
)


def create(house, now, **values):
    return create_session(
        association_id=house.association.public_id, values=replace(VALUES, **values), actor=house.organiser, at=now
    )


def load(session_id):
    db.session.rollback()
    return db.session.scalar(select(WorkshopSession).where(WorkshopSession.public_id == session_id))


def test_a_session_keeps_the_wall_time_the_zone_and_the_instant(any_app, now):
    house = House()
    outcome = create(house, now)
    workshop = load(outcome.session_id)
    assert workshop.starts_at == datetime(2026, 12, 8, 17, 0, tzinfo=UTC)
    assert (workshop.wall_start, workshop.zone) == ("2026-12-08T18:00", "Europe/Paris")
    assert workshop.organiser_id == house.coordinator.id
    assert workshop.latitude is not None


def test_a_wall_time_that_no_clock_shows_is_refused(app, now):
    with pytest.raises(InvalidWallTimeError) as refused:
        create(House(), now, day=date(2027, 3, 28), starts_at=time(2, 30), ends_at=time(4, 0))
    assert refused.value.facts["field"] == "starts_at"


@pytest.mark.parametrize(("day", "zone"), [(date.min, "Europe/Paris"), (date.max, "America/Cayenne")])
def test_a_day_at_the_end_of_the_calendar_is_refused(day, zone):
    with pytest.raises(InvalidInputError) as refused:
        resolve_wall_time(day, time(0, 0) if day == date.min else time(23, 0), zone=zone, field="date_1")
    assert refused.value.facts["field"] == "date_1"


def test_a_wall_time_that_comes_twice_means_the_first(app, now):
    outcome = create(House(), now, day=date(2027, 10, 31), starts_at=time(2, 30), ends_at=time(4, 0))
    assert load(outcome.session_id).starts_at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": "  "}, "title"),
        ({"place": ""}, "place"),
        ({"seats": 0}, "seats"),
        ({"seats": 501}, "seats"),
        ({"ends_at": time(18, 0)}, "ends_at"),
        ({"day": date(2026, 11, 1)}, "day"),
        ({"theme": "juggling"}, "theme"),
        ({"language": "xx"}, "language"),
        ({"commune_code": "00000"}, "commune_code"),
        ({"stages": ("tomorrow",)}, "stages"),
        ({"online_url": "javascript:alert(1)"}, "online_url"),
    ],
)
def test_values_that_cannot_be_are_refused_by_name(app, now, values, field):
    with pytest.raises(InvalidInputError) as refused:
        create(House(), now, **values)
    assert refused.value.facts["field"] == field


def test_only_coordinators_of_the_association_run_its_sessions(app, now):
    house, other = House(), House()
    with pytest.raises(NotFoundError):
        create_session(association_id=house.association.public_id, values=VALUES, actor=other.organiser, at=now)
    with pytest.raises((NotFoundError, PermissionDeniedError)):
        resize_session(session_id=house.id, seats=3, actor=house.actor(0), at=now)


def booked(house, now, people=3):
    return [house.book(number, now) for number in range(people)]


def test_new_time_and_place_are_told_and_raise_the_sequence(any_app, now):
    house = House()
    house.id = create(house, now).session_id
    booked(house, now)
    values = replace(VALUES, starts_at=time(17, 0))
    outcome = update_session(session_id=house.id, values=values, actor=house.organiser, at=now)
    assert outcome.told == 3
    workshop = load(house.id)
    assert (workshop.sequence, workshop.starts_at.hour) == (1, 16)
    assert kinds_to(house.people[2])[-1] is MessageKind.SESSION_CHANGED
    told = db.session.scalars(select(Message.facts).where(Message.kind == MessageKind.SESSION_CHANGED))
    assert {facts["lost_at"] for facts in told} == {"2026-12-08T17:00:00+00:00"}
    update_session(session_id=house.id, values=VALUES, actor=house.organiser, at=now)
    assert kinds_to(house.people[2]).count(MessageKind.SESSION_CHANGED) == 2


def test_new_words_raise_the_sequence_without_a_mail_and_no_change_does_nothing(app, now):
    house = House()
    house.id = create(house, now).session_id
    booked(house, now)
    update_session(session_id=house.id, values=VALUES, actor=house.organiser, at=now)
    assert load(house.id).sequence == 0
    values = replace(VALUES, description="Apportez vos factures.")
    assert update_session(session_id=house.id, values=values, actor=house.organiser, at=now).told == 0
    assert load(house.id).sequence == 1


def test_more_seats_are_offered_to_who_waits_and_fewer_than_taken_are_refused(any_app, now):
    house = House(seats=1)
    booked(house, now, people=4)
    outcome = resize_session(session_id=house.id, seats=3, actor=house.organiser, at=now)
    assert (outcome.offered, outcome.taken, outcome.seats) == (2, 3, 3)
    assert house.states() == [(0, "confirmed"), (1, "offered"), (2, "offered"), (3, "waiting")]
    with pytest.raises(SeatsTakenError) as refused:
        resize_session(session_id=house.id, seats=2, actor=house.organiser, at=now)
    assert refused.value.facts["taken"] == 3
    assert load(house.id).seats == 3


def test_a_cancelled_session_frees_everybody_and_tells_them_once(any_app, now):
    house = House(seats=1)
    booked(house, now)
    for _ in range(2):
        assert cancel_session(session_id=house.id, actor=house.organiser, at=now).state is SessionState.CANCELLED
    assert house.taken() == 0
    assert {state for _, state in house.states()} == {"cancelled"}
    for person in house.people[:3]:
        assert kinds_to(person).count(MessageKind.SESSION_CANCELLED) == 1
    assert not db.session.scalar(select(Message).where(Message.kind == MessageKind.SEAT_OFFERED))
    assert load(house.id).sequence == 1
    assert set(db.session.scalars(select(Booking.cancel_reason))) == {CancelReason.SESSION_CANCELLED}


def test_attendance_is_marked_and_corrected_after_the_start(any_app, now):
    house = House(seats=2)
    first, second, waiting = booked(house, now)
    start = house.workshop.starts_at

    def mark(booking, attended, at=start):
        return mark_attendance(booking_id=booking.booking_id, attended=attended, actor=house.organiser, at=at)

    with pytest.raises(SessionClosedError):
        mark(first, attended=True, at=now)
    assert mark(first, attended=True).to_mark == 1
    assert mark(first, attended=False).state is BookingState.ABSENT
    with pytest.raises(InvalidTransitionError):
        mark(waiting, attended=True)
    outcome = mark(second, attended=True)
    assert (outcome.to_mark, outcome.session_state) == (0, SessionState.HELD)
    assert house.states() == [(0, "absent"), (1, "attended"), (2, "cancelled")]
    assert mark(first, attended=True).state is BookingState.ATTENDED
    assert house.taken() == 2


def test_a_session_with_people_left_to_mark_is_not_held(app, now):
    house = House()
    booked(house, now, people=1)
    with pytest.raises(InvalidInputError):
        hold_session(session_id=house.id, actor=house.organiser, at=house.workshop.starts_at)


def test_a_session_where_nobody_came_can_be_held(app, now):
    house = House()
    for _ in range(2):
        state = hold_session(session_id=house.id, actor=house.organiser, at=house.workshop.starts_at)
    assert state is SessionState.HELD


def test_attendance_of_a_sensitive_session_is_for_its_organiser_alone(app, now):
    with transaction() as session:
        owner = make_coordinator(session, make_association(session))
    house = House(theme_slug="bounce_back", organiser_id=owner.id)
    booking = house.book(0, now)
    with pytest.raises(NotFoundError):
        mark_attendance(
            booking_id=booking.booking_id, attended=True, actor=house.organiser, at=house.workshop.starts_at
        )


def test_a_sensitive_session_that_people_booked_cannot_be_opened_by_another_theme(app, now):
    with transaction() as session:
        owner = make_coordinator(session, make_association(session))
    house = House(theme_slug="bounce_back", organiser_id=owner.id)
    assert update_session(
        session_id=house.id, values=replace(VALUES, theme="failure_talk"), actor=house.organiser, at=now
    )
    house.book(0, now)
    with pytest.raises(InvalidInputError) as refused:
        update_session(session_id=house.id, values=VALUES, actor=house.organiser, at=now)
    assert refused.value.facts["field"] == "theme"
    update_session(session_id=house.id, values=replace(VALUES, theme="bounce_back"), actor=house.organiser, at=now)


def test_a_session_that_has_begun_is_not_changed_any_more(app, now):
    house = House()
    for change in (
        lambda at: resize_session(session_id=house.id, seats=5, actor=house.organiser, at=at),
        lambda at: update_session(session_id=house.id, values=VALUES, actor=house.organiser, at=at),
    ):
        with pytest.raises(SessionClosedError):
            change(house.workshop.starts_at)


def test_a_session_with_marks_is_not_cancelled_any_more(app, now):
    house = House()
    first, _ = booked(house, now, people=2)
    start = house.workshop.starts_at
    mark_attendance(booking_id=first.booking_id, attended=True, actor=house.organiser, at=start)
    with pytest.raises(SessionClosedError):
        cancel_session(session_id=house.id, actor=house.organiser, at=start)
