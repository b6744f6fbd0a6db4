"""What one person's calendar shows: sessions, meetings, interviews, circles, in words that anybody may read."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from models.circle_meetings import CircleMeeting
from models.queries.calendars import (
    CalendarCircle,
    CalendarGathering,
    CalendarMeeting,
    CalendarSession,
    list_booked_sessions,
    list_dated_circles,
    list_dated_gatherings,
    list_dated_interviews,
    list_dated_meetings,
    list_led_sessions,
)
from models.states import (
    LIVE_CIRCLE_MEMBER_STATES,
    CircleMeetingState,
    CircleMemberState,
    CircleState,
    GatheringState,
    MeetingState,
    SessionState,
)
from models.supporters import SupporterRole
from models.wall import lends
from webapp.services.calendars import (
    CalendarEntry,
    CalendarWords,
    Links,
    build_own_part,
    locate,
    name_association,
)
from webapp.services.interview_calendars import describe_interview

LOOKS_BACK = timedelta(days=60)
"""Older entries leave the file; calendars that read it keep or drop them as they are set."""
OVER = frozenset({MeetingState.CANCELLED, MeetingState.MISSED})
CIRCLE_OVER = frozenset({CircleMeetingState.CANCELLED, CircleMeetingState.MISSED})
GATHERING_OVER = frozenset({GatheringState.CANCELLED, GatheringState.MISSED})


def list_entries(
    session: Session, account_id: int, *, links: Links, words: CalendarWords, at: datetime
) -> list[CalendarEntry]:
    """Give the entries of a calendar, in seven statements."""
    since, neutral = at - LOOKS_BACK, words.neutral
    return [
        *(_booked(one, links, neutral) for one in list_booked_sessions(session, account_id, since=since)),
        *(_led(one, links, neutral) for one in list_led_sessions(session, account_id, since=since)),
        *(_meeting(one, links, words) for one in list_dated_meetings(session, account_id, since=since)),
        *(
            describe_interview(one, links=links, words=words)
            for one in list_dated_interviews(session, account_id, since=since)
        ),
        *(_gathering(one, links, neutral) for one in list_dated_gatherings(session, account_id, since=since)),
        *(
            _circle(one, links, neutral) if one.meeting is None else _circle_meeting(one, one.meeting, links, neutral)
            for one in list_dated_circles(session, account_id, since=since)
            if not _was_before_her(one)
        ),
    ]


def _booked(one: CalendarSession, links: Links, neutral: str) -> CalendarEntry:
    workshop, person_id = one.workshop, one.person_id
    assert person_id is not None  # a booking has its person
    own = build_own_part(person_id, booked=len(one.bookings), live=one.live)
    moments = [moment for row in one.bookings for moment in (row.booked_at, row.confirmed_at, row.cancelled_at)]
    return _session(
        one,
        uid=f"{workshop.public_id}{own.suffix}@maillage",
        sequence=workshop.sequence + own.steps,
        status=own.status,
        neutral=neutral,
        link=links.booked(workshop.public_id),
        changed_at=max(moment for moment in (workshop.updated_at, *moments) if moment is not None),
    )


def _led(one: CalendarSession, links: Links, neutral: str) -> CalendarEntry:
    workshop = one.workshop
    return _session(
        one,
        uid=f"{workshop.public_id}@maillage",
        sequence=workshop.sequence,
        status="CONFIRMED",
        neutral=neutral,
        link=links.led(workshop.public_id),
        changed_at=workshop.updated_at,
    )


def _session(
    one: CalendarSession, *, uid: str, sequence: int, status: str, neutral: str, link: str, changed_at: datetime
) -> CalendarEntry:
    workshop, zone = one.workshop, ZoneInfo(one.workshop.zone)
    return CalendarEntry(
        uid=uid,
        sequence=sequence,
        status="CANCELLED" if workshop.state is SessionState.CANCELLED else status,
        summary=neutral if one.is_sensitive else workshop.title,
        description="" if one.is_sensitive else workshop.description,
        location=locate(workshop, has_place=status == "CONFIRMED"),
        starts_at=workshop.starts_at.astimezone(zone),
        ends_at=workshop.ends_at.astimezone(zone),
        link=link,
        changed_at=changed_at,
    )


def _meeting(one: CalendarMeeting, links: Links, words: CalendarWords) -> CalendarEntry:
    """Show with whom, by first name, and whose meeting it is only where neither tells what somebody went through."""
    meeting, is_private = one.meeting, one.role is SupporterRole.COACH or not lends(one.association.network)
    assert meeting.starts_at is not None  # only meetings with a date are read
    starts_at = meeting.starts_at.astimezone(ZoneInfo(meeting.zone))
    return CalendarEntry(
        uid=f"{meeting.public_id}@maillage",
        sequence=meeting.sequence,
        status="CANCELLED" if meeting.state in OVER else "CONFIRMED",
        summary=words.neutral if is_private else words.meeting(one.other, one.association.name),
        description="",
        location=meeting.place,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=meeting.minutes),
        link=links.pairing(one.pairing_id),
        changed_at=meeting.updated_at,
    )


def _gathering(one: CalendarGathering, links: Links, neutral: str) -> CalendarEntry:
    """Show when and where supporters meet, never about what."""
    gathering = one.gathering
    starts_at = gathering.starts_at.astimezone(ZoneInfo(gathering.zone))
    is_over = gathering.state in GATHERING_OVER
    return CalendarEntry(
        uid=f"{gathering.public_id}@maillage",
        sequence=gathering.sequence,
        status="CANCELLED" if is_over else "CONFIRMED",
        summary=name_association(one.association, neutral=neutral),
        description="",
        location=gathering.place,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=gathering.minutes),
        link=links.gathering(gathering.public_id),
        changed_at=gathering.updated_at,
    )


def _circle(one: CalendarCircle, links: Links, neutral: str) -> CalendarEntry:
    """Show the day of a circle's first meeting; of who led and who came each has an entry of her own."""
    circle, member = one.circle, one.member
    day = circle.first_meeting_on
    assert day is not None  # only circles with a first day are read
    is_over = circle.state is CircleState.DISSOLVED
    has_left = member is not None and member.state not in LIVE_CIRCLE_MEMBER_STATES
    is_invited = member is not None and member.state is CircleMemberState.INVITED
    moments = [circle.confirmed_at, circle.ended_at]
    if member is not None:
        moments += [member.invited_at, member.joined_at, member.departed_at]
    return CalendarEntry(
        uid=f"{member.public_id if member else circle.public_id}@maillage",
        sequence=2 if is_over or has_left else 0 if is_invited else 1,
        status="CANCELLED" if is_over or has_left else "TENTATIVE" if is_invited else "CONFIRMED",
        summary=name_association(one.association, neutral=neutral),
        description="",
        location=circle.place,
        starts_at=day,
        ends_at=day + timedelta(days=1),
        link=links.circles if member else "",
        changed_at=max(moment for moment in moments if moment is not None),
    )


def _was_before_her(one: CalendarCircle) -> bool:
    """Say whether a meeting took place before somebody was invited to the circle at all."""
    invited_at = one.member.invited_at if one.member is not None else None
    return one.meeting is not None and invited_at is not None and one.meeting.starts_at < invited_at


def _circle_meeting(one: CalendarCircle, meeting: CircleMeeting, links: Links, neutral: str) -> CalendarEntry:
    """Show one meeting of a circle; of who led and who came each has an entry of her own."""
    circle, member = one.circle, one.member
    is_off = meeting.state in CIRCLE_OVER or _is_without_her(one, meeting)
    is_invited = member is not None and member.state is CircleMemberState.INVITED
    suffix = f"-{member.public_id}" if member is not None else ""
    starts_at = meeting.starts_at.astimezone(ZoneInfo(meeting.zone))
    moments = [meeting.updated_at, circle.ended_at]
    if member is not None:
        moments += [member.invited_at, member.joined_at, member.departed_at]
    return CalendarEntry(
        uid=f"{meeting.public_id}{suffix}@maillage",
        sequence=meeting.sequence + (2 if is_off else 0 if is_invited else 1),
        status="CANCELLED" if is_off else "TENTATIVE" if is_invited else "CONFIRMED",
        summary=name_association(one.association, neutral=neutral),
        description="",
        location=circle.place,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=meeting.minutes),
        link=links.circles if member else "",
        changed_at=max(moment for moment in moments if moment is not None),
    )


def _is_without_her(one: CalendarCircle, meeting: CircleMeeting) -> bool:
    """Say whether a meeting is none of hers any more: the circle is over, or she left it before that day."""
    ended_at = one.circle.ended_at
    if ended_at is not None and meeting.starts_at >= ended_at:
        return True
    member = one.member
    if member is None or member.departed_at is None:
        return False
    return member.joined_at is None or meeting.starts_at >= member.departed_at
