"""Visitors: no seat before the link is confirmed, seats exact, and forgotten on their day with every mail to them."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from models.accounts import Locale
from models.db import db, transaction
from models.exceptions import (
    InvalidInputError,
    NotFoundError,
    SessionAskedForError,
    SessionClosedError,
    TooManyVisitorsError,
)
from models.messages import Message, MessageKind
from models.queries.deadlines import check_deadlines
from models.queries.invariants import check_invariants
from models.states import BookingState, SessionState, VisitorState
from models.visitors import Visitor
from models.workshops import Booking, WorkshopSession
from tests.factories import make_visitor
from tests.webapp.services.test_bookings import House
from tests.webapp.services.test_workshops import VALUES, create
from webapp.services import visitors
from webapp.services.bookings import cancel_booking
from webapp.services.clocks import tick
from webapp.services.visitors import ask_for_seat, confirm_seat, leave_seat
from webapp.services.workshops import cancel_session, update_session

EMAIL = "camille@example.org"


@pytest.fixture
def house(any_app):
    return House(seats=1, is_public=True)


def ask(house, at, email=EMAIL, name="Camille Roy", **more):
    session_id, place = more.get("session_id", house.id), more.get("place", "192.0.2.1")
    ask_for_seat(session_id=session_id, name=name, email=email, locale=Locale.FRENCH, place=place, at=at)
    db.session.rollback()
    return db.session.scalars(select(Visitor).order_by(Visitor.id.desc())).first()


def reload(visitor):
    db.session.rollback()
    return db.session.get(Visitor, visitor.id, populate_existing=True)


def kinds():
    db.session.rollback()
    return [one.kind for one in db.session.scalars(select(Message).order_by(Message.id))]


def check_laws():
    db.session.rollback()
    assert [one.name for one in check_invariants(db.session()) if not one.holds] == []


def test_asking_holds_no_seat_and_confirming_takes_one(house, now):
    visitor = ask(house, now)
    assert (visitor.state, house.taken()) == (VisitorState.ASKED, 0)
    first = confirm_seat(visitor_id=visitor.public_id, at=now)
    assert confirm_seat(visitor_id=visitor.public_id, at=now) == first
    assert (first.state, house.taken()) == (VisitorState.CONFIRMED, 1)
    assert kinds() == [MessageKind.VISITOR_ASKED, MessageKind.VISITOR_CONFIRMED]
    check_laws()


def test_when_all_is_full_the_link_goes_on_working(house, now):
    house.book(0, now)
    visitor = ask(house, now)
    assert confirm_seat(visitor_id=visitor.public_id, at=now).is_full
    assert (reload(visitor).state, house.taken()) == (VisitorState.ASKED, 1)
    check_laws()


def test_in_the_last_day_a_free_seat_is_for_who_waits(house, now):
    house.book(0, now)
    house.book(1, now)
    visitor = ask(house, house.workshop.starts_at - timedelta(hours=30))
    late = house.workshop.starts_at - timedelta(hours=20)
    with transaction() as session:
        held = session.scalars(select(Booking).where(Booking.state == BookingState.CONFIRMED)).one().public_id
    cancel_booking(booking_id=held, actor=house.actor(0), at=late)
    assert house.taken() == 0
    assert confirm_seat(visitor_id=visitor.public_id, at=late).is_full
    assert house.taken() == 0


def test_a_seat_given_back_goes_to_who_is_followed_and_waits(house, now):
    visitor = ask(house, now)
    confirm_seat(visitor_id=visitor.public_id, at=now)
    house.book(0, now)
    assert [state for _person, state in house.states()] == ["waiting"]
    leave_seat(visitor_id=visitor.public_id, at=now)
    left = reload(visitor)
    assert (left.state, left.name, left.email) == (VisitorState.CANCELLED, None, None)
    assert [state for _person, state in house.states()] != ["waiting"]
    check_laws()
    with pytest.raises(NotFoundError):
        leave_seat(visitor_id=visitor.public_id, at=now)


def test_the_same_address_is_written_down_once_and_told_apart_from_nobody(house, now):
    visitor = ask(house, now)
    assert ask(house, now, email=" Camille@Example.org ").id == visitor.id
    assert kinds() == [MessageKind.VISITOR_ASKED]


def test_who_does_not_confirm_in_time_is_forgotten_and_may_ask_again(house, now):
    visitor = ask(house, now)
    late = now + timedelta(hours=48)
    with pytest.raises(NotFoundError):
        confirm_seat(visitor_id=visitor.public_id, at=late)
    counts = tick(at=late)
    assert (counts["lapsed_visitors"], counts["erased_visitors"]) == (1, 1)
    gone = reload(visitor)
    assert (gone.state, gone.name, gone.email, gone.erased_at) == (VisitorState.LAPSED, None, None, late)
    assert db.session.scalars(select(Message).where(Message.recipient == EMAIL)).all() == []
    assert tick(at=late)["lapsed_visitors"] == 0
    assert ask(house, late).id != visitor.id


def test_two_weeks_after_nothing_is_left_of_a_visitor(house, now):
    visitor = ask(house, now)
    confirm_seat(visitor_id=visitor.public_id, at=now)
    ends_at = house.workshop.ends_at
    assert tick(at=ends_at + timedelta(days=13))["erased_visitors"] == 0
    day = ends_at + timedelta(days=14)
    broken = {one.name for one in check_deadlines(db.session(), at=day + timedelta(days=3)) if not one.holds}
    assert "visitor_is_forgotten_on_her_day" in broken
    assert tick(at=day)["erased_visitors"] == 1
    gone = reload(visitor)
    assert (gone.state, gone.name, gone.email, gone.erased_at) == (VisitorState.CONFIRMED, None, None, day)
    addressed = db.session.scalars(select(Message).where(Message.recipient == EMAIL)).all()
    assert addressed == []
    held = {one.name: one.broken for one in check_deadlines(db.session(), at=day + timedelta(days=3))}
    assert held["visitor_is_forgotten_on_her_day"] == 0


def test_a_cancelled_session_tells_its_visitors_and_lets_them_go(house, now):
    confirmed, asked = ask(house, now), ask(house, now, email="autre@example.org")
    confirm_seat(visitor_id=confirmed.public_id, at=now)
    assert cancel_session(session_id=house.id, actor=house.organiser, at=now).told == 1
    assert [reload(one).state for one in (confirmed, asked)] == [VisitorState.CANCELLED] * 2
    assert reload(confirmed).email is None
    told = db.session.scalars(select(Message).where(Message.kind == MessageKind.VISITOR_CANCELLED)).all()
    assert [one.recipient for one in told] == [EMAIL]
    check_laws()


def test_a_moved_session_tells_its_visitors_and_keeps_them_as_long_after_it(house, now):
    outcome = create(house, now, is_public=True)
    visitor = ask(house, now, session_id=outcome.session_id)
    confirm_seat(visitor_id=visitor.public_id, at=now)
    ask(house, now, session_id=outcome.session_id, email="autre@example.org")
    moved = replace(VALUES, is_public=True, day=VALUES.day + timedelta(days=7))
    assert update_session(session_id=outcome.session_id, values=moved, actor=house.organiser, at=now).told == 1
    db.session.rollback()
    workshop = db.session.get(WorkshopSession, visitor.session_id, populate_existing=True)
    assert reload(visitor).erase_at == workshop.ends_at + timedelta(days=14)
    assert kinds()[-1] is MessageKind.VISITOR_CHANGED


def test_only_public_sessions_to_come_take_visitors(house, now):
    private = create(house, now).session_id
    for session_id in (private, uuid4()):
        with pytest.raises(NotFoundError):
            ask(house, now, session_id=session_id)
    with pytest.raises(SessionClosedError):
        ask(house, house.workshop.starts_at)
    visitor = ask(house, now)
    with transaction() as session:
        session.get_one(WorkshopSession, house.workshop.id).state = SessionState.HELD
    for decide in (confirm_seat, leave_seat):
        with pytest.raises(SessionClosedError):
            decide(visitor_id=visitor.public_id, at=now)
        with pytest.raises(NotFoundError):
            decide(visitor_id=uuid4(), at=now)


@pytest.mark.parametrize(
    ("values", "field"),
    [({"name": "  "}, "name"), ({"name": "a" * 121}, "name"), ({"email": "x"}, "email"), ({"email": "ab.fr"}, "email")],
)
def test_a_name_and_an_address_are_needed(house, now, values, field):
    with pytest.raises(InvalidInputError) as refused:
        ask(house, now, **values)
    assert refused.value.facts["field"] == field


def test_nobody_fills_mailboxes_through_us(house, now, monkeypatch):
    monkeypatch.setattr(visitors, "MOST_ASKED", 2)
    first = ask(house, now, email="a0@example.org")
    ask(house, now, email="a1@example.org")
    with pytest.raises(SessionAskedForError) as refused:
        ask(house, now, email="a3@example.org")
    assert len(kinds()) == 2
    again = refused.value.facts["retry_at"]
    assert again == reload(first).expires_at
    ask(house, again, email="a3@example.org")  # before anything has tidied what ran out


def test_one_place_never_closes_a_session_for_the_others(house, now, monkeypatch):
    monkeypatch.setattr(visitors, "PER_PLACE", 2)
    near = ["2001:db8::1", "2001:db8::2", "2001:db8::3"]  # one household has them all
    for number, place in enumerate(near[:2]):
        ask(house, now, email=f"a{number}@example.org", place=place)
    with pytest.raises(TooManyVisitorsError) as refused:
        ask(house, now, email="a3@example.org", place=near[2])
    ask(house, now, email="a4@example.org", place="192.0.2.9")
    assert len(kinds()) == 3
    ask(house, refused.value.facts["retry_at"], email="a3@example.org", place=near[2])


def test_what_one_place_may_ask_leaves_room_for_the_others():
    touched = visitors.LINK_LIVES // visitors.PER_DAY + 1
    assert visitors.PER_PLACE * touched < visitors.MOST_ASKED


def test_a_private_theme_is_never_public(house, now):
    with pytest.raises(InvalidInputError) as refused:
        create(house, now, theme="stress_management", is_public=True)
    assert refused.value.facts["field"] == "is_public"
    outcome = create(house, now, is_public=True)
    with pytest.raises(InvalidInputError):
        update_session(
            session_id=outcome.session_id,
            values=replace(VALUES, theme="stress_management", is_public=True),
            actor=house.organiser,
            at=now,
        )


def test_a_factory_visitor_keeps_the_laws(house):
    with transaction() as session:
        make_visitor(session, session.merge(house.workshop), state=VisitorState.ASKED)
    check_laws()
