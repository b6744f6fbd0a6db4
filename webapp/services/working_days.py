"""Working days in France: who is given days to answer is given days on which one reads one's mail and asks around."""

from datetime import UTC, date, datetime, timedelta

from dateutil.easter import easter

from webapp.clock import PARIS

FIXED = frozenset({(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)})
"""Month and day of the public holidays that keep their date (Code du travail, L. 3133-1)."""

AFTER_EASTER = frozenset({1, 39, 50})
"""Days from Easter to the others: Easter Monday, Ascension, Whit Monday."""

SATURDAY = 5


def is_public_holiday(day: date) -> bool:
    """Say whether a day is a public holiday in the whole of France."""
    return (day.month, day.day) in FIXED or (day - easter(day.year)).days in AFTER_EASTER


def is_working_day(day: date) -> bool:
    """Say whether a day is neither of a week-end nor a public holiday."""
    return day.weekday() < SATURDAY and not is_public_holiday(day)


def add_working_days(at: datetime, days: int) -> datetime:
    """Give the instant at which clocks in France show the same time so many working days later."""
    wall = at.astimezone(PARIS)
    left = days
    while left:
        wall += timedelta(days=1)
        left -= is_working_day(wall.date())
    return wall.astimezone(UTC)
