"""The worst off first, level by level: against another solver where exchanges pass through many people and ties."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from matcher.assignment import assign
from matcher.candidates import Pairs, all_pairs
from matcher.tables import ArrayPoints


def invent(seed: int, n: int, m: int, grades: int) -> tuple[NDArray[Any], dict[str, Any]]:
    """People of whom not all can be served, supporters with least loads that can be met, few different scores."""
    rng = np.random.default_rng(seed)
    scores = rng.integers(-1, grades, (n, m)) / grades
    scores[rng.random((n, m)) > 0.4] = np.nan
    capacity = rng.integers(0, 4, m)
    filled = assign(scores, capacity, aim="most_served").supporters[:, 0]
    load = np.bincount(filled[filled >= 0], minlength=m)
    return scores, {"capacity": capacity, "minimum": np.where(rng.random(m) < 0.3, load, 0)}


def level_counts(scores: NDArray[Any], limits: dict[str, Any], filled: int) -> list[int]:
    """Fewest pairs of each level, the worst first, one programme after the other."""
    pairs = all_pairs(ArrayPoints(scores))
    rules = [_limit(pairs, scores.shape, limits), LinearConstraint(np.ones((1, len(pairs))), filled, filled)]
    counts = []
    for level in np.unique(pairs.points):
        at_level = (pairs.points == level).astype(np.float64)
        found = milp(at_level, constraints=rules, integrality=np.ones(len(pairs)), bounds=Bounds(0, 1))
        counts.append(round(found.fun))
        rules.append(LinearConstraint(at_level[None, :], counts[-1], counts[-1]))
    return counts


def _limit(pairs: Pairs, shape: tuple[int, int], limits: dict[str, Any]) -> LinearConstraint:
    n, every = shape[0], np.arange(len(pairs))
    ends = np.concatenate([pairs.rows, n + pairs.columns])
    table = sparse.csr_array((np.ones(2 * len(pairs)), (ends, np.tile(every, 2))), shape=(sum(shape), len(pairs)))
    low, high = np.r_[np.zeros(n), limits["minimum"]], np.r_[np.ones(n), limits["capacity"]]
    return LinearConstraint(table, low, high)


@pytest.mark.parametrize("grades", [2, 4, 30])
@pytest.mark.parametrize("seed", range(4))
def test_no_level_can_have_fewer_pairs_once_those_below_have_as_few_as_can_be(seed: int, grades: int) -> None:
    scores, limits = invent(seed, 40, 16, grades)
    answer = assign(scores, **limits, aim="fairest")
    rows = np.flatnonzero(answer.supporters[:, 0] >= 0)
    chosen = scores[rows, answer.supporters[rows, 0]]
    levels = np.unique(scores[~np.isnan(scores)])
    assert [int(np.count_nonzero(chosen == level)) for level in levels] == level_counts(scores, limits, len(rows))
    load = np.bincount(answer.supporters[rows, 0], minlength=16)
    assert ((load >= limits["minimum"]) & (load <= limits["capacity"])).all()


def test_a_pair_that_may_stay_can_be_another_one_of_its_level() -> None:
    # One of the three must have 0.1. The largest total gives it to the first; who has it may change, so that nobody has
    # 0.3: the level's single pair is not decided with the level.
    scores = np.array([[0.1, 0.5, np.nan], [0.1, 0.9, 0.5], [0.1, np.nan, 0.3]])
    assert assign(scores, np.ones(3), aim="most_served").supporters[:, 0].tolist() == [0, 1, 2]
    assert assign(scores, np.ones(3), aim="fairest").supporters[:, 0].tolist() == [1, 2, 0]


def test_two_pairs_of_a_level_give_way_to_another_one_of_it() -> None:
    scores = np.array([[0.1, 0.1, np.nan], [np.nan, 0.1, 0.4], [0.4, np.nan, 0.9]])
    assert assign(scores, np.ones(3), aim="most_served").supporters[:, 0].tolist() == [0, 1, 2]
    assert assign(scores, np.ones(3), aim="fairest").supporters[:, 0].tolist() == [1, 2, 0]


def test_the_progress_of_the_levels_is_told_in_steps_that_each_halve_what_is_left() -> None:
    told: list[int] = []
    assign(np.random.default_rng(0).random((40, 40)), np.ones(40), aim="fairest", on_round=told.append)
    assert told == list(range(1, len(told) + 1))
    assert 6 <= len(told) <= 9
