"""The one place that reads the clock. Routes and commands call it; rules get `at` as an argument."""

from datetime import UTC, datetime

from models.days import PARIS, day_of

__all__ = ["PARIS", "day_of", "utc_now"]


def utc_now() -> datetime:
    """Give the present instant, aware, in UTC."""
    return datetime.now(UTC)
