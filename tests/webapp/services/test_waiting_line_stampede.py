"""Waiting lists while everything crosses, in many processes: seats exact, the order right, each event told once."""

from collections import Counter

import pytest
from sqlalchemy import select

from models.associations import Association
from models.audit import AuditEvent
from models.db import db, transaction
from models.messages import Message, MessageKind
from models.queries.invariants import check_invariants
from models.states import SEATED_BOOKING_STATES, BookingState
from models.workshops import Booking, WorkshopSession
from tests.factories import make_workshop_series
from tests.processes import run_together
from tests.webapp.services.line_crowd import cross
from tests.webapp.services.test_workshop_stampede import Venue, results
from webapp.services.bookings import book_session, cancel_booking

LAWS = frozenset(
    {
        "session_taken_equals_seats_held",
        "session_within_seats",
        "waiting_only_when_full",
        "one_turn_each_in_a_waiting_list",
        "booking_state_has_its_event",
    }
)
THEME = "stress_management"
TOLD = {
    ("book", "confirmed"): MessageKind.BOOKING_CONFIRMED,
    ("book", "waiting"): MessageKind.BOOKING_WAITING,
    ("offer", "offered"): MessageKind.SEAT_OFFERED,
    ("accept", "confirmed"): MessageKind.BOOKING_CONFIRMED,
    ("cancel", "cancelled"): MessageKind.BOOKING_CANCELLED,
}
KINDS_TOLD = tuple(f":{kind.value}" for kind in TOLD.values())


def run_crossing(url, folder, now, *, is_guarded):
    """Let sixteen processes work on the three small dates of a series, whose theme goes by the order of arrival."""
    venue = Venue(people_each=3, sessions=3, seats=3, theme_slug=THEME)
    series = join_in_series(venue)
    open_lists(venue, now)
    arguments = [
        (people, venue.sessions, (series, THEME), venue.organiser, now, number, is_guarded)
        for number, people in enumerate(venue.crowds)
    ]
    db.session.rollback()
    answers = run_together(url, folder, cross, arguments)
    if not is_guarded:
        # The database's own CHECK may stop an unguarded process: that is one more way of turning red.
        return sum((answer for kind, answer in answers if kind == "done"), Counter())
    return sum(results(answers), Counter())


def join_in_series(venue):
    """Make the sessions dates of one series."""
    with transaction() as session:
        dates = session.scalars(select(WorkshopSession)).all()
        association = session.get_one(Association, dates[0].association_id)
        series = make_workshop_series(session, association, theme_slug=THEME)
        for workshop in dates:
            workshop.series_id = series.id
        return series.public_id


def open_lists(venue, now):
    """Fill the rooms, let a line form behind each, and give one seat back: something waits for everybody's part."""
    for session_id in venue.sessions:
        booked = [
            (book_session(session_id=session_id, entrepreneur_id=person, actor=actor, at=now), actor)
            for (person, actor), *_ in venue.crowds[:10]
        ]
        first, actor = booked[0]
        cancel_booking(booking_id=first.booking_id, actor=actor, at=now)


def check_lists():
    """Compare every session with its bookings, its events in order, and its messages."""
    db.session.rollback()
    broken = [check.name for check in check_invariants(db.session(), names=LAWS) if not check.holds]
    assert broken == []
    for workshop in db.session.scalars(select(WorkshopSession)):
        bookings = list(db.session.scalars(select(Booking).where(Booking.session_id == workshop.id)))
        seated = sum(booking.state in SEATED_BOOKING_STATES for booking in bookings)
        assert seated == workshop.taken <= workshop.seats
        replay(bookings)


def replay(bookings):
    """Go through the events: each offer went to the first in line, each move began where the log says."""
    by_id = {booking.id: booking for booking in bookings}
    events = select(AuditEvent).where(AuditEvent.record == "booking", AuditEvent.record_id.in_(by_id))
    line, expected = [], Counter()
    for event in db.session.scalars(events.order_by(AuditEvent.id)):
        booking = by_id[event.record_id]
        if event.action == "reorder":
            before, after = (int(part) - 1 for part in event.note.split(" -> "))
            assert line[before] == booking.id, "the log names another position than she had"
            line.insert(after, line.pop(before))
            continue
        kind = TOLD[event.action, event.to_state]
        expected[f"booking:{booking.public_id}:{kind.value}"] += 1
        if event.action == "offer":
            assert line[0] == booking.id, "somebody was passed over"
        if event.action == "book" and event.to_state == "confirmed":
            assert not line, "somebody got a seat although others waited"
        if event.to_state == "waiting":
            line.append(booking.id)
        elif booking.id in line:
            line.remove(booking.id)
    waiting = sorted((one for one in bookings if one.state is BookingState.WAITING), key=lambda one: one.turn)
    assert [one.id for one in waiting] == line
    ids = tuple(f"booking:{booking.public_id}:" for booking in bookings)
    keys = [key for key in db.session.scalars(select(Message.event_key)) if key.startswith(ids)]
    assert Counter(key for key in keys if key.endswith(KINDS_TOLD)) == expected
    assert len(keys) == len(set(keys))


def test_lists_stay_exact_and_in_order_while_everything_crosses(any_app, any_url, tmp_path, now):
    did = run_crossing(any_url, tmp_path, now, is_guarded=True)
    check_lists()
    wanted = {"accepted", "lapsed", "moved", "resized", "left", "waiting", "book_series", "leave_series", "date_moved"}
    assert wanted <= {name for name, count in did.items() if count}


def test_offering_a_seat_without_taking_it_breaks_the_same_check(any_app, any_url, tmp_path, now):
    """The negative control: without the conditional update the check turns red."""
    run_crossing(any_url, tmp_path, now, is_guarded=False)
    with pytest.raises(AssertionError):
        check_lists()
