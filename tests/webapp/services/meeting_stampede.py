"""What each process does with meetings at the same moment: module-level functions, since they travel by name."""

import random
from collections import Counter
from datetime import date, datetime, time
from uuid import UUID

from models.exceptions import DomainError
from webapp.permissions import Actor
from webapp.services.meeting_dates import ProposedDate
from webapp.services.meetings import MeetingPlan, cancel_meeting, confirm_meeting, log_meeting, propose_meeting


def confirm_all(meetings: list[tuple[UUID, Actor]], starts_at: datetime, at: datetime, seed: int) -> Counter[str]:
    """Agree on the date of each meeting, in an order of one's own."""
    done: Counter[str] = Counter()
    for meeting_id, actor in random.Random(seed).sample(meetings, len(meetings)):
        try:
            confirm_meeting(meeting_id=meeting_id, starts_at=starts_at, actor=actor, at=at)
            done["confirmed"] += 1
        except DomainError as error:
            done[error.code] += 1
    return done


def cancel_all(meetings: list[tuple[UUID, Actor]], _starts_at: datetime, at: datetime, seed: int) -> Counter[str]:
    """Call each meeting off, in an order of one's own."""
    done: Counter[str] = Counter()
    for meeting_id, actor in random.Random(seed).sample(meetings, len(meetings)):
        try:
            cancel_meeting(meeting_id=meeting_id, actor=actor, at=at)
            done["cancelled"] += 1
        except DomainError as error:
            done[error.code] += 1
    return done


def cross(confirms: bool, meetings: list[tuple[UUID, Actor]], starts_at: datetime, at: datetime, seed: int):
    """Confirm or call off: what this process is there for."""
    return (confirm_all if confirms else cancel_all)(meetings, starts_at, at, seed)


def log_all(pairings: list[tuple[UUID, Actor]], day: date, at: datetime) -> list[UUID]:
    """Note for each pair that the two met on a day; give the meetings it became."""
    return [log_meeting(pairing_id=id, day=day, minutes=60, actor=actor, at=at) for id, actor in pairings]


def propose_all(pairings: list[tuple[UUID, Actor]], day: date, at: datetime) -> list[UUID]:
    """Propose a date to each pair; give the meetings it became."""
    plan = MeetingPlan(dates=[ProposedDate(day=day, hour=time(10))])
    return [propose_meeting(pairing_id=id, plan=plan, actor=actor, at=at) for id, actor in pairings]
