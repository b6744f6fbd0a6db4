"""First interviews in calendars: one UID for both who talk, a SEQUENCE that rises with each change."""

from datetime import timedelta
from uuid import UUID

from models.db import db
from models.exceptions import NotFoundError
from models.queries.calendars import CalendarInterview, find_dated_interview
from models.states import InterviewState
from models.wall import lends
from webapp.clock import PARIS
from webapp.permissions import Actor, Permission, require
from webapp.services.calendars import CalendarEntry, CalendarWords, Links, build_calendar

LASTS = timedelta(hours=1)
OVER = frozenset({InterviewState.CANCELLED, InterviewState.MISSED})


def read_interview_calendar(*, interview_id: UUID, actor: Actor, links: Links, words: CalendarWords) -> bytes:
    """Give the calendar file of an interview with its hour, to the person or to who coordinates.

    Raises NotFoundError, also while no hour is agreed.
    """
    found = find_dated_interview(db.session(), interview_id, person_ids=actor.entrepreneur_ids)
    if found is None:
        raise NotFoundError(record="Interview")
    require(actor, Permission.INTERVIEW_READ, found.interview)
    return build_calendar(describe_interview(found, links=links, words=words))


def describe_interview(one: CalendarInterview, *, links: Links, words: CalendarWords) -> CalendarEntry:
    """Say what a calendar shows: with whom by first name, unless whose talk it is tells what somebody went through."""
    interview, other = one.interview, one.holder if one.is_hers else one.person
    assert interview.starts_at is not None  # only interviews with an hour are read
    named = words.meeting(other, one.association.name) if other else one.association.name
    starts_at, is_off = interview.starts_at.astimezone(PARIS), _is_off(one)
    return CalendarEntry(
        uid=f"{interview.public_id}@maillage",
        sequence=interview.sequence + int(is_off),
        status="CANCELLED" if is_off else "CONFIRMED",
        summary=named if lends(one.association.network) else words.neutral,
        description="",
        location=interview.place,
        starts_at=starts_at,
        ends_at=starts_at + LASTS,
        link=links.steps if one.is_hers else links.interview(interview.public_id),
        changed_at=interview.updated_at,
    )


def _is_off(one: CalendarInterview) -> bool:
    """Say whether nobody talks at the hour that was agreed, also because the two have talked before it."""
    held_at, starts_at = one.interview.held_at, one.interview.starts_at
    return one.interview.state in OVER or (held_at is not None and starts_at is not None and held_at < starts_at)
