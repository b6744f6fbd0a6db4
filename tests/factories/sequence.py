"""Numbers that never repeat within a test process, for unique columns; and the day on which made-up rows are made."""

from datetime import UTC, datetime
from itertools import count

MADE_AT = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
_numbers = count(1)


def next_number() -> int:
    """Give the next number."""
    return next(_numbers)
