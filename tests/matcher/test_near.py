"""What a walk keeps, and that its bounds hide nothing from the next one."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from matcher.candidates import FORBIDDEN, Pairs, Scan, all_pairs, narrow
from matcher.encoding import IntArray
from matcher.near import Near
from tests.matcher.strategies import RELAXED


class Table:
    """Points held as one array; some tables know how to narrow themselves."""

    def __init__(self, points: NDArray[Any], sizes: list[int] | None = None) -> None:
        self.array, self.shape, self.largest = points, points.shape, 1_000_000
        self.sizes = [] if sizes is None else sizes

    def points(self, rows: slice | IntArray) -> NDArray[Any]:
        self.sizes.append(self.array[rows].size)
        return self.array[rows]


class NarrowTable(Table):
    def narrow(self, columns: IntArray) -> "NarrowTable":
        return NarrowTable(self.array[:, columns], self.sizes)


def keys(pairs: Pairs) -> set[tuple[int, int, int]]:
    return set(zip(pairs.rows.tolist(), pairs.columns.tolist(), pairs.points.tolist(), strict=True))


@st.composite
def situations(draw: st.DrawFn) -> tuple[Table, IntArray, IntArray, IntArray]:
    n, m = draw(st.integers(1, 7)), draw(st.integers(1, 7))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    wide = draw(st.sampled_from((3, 1_000_000)))
    points = rng.integers(-wide, wide + 1, (n, m)).astype(draw(st.sampled_from((np.float32, np.float64))))
    points[rng.random((n, m)) < draw(st.sampled_from((0, 0.5, 1)))] = FORBIDDEN
    far = draw(st.sampled_from((0, 3, 1_000_000, 2_500_000_000, 2**45)))
    guess, prices = (rng.integers(-far, far + 1, m) for _ in range(2))
    people = rng.integers(-wide, wide + 1, n) + draw(st.sampled_from((0, -far, far)))
    return draw(st.sampled_from((Table, NarrowTable)))(points), guess, people, prices


@given(situations(), st.integers(1, 4), st.integers(1, 4), st.integers(1, 3))
@settings(RELAXED, max_examples=300)
def test_no_pair_that_reaches_the_prices_is_missed(
    situation: tuple[Table, IntArray, IntArray, IntArray], count: int, first: int, block_size: int
) -> None:
    table, guess, asked, prices = situation
    scan = Scan(block_size=block_size)
    near = Near.find(table, guess, count, min(first, count), np.ones(len(guess), dtype=np.int64), scan)
    every = all_pairs(table)
    reach = every.points >= asked[every.rows] + prices[every.columns]
    found = near.reaching(table, asked, prices, table.shape[1], scan)
    assert keys(found) <= keys(every.take(reach))
    assert keys(every.take(reach)) <= keys(found) | keys(near.pairs)
    # One per person is enough to know that there are any.
    one = near.reaching(table, asked, prices, 1, scan)
    assert len(one) == len(np.unique(found.rows))
    assert keys(one) <= keys(found)
    assert 0 <= near.share(asked, prices) <= 1
    assert near.share(asked, prices) > 0 or not len(found)


def test_the_best_of_each_person_and_enough_for_each_supporter_are_kept() -> None:
    rng = np.random.default_rng(4)
    table, places = Table(rng.integers(0, 1000, (60, 12)).astype(np.float32)), np.array([0, 3] * 6)
    table.array[:, 5] = 1  # nobody's choice
    guess = np.full(12, 7)
    near = Near.find(table, guess, 4, 2, places, Scan())
    for row in range(60):
        best = np.sort(table.array[row])[-4:]
        assert set(best) <= set(near.pairs.points[near.pairs.rows == row])
        assert np.count_nonzero(near.first[near.pairs.rows == row]) >= 2
        left = np.setdiff1d(np.arange(12), near.pairs.columns[near.pairs.rows == row])
        assert (table.array[row, left] - 7 <= near.bounds[row]).all()
    assert np.count_nonzero(near.pairs.columns == 5) == 3 + 4
    # A supporter whom the guess takes for free is not looked after.
    free = Near.find(table, np.where(np.arange(12) == 5, 0, 7), 4, 2, places, Scan())
    assert np.count_nonzero(free.pairs.columns == 5) == 0


@pytest.mark.parametrize(("block_size", "n_jobs"), [(1, 1), (7, 2), (200, 3)])
def test_what_is_kept_depends_neither_on_blocks_nor_on_threads(block_size: int, n_jobs: int) -> None:
    rng = np.random.default_rng(5)
    table, places = Table(rng.integers(0, 30, (200, 40)).astype(np.float32)), rng.integers(0, 9, 40)
    guess, asked, prices = rng.integers(0, 20, 40), rng.integers(0, 10, 200), rng.integers(0, 20, 40)
    first, other = (
        Near.find(table, guess, 6, 2, places, scan) for scan in (Scan(), Scan(block_size=block_size, n_jobs=n_jobs))
    )
    assert keys(first.pairs) == keys(other.pairs)
    assert (first.first == other.first).all()
    found, again = (
        near.reaching(table, asked, prices, 3, Scan(block_size=block_size, n_jobs=n_jobs)) for near in (first, other)
    )
    assert (found.rows == again.rows).all()
    assert (found.columns == again.columns).all()


def test_pairs_can_be_added_once_and_are_then_known() -> None:
    table = Table(np.arange(12, dtype=np.float32).reshape(3, 4))
    near = Near.find(table, np.zeros(4, dtype=np.int64), 1, 1, np.zeros(4, dtype=np.int64), Scan())
    assert keys(near.known) == {(0, 3, 3), (1, 3, 7), (2, 3, 11)}
    more = Pairs(np.array([2, 0, 2]), np.array([3, 1, 0]), np.array([11, 1, 8]))
    near = near.add(more).add(more)
    assert keys(near.known) == {(0, 1, 1), (0, 3, 3), (1, 3, 7), (2, 0, 8), (2, 3, 11)}
    assert (np.diff(near.pairs.rows * 4 + near.pairs.columns) > 0).all()


def test_a_table_narrows_itself_or_is_cut() -> None:
    array = np.arange(12, dtype=np.float32).reshape(3, 4)
    for table in (Table(array), NarrowTable(array)):
        part = narrow(table, np.array([1, 3]))
        assert part.shape == (3, 2)
        assert part.points(slice(0, 2)).tolist() == [[1, 3], [5, 7]]
        assert part.points(np.array([2])).tolist() == [[9, 11]]


@pytest.mark.parametrize("better", [0, 3])
def test_who_has_many_equal_choices_keeps_others_than_her_neighbours(better: int) -> None:
    table = Table(np.full((400, 100), 5, dtype=np.float32))
    table.array[:, 50 : 50 + better] = 6
    near = Near.find(table, np.zeros(100, dtype=np.int64), 8, 4, np.full(100, 4), Scan(block_size=30))
    assert (np.bincount(near.pairs.rows) == 8).all()
    assert (near.bounds >= 5).all()
    counts = np.bincount(near.pairs.columns, minlength=100)
    assert (counts[50 : 50 + better] == 400).all()
    others = np.delete(counts, np.arange(50, 50 + better))
    even = (8 - better) * 400 / (100 - better)
    assert others.min() > even / 2
    assert others.max() < even * 2
