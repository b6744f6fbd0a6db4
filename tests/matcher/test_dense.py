"""Small requests are solved on a table; what does not fit one is left to the flow."""

import numpy as np
import pytest

from matcher.assignment import assign
from matcher.dense import LARGEST_EXACT, LARGEST_TABLE, is_small, solve_table
from matcher.flow import Places
from tests.matcher.test_near import Table

ONES = np.ones(4, dtype=np.int64)


def table(largest: int = 1_000_000) -> Table:
    found = Table(np.zeros((4, 3), dtype=np.float32))
    found.largest = largest
    return found


def places(most: int, least: int = 0) -> Places:
    return Places.free(np.full(3, most), np.full(3, least), prize=10)


@pytest.mark.parametrize(
    ("points", "demand", "offered", "small"),
    [
        (table(), ONES, places(2), True),
        (table(), 0 * ONES, places(0), True),
        (table(), 2 * ONES, places(2), False),
        (table(), ONES, places(2, least=1), False),
        (table(LARGEST_EXACT // 9 - 1), ONES, places(2), True),
        (table(LARGEST_EXACT // 9 + 1), ONES, places(2), False),
        (Table(np.zeros((4, LARGEST_TABLE // 4 + 1))), ONES, Places.free(ONES), False),
        (Table(np.zeros((LARGEST_TABLE // 300, 1))), np.ones(LARGEST_TABLE // 300), Places.free(300 * ONES[:1]), True),
        (Table(np.zeros((LARGEST_TABLE // 300, 1))), np.ones(LARGEST_TABLE // 300), Places.free(301 * ONES[:1]), False),
        (Table(np.zeros((0, 3))), ONES[:0], places(2), False),
    ],
)
def test_what_fits_a_table(points: Table, demand: np.ndarray, offered: Places, small: bool) -> None:
    worth = np.zeros(len(demand), dtype=np.int64)
    assert is_small(points, demand, worth, offered) == small


def test_numbers_that_float64_cannot_hold_are_left_to_the_flow() -> None:
    """What a place left empty counts brings the sums above 2**53, where one point more or less is not seen."""
    most = 2**51
    answer = assign(np.array([[most - 1, most], [most, most]]), np.array([1, 1]), unit=1, aim="most_served")
    assert (answer.total, answer.gap) == (2 * most, 0)


def test_people_without_demand_take_nothing_and_keep_what_no_pair_beats() -> None:
    points = Table(np.array([[9, 5], [8, -np.inf], [3, 1]], dtype=np.float32))
    demand, worth = np.array([0, 1, 1]), np.array([0, 0, 10])
    solution = solve_table(points, demand, worth, Places.free(np.array([1, 1])))
    assert solution.pairs.take(solution.used).rows.tolist() == [1, 2]
    assert solution.prices.places.tolist() == [2, 0]
    assert solution.prices.people.tolist() == [7, 6, 11]
