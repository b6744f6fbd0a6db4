"""The clock of the tests: every run of them begins on the same Monday morning, whatever the day, the hour and the zone.

What factories make has its date, and pages read the clock: with the real one a test would turn red some morning.
"""

import os
from datetime import UTC, datetime, timedelta, tzinfo

from webapp import clock

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SHIFT = "MAILLAGE_TEST_SHIFT"
"""How many seconds the tests' clock is ahead: told by the first process of a run to all that it starts."""


class ClockOfTheTests:
    """Stands in `webapp.clock`, which alone reads the clock, for the class that it asks; its time passes as it does."""

    shift = timedelta(seconds=float(os.environ.setdefault(SHIFT, str((NOW - datetime.now(UTC)).total_seconds()))))

    @classmethod
    def now(cls, zone: tzinfo) -> datetime:
        """Give the present instant of the tests."""
        return datetime.now(zone) + cls.shift


clock.datetime = ClockOfTheTests  # type: ignore[assignment,misc]
