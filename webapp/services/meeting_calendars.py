"""The calendar file of a meeting: one UID, a SEQUENCE that rises with each change."""

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from models.associations import Association
from models.db import db
from models.exceptions import NotFoundError
from models.pairings import Pairing
from models.queries.meetings import get_meeting
from models.states import MeetingState
from webapp.permissions import Actor, Permission, require
from webapp.services.calendars import CalendarEntry, build_calendar, name_association


def read_meeting_calendar(*, meeting_id: UUID, actor: Actor, link: str, neutral: str) -> bytes:
    """Give the calendar file of a meeting that has its date.

    Calendars are shared: it names the association alone, and of one that rebuilds says a `neutral` word.

    Raises NotFoundError or PermissionDeniedError.
    """
    session = db.session()
    meeting = get_meeting(session, meeting_id)
    require(actor, Permission.PAIRING_MEET, session.get_one(Pairing, meeting.pairing_id))
    if meeting.starts_at is None:
        raise NotFoundError(record="Meeting")
    starts_at = meeting.starts_at.astimezone(ZoneInfo(meeting.zone))
    return build_calendar(
        CalendarEntry(
            uid=f"{meeting.public_id}@maillage",
            sequence=meeting.sequence,
            status="CANCELLED" if meeting.state is MeetingState.CANCELLED else "CONFIRMED",
            summary=name_association(session.get_one(Association, meeting.association_id), neutral=neutral),
            description="",
            location=meeting.place,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=meeting.minutes),
            link=link,
            changed_at=meeting.updated_at,
        )
    )
