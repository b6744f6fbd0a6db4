"""Who cannot be served is named: a group that really needs more than it can have, and no smaller part of it does."""

import pickle
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from matcher.assignment import Assignment, assign
from matcher.bottleneck import find_bottleneck
from matcher.errors import InfeasibleError, InvalidCapacityError
from tests.matcher.enumeration import Tiny, keep_best, tiny_requests
from tests.matcher.strategies import RELAXED

Contest = tuple[NDArray[np.bool_], NDArray[np.int64], NDArray[np.int64]]


@st.composite
def contests(draw: st.DrawFn) -> Contest:
    n, m = draw(st.integers(0, 5)), draw(st.integers(0, 4))
    allowed = np.array([[draw(st.booleans()) for _ in range(m)] for _ in range(n)], dtype=bool).reshape(n, m)
    need = np.array([draw(st.integers(0, 2)) for _ in range(n)], dtype=np.int64)
    return allowed, need, np.array([draw(st.integers(0, 3)) for _ in range(m)], dtype=np.int64)


def lacks(group: tuple[int, ...], allowed: NDArray[Any], need: NDArray[Any], room: NDArray[Any]) -> int:
    """Places that a group needs beyond what its supporters can give it: each gives one place per person at most."""
    rows = list(group)
    return int(need[rows].sum() - np.minimum(allowed[rows].sum(axis=0), room).sum())


def is_smallest(group: tuple[int, ...], allowed: NDArray[Any], need: NDArray[Any], room: NDArray[Any]) -> bool:
    parts = [part for size in range(len(group)) for part in combinations(group, size)]
    return all(lacks(part, allowed, need, room) <= 0 for part in parts)


@given(contests())
@settings(RELAXED, max_examples=400)
def test_the_bottleneck_is_a_group_by_halls_theorem_and_no_part_of_it_is(contest: Contest) -> None:
    allowed, need, room = contest
    found = find_bottleneck(np.zeros(allowed.shape), room, demand=need, allowed=allowed)
    everybody = range(len(need))
    short = any(lacks(group, *contest) > 0 for size in range(len(need) + 1) for group in combinations(everybody, size))
    assert short == (found is not None)
    if found is not None:
        assert found.missing == lacks(found.entrepreneurs, *contest) > 0
        assert is_smallest(found.entrepreneurs, *contest)
        assert found.supporters == tuple(np.flatnonzero(allowed[list(found.entrepreneurs)].any(axis=0)).tolist())


def test_who_has_nobody_at_all_is_named_alone() -> None:
    scores = np.ones((200, 40))
    scores[117] = np.nan
    found = find_bottleneck(scores, np.full(40, 5))
    assert found is not None
    assert (found.entrepreneurs, found.supporters, found.missing) == ((117,), (), 1)


def test_who_is_short_by_herself_is_named_before_two_who_compete() -> None:
    scores = np.array([[1, np.nan, np.nan], [1, np.nan, np.nan], [1, 1, 1]])
    found = find_bottleneck(scores, np.array([1, 9, 9]), demand=np.array([1, 1, 4]))
    assert found is not None
    assert (found.entrepreneurs, found.supporters, found.missing) == ((2,), (0, 1, 2), 1)


@given(tiny_requests())
@settings(RELAXED, max_examples=300)
def test_an_impossible_minimum_names_its_group_and_the_best_partial_answer(tiny: Tiny) -> None:
    loose = Tiny(**{**tiny.arguments(), "minimum": np.zeros_like(tiny.minimum)})
    answers = list(loose.answers())
    if not answers or any(True for _ in tiny.answers()):
        return
    with pytest.raises(InfeasibleError) as caught:
        assign(**tiny.arguments(), aim="most_served")
    facts, partial = caught.value.facts, caught.value.partial
    assert isinstance(partial, Assignment)
    assert facts["cause"] == "minimum"
    rows, places = np.nonzero(partial.supporters >= 0)
    found = frozenset(zip(rows.tolist(), partial.supporters[rows, places].tolist(), strict=True))
    for judge in (
        lambda answer: -int(np.maximum(tiny.minimum - tiny.loads(answer), 0).sum()),
        len,
        tiny.total,
    ):
        answers = keep_best(answers, judge)
    assert found in answers
    # The group: supporters need, entrepreneurs give; fixed pairs are gone from both.
    taken = np.zeros(tiny.scores.shape, dtype=bool)
    taken[tuple(tiny.fixed.T)] = True
    allowed = (~np.isnan(tiny.scores) & ~taken).T
    need, room = np.maximum(tiny.minimum - taken.sum(axis=0), 0), tiny.demand - taken.sum(axis=1)
    group = caught.value.facts["supporters"]
    assert isinstance(group, tuple)
    assert facts["missing"] == lacks(group, allowed, need, room) > 0
    assert is_smallest(group, allowed, need, room)
    assert facts["entrepreneurs"] == tuple(np.flatnonzero(allowed[list(group)].any(axis=0)).tolist())


@pytest.mark.parametrize(
    ("fixed", "cause", "rows", "columns", "missing"),
    [
        ([[0, 2]], "not_allowed", (0,), (2,), 1),
        ([[0, 0], [1, 0], [2, 0]], "capacity", (0, 1, 2), (0,), 1),
        ([[1, 0], [1, 1]], "demand", (1,), (0, 1), 1),
    ],
)
def test_fixed_pairs_that_cannot_be_had_are_named(
    fixed: list[list[int]], cause: str, rows: tuple[int, ...], columns: tuple[int, ...], missing: int
) -> None:
    scores = np.array([[0.5, 0.5, np.nan], [0.5, 0.5, 0.5], [0.5, 0.5, 0.5]])
    with pytest.raises(InfeasibleError, match=cause) as caught:
        assign(scores, np.array([2, 1, 1]), fixed=np.array(fixed))
    expected = {"cause": cause, "entrepreneurs": rows, "supporters": columns, "missing": missing}
    assert {name: caught.value.facts[name] for name in expected} == expected
    partial = caught.value.partial
    assert isinstance(partial, Assignment)
    assert partial.served == 3
    # As many fixed pairs as can be are kept, the first ones.
    assert cause != "capacity" or partial.supporters[:2, 0].tolist() == [0, 0]


def test_one_fixed_pair_gives_way_to_two() -> None:
    with pytest.raises(InfeasibleError) as caught:
        assign(np.ones((2, 2)), np.array([1 << 60, 1]), demand=[1, 1], fixed=np.array([[0, 0], [0, 1], [1, 1]]))
    assert caught.value.partial.supporters.tolist() == [[0], [1]]
    with pytest.raises(InfeasibleError) as caught:
        assign(np.ones((2, 2)), np.array([1, 1]), fixed=np.array([[0, 0], [0, 1], [1, 0]]))
    assert caught.value.partial.supporters.tolist() == [[1], [0]]


def test_the_refusal_travels_with_its_partial_answer() -> None:
    with pytest.raises(InfeasibleError) as caught:
        assign(np.array([[np.nan]]), np.array([1]), minimum=np.array([1]))
    copy = pickle.loads(pickle.dumps(caught.value))  # noqa: S301
    assert copy.partial.supporters.tolist() == [[-1]]
    assert copy.facts["supporters"] == (0,)


def test_a_minimum_above_the_capacity_contradicts_itself() -> None:
    with pytest.raises(InvalidCapacityError):
        assign(np.array([[1.0]]), np.array([1]), minimum=np.array([2]))
    # More than there are people is a matter of people.
    with pytest.raises(InfeasibleError):
        assign(np.array([[1.0]]), np.array([2]), minimum=np.array([2]))
