"""A session is cancelled and another date proposed: all are asked there in their order, told once, and can say no."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select, update

from models.clocks import SPANS, Clock
from models.db import db, transaction
from models.exceptions import InvalidInputError, InvalidWallTimeError, NotFoundError, SessionClosedError
from models.messages import Message, MessageKind
from models.queries.deadlines import check_deadlines
from models.queries.invariants import check_invariants
from models.queries.other_dates import find_other_date
from models.states import BookingState, MessageState, SessionState, VisitorState
from models.workshops import Booking, CancelReason, MoveReason, WaitingRule, WorkshopSession
from tests.factories import make_booking, make_coordinator, make_visitor, make_workshop_session
from tests.webapp.services.test_bookings import House, kinds_to
from webapp.messages.wording import render_message
from webapp.services.bookings import book_session, cancel_booking
from webapp.services.other_dates import NewDate, take_back_other_date
from webapp.services.seat_offers import accept_seat, expire_offers
from webapp.services.waiting_moves import move_in_line
from webapp.services.working_days import add_working_days
from webapp.services.workshops import cancel_session

DAY = timedelta(days=1)
AFTER = {"starts_at": datetime(2026, 12, 15, 17, 0, tzinfo=UTC), "wall_start": "2026-12-15T18:00"}
SENSITIVE = {"theme_slug": "stress_management", "title": "Souffler"}
NEW = NewDate(day=date(2026, 12, 16), starts_at=time(18, 0), ends_at=time(20, 0))


def other_of(house, **values):
    with transaction() as session:
        made = make_workshop_session(session, house.association, **{**AFTER, **values})
    return made.public_id


def full_house(now, **values):
    """Two have a seat, two wait behind them."""
    house = House(seats=2, people=6, **values)
    for number in range(4):
        house.book(number, now)
    return house


def cancel(house, now, other=None, actor=None):
    return cancel_session(session_id=house.id, actor=actor or house.organiser, at=now, other=other)


def line_of(house, session_id):
    """Say who stands how at a session, in the order of turns."""
    db.session.rollback()
    rows = db.session.execute(
        select(Booking.entrepreneur_id, Booking.state)
        .join(WorkshopSession, WorkshopSession.id == Booking.session_id)
        .where(WorkshopSession.public_id == session_id)
        .order_by(Booking.turn)
    )
    order = {person.id: number for number, person in enumerate(house.people)}
    return [(order[entrepreneur_id], state.value) for entrepreneur_id, state in rows]


def booking_at(house, session_id, number):
    db.session.rollback()
    return db.session.scalars(
        select(Booking)
        .join(WorkshopSession, WorkshopSession.id == Booking.session_id)
        .where(WorkshopSession.public_id == session_id, Booking.entrepreneur_id == house.people[number].id)
    ).one()


def load(session_id):
    db.session.rollback()
    return db.session.scalars(select(WorkshopSession).where(WorkshopSession.public_id == session_id)).one()


def last_mail(person):
    db.session.rollback()
    return db.session.scalars(
        select(Message).where(Message.recipient == person.email).order_by(Message.id.desc())
    ).first()


def assert_laws_hold(at):
    db.session.rollback()
    checks = [*check_invariants(db.session()), *check_deadlines(db.session(), at=at)]
    mine = ("session", "booking", "seat", "turn", "waiting", "offer", "other_date", "visitor")
    assert [check.name for check in checks if not check.holds and any(word in check.name for word in mine)] == []


def test_who_had_a_place_is_offered_one_and_the_line_stands_behind_in_order(any_app, now):
    house = full_house(now)
    other = other_of(house, seats=3)
    outcome = cancel(house, now, other)
    assert (outcome.state, outcome.offered, outcome.told) == (SessionState.CANCELLED, 3, 4)
    assert line_of(house, other) == [(0, "offered"), (1, "offered"), (2, "offered"), (3, "waiting")]
    until = {booking_at(house, other, number).offer_until for number in range(3)}
    assert until == {add_working_days(now, 3)}, "longer than the day of the clock"
    assert load(other).taken == 3
    assert_laws_hold(now)
    assert cancel(house, now, other).told == 0, "a second call changes nothing"
    assert len(line_of(house, other)) == 4


def test_each_is_told_once_of_both(any_app, now):
    house = full_house(now)
    other = other_of(house, seats=2, title="Tenir bon", place="Salle des fêtes")
    cancel(house, now, other)
    for number in range(4):
        assert kinds_to(house.people[number])[-1] is MessageKind.SESSION_CANCELLED
        assert len(kinds_to(house.people[number])) == 2
    asked, waits = (render_message(last_mail(house.people[number])).body for number in (0, 3))
    for body in (asked, waits):
        assert "8 décembre" in body
        assert "15 décembre" in body
        assert "Salle des fêtes" in body
        assert f"/sessions/{other}" in body
    assert "answer=yes" in asked
    assert "dites oui avant" in asked
    assert "/tap/" not in waits


def test_the_offer_is_answered_and_passed_on_by_the_same_clock(any_app, now):
    house = full_house(now)
    other = other_of(house, seats=2)
    cancel(house, now, other)
    accept_seat(booking_id=booking_at(house, other, 0).public_id, actor=house.actor(0), at=now)
    later = booking_at(house, other, 1).offer_until
    assert expire_offers(at=later) == 1
    assert line_of(house, other) == [(0, "confirmed"), (1, "cancelled"), (2, "offered"), (3, "waiting")]
    assert kinds_to(house.people[2])[-1] is MessageKind.SEAT_OFFERED
    assert_laws_hold(later)


def test_at_a_date_that_is_near_nobody_has_longer_than_the_clock(any_app, now):
    house = full_house(now)
    other = other_of(house, starts_at=now + 5 * DAY, seats=2)
    cancel(house, now, other)
    assert booking_at(house, other, 0).offer_until == now + timedelta(days=SPANS[Clock.SEAT_OFFER].default)


def test_a_line_changed_by_hand_keeps_that_order(any_app, now):
    house = House(seats=1, people=4)
    booked = [house.book(number, now) for number in range(4)]
    move_in_line(booking_id=booked[3].booking_id, position=1, reason=MoveReason.URGENT, actor=house.organiser, at=now)
    other = other_of(house, seats=1)
    cancel(house, now, other)
    assert line_of(house, other) == [(0, "offered"), (3, "waiting"), (1, "waiting"), (2, "waiting")]
    assert_laws_hold(now)


def test_a_first_timer_who_joins_later_does_not_pass_who_had_a_place(any_app, now):
    house = full_house(now)
    other = other_of(house, seats=1)
    cancel(house, now, other)
    book_session(session_id=other, entrepreneur_id=house.people[4].public_id, actor=house.actor(4), at=now + DAY)
    assert line_of(house, other)[:2] == [(0, "offered"), (1, "waiting")]
    rules = {number: booking_at(house, other, number).waiting_rule for number in (0, 1, 2)}
    assert rules[0] is rules[1] is WaitingRule.CANCELLED_BEFORE
    assert rules[2] is not WaitingRule.CANCELLED_BEFORE


def test_who_has_a_place_there_already_keeps_it(any_app, now):
    house = full_house(now)
    other = other_of(house, seats=2)
    book_session(session_id=other, entrepreneur_id=house.people[1].public_id, actor=house.actor(1), at=now)
    cancel(house, now, other)
    assert dict(line_of(house, other)) == {0: "offered", 1: "confirmed", 2: "waiting", 3: "waiting"}
    assert booking_at(house, other, 1).from_session_id is None
    assert "reste la vôtre" in render_message(last_mail(house.people[1])).body
    assert_laws_hold(now)


@pytest.mark.parametrize(
    ("state", "there"),
    [
        (BookingState.CONFIRMED, BookingState.OFFERED),
        (BookingState.WAITING, BookingState.OFFERED),
        (BookingState.OFFERED, BookingState.OFFERED),
        (BookingState.CANCELLED, None),
        (BookingState.ATTENDED, "refused"),
        (BookingState.ABSENT, "refused"),
    ],
)
def test_every_state_of_a_booking(any_app, now, state, there):
    house = House(seats=1, people=1)
    values = {
        BookingState.OFFERED: {"offer_until": now + DAY},
        BookingState.CANCELLED: {"cancel_reason": CancelReason.BY_PERSON, "cancelled_at": now},
    }
    with transaction() as session:
        workshop = session.get(WorkshopSession, house.workshop.id)
        make_booking(session, workshop, house.people[0], state=state, **values.get(state, {}))
    other = other_of(house)
    if there == "refused":
        with pytest.raises(SessionClosedError):
            cancel(house, now, other)
        assert line_of(house, other) == []
        return
    cancel(house, now, other)
    assert [name for _number, name in line_of(house, other)] == ([there.value] if there else [])


@pytest.mark.parametrize(
    "values",
    [
        {"state": SessionState.CANCELLED},
        {"state": SessionState.HELD},
        {"starts_at": datetime(2026, 11, 1, 17, 0, tzinfo=UTC)},
        SENSITIVE,
    ],
)
def test_a_date_at_which_nobody_can_be_asked_is_refused_and_nothing_is_cancelled(any_app, now, values):
    house = full_house(now)
    other = other_of(house, **values)
    with pytest.raises(InvalidInputError) as refused:
        cancel(house, now, other)
    assert refused.value.facts["field"] == "other"
    assert load(house.id).state is SessionState.SCHEDULED
    assert house.taken() == 2


def test_a_day_too_near_itself_and_other_associations_are_refused(any_app, now):
    house = full_house(now)
    soon = other_of(house, starts_at=now + DAY)
    for other in (soon, house.id):
        with pytest.raises(InvalidInputError):
            cancel(house, now, other)
    with pytest.raises(NotFoundError):
        cancel(house, now, House().id)
    with pytest.raises(NotFoundError):
        cancel(house, now, other_of(house), actor=House().organiser)
    assert load(house.id).state is SessionState.SCHEDULED


def test_a_private_session_leads_only_to_a_private_one_of_the_same_organiser_and_says_nothing(any_app, now):
    house = House(seats=2, people=6, **SENSITIVE)
    with transaction() as session:
        stranger = make_coordinator(session, house.association)
        session.execute(
            update(WorkshopSession)
            .where(WorkshopSession.id == house.workshop.id)
            .values(organiser_id=house.coordinator.id)
        )
    for number in range(3):
        house.book(number, now)
    for wrong in (other_of(house), other_of(house, **SENSITIVE, organiser_id=stranger.id)):
        with pytest.raises(InvalidInputError):
            cancel(house, now, wrong)
    other = other_of(house, **SENSITIVE, organiser_id=house.coordinator.id, seats=2)
    cancel(house, now, other)
    assert line_of(house, other) == [(0, "offered"), (1, "offered"), (2, "waiting")]
    assert {booking_at(house, other, number).waiting_rule for number in range(3)} == {WaitingRule.ARRIVAL}
    for number in range(3):
        mail = last_mail(house.people[number])
        assert "Souffler" not in f"{mail.facts} {render_message(mail).body}"
    assert_laws_hold(now)


def test_a_copy_at_another_date_is_made_in_the_same_step(any_app, now):
    house = full_house(now, minimum=2, decide_by=now + DAY)
    outcome = cancel(house, now, NEW)
    copy = db.session.scalars(select(WorkshopSession).where(WorkshopSession.id != house.workshop.id)).one()
    before = load(house.id)
    assert (copy.wall_start, copy.starts_at) == ("2026-12-16T18:00", datetime(2026, 12, 16, 17, 0, tzinfo=UTC))
    assert (copy.title, copy.seats, copy.place, copy.minimum) == (before.title, 2, before.place, 2)
    assert copy.decide_by == copy.starts_at - 3 * DAY
    assert outcome.offered == 2
    assert line_of(house, copy.public_id) == [(0, "offered"), (1, "offered"), (2, "waiting"), (3, "waiting")]
    assert_laws_hold(now)
    cancel(house, now, NEW)
    assert len(list(db.session.scalars(select(WorkshopSession.id)))) == 2, "a second call makes no second copy"


@pytest.mark.parametrize(
    ("when", "field"),
    [
        (NewDate(day=date(2026, 11, 1), starts_at=time(18), ends_at=time(20)), "other_day"),
        (NewDate(day=date(2026, 12, 16), starts_at=time(18), ends_at=time(18)), "ends_at"),
        (NewDate(day=date(2026, 12, 8), starts_at=time(18), ends_at=time(19)), "same_time"),
    ],
)
def test_a_copy_that_cannot_be_is_refused_and_nothing_is_cancelled(any_app, now, when, field):
    house = full_house(now)
    with pytest.raises(InvalidInputError) as refused:
        cancel(house, now, when)
    assert refused.value.facts["field"] == field
    with pytest.raises(InvalidWallTimeError):
        cancel(house, now, NewDate(day=date(2027, 3, 28), starts_at=time(2, 30), ends_at=time(4)))
    assert load(house.id).state is SessionState.SCHEDULED
    assert len(list(db.session.scalars(select(WorkshopSession.id)))) == 1


def test_taking_the_offers_back_leaves_who_said_yes_and_frees_the_seats(any_app, now):
    house = full_house(now)
    other = other_of(house, seats=2)
    cancel(house, now, other)
    book_session(session_id=other, entrepreneur_id=house.people[4].public_id, actor=house.actor(4), at=now)
    accept_seat(booking_id=booking_at(house, other, 0).public_id, actor=house.actor(0), at=now)
    sheet = find_other_date(db.session(), house.workshop.id)
    assert (sheet.session.public_id, sheet.accepted, sheet.offered, sheet.waiting) == (other, 1, 1, 2)
    again = [take_back_other_date(session_id=house.id, actor=house.organiser, at=now) for _ in range(2)]
    assert again == [3, 0]
    assert dict(line_of(house, other)) == {0: "confirmed", 1: "cancelled", 2: "cancelled", 3: "cancelled", 4: "offered"}
    assert kinds_to(house.people[1])[-1] is MessageKind.BOOKING_CANCELLED
    assert booking_at(house, other, 1).cancel_reason is CancelReason.BY_ORGANISER
    assert_laws_hold(now)
    with pytest.raises(NotFoundError):
        take_back_other_date(session_id=house.id, actor=House().organiser, at=now)


def test_without_anybody_asked_there_is_nothing_to_take_back(any_app, now):
    house = House()
    cancel(house, now)
    assert take_back_other_date(session_id=house.id, actor=house.organiser, at=now) == 0


def test_an_offer_in_the_news_leaves_at_once_and_without_one_it_may_wait(any_app, now):
    night = now.replace(hour=1)
    house = full_house(night)
    cancel(house, night, other_of(house, seats=2))
    asked, waits = last_mail(house.people[0]), last_mail(house.people[3])
    assert (asked.state, asked.next_try_at) == (MessageState.QUEUED, night)
    assert waits.next_try_at > night


@pytest.mark.parametrize("is_public", [True, False])
def test_visitors_are_told_of_a_public_date_and_hold_nothing_there(any_app, now, is_public):
    house = House(seats=3, is_public=True)
    with transaction() as session:
        workshop = session.get(WorkshopSession, house.workshop.id)
        visitor = make_visitor(session, workshop, state=VisitorState.CONFIRMED)
        email = visitor.email
    other = other_of(house, is_public=is_public)
    cancel(house, now, other)
    mail = db.session.scalars(select(Message).where(Message.recipient == email)).one()
    assert (f"/events/{other}" in render_message(mail).body) is is_public
    assert load(other).taken == 0
    assert_laws_hold(now)


def test_a_booking_instead_of_a_session_that_takes_place_breaks_the_law(any_app, now):
    house = House(seats=2)
    booking = house.book(0, now)
    other = other_of(house)
    with transaction() as session:
        found = session.scalars(select(Booking).where(Booking.public_id == booking.booking_id)).one()
        found.from_session_id = session.scalars(
            select(WorkshopSession.id).where(WorkshopSession.public_id == other)
        ).one()
    with pytest.raises(AssertionError, match="other_date_is_instead"):
        assert_laws_hold(now)
    cancel_booking(booking_id=booking.booking_id, actor=house.actor(0), at=now)
