"""Hours that clocks show twice, in the night in which they go back: which of the two is meant is said at once."""

from datetime import date, time

from flask import flash

from webapp.services.wall_times import resolve_wall_time
from webapp.translation import gettext as _


def is_twice(day: date | None, hour: time | None) -> bool:
    """Say whether clocks show an hour twice that day; if both are given, it must exist."""
    return day is not None and hour is not None and resolve_wall_time(day, hour).is_ambiguous


def say_if_twice(*moments: tuple[date | None, time | None]) -> None:
    """Say that the first is meant, when clocks show one of these hours twice; those that are given must exist."""
    if any(is_twice(day, hour) for day, hour in moments):
        flash(_("Clocks go back that night and show this hour twice: the first one is meant."), "warning")
