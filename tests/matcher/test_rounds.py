"""Rounds on few pairs find what all pairs at once give, and look at few pairs twice."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import rounds
from matcher.encoding import IntArray
from matcher.flow import Places
from matcher.forecast import forecast_prices
from matcher.prices import Solution
from matcher.rounds import Effort, solve_rounds
from tests.matcher.strategies import RELAXED
from tests.matcher.test_near import NarrowTable, Table
from tests.matcher.ways import AT_ONCE, GUESSED, LISTED, TABLED, force

LARGEST = 1_000_000


def solve_both_ways(
    table: Table, demand: IntArray, worth: IntArray, places: Places, effort: Effort, way: str = GUESSED
) -> tuple[Solution, Solution]:
    with pytest.MonkeyPatch.context() as patch:
        force(patch, way)
        few = solve_rounds(table, demand, worth, places, effort)
        force(patch, AT_ONCE)
        return few, solve_rounds(table, demand, worth, places, effort)


def value(solution: Solution, demand: IntArray, worth: IntArray, places: Places) -> int:
    pairs = solution.pairs.take(solution.used)
    load = np.bincount(pairs.columns, minlength=places.n_columns)
    assert (np.bincount(pairs.rows, minlength=len(demand)) <= demand).all()
    assert (load <= places.most).all()
    return int(pairs.points.sum() + worth[pairs.rows].sum()) - int(places.filled(load) @ places.costs)


@given(
    st.integers(0, 2**32),
    st.sampled_from((0, 3 * LARGEST, 10**9)),
    st.sampled_from((1, 4)),
    st.booleans(),
    st.sampled_from((TABLED, LISTED, GUESSED)),
)
@settings(RELAXED, max_examples=200)
def test_rounds_give_the_value_and_the_prices_of_all_pairs_at_once(
    seed: int, worth: int, candidates: int, minimum: bool, way: str
) -> None:
    rng = np.random.default_rng(seed)
    n, m = rng.integers(1, 40), rng.integers(1, 20)
    table = Table(rng.integers(0, rng.choice((3, LARGEST)) + 1, (n, m)).astype(np.float32))
    table.array[rng.random((n, m)) < rng.choice((0, 0.6, 0.95))] = -np.inf
    demand = rng.integers(0, 1 + rng.choice((1, 3)), n) if rng.random() < 0.5 else np.ones(n, dtype=np.int64)
    most = rng.integers(0, 6, m)
    least = np.minimum(most, rng.integers(0, 2, m)) if minimum else None
    places, own = Places.free(most, least, prize=10**10), worth + rng.integers(0, 500_000, n)
    few, every = solve_both_ways(table, demand, own, places, Effort(candidates=candidates, block_size=3), way)
    assert value(few, demand, own, places) == value(every, demand, own, places)
    bound = few.prices.bound(few.pairs, few.used, demand, own, places)
    assert bound == value(few, demand, own, places)
    if not minimum:
        assert few.prices.places.tolist() == every.prices.places.tolist()
    # The proof holds for every pair of the table.
    asked = few.prices.people[:, None] + few.prices.places
    asked[few.pairs.rows[few.used], few.pairs.columns[few.used]] = np.iinfo(np.int64).max
    assert (table.array + own[:, None] <= asked).all()


def alike(n: int, m: int) -> Table:
    """People and supporters around a few subjects of unequal popularity."""
    rng = np.random.default_rng(6)
    subjects, popularity = rng.standard_normal((8, 20)), 1 / np.arange(1, 9)
    left, right = (
        subjects[rng.choice(8, size, p=popularity / popularity.sum())] + 0.7 * rng.standard_normal((size, 20))
        for size in (n, m)
    )
    closeness = left @ right.T / np.linalg.norm(left, axis=1)[:, None] / np.linalg.norm(right, axis=1)
    return Table(np.rint(np.maximum(closeness, 0) * LARGEST).astype(np.float32))


def popular(n: int, m: int) -> Table:
    """Everybody likes the same supporters."""
    noise = np.random.default_rng(3).random((n, m))
    return Table(np.rint((0.9 * np.linspace(1, 0, m) + 0.1 * noise) * LARGEST).astype(np.float32))


@pytest.mark.parametrize("share", [0.6, 1.0, 1.3])
@pytest.mark.parametrize("make", [alike, popular])
def test_few_pairs_are_looked_at_more_than_once(make: type[Table], share: float) -> None:
    n, m = 1200, 300
    table = NarrowTable(make(n, m).array)
    ones, worth, places = np.ones(n, dtype=np.int64), np.full(n, 10**9), Places.free(np.full(m, round(4 * share)))
    few, every = solve_both_ways(table, ones, worth, places, Effort())
    assert value(few, ones, worth, places) == value(every, ones, worth, places)
    assert few.prices.places.tolist() == every.prices.places.tolist()
    assert np.count_nonzero(few.used) == min(n, places.most.sum())
    # Samples of the guess: all and a third; one walk; and all pairs at once, to compare with. What is left was
    # looked at again: less than half of all, but where everybody likes the same and places are just enough.
    again = sum(table.sizes) - (3 + 1 / 3) * n * m
    assert again <= (0.5 if make is alike or share < 1 else 1.2) * n * m
    assert few.rounds <= 10


def test_all_alike_is_no_trap() -> None:
    table, ones = Table(np.full((90, 30), 500_000, dtype=np.float32)), np.ones(90, dtype=np.int64)
    places = Places.free(np.full(30, 2))
    few, every = solve_both_ways(table, ones, ones * 10**9, places, Effort(candidates=2))
    assert np.count_nonzero(few.used) == np.count_nonzero(every.used) == 60
    assert len(few.unlisted) == 90


def test_prices_far_from_the_guess_choose_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "forecast_prices", lambda table, *_: np.arange(table.shape[1]) * 10_000)
    table, ones = popular(400, 100), np.ones(400, dtype=np.int64)
    few, every = solve_both_ways(table, ones, ones * 10**9, Places.free(np.full(100, 4)), Effort(candidates=2))
    assert few.prices.places.tolist() == every.prices.places.tolist()


def test_a_guess_of_prices_is_close_and_the_same_however_often() -> None:
    table, ones = alike(1500, 200), np.ones(1500, dtype=np.int64)
    places = Places.free(np.full(200, 6))
    guess = forecast_prices(table, ones, ones * 10**9, places)
    assert (guess == forecast_prices(table, ones, ones * 10**9, places)).all()
    _few, every = solve_both_ways(table, ones, ones * 10**9, places, Effort())
    true = every.prices.places - np.median(every.prices.places)
    assert np.corrcoef(true, guess)[0, 1] > 0.8


@pytest.mark.parametrize("points", [np.full((5, 4), -np.inf), np.full((5, 4), 3.0)])
def test_where_nothing_is_to_choose_all_prices_are_guessed_alike(points: np.ndarray) -> None:
    table, ones = Table(points.astype(np.float32)), np.ones(5, dtype=np.int64)
    assert not forecast_prices(table, ones, ones * 10**9, Places.free(np.ones(4, dtype=np.int64))).any()


def test_who_is_wanted_too_little_for_her_minimum_is_guessed_to_pay() -> None:
    table, ones = popular(60, 10), np.ones(60, dtype=np.int64)
    least = np.where(np.arange(10) == 9, 6, 0)
    plain = forecast_prices(table, ones, 0 * ones, Places.free(np.full(10, 10)))
    paid = forecast_prices(table, ones, 0 * ones, Places.free(np.full(10, 10), least, prize=10**9))
    assert paid[9] < 0 <= plain.min()


def test_equal_choices_of_everybody_are_answered_in_few_rounds() -> None:
    n, m = 600, 60
    table, ones = Table(np.full((n, m), 5, dtype=np.float32)), np.ones(n, dtype=np.int64)
    with pytest.MonkeyPatch.context() as patch:
        force(patch, GUESSED)
        solution = solve_rounds(table, ones, ones * 4 * LARGEST, Places.free(np.full(m, 10)), Effort(candidates=2))
    assert solution.used.sum() == n
    assert solution.rounds <= 4
