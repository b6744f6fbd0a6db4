"""The one place that reads the clock. Routes and commands call it; rules get `at` as an argument."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def utc_now() -> datetime:
    """Give the present instant, aware, in UTC."""
    return datetime.now(UTC)


def day_of(instant: datetime) -> date:
    """Give the day of an instant where people are."""
    return instant.astimezone(PARIS).date()
