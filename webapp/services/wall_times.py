"""Wall times: what a clock on the wall shows, and the one instant that it means."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from models.exceptions import InvalidInputError, InvalidWallTimeError


@dataclass(frozen=True, slots=True, kw_only=True)
class WallTime:
    """A wall time with its instant. `is_ambiguous`: clocks went back and show it twice; the first is meant."""

    instant: datetime
    wall: str
    zone: str
    is_ambiguous: bool


def resolve_wall_time(day: date, hour: time, *, zone: str = "Europe/Paris", field: str = "starts_at") -> WallTime:
    """Give the instant of a wall time.

    Raises
    ------
    InvalidWallTimeError
        If clocks go forward over it: nobody's clock ever shows it.
    InvalidInputError
        If its instant would lie before the year 1, or after 9999.
    """
    there = datetime.combine(day, hour.replace(second=0, microsecond=0, tzinfo=None), ZoneInfo(zone))
    try:
        instant = there.astimezone(UTC)
    except OverflowError as error:
        raise InvalidInputError(field=field, expected="a day of our time") from error
    if instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != there.replace(tzinfo=None):
        raise InvalidWallTimeError(field=field, day=day.isoformat(), time=hour.strftime("%H:%M"))
    return WallTime(
        instant=instant,
        wall=there.strftime("%Y-%m-%dT%H:%M"),
        zone=zone,
        is_ambiguous=there.replace(fold=1).astimezone(UTC) != instant,
    )
