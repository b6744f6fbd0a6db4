"""First interviews: who meets the person, when, and where: the place, the link or the number that both go by."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from models.db import retried, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import InvalidInputError, InvalidTransitionError
from models.interviews import Interview
from models.meetings import MeetingFormat
from models.messages import MessageKind
from models.moves import write_event
from models.queries.coordinators import list_coordinators
from models.states import InterviewState
from webapp.clock import day_of
from webapp.permissions import Actor
from webapp.services.calendars import one_line
from webapp.services.interviews import LONGEST_LATER, hour_to_come, lock_interview, tell_change

logger = logging.getLogger(__name__)

FIELDS = MappingProxyType(
    {
        MeetingFormat.IN_PERSON: "interview_place",
        MeetingFormat.ONLINE: "interview_link",
        MeetingFormat.PHONE: "interview_number",
    }
)
"""What a refusal calls the place, by the way in which the two talk."""
MOST_PLACE = 255
LEAST_DIGITS = 4
"""So many digits the shortest number has that somebody of a house can be called at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewPlan:
    """Who meets the person and how; `starts_at` once an hour is agreed with her.

    `place` is the address, the link, or the number: without one she is called at that of her file. `person_calls` when
    it is she who calls.
    """

    coordinator_id: int
    channel: MeetingFormat
    starts_at: datetime | None = None
    place: str = ""
    person_calls: bool = False


@retried
def arrange_interview(*, interview_id: UUID, plan: InterviewPlan, actor: Actor, at: datetime) -> None:
    """Say who meets the person, when and where; what is agreed, changed or given up she has in writing.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError or InvalidInputError (a stranger, an hour past,
    an hour without its place, link or number).
    """
    with transaction() as session:
        entrepreneur, interview = lock_interview(session, interview_id, actor)
        if interview.state is not InterviewState.PLANNED:
            raise InvalidTransitionError(record="interview", state=str(interview.state), action="arrange")
        if plan.coordinator_id not in {one.id for one in list_coordinators(session, interview.association_id)}:
            raise InvalidInputError(field="coordinator")
        if plan.starts_at is not None and not at < plan.starts_at <= at + LONGEST_LATER:
            raise InvalidInputError(field="interview_day")
        before, lost_at = _read_agreed(interview), hour_to_come(interview, at)
        _write(entrepreneur, interview, plan, at)
        write_event(session, interview, "arrange", actor_id=actor.account_id, at=at)
        # Past its day there is nothing true to write: the hour is over, and "before" a day gone by is no promise.
        if _read_agreed(interview) != before and at < interview.due_at:
            is_moved = plan.starts_at != lost_at
            told = {"lost_at": lost_at if is_moved else None, "is_changed": not is_moved or None}
            tell_change(session, entrepreneur, interview, MessageKind.INTERVIEW_PLANNED, at=at, **told)
    logger.info("interview arranged", extra={"interview_id": str(interview_id), "actor_id": actor.account_id})


def _write(entrepreneur: Entrepreneur, interview: Interview, plan: InterviewPlan, at: datetime) -> None:
    interview.place = _settle_place(plan, entrepreneur)
    interview.coordinator_id, interview.channel = plan.coordinator_id, plan.channel
    interview.person_calls = plan.person_calls and plan.channel is MeetingFormat.PHONE
    interview.starts_at, interview.updated_at = plan.starts_at, at
    if plan.starts_at is not None:
        interview.opens_on = min(interview.opens_on, day_of(plan.starts_at))
        # The day after: what was agreed is the day that counts, and then somebody notes what came of it.
        interview.due_at = plan.starts_at + timedelta(days=1)
        entrepreneur.follow_up_on = day_of(interview.due_at)


def _read_agreed(interview: Interview) -> tuple[object, ...]:
    """Give all that she was told of an hour agreed; without an hour there is nothing to tell but that."""
    if interview.starts_at is None:
        return ()
    how = (interview.channel, interview.place, interview.person_calls)
    return (interview.starts_at, interview.coordinator_id, *how)


def _settle_place(plan: InterviewPlan, entrepreneur: Entrepreneur) -> str:
    """Give where the two talk: an hour agreed has it, in a form in which it can be found, joined or called.

    Raises InvalidInputError.
    """
    place = one_line(plan.place)
    if plan.channel is MeetingFormat.PHONE and not plan.person_calls:
        place = place or one_line(entrepreneur.phone or "")
    is_missing = not place and plan.starts_at is not None
    if is_missing or len(place) > MOST_PLACE or (place and not _can_be_used(place, plan.channel)):
        raise InvalidInputError(field=FIELDS[plan.channel])
    return place


def _can_be_used(place: str, channel: MeetingFormat) -> bool:
    if channel is MeetingFormat.ONLINE:
        return place.startswith(("https://", "http://"))
    return channel is MeetingFormat.IN_PERSON or sum(sign.isdigit() for sign in place) >= LEAST_DIGITS
