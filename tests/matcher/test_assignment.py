"""The assignment is the best over all pairs: checked by brute force, by another solver, and by its own prices."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from matcher.assignment import Assignment
from matcher.assignment import assign as assign_any
from matcher.candidates import Pairs
from matcher.errors import InvalidCapacityError, InvalidScoreError, InvalidShapeError, MatcherError
from matcher.flow import Places, solve_flow
from matcher.scoring import POINTS
from tests.matcher.strategies import RELAXED
from tests.matcher.ways import GUESSED, LISTED, TABLED, force


@pytest.fixture(autouse=True, scope="module", params=(TABLED, LISTED, GUESSED))
def few(request: pytest.FixtureRequest) -> Iterator[None]:
    """Solve small problems in all ways, like large ones too."""
    with pytest.MonkeyPatch.context() as patch:
        force(patch, request.param)
        yield


def assign(*arguments: Any, **options: Any) -> Assignment:
    """Serve as many as can be, as match runs do."""
    return assign_any(*arguments, aim="most_served", **options)


Problem = tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]


@st.composite
def problems(draw: st.DrawFn, most: int = 4) -> Problem:
    n, m = draw(st.integers(0, most)), draw(st.integers(0, most))
    # Few different values make ties; None makes a forbidden pair.
    value = st.sampled_from((None, 0.0, 0.1, 0.5, 0.500001, 1.0))
    scores = np.array([[draw(value) for _ in range(m)] for _ in range(n)], dtype=float).reshape(n, m)
    capacity = np.array([draw(st.integers(0, 2)) for _ in range(m)], dtype=np.int64)
    bonus = np.array([draw(st.sampled_from((0, 1, 400_000, 9_000_000))) for _ in range(n)], dtype=np.int64)
    return scores, capacity, bonus


def invent(
    n: int, m: int, *, seed: int, allowed: float = 0.5, places: int = 3
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    rng = np.random.default_rng(seed)
    scores = np.round(rng.random((n, m)), 6)
    scores[rng.random((n, m)) > allowed] = np.nan
    return scores, rng.integers(0, places + 1, m), rng.integers(0, 500_000, n)


def best_by_brute_force(scores: NDArray[Any], capacity: NDArray[Any], bonus: NDArray[Any]) -> tuple[int, int]:
    n, m = scores.shape
    best = (0, 0)
    for choice in product(range(-1, m), repeat=n):
        pairs = [(row, column) for row, column in enumerate(choice) if column >= 0]
        if any(np.isnan(scores[pair]) for pair in pairs):
            continue
        if any(sum(column == other for _, other in pairs) > capacity[column] for _, column in pairs):
            continue
        total = sum(round(scores[row, column] * POINTS) + int(bonus[row]) for row, column in pairs)
        best = max(best, (len(pairs), total))
    return best


def best_by_scipy(scores: NDArray[Any], capacity: NDArray[Any], bonus: NDArray[Any]) -> tuple[int, int]:
    """Solve on places expanded into columns, with one column of its own for leaving somebody unserved."""
    n = len(scores)
    worth = np.rint(scores * POINTS) + bonus[:, None]
    much = (n + 1) * (POINTS + 1)
    expanded = np.repeat(np.where(np.isnan(worth), -1e15, worth + much), capacity, axis=1)
    rows, columns = linear_sum_assignment(np.hstack([expanded, np.zeros((n, n))]), maximize=True)
    served = columns < expanded.shape[1]
    return int(served.sum()), int(expanded[rows[served], columns[served]].sum() - much * served.sum())


def check(answer: Assignment, scores: NDArray[Any], capacity: NDArray[Any], bonus: NDArray[Any]) -> None:
    supporters = answer.supporters[:, 0]
    served = np.flatnonzero(supporters >= 0)
    chosen = scores[served, supporters[served]]
    assert not np.isnan(chosen).any()
    assert (np.bincount(supporters[served], minlength=len(capacity)) <= capacity).all()
    assert answer.served == len(served)
    assert answer.total == int(np.rint(chosen * POINTS).sum()) + int(bonus[served].sum())
    assert answer.gap == 0
    assert answer.upper_bound == answer.total
    # The prices are the proof: no allowed pair is worth more than its two ends ask.
    asked = answer.entrepreneur_prices[:, None] + answer.supporter_prices
    worth = np.rint(np.where(np.isnan(scores), 0, scores) * POINTS) + bonus[:, None] + answer.unserved
    assert ((asked >= worth) | np.isnan(scores)).all()
    assert (answer.entrepreneur_prices >= 0).all()
    assert (answer.supporter_prices >= 0).all()


@given(problems())
@settings(RELAXED, max_examples=150)
def test_the_answer_is_the_best_of_all_answers(problem: Problem) -> None:
    scores, capacity, bonus = problem
    answer = assign(scores, capacity, bonus=bonus, candidates=1, block_size=1)
    check(answer, scores, capacity, bonus)
    assert (answer.served, answer.total) == best_by_brute_force(scores, capacity, bonus)


@pytest.mark.parametrize(
    ("n", "m", "allowed", "places"), [(60, 25, 0.5, 3), (80, 80, 0.05, 1), (50, 70, 1.0, 1), (120, 30, 0.3, 6)]
)
@pytest.mark.parametrize("seed", range(3))
def test_scipy_on_expanded_places_finds_the_same(n: int, m: int, allowed: float, places: int, seed: int) -> None:
    scores, capacity, bonus = invent(n, m, seed=seed, allowed=allowed, places=places)
    answer = assign(scores, capacity, bonus=bonus, candidates=2)
    check(answer, scores, capacity, bonus)
    assert (answer.served, answer.total) == best_by_scipy(scores, capacity, bonus)


def popular_topics(n: int, places: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Everybody likes the same few supporters best; places are exactly as many as people."""
    rng = np.random.default_rng(3)
    popularity = np.linspace(1, 0, n // places)
    return np.round(0.9 * popularity + 0.1 * rng.random((n, n // places)), 6), np.full(n // places, places)


def test_popular_topics_leave_nobody_unmatched_although_the_best_candidates_alone_would() -> None:
    scores, capacity = popular_topics(400, 2)
    bonus = np.zeros(400, dtype=np.int64)
    answer = assign(scores, capacity, candidates=10)
    check(answer, scores, capacity, bonus)
    assert (answer.served, answer.total) == best_by_scipy(scores, capacity, bonus)
    assert answer.served == 400
    # Negative control: the best candidates of each entrepreneur alone, without the walk over all pairs.
    best = np.argsort(-scores, axis=1)[:, :10]
    rows, columns = np.repeat(np.arange(400), 10), best.ravel()
    points = np.rint(scores[rows, columns] * POINTS).astype(np.int64)
    ones = np.ones(400, dtype=np.int64)
    alone = solve_flow(Pairs(rows, columns, points), ones, ones * answer.unserved, Places.free(capacity))
    assert np.count_nonzero(alone) < 200


def test_a_long_chain_of_moves_is_found_to_serve_one_person_more() -> None:
    # Each person but the last prefers her own supporter and can also take the next; the last can only take the first.
    n = 30
    scores = np.full((n, n), np.nan)
    scores[np.arange(n - 1), np.arange(n - 1)] = 1.0
    scores[np.arange(n - 1), np.arange(1, n)] = 0.0
    scores[n - 1, 0] = 0.0
    answer = assign(scores, np.ones(n, dtype=np.int64), candidates=1)
    assert answer.served == n
    assert answer.total == 0


def test_who_waited_longer_is_served_first_and_the_bonus_does_not_choose_the_supporter() -> None:
    scores = np.array([[0.9, 0.5], [0.8, 0.1]])
    assert assign(scores, np.array([1, 0])).supporters[:, 0].tolist() == [0, -1]
    assert assign(scores, np.array([1, 0]), bonus=np.array([0, 100_001])).supporters[:, 0].tolist() == [-1, 0]
    assert assign(scores, np.array([1, 1]), bonus=np.array([0, 0])).supporters[:, 0].tolist() == [1, 0]
    assert assign(scores, np.array([1, 1]), bonus=np.array([5_000_000, 0])).supporters[:, 0].tolist() == [1, 0]


@pytest.mark.parametrize("shape", [(0, 0), (3, 0), (0, 3)])
def test_an_empty_side_serves_nobody(shape: tuple[int, int]) -> None:
    answer = assign(np.zeros(shape), np.ones(shape[1], dtype=np.int64))
    assert answer.supporters[:, 0].tolist() == [-1] * shape[0]
    assert (answer.served, answer.total, answer.gap) == (0, 0, 0)


def test_nobody_allowed_serves_nobody() -> None:
    answer = assign(np.full((2, 3), np.nan), np.array([1, 1, 1]))
    assert (answer.served, answer.upper_bound) == (0, 0)


@pytest.mark.parametrize("block_size", [None, 1, 7, 1000])
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_block_size_and_threads_change_nothing(block_size: int | None, n_jobs: int) -> None:
    scores, capacity, bonus = invent(90, 40, seed=5)
    scores = np.round(scores, 1)  # many equal scores
    expected = assign(scores, capacity, bonus=bonus, candidates=2)
    answer = assign(scores, capacity, bonus=bonus, candidates=2, block_size=block_size, n_jobs=n_jobs)
    assert (answer.supporters == expected.supporters).all()
    assert (answer.supporter_prices == expected.supporter_prices).all()
    assert answer.rounds == expected.rounds


def test_impossible_values_are_refused_with_their_facts() -> None:
    with pytest.raises(InvalidScoreError) as score:
        assign(np.array([[np.inf]]), np.array([1]))
    assert score.value.facts["value"] == np.inf
    with pytest.raises(InvalidShapeError):
        assign(np.zeros(3), np.array([1]))
    with pytest.raises(InvalidShapeError):
        assign(np.zeros((2, 3)), np.array([1]))
    with pytest.raises(InvalidCapacityError):
        assign(np.zeros((2, 1)), np.array([-1]))
    with pytest.raises(InvalidCapacityError):
        assign(np.zeros((2, 1)), np.array([1]), bonus=np.array([0.5, 1]))


def test_costs_too_large_for_the_solver_are_named() -> None:
    pairs = Pairs(np.array([0]), np.array([0]), np.array([1]))
    with pytest.raises(MatcherError, match="BAD_COST_RANGE"):
        solve_flow(pairs, np.array([1]), np.array([1 << 62]), Places.free(np.array([1])))
