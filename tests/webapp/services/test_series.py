"""Series: every date booked or left at once, each with its own seats; the theme is that of the series."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from models.db import db, transaction
from models.exceptions import (
    InvalidInputError,
    NotEligibleError,
    NotFoundError,
    PermissionDeniedError,
    RepeatedRequestError,
    SessionClosedError,
)
from models.queries.invariants import check_invariants
from models.series import WorkshopSeries
from models.states import EntrepreneurState, SessionState
from models.workshops import Booking, WorkshopSession
from tests.factories import make_association, make_coordinator, make_workshop_series, make_workshop_session
from tests.webapp.services.test_bookings import House
from tests.webapp.services.test_workshops import VALUES, create
from webapp.permissions import Actor
from webapp.services.bookings import book_session
from webapp.services.series import SeriesValues, book_series, create_series, leave_series, update_series
from webapp.services.workshops import update_session

SERIES = SeriesValues(theme="financial_management", title="Gérer au quotidien", description="Trois soirées.")


@pytest.fixture
def house(any_app):
    return House()


def make_dates(house, now, seats=(2, 1, 2), **values):
    with transaction() as session:
        series = make_workshop_series(session, house.association, **values)
        dates = [
            make_workshop_session(
                session,
                house.association,
                series_id=series.id,
                seats=number,
                starts_at=now + timedelta(days=7 * (place + 1)),
            )
            for place, number in enumerate(seats)
        ]
    return series, dates


def book(house, series, number, at, **more):
    return book_series(
        series_id=series.public_id,
        entrepreneur_id=house.people[number].public_id,
        actor=more.pop("actor", house.actor(number)),
        at=at,
        **more,
    )


def leave(house, series, number, at):
    return leave_series(
        series_id=series.public_id,
        entrepreneur_id=house.people[number].public_id,
        actor=house.actor(number),
        at=at,
    )


def states_of(house, number):
    db.session.rollback()
    rows = select(Booking.state).where(Booking.entrepreneur_id == house.people[number].id).order_by(Booking.session_id)
    return [state.value for state in db.session.scalars(rows)]


def check_house():
    db.session.rollback()
    names = {"session_taken_equals_seats_held", "session_within_seats", "waiting_only_when_full"}
    assert [one.name for one in check_invariants(db.session(), names=names) if not one.holds] == []


def test_one_tap_books_every_date_to_come_and_waits_where_it_is_full(house, now):
    series, _dates = make_dates(house, now)
    first = book(house, series, 0, now)
    assert (first.seated, first.waiting) == (3, 0)
    second = book(house, series, 1, now)
    assert (second.seated, second.waiting) == (2, 1)
    assert states_of(house, 1) == ["confirmed", "waiting", "confirmed"]
    assert book(house, series, 1, now) == second
    check_house()


def test_dates_gone_by_or_cancelled_are_left_out(house, now):
    series, dates = make_dates(house, now)
    with transaction() as session:
        session.get_one(WorkshopSession, dates[2].id).state = SessionState.CANCELLED
    outcome = book(house, series, 0, now + timedelta(days=8))
    assert (outcome.seated, outcome.waiting) == (1, 0)
    with pytest.raises(SessionClosedError):
        book(house, series, 1, now + timedelta(days=30))
    assert states_of(house, 1) == []


def test_leaving_offers_every_place_to_who_waits_and_may_be_done_twice(house, now):
    series, _dates = make_dates(house, now, seats=(1, 1))
    book(house, series, 0, now)
    book(house, series, 1, now)
    assert leave(house, series, 0, now).left == 2
    assert states_of(house, 1) == ["offered", "offered"]
    assert states_of(house, 0) == ["cancelled", "cancelled"]
    assert leave(house, series, 0, now).left == 0
    assert leave(house, series, 1, now + timedelta(days=8)).left == 1
    assert states_of(house, 1) == ["offered", "cancelled"]
    check_house()


def test_a_date_booked_before_stays_and_the_others_are_added(house, now):
    series, dates = make_dates(house, now)
    book_session(
        session_id=dates[1].public_id,
        entrepreneur_id=house.people[0].public_id,
        actor=house.actor(0),
        at=now,
    )
    outcome = book(house, series, 0, now)
    assert (outcome.seated, outcome.waiting) == (3, 0)
    assert len(states_of(house, 0)) == 3


def test_who_may_not_book_changes_nothing(house, now):
    series, _dates = make_dates(house, now)
    with pytest.raises(NotFoundError):
        book(house, series, 0, now, actor=house.actor(1))
    with transaction() as session:
        closed = session.merge(house.people[2])
        closed.state, closed.closed_at = EntrepreneurState.CLOSED, now
    with pytest.raises(NotEligibleError):
        book(house, series, 2, now)
    with transaction() as session:
        other = make_association(session)
        foreign = make_workshop_series(session, other)
        make_workshop_session(session, other, series_id=foreign.id, starts_at=now + timedelta(days=3))
    with pytest.raises(NotFoundError):
        book(house, foreign, 0, now)
    with pytest.raises(NotFoundError):
        book_series(series_id=uuid4(), entrepreneur_id=house.people[0].public_id, actor=house.actor(0), at=now)
    db.session.rollback()
    assert db.session.scalars(select(Booking)).all() == []


def test_nobody_but_the_organiser_books_a_private_series_for_somebody(house, now):
    with transaction() as session:
        other = make_coordinator(session, house.association)
        owner = house.coordinator.id
    series, dates = make_dates(house, now, theme_slug="stress_management")
    with transaction() as session:
        for date in dates:
            row = session.get_one(WorkshopSession, date.id)
            row.theme_slug, row.organiser_id = "stress_management", owner
    stranger = Actor(account_id=other.id, coordinates=frozenset({house.association.id}))
    with pytest.raises(PermissionDeniedError):
        book(house, series, 0, now, actor=stranger)
    assert states_of(house, 0) == []
    assert book(house, series, 0, now, actor=house.organiser).seated == 3


def test_a_form_sent_twice_makes_one_series(house, now):
    def make():
        return create_series(
            association_id=house.association.public_id, values=SERIES, actor=house.organiser, at=now, form_key="k1"
        )

    made = make()
    with pytest.raises(RepeatedRequestError) as refused:
        make()
    assert refused.value.facts["outcome"] == str(made)
    assert len(db.session.scalars(select(WorkshopSeries)).all()) == 1


def test_the_theme_of_a_series_stays_and_its_dates_have_it(house, now):
    series_id = create_series(association_id=house.association.public_id, values=SERIES, actor=house.organiser, at=now)
    for values, field in (
        (replace(SERIES, theme="stress_management"), "series_theme"),
        (replace(SERIES, theme="surfing"), "theme_unknown"),
        (replace(SERIES, title="  "), "title"),
    ):
        with pytest.raises(InvalidInputError) as refused:
            update_series(series_id=series_id, values=values, actor=house.organiser, at=now)
        assert refused.value.facts["field"] == field
    update_series(series_id=series_id, values=replace(SERIES, title="Autre"), actor=house.organiser, at=now)
    outcome = create(house, now, series_id=series_id)
    for wrong in ({"theme": "stress_management"}, {"series_id": uuid4()}):
        with pytest.raises(InvalidInputError) as refused:
            create(house, now, **{"series_id": series_id, **wrong})
        assert refused.value.facts["field"] == "series"
        with pytest.raises(InvalidInputError):
            update_session(
                session_id=outcome.session_id,
                values=replace(VALUES, **{"series_id": series_id, **wrong}),
                actor=house.organiser,
                at=now,
            )
    update_session(session_id=outcome.session_id, values=VALUES, actor=house.organiser, at=now)
    db.session.rollback()
    row = db.session.scalar(select(WorkshopSession).where(WorkshopSession.public_id == outcome.session_id))
    assert row.series_id is None


def test_a_series_is_of_its_association(house, now):
    with transaction() as session:
        other = make_association(session)
        foreign = make_workshop_series(session, other)
    with pytest.raises(InvalidInputError):
        create(house, now, series_id=foreign.public_id)
    with pytest.raises(NotFoundError):
        update_series(series_id=foreign.public_id, values=SERIES, actor=house.organiser, at=now)
    with pytest.raises(NotFoundError):
        create_series(association_id=other.public_id, values=SERIES, actor=house.organiser, at=now)
