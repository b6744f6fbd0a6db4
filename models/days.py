"""The day of an instant where people are: instants are kept in UTC, and an evening in Paris may be tomorrow there."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def day_of(instant: datetime) -> date:
    """Give the day of an instant where people are."""
    return instant.astimezone(PARIS).date()
