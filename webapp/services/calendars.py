"""Calendar files of workshop sessions: one entry per session and person, which later versions replace."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event
from sqlalchemy.orm import Session

from models.associations import Association
from models.db import db
from models.entrepreneurs import Entrepreneur
from models.exceptions import NotFoundError
from models.queries.bookings import count_own_bookings, find_live_booking
from models.queries.workshops import get_workshop_session
from models.states import IN_LINE_BOOKING_STATES, BookingState, SessionState
from models.topics import WorkshopTheme
from models.wall import lends
from models.workshops import Booking, SessionFormat, WorkshopSession
from webapp.permissions import Actor, Permission, require

PRODUCT = "-//Maillage//FR"
READ_AGAIN_AFTER = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """What a calendar shows of one session for one person. The same `uid` with a higher `sequence` replaces it."""

    uid: str
    sequence: int
    status: str
    summary: str
    description: str
    location: str
    starts_at: datetime | date
    ends_at: datetime | date
    link: str
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """The pages that entries lead to."""

    booked: Callable[[UUID], str]
    led: Callable[[UUID], str]
    pairing: Callable[[UUID], str]
    circles: str
    gathering: Callable[[UUID], str]
    interview: Callable[[UUID], str]
    steps: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarWords:
    """What a calendar is called, the word for what calendars must not show, and a meeting by name and association."""

    name: str
    neutral: str
    meeting: Callable[[str, str], str]


def read_calendar(
    *, session_id: UUID, entrepreneur_id: UUID | None, actor: Actor, link: str, neutral: str, at: datetime
) -> bytes:
    """Give the calendar file of a session, for one person when named; `link` is the session's page.

    Of a sensitive session the calendar shows the association, or a `neutral` word, date and place only: calendars are
    shared.

    Raises NotFoundError or PermissionDeniedError.
    """
    session = db.session()
    workshop = get_workshop_session(session, session_id)
    require(actor, Permission.SESSION_READ, workshop)
    person = _find_person(session, entrepreneur_id, workshop, actor)
    return build_calendar(_describe(session, workshop, person, link=link, neutral=neutral, at=at))


def read_public_calendar(
    session: Session, workshop: WorkshopSession, *, link: str, neutral: str, at: datetime
) -> bytes:
    """Give the calendar file of a public session; `link` is its public page."""
    return build_calendar(_describe(session, workshop, None, link=link, neutral=neutral, at=at))


def name_association(association: Association, *, neutral: str) -> str:
    """Name an association that lends; the name of one that rebuilds says what somebody went through."""
    return association.name if lends(association.network) else neutral


def build_calendar(*entries: CalendarEntry, name: str = "") -> bytes:
    """Write a calendar file with the time zones it needs; one with a name is read again and again."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("x-wr-calname", one_line(name))
        calendar.add("refresh-interval", READ_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    for entry in entries:
        calendar.add_component(_build_event(entry))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _build_event(entry: CalendarEntry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at)
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.ends_at)
    event.add("summary", one_line(entry.summary))
    event.add("status", entry.status)
    for name, text in (("location", entry.location), ("description", entry.description), ("url", entry.link)):
        if text:
            event.add(name, text if name == "description" else one_line(text))
    return event


def _find_person(
    session: Session, public_id: UUID | None, workshop: WorkshopSession, actor: Actor
) -> Entrepreneur | None:
    if public_id is None:
        return None
    found = session.query(Entrepreneur).filter_by(public_id=public_id).one_or_none()
    if found is None or found.association_id != workshop.association_id:
        raise NotFoundError(record="Entrepreneur")
    booking = Booking(association_id=workshop.association_id, entrepreneur_id=found.id)
    require(actor, Permission.BOOKING_CHANGE, booking)
    return found


def _describe(
    session: Session,
    workshop: WorkshopSession,
    person: Entrepreneur | None,
    *,
    link: str,
    neutral: str,
    at: datetime,
) -> CalendarEntry:
    theme = session.get_one(WorkshopTheme, workshop.theme_slug)
    association = session.get_one(Association, workshop.association_id)
    own = _read_own_part(session, workshop, person) if person else None
    zone = ZoneInfo(workshop.zone)
    return CalendarEntry(
        uid=f"{workshop.public_id}{own.suffix if own else ''}@maillage",
        sequence=workshop.sequence + (own.steps if own else 0),
        status="CANCELLED" if workshop.state is SessionState.CANCELLED else own.status if own else "CONFIRMED",
        summary=name_association(association, neutral=neutral) if theme.is_sensitive else workshop.title,
        description="" if theme.is_sensitive else workshop.description,
        location=locate(workshop, has_place=own is not None and own.status == "CONFIRMED"),
        starts_at=workshop.starts_at.astimezone(zone),
        ends_at=workshop.ends_at.astimezone(zone),
        link=link,
        changed_at=at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPart:
    """What a person's own bookings add to the entry; `steps` rises with each of their moves."""

    suffix: str
    status: str
    steps: int


def build_own_part(person_id: UUID, *, booked: int, live: Booking | None) -> OwnPart:
    """Say what a person's bookings of a session make of its entry: how often she booked, and the live one."""
    if live is None:
        status, step = "CANCELLED", 3
    elif live.state in IN_LINE_BOOKING_STATES:
        status, step = "TENTATIVE", int(live.state is BookingState.OFFERED)
    else:
        status, step = "CONFIRMED", 2
    return OwnPart(suffix=f"-{person_id}", status=status, steps=4 * (booked - 1) + step)


def _read_own_part(session: Session, workshop: WorkshopSession, person: Entrepreneur) -> OwnPart | None:
    booked = count_own_bookings(session, session_id=workshop.id, entrepreneur_id=person.id)
    if not booked:
        return None
    live = find_live_booking(session, session_id=workshop.id, entrepreneur_id=person.id)
    return build_own_part(person.public_id, booked=booked, live=live)


def locate(workshop: WorkshopSession, *, has_place: bool) -> str:
    """Give where a session takes place, on one line; the link to join is for who has a place."""
    where = ", ".join(part for part in (workshop.place, workshop.address) if part)
    if workshop.format is SessionFormat.ONLINE and has_place:
        return workshop.online_url or where
    return where


def one_line(text: str) -> str:
    """Leave line breaks out: in a calendar file they begin another property."""
    return " ".join(text.split())
