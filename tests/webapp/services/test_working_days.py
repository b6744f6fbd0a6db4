"""Working days in France."""

from datetime import UTC, date, datetime

import pytest

from webapp.services.working_days import add_working_days, is_public_holiday


def test_public_holidays_are_the_eleven_of_the_year():
    days = [date.fromordinal(number) for number in range(date(2027, 1, 1).toordinal(), date(2028, 1, 1).toordinal())]
    found = [f"{day:%m-%d}" for day in days if is_public_holiday(day)]
    # Easter falls on 28 March 2027.
    assert found == ["01-01", "03-29", "05-01", "05-06", "05-08", "05-17", "07-14", "08-15", "11-01", "11-11", "12-25"]


@pytest.mark.parametrize(
    ("at", "until"),
    [
        (datetime(2026, 11, 22, 8, 38, tzinfo=UTC), datetime(2026, 11, 25, 8, 38, tzinfo=UTC)),  # from a Sunday
        (datetime(2026, 12, 23, 17, tzinfo=UTC), datetime(2026, 12, 29, 17, tzinfo=UTC)),  # over Christmas
        (datetime(2027, 3, 25, 17, tzinfo=UTC), datetime(2027, 3, 31, 16, tzinfo=UTC)),  # Easter, clocks go forward
    ],
)
def test_three_working_days_end_at_the_same_hour_of_clocks_in_france(at, until):
    assert add_working_days(at, 3) == until
