"""Which of two equal hours is meant is said, once, and only in the night that has them."""

from datetime import date, time

import pytest
from flask import get_flashed_messages

from webapp.twice import say_if_twice

NIGHT, BEFORE = date(2027, 10, 31), date(2027, 10, 30)


@pytest.mark.parametrize(
    ("moments", "said"),
    [
        ([(NIGHT, time(2, 30)), (NIGHT, time(2, 45))], 1),
        ([(BEFORE, time(2, 30)), (NIGHT, time(2, 30))], 1),
        ([(NIGHT, time(3, 0)), (BEFORE, time(2, 30)), (None, None), (NIGHT, None)], 0),
        ([], 0),
    ],
)
def test_an_hour_that_clocks_show_twice_is_said_once(app, moments, said):
    with app.test_request_context():
        say_if_twice(*moments)
        assert len(get_flashed_messages()) == said
