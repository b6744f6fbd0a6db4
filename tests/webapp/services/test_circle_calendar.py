"""The calendar of a circle: once a month on its weekday, at month ends and when clocks change too."""

from datetime import date, datetime, time

import pytest

from models.circle_meetings import CircleMeeting
from webapp.clock import PARIS
from webapp.services.circle_calendar import day_of_meeting, plan_next, resolve_next, slot_of, usual_hour

TUESDAY_EVENING = 5


def meeting(wall, number=1):
    return CircleMeeting(number=number, wall_start=wall)


def test_a_second_tuesday_is_followed_by_second_tuesdays():
    days = [day_of_meeting(date(2026, 12, 8), number) for number in (1, 2, 3, 4)]
    assert days == [date(2026, 12, 8), date(2027, 1, 12), date(2027, 2, 9), date(2027, 3, 9)]


def test_a_fifth_week_becomes_the_last_of_each_month():
    days = [day_of_meeting(date(2026, 12, 29), number) for number in (1, 2, 3, 4)]
    assert days == [date(2026, 12, 29), date(2027, 1, 26), date(2027, 2, 23), date(2027, 3, 30)]


@pytest.mark.parametrize("first", [date(2026, 1, day) for day in range(1, 32)])
def test_every_month_has_one_meeting_on_the_weekday_of_the_first(first):
    days = [day_of_meeting(first, number) for number in range(1, 61)]
    assert {day.weekday() for day in days} == {first.weekday()}
    months = [(day.year, day.month) for day in days]
    assert len(set(months)) == 60
    assert months == sorted(months)


def test_the_hour_on_the_wall_stays_when_clocks_change():
    at, before, starts = datetime(2027, 1, 1, tzinfo=PARIS), None, []
    for _ in range(5):
        planned = plan_next(date(2027, 2, 9), TUESDAY_EVENING, before, at=at)
        before = meeting(planned.wall.wall, planned.number)
        starts.append(planned.wall.instant)
    assert [start.astimezone(PARIS).strftime("%d/%m %H:%M") for start in starts] == [
        "09/02 18:30",
        "09/03 18:30",
        "13/04 18:30",
        "11/05 18:30",
        "08/06 18:30",
    ]
    assert {start.hour for start in starts} == {17, 16}


def test_an_hour_that_clocks_skip_becomes_an_hour_later():
    wall = resolve_next(date(2027, 3, 28), time(2, 30))
    assert wall.wall == "2027-03-28T03:30"


def test_the_next_meeting_keeps_the_hour_of_the_last_one_in_the_agreed_part_of_the_day():
    assert usual_hour(TUESDAY_EVENING, None) == time(18, 30)
    assert usual_hour(TUESDAY_EVENING, meeting("2026-12-08T19:15")) == time(19, 15)
    assert usual_hour(TUESDAY_EVENING, meeting("2026-12-10T19:15")) == time(18, 30)
    assert usual_hour(TUESDAY_EVENING, meeting("2026-12-08T10:00")) == time(18, 30)


def test_what_is_past_is_not_planned():
    planned = plan_next(
        date(2026, 9, 8), TUESDAY_EVENING, meeting("2026-09-08T18:30"), at=datetime(2026, 12, 1, tzinfo=PARIS)
    )
    assert (planned.number, planned.wall.wall) == (4, "2026-12-08T18:30")


@pytest.mark.parametrize(("hour", "slot"), [(0, 3), (9, 3), (12, 4), (17, 4), (18, 5), (23, 5)])
def test_parts_of_a_tuesday(hour, slot):
    assert slot_of(datetime(2026, 12, 8, hour, 59)) == slot
