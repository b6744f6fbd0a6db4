"""The calendar file of a meeting of a circle: one UID, a SEQUENCE that rises with each change."""

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from models.circle_meetings import CircleMeeting
from models.db import db
from models.exceptions import NotFoundError
from models.queries.associations import get_association
from models.queries.circle_meetings import get_circle_meeting, list_joined
from models.states import CircleMeetingState
from webapp.permissions import Actor, Permission, can
from webapp.services.calendars import CalendarEntry, build_calendar, name_association


def read_circle_calendar(*, meeting_id: UUID, actor: Actor, link: str, neutral: str) -> bytes:
    """Give the calendar file of a meeting to who leads the circle, coordinates, or has joined it.

    Raises NotFoundError.
    """
    session = db.session()
    meeting = get_circle_meeting(session, meeting_id)
    members = list_joined(session, meeting.circle_id)
    if not can(actor, Permission.CIRCLE_LEAD, meeting.circle) and not any(
        can(actor, Permission.CIRCLE_ANSWER, member) for member in members
    ):
        raise NotFoundError(record="CircleMeeting")
    association = get_association(session, meeting.association_id)
    return build_calendar(describe_meeting(meeting, name=name_association(association, neutral=neutral), link=link))


def describe_meeting(meeting: CircleMeeting, *, name: str, link: str) -> CalendarEntry:
    """Say what a calendar shows of a meeting, by a name that anybody may read: calendars are shared."""
    starts_at = meeting.starts_at.astimezone(ZoneInfo(meeting.zone))
    return CalendarEntry(
        uid=f"{meeting.public_id}@maillage",
        sequence=meeting.sequence,
        status="CANCELLED" if meeting.state is CircleMeetingState.CANCELLED else "CONFIRMED",
        summary=name,
        description="",
        location=meeting.circle.place,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=meeting.minutes),
        link=link,
        changed_at=meeting.updated_at,
    )
