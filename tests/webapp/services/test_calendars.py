"""Calendar files: one entry per session and person that later versions replace, and nothing private in them."""

from datetime import UTC, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import update

from models.associations import Association, Network
from models.db import transaction
from models.exceptions import NotFoundError
from models.states import CircleState, MeetingState, PairingState
from models.supporters import SupporterRole
from models.workshops import WorkshopSession
from tests.factories import (
    make_circle,
    make_circle_meeting,
    make_facilitator,
    make_meeting,
    make_pairing,
    make_supporter,
)
from tests.webapp.services.test_bookings import House
from webapp.permissions import Actor
from webapp.services.calendars import read_calendar
from webapp.services.circle_files import read_circle_calendar
from webapp.services.meeting_calendars import read_meeting_calendar
from webapp.services.seat_offers import accept_seat
from webapp.services.workshops import cancel_session

NEUTRAL = "Rendez-vous"
LINK = "https://maillage.example/sessions/1"


def read(house, number, at, *, reader=None):
    person = None if number is None else house.people[number].public_id
    actor = reader or house.actor(number or 0)
    data = read_calendar(session_id=house.id, entrepreneur_id=person, actor=actor, link=LINK, neutral=NEUTRAL, at=at)
    calendar = Calendar.from_ical(data)
    (event,) = calendar.walk("VEVENT")
    return data, event


def test_an_entry_has_the_wall_time_with_its_zone(app, now):
    house = House()
    house.book(0, now)
    data, event = read(house, 0, now)
    assert event.decoded("dtstart") == house.workshop.starts_at
    assert event["DTSTART"].params["TZID"] == "Europe/Paris"
    assert b"BEGIN:VTIMEZONE" in data
    assert event["SUMMARY"] == "Tenir sa trésorerie"
    assert event["URL"] == LINK


def test_each_move_of_a_person_replaces_her_entry(any_app, now):
    house = House(seats=1)
    seen = []

    def note(number=1):
        _, event = read(house, number, now)
        seen.append((str(event["UID"]), event["SEQUENCE"], str(event["STATUS"])))

    first = house.book(0, now)
    waiting = house.book(1, now)
    note()
    house.cancel(first, 0, now)
    accept_seat(booking_id=waiting.booking_id, actor=house.actor(1), at=now)
    note()
    house.cancel(waiting, 1, now)
    note()
    house.book(1, now)
    note()
    cancel_session(session_id=house.id, actor=house.organiser, at=now)
    note()
    assert len({uid for uid, _, _ in seen}) == 1
    assert [status for _, _, status in seen] == ["TENTATIVE", "CONFIRMED", "CANCELLED", "CONFIRMED", "CANCELLED"]
    sequences = [sequence for _, sequence, _ in seen]
    assert sequences == sorted(set(sequences))
    assert seen[0][0] != str(read(house, 0, now)[1]["UID"])


def test_the_entry_of_a_sensitive_session_names_the_organiser_only(app, now):
    house = House(theme_slug="stress_management", title="Gestion du stress", description="Souffler")
    house.book(0, now)
    data, event = read(house, 0, now)
    assert event["SUMMARY"] == house.association.name
    assert b"stress" not in data.lower()
    assert b"Souffler" not in data


def test_no_file_names_an_association_that_rebuilds(app, now):
    """Calendars are shared, and its name says what somebody went through: of a session, a talk, a circle."""
    house = House(theme_slug="stress_management", title="Gestion du stress")
    with transaction() as session:
        association = session.get_one(Association, house.association.id)
        association.name, association.network = "60 000 rebonds", Network.REBONDS
        coach = make_supporter(session, association, role=SupporterRole.COACH, capacity=21)
        pairing = make_pairing(session, house.people[0], coach, state=PairingState.ACTIVE)
        meeting = make_meeting(session, pairing, state=MeetingState.CONFIRMED)
        circle = make_circle(session, make_facilitator(session, coach), state=CircleState.CONFIRMED)
        gathered = make_circle_meeting(session, circle)
    told = {"link": LINK, "neutral": NEUTRAL, "actor": Actor(account_id=None, supporter_ids=frozenset({coach.id}))}
    files = [
        read(house, 0, now)[0],
        read_meeting_calendar(meeting_id=meeting.public_id, **told),
        read_circle_calendar(meeting_id=gathered.public_id, **told),
    ]
    assert [(b"SUMMARY:Rendez-vous" in file, b"rebonds" in file) for file in files] == [(True, False)] * 3


def test_a_title_cannot_begin_another_property(app, now):
    house = House(title="Devis\r\nATTENDEE:mailto:x@example.org")
    data, event = read(house, None, now)
    assert "ATTENDEE" not in event
    assert b"\r\nATTENDEE" not in data


def test_others_get_no_entry(app, now):
    house, other = House(), House()
    house.book(0, now)
    with pytest.raises(NotFoundError):
        read(house, None, now, reader=other.actor(0))
    with pytest.raises(NotFoundError):
        read(house, 0, now, reader=house.actor(1))


def test_a_session_that_crosses_the_change_of_clocks_keeps_its_instants(app, now):
    house = House()
    with transaction() as session:
        start = house.workshop.starts_at.replace(year=2027, month=10, day=31, hour=0)
        session.execute(update(WorkshopSession).values(starts_at=start, ends_at=start + timedelta(hours=2)))
    _, event = read(house, None, now)
    assert event.decoded("dtstart").astimezone(UTC) == start
    assert event.decoded("dtend").astimezone(UTC) == start + timedelta(hours=2)
