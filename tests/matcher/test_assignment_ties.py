"""Among equally good answers the same one is chosen, whatever way led there, and for the documented reasons."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from matcher import rounds, ties
from matcher.assignment import assign
from matcher.faces import draw, rank_in_order
from tests.matcher.ways import GUESSED, force


def invent(n: int, m: int, seed: int) -> tuple[NDArray[np.float64], dict[str, Any]]:
    rng = np.random.default_rng(seed)
    scores = np.round(rng.random((n, m)), seed % 3 % 2)
    scores[rng.random((n, m)) > 0.6] = np.nan
    capacity = rng.integers(0, 4, m)
    options = {
        "capacity": capacity,
        "demand": rng.integers(0, 3, n),
        "minimum": np.minimum(rng.integers(0, 2, m), capacity) * (seed % 2),
        "previous": rng.integers(-1, m, (n, 2)),
        "load": rng.integers(0, 3, m),
    }
    return scores, options


@pytest.mark.parametrize("aim", ["total", "most_served"])
@pytest.mark.parametrize("seed", range(6))
def test_candidates_blocks_threads_and_rounds_change_nothing(
    aim: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    scores, options = invent(60, 25, seed)
    expected = assign(scores, aim=aim, **options)
    force(monkeypatch, GUESSED)
    monkeypatch.setattr(rounds, "NEW_PAIRS", 1)
    for candidates, block_size, n_jobs in ((1, None, 1), (3, 1, 1), (12, 7, 2), (25, 1000, -1)):
        answer = assign(scores, aim=aim, candidates=candidates, block_size=block_size, n_jobs=n_jobs, **options)
        assert (answer.supporters == expected.supporters).all()
        assert (answer.supporter_prices == expected.supporter_prices).all()
        assert (answer.entrepreneur_prices == expected.entrepreneur_prices).all()
        assert answer.gap == 0


@pytest.mark.parametrize("aim", ["total", "most_served"])
@pytest.mark.parametrize("seed", range(4))
def test_ties_too_many_to_list_are_broken_as_well_among_fewer(
    aim: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    scores, options = invent(30, 12, seed)
    scores[scores < 0.5] = 0.5
    listed = assign(scores, aim=aim, **options)
    force(monkeypatch, GUESSED)
    monkeypatch.setattr(rounds, "NEW_PAIRS", 1)
    monkeypatch.setattr(ties, "MOST_TIES", -1)
    monkeypatch.setattr(ties, "LEAST_TIES", 3)
    answers = [
        assign(scores, aim=aim, candidates=1, block_size=size, n_jobs=jobs, **options)
        for size, jobs in ((None, 1), (1, 1), (7, 2))
    ]
    for answer in answers:
        assert (answer.supporters == answers[0].supporters).all()
        assert (answer.total, answer.gap) == (listed.total, 0)


def test_ties_too_many_to_list_keep_the_earlier_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = np.array([[5], [4], [3], [2], [1], [0]])
    force(monkeypatch, GUESSED)
    monkeypatch.setattr(rounds, "NEW_PAIRS", 1)
    monkeypatch.setattr(ties, "MOST_TIES", -1)
    monkeypatch.setattr(ties, "LEAST_TIES", 2)
    ones = np.ones(6, dtype=np.int64)
    assert (assign(np.full((6, 6), 0.5), ones, previous=earlier, candidates=1).supporters == earlier).all()


def test_all_alike_spreads_the_load_in_input_order(monkeypatch: pytest.MonkeyPatch) -> None:
    scores = np.full((7, 5), 0.5)
    assert assign(scores, np.full(5, 7)).supporters[:, 0].tolist() == [0, 0, 1, 1, 2, 3, 4]
    force(monkeypatch, GUESSED)
    monkeypatch.setattr(rounds, "NEW_PAIRS", 1)
    monkeypatch.setattr(ties, "MOST_TIES", -1)
    assert assign(scores, np.full(5, 7), candidates=1).supporters[:, 0].tolist() == [0, 0, 1, 1, 2, 3, 4]


def test_the_load_carried_already_counts_but_takes_no_capacity() -> None:
    scores = np.full((3, 2), 0.5)
    assert assign(scores, np.array([3, 3]), load=np.array([2, 0])).supporters[:, 0].tolist() == [0, 1, 1]
    assert assign(scores, np.array([3, 3]), load=np.array([9, 0])).supporters[:, 0].tolist() == [1, 1, 1]


def test_previous_pairs_are_kept_before_loads_are_spread_but_never_at_a_cost() -> None:
    scores = np.array([[0.5, 0.5], [0.5, 0.5], [0.5, 0.6]])
    previous = np.array([[1], [1], [0]])
    answer = assign(scores, np.array([3, 3]), previous=previous)
    assert answer.supporters[:, 0].tolist() == [1, 1, 1]


def test_a_pair_worth_nothing_is_made_rather_than_not() -> None:
    assert assign(np.array([[0.0]]), np.array([1])).supporters.tolist() == [[0]]
    assert assign(np.array([[-0.1]]), np.array([1])).supporters.tolist() == [[-1]]


def test_earlier_entrepreneurs_are_served_first_among_equals() -> None:
    answer = assign(np.full((4, 2), 0.5), np.array([1, 1]), aim="most_served")
    assert answer.supporters[:, 0].tolist() == [0, 1, -1, -1]


def test_draws_differ_by_pair_and_by_turn_and_stay_the_same() -> None:
    keys = np.arange(2000)
    assert len(np.unique(draw(keys, 1))) > 1990
    assert (draw(keys, 1) != draw(keys, 2)).any()
    assert draw(np.arange(3), 1).tolist() == draw(keys, 1)[:3].tolist()
    assert ((draw(keys, 1) >= 0) & (draw(keys, 1) < 1 << 24)).all()


def test_ranks_follow_the_input_and_stay_within_what_the_solver_counts() -> None:
    first, second = rank_in_order(3, 2)
    assert (first.tolist(), second.tolist()) == ([3, 2, 1], [2, 1])
    first, second = rank_in_order(300_000, 75_000)
    assert (np.diff(first) <= 0).all()
    assert int(first[0] * second[0]) * 4 * 75_003 * 375_002 <= 1 << 62
