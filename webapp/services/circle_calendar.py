"""The calendar of a circle: once a month on the weekday it agreed on, whatever clocks and months do.

A circle that first meets on the second Tuesday meets on second Tuesdays; one that begins in a fifth week meets in the
last week of each month, since not every month has five. Pure: no table is read here.
"""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from models.circle_meetings import CircleMeeting
from models.exceptions import InvalidWallTimeError
from webapp.services.wall_times import WallTime, resolve_wall_time

USUAL_HOURS = (time(9, 30), time(14, 0), time(18, 30))
"""When a circle meets in the morning, the afternoon, the evening, until it chooses another hour."""

PERIOD_STARTS = (time(0), time(12), time(18))
USUAL_MINUTES = 120
"""A session of co-development lasts an hour and a half to three hours."""

FIFTH = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDate:
    """One meeting of the series: its number and its instant."""

    number: int
    wall: WallTime


def day_of_meeting(first: date, number: int) -> date:
    """Give the day of the meeting with a number, from 1, in the series that begins on `first`."""
    months = first.month - 1 + number - 1
    year, month = first.year + months // 12, months % 12 + 1
    week = (first.day - 1) // 7
    days = [
        date(year, month, day)
        for day in range(1, calendar.monthrange(year, month)[1] + 1)
        if date(year, month, day).weekday() == first.weekday()
    ]
    return days[-1] if week == FIFTH else days[week]


def usual_hour(slot: int, before: CircleMeeting | None) -> time:
    """Give the hour of the next meeting: that of the one before if it was in the agreed part of the day."""
    usual = USUAL_HOURS[slot % 3]
    if before is None:
        return usual
    start = datetime.fromisoformat(before.wall_start)
    return start.time() if slot_of(start) == slot else usual


def slot_of(wall: datetime) -> int:
    """Give the slot of the week of a wall time: three for each day, from Monday morning."""
    period = max(index for index, start in enumerate(PERIOD_STARTS) if wall.time() >= start)
    return wall.weekday() * 3 + period


def plan_next(first: date, slot: int, before: CircleMeeting | None, *, at: datetime) -> PlannedDate:
    """Give the meeting of the series that comes after one, and after now."""
    hour, number = usual_hour(slot, before), 0 if before is None else before.number
    while True:
        number += 1
        wall = resolve_next(day_of_meeting(first, number), hour)
        if wall.instant > at:
            return PlannedDate(number=number, wall=wall)


def resolve_next(day: date, hour: time) -> WallTime:
    """Give the instant of a wall time; where clocks skip that hour, an hour later."""
    try:
        return resolve_wall_time(day, hour)
    except InvalidWallTimeError:
        return resolve_wall_time(day, (datetime.combine(day, hour) + timedelta(hours=1)).time())
