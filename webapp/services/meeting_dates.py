"""Dates that people propose to meet: checked, and turned into instants."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from models.exceptions import FarDateError, InvalidInputError
from models.meetings import MOST_SLOTS, Meeting, Slot
from webapp.services.wall_times import resolve_wall_time

FURTHEST_DAYS = 42
"""Six weeks: two who meet once a month have room for a holiday; a longer time is a pause, which says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedDate:
    """A day and an hour on the wall."""

    day: date
    hour: time


def resolve_dates(dates: Sequence[ProposedDate], *, days: int, at: datetime) -> list[Slot]:
    """Give one to three slots in the order of time, each once, so many days away at most.

    Raises InvalidInputError, InvalidWallTimeError or FarDateError; the field is `date_1`, `date_2`, in the order given.
    """
    resolved = [resolve_wall_time(one.day, one.hour, field=f"date_{number}") for number, one in enumerate(dates, 1)]
    unique = {wall.instant: wall for wall in resolved}
    if not 1 <= len(unique) <= MOST_SLOTS:
        raise InvalidInputError(field="slots", minimum=1, maximum=MOST_SLOTS)
    for number, wall in enumerate(resolved, 1):
        if wall.instant <= at:
            raise InvalidInputError(field=f"date_{number}", expected="a date to come")
        if wall.instant > at + timedelta(days=days):
            raise FarDateError(field=f"date_{number}", days=days)
    return [
        Slot(starts_at=instant.astimezone(UTC).isoformat(), wall=wall.wall, zone=wall.zone)
        for instant, wall in sorted(unique.items())
    ]


def list_instants(meeting: Meeting) -> list[datetime]:
    """Give the instants that are proposed, in the order of time."""
    return [datetime.fromisoformat(slot["starts_at"]) for slot in meeting.slots]


def find_slot(meeting: Meeting, starts_at: datetime) -> Slot:
    """Give the slot of an instant.

    Raises InvalidInputError when it is not (or no longer) proposed.
    """
    for slot in meeting.slots:
        if datetime.fromisoformat(slot["starts_at"]) == starts_at:
            return slot
    raise InvalidInputError(field="starts_at", expected="one of the dates proposed")
