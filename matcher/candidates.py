"""Walks over all pairs, block by block: the whole matrix is never in memory, and blocks spread over threads.

Whatever is kept from a block depends on its rows alone, so neither block size nor threads change what comes out.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from joblib import Parallel, delayed

from matcher.encoding import BoolArray, FloatArray, IntArray

BLOCK_PAIRS = 1 << 18
"""Pairs scored at once when no block size is set: a megabyte of float32, which a core keeps close."""

FORBIDDEN = np.float32(-np.inf)
"""Points of a pair that is not allowed: below every demand, so that no comparison ever chooses it."""

MOST_PLACES = 1000
"""Places of one supporter for which candidates are kept at the start; the prices find those still missing."""

Found = TypeVar("Found")


class Points(Protocol):
    """Whole points of all pairs, worked out when asked for, some rows at a time.

    Attributes
    ----------
    shape : tuple of int
        Number of entrepreneurs and of supporters.
    largest : int
        No allowed pair's points lie further from 0 than this.
    """

    shape: tuple[int, int]
    largest: int

    def points(self, rows: slice | IntArray) -> FloatArray:
        """Give the whole points of some rows, shape `(len(rows), n_supporters)`, `FORBIDDEN` where not allowed."""


def walk(
    shape: tuple[int, int], work: Callable[[int, int], Found], *, block_size: int | None, n_jobs: int
) -> Iterator[Found]:
    """Do some work on every block, in order.

    Parameters
    ----------
    shape : tuple of int
        Number of rows, to be cut into blocks, and of columns.
    work : callable
        First and last row → what was found there.
    block_size : int or None
        Rows at once; None chooses.
    n_jobs : int
        Threads, as joblib counts them.

    Yields
    ------
    found : object
        What was found, block after block.
    """
    n_rows, n_columns = shape
    size = block_size or max(1, BLOCK_PAIRS // max(1, n_columns))
    if n_rows <= size:
        yield work(0, n_rows)
        return
    starts = range(0, n_rows, size)
    jobs = (delayed(work)(start, min(n_rows, start + size)) for start in starts)
    yield from Parallel(n_jobs=n_jobs, backend="threading", return_as="generator", batch_size=1)(jobs)


@dataclass(frozen=True)
class Pairs:
    """A list of allowed pairs with their whole points, sorted by row then column, each once."""

    rows: IntArray
    columns: IntArray
    points: IntArray

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, chosen: BoolArray | IntArray) -> "Pairs":
        """Choose some of the pairs, in the order given."""
        return Pairs(self.rows[chosen], self.columns[chosen], self.points[chosen])

    @classmethod
    def collect(cls, parts: Iterable["Pairs"]) -> "Pairs":
        """Put parts together; a pair may be in several."""
        found = [(part.rows, part.columns, part.points) for part in parts]
        nothing = np.zeros(0, dtype=np.int64)
        rows, columns, points = (np.concatenate([nothing, *column]) for column in zip(*found, strict=True))
        order = np.lexsort((columns, rows))
        rows, columns, points = rows[order], columns[order], points[order]
        new = np.ones(len(rows), dtype=bool)
        new[1:] = (np.diff(rows) != 0) | (np.diff(columns) != 0)
        return cls(rows[new], columns[new], points[new])


def best_pairs(table: Points, capacity: IntArray, count: int, *, block_size: int | None, n_jobs: int) -> Pairs:
    """Pick the pairs that the solver starts with: the best of each entrepreneur and the best of each supporter.

    Parameters
    ----------
    table : Points
        All pairs.
    capacity : ndarray of int of shape (n_supporters,)
        Free places.
    count : int
        Supporters kept per entrepreneur; a supporter keeps this many entrepreneurs, and two more per place.
    block_size, n_jobs
        See `walk`.

    Returns
    -------
    pairs : Pairs
        The union of both choices.
    """
    best_of_supporters = _BestOfColumns(count + 2 * np.minimum(capacity, MOST_PLACES))

    def work(start: int, stop: int) -> tuple[Pairs, Pairs]:
        points = table.points(slice(start, stop))
        return _best_of_rows(points, start, count), _entries(points, points > best_of_supporters.bar, start)

    parts = []
    for best_of_rows, above in walk(table.shape, work, block_size=block_size, n_jobs=n_jobs):
        parts.append(best_of_rows)
        best_of_supporters.add(above)
    return Pairs.collect([*parts, best_of_supporters.close()])


def all_pairs(table: Points) -> Pairs:
    """List the allowed pairs of a whole table, 24 bytes each."""

    def work(start: int, stop: int) -> Pairs:
        points = table.points(slice(start, stop))
        return _entries(points, points > FORBIDDEN, start)

    parts = list(walk(table.shape, work, block_size=None, n_jobs=1))
    rows, columns, points = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("rows", "columns", "points")
    )
    return Pairs(rows, columns, points)


def _entries(points: FloatArray, chosen: BoolArray, start: int) -> Pairs:
    rows, columns = np.divmod(np.flatnonzero(chosen), chosen.shape[1])
    return Pairs(rows + start, columns, points[rows, columns].astype(np.int64))


def _best_of_rows(points: FloatArray, start: int, count: int) -> Pairs:
    if count >= points.shape[1]:
        return _entries(points, points > FORBIDDEN, start)
    columns = np.argpartition(points, points.shape[1] - count, axis=1)[:, -count:].ravel()
    rows = np.repeat(np.arange(len(points)), count)
    best = points[rows, columns]
    kept = best > FORBIDDEN
    return Pairs(rows[kept] + start, columns[kept], best[kept].astype(np.int64))


class _BestOfColumns:
    """The best rows of each column among the blocks seen so far; of equal ones the first, as blocks come in order."""

    def __init__(self, room: IntArray) -> None:
        self.room = room
        self.bar = np.full(len(room), FORBIDDEN)
        self.kept: list[Pairs] = []

    def add(self, pairs: Pairs) -> None:
        self.kept.append(pairs)
        if sum(map(len, self.kept)) > 2 * self.room.sum():
            self.kept = [self.close()]

    def close(self) -> Pairs:
        """Forget all but the best, and raise the bar that later rows must pass."""
        rows, columns, points = (
            np.concatenate([np.zeros(0, dtype=np.int64), *(getattr(part, name) for part in self.kept)])
            for name in ("rows", "columns", "points")
        )
        order = np.lexsort((rows, -points, columns))
        rows, columns, points = rows[order], columns[order], points[order]
        rank = _rank_in_runs(columns)
        last = rank == self.room[columns] - 1
        self.bar = self.bar.copy()
        self.bar[columns[last]] = points[last]
        best = rank < self.room[columns]
        return Pairs(rows[best], columns[best], points[best])


def _rank_in_runs(keys: IntArray) -> IntArray:
    """Place of each item among the neighbours with the same key, from 0."""
    first = np.ones(len(keys), dtype=bool)
    first[1:] = np.diff(keys) != 0
    starts = np.flatnonzero(first)
    return np.arange(len(keys)) - np.repeat(starts, np.diff(np.append(starts, len(keys))))


def pairs_reaching(
    table: Points, thresholds: IntArray, prices: IntArray, count: int, *, block_size: int | None, n_jobs: int
) -> Pairs:
    """Look through all pairs for those worth what both ends ask, or more.

    Parameters
    ----------
    table : Points
        All pairs.
    thresholds : ndarray of int of shape (n_entrepreneurs,)
        What each entrepreneur asks, in points; may be negative.
    prices : ndarray of int of shape (n_supporters,)
        What each supporter asks, in points.
    count : int
        Pairs kept per entrepreneur at most, those that exceed it the most.
    block_size, n_jobs
        See `walk`.

    Returns
    -------
    pairs : Pairs
        Allowed pairs with `points >= threshold + price`. That none is above is the proof that both sides' demands
        bound every answer; those that reach it exactly are what equally good answers may use.
    """

    def work(start: int, stop: int) -> Pairs:
        points = table.points(slice(start, stop))
        # Sums in float64 are exact below 2**53; those that the points' type cannot hold lie far outside their range.
        asked = np.add(thresholds[start:stop, None], prices, dtype=np.float64).astype(points.dtype)
        rows, columns = np.divmod(np.flatnonzero(points >= asked), points.shape[1])
        found = points[rows, columns].astype(np.int64)
        margin = found - thresholds[start + rows] - prices[columns]
        order = np.lexsort((columns, -margin, rows))
        order = order[_rank_in_runs(rows[order]) < count]
        return Pairs(rows[order] + start, columns[order], found[order])

    return Pairs.collect(walk(table.shape, work, block_size=block_size, n_jobs=n_jobs))


def next_best(
    table: Points, assigned: IntArray, spare: BoolArray, count: int, *, block_size: int | None, n_jobs: int
) -> IntArray:
    """Find the next best supporters of everybody who is served.

    Parameters
    ----------
    table : Points
        All pairs.
    assigned : ndarray of int of shape (n_entrepreneurs,)
        The supporter assigned, -1 for nobody.
    spare : ndarray of bool of shape (n_supporters,)
        Whether a place is left: these come first, since they could really be had.
    count : int
        How many to find.
    block_size, n_jobs
        See `walk`.

    Returns
    -------
    supporters : ndarray of int of shape (n_entrepreneurs, count)
        Best first, equal ones in input order, -1 where nobody is left or nobody is assigned.
    """
    # More than any difference of points, and the sum is still exact in float32.
    lift = np.where(spare, np.float32(2 * table.largest + 1), np.float32(0))

    def work(start: int, stop: int) -> IntArray:
        points = table.points(slice(start, stop)) + lift
        every = np.arange(stop - start)
        found = np.full((stop - start, count), -1, dtype=np.int64)
        points[every, assigned[start:stop]] = FORBIDDEN
        for rank in range(count):
            best = points.argmax(axis=1)
            found[:, rank] = np.where(points[every, best] > FORBIDDEN, best, -1)
            points[every, best] = FORBIDDEN
        found[assigned[start:stop] < 0] = -1
        return found

    return np.concatenate(list(walk(table.shape, work, block_size=block_size, n_jobs=n_jobs)))
