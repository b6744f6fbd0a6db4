"""Seats that are asked for from two sides at once: by visitors and by members, and by who comes from another date."""

from collections import Counter

import pytest
from sqlalchemy import select

from models.db import db, transaction
from models.queries.invariants import check_invariants
from models.states import BookingState, VisitorState
from models.visitors import Visitor
from models.workshops import Booking, WorkshopSession
from tests.factories import make_visitor
from tests.processes import run_together
from tests.webapp.services import crowd
from tests.webapp.services.test_workshop_stampede import Venue, results
from webapp.services.bookings import book_session

SEATS, SIDE = 3, 4
"""Seats of a session, and the processes on each side."""

LAWS = frozenset({"session_taken_equals_seats_held", "session_within_seats", "waiting_only_when_full"})


def take_part(work, arguments):
    """Do what a process is for."""
    return work(*arguments)


def cross(url, folder, parts):
    """Run all parts at once, and add up what came of them; every seat must be held by somebody."""
    db.session.rollback()
    did = sum(results(run_together(url, folder, take_part, parts)), Counter())
    db.session.rollback()
    assert [check.name for check in check_invariants(db.session(), names=LAWS) if not check.holds] == []
    return did


@pytest.fixture
def venue(any_app):
    return Venue(people_each=2, sessions=2, seats=SEATS, is_public=True)


def test_visitors_and_members_never_share_the_last_seat(venue, any_url, tmp_path, now):
    session_id = venue.sessions[0]
    with transaction() as session:
        workshop = session.scalars(select(WorkshopSession).where(WorkshopSession.public_id == session_id)).one()
        visitors = [make_visitor(session, workshop).public_id for _ in range(2 * SIDE)]
    links = [visitors[2 * number : 2 * number + 2] for number in range(SIDE)]
    parts = [(crowd.confirm_all, (ids, now)) for ids in links]
    parts += [(crowd.book_all, (people, [session_id], now)) for people in venue.crowds[:SIDE]]
    did = cross(any_url, tmp_path, parts)
    assert did["confirmed"] == SEATS
    held = db.session.scalars(select(Visitor).where(Visitor.state == VisitorState.CONFIRMED)).all()
    seated = db.session.scalars(select(Booking).where(Booking.state == BookingState.CONFIRMED)).all()
    assert len(held) + len(seated) == SEATS


def test_who_comes_from_another_date_crosses_new_bookings(venue, any_url, tmp_path, now):
    before, other = venue.sessions
    coming = [one for people in venue.crowds[SIDE:] for one in people][:SEATS]
    for person, actor in coming:
        book_session(session_id=before, entrepreneur_id=person, actor=actor, at=now)
    parts = [(crowd.move_to, (before, other, venue.organiser, now))]
    parts += [(crowd.book_all, (people, [other], now)) for people in venue.crowds[:SIDE]]
    did = cross(any_url, tmp_path, parts)
    assert did["asked"] + did["confirmed"] == SEATS
    asked = db.session.scalars(select(Booking.state).where(Booking.from_session_id.is_not(None))).all()
    assert sorted(asked) == sorted(["offered"] * did["asked"] + ["waiting"] * (SEATS - did["asked"]))
    assert did["waiting"] == 2 * SIDE - did["confirmed"]
