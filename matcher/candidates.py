"""Walks over all pairs, block by block: the whole matrix is never in memory, and blocks spread over threads.

Whatever is kept from a block depends on its rows alone, so neither block size nor threads change what comes out.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar, cast

import numpy as np
from joblib import Parallel, delayed, effective_n_jobs

from matcher.encoding import BoolArray, FloatArray, IntArray

BLOCK_PAIRS = 1 << 18
"""Pairs scored at once when no block size is set: a megabyte of float32, which a core keeps close."""

FORBIDDEN = np.float32(-np.inf)
"""Points of a pair that is not allowed: below every demand, so that no comparison ever chooses it."""

STRIPS = 8
"""Parts per thread that a walk is cut into: threads end at about the same time, and each part is worth handing over."""

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
class Scan:
    """How to walk over all pairs: changes time and memory, never what is found.

    Parameters
    ----------
    block_size : int or None
        Rows scored at once; None chooses.
    n_jobs : int
        Threads, as joblib counts them; processes or machines where `joblib.parallel_config` says so.
    """

    block_size: int | None = None
    n_jobs: int = 1

    def over(
        self, table: Points, work: Callable[[FloatArray, IntArray], Found], rows: IntArray | None = None
    ) -> Iterator[Found]:
        """Work on every block of points, in order.

        Parameters
        ----------
        table : Points
            All pairs.
        work : callable
            Points of some rows, and these rows → what was found there. Travels to other processes together with what
            it holds.
        rows : ndarray of int or None
            The rows to walk over, ascending; None for all.

        Yields
        ------
        found : object
            What was found, block after block.
        """
        rows = np.arange(table.shape[0]) if rows is None else rows
        size = self.block_size or max(1, BLOCK_PAIRS // max(1, table.shape[1]))
        blocks = [rows[start : start + size] for start in range(0, max(1, len(rows)), size)]
        strip = max(1, len(blocks) // (STRIPS * effective_n_jobs(self.n_jobs)))
        strips = [blocks[start : start + strip] for start in range(0, len(blocks), strip)]
        if len(strips) == 1 or effective_n_jobs(self.n_jobs) == 1:
            yield from (found for blocks in strips for found in _over_strip(table, work, blocks))
            return
        jobs = (delayed(_over_strip)(table, work, strip) for strip in strips)
        spread = Parallel(n_jobs=self.n_jobs, prefer="threads", return_as="generator", batch_size=1)
        for found in spread(jobs):
            yield from found


def _over_strip(table: Points, work: Callable[[FloatArray, IntArray], Found], blocks: list[IntArray]) -> list[Found]:
    return [work(table.points(_as_slice(rows)), rows) for rows in blocks]


def _as_slice(rows: IntArray) -> slice | IntArray:
    """Say a run of rows as a slice, which is read without copying."""
    if len(rows) and rows[-1] - rows[0] == len(rows) - 1:
        return slice(int(rows[0]), int(rows[-1]) + 1)
    return rows


def narrow(table: Points, columns: IntArray) -> Points:
    """Look at some columns of a table only; a table that has a method of this name is asked to do it itself."""
    own = getattr(table, "narrow", None)
    return cast(Points, own(columns)) if own else _Narrowed(table, columns)


class _Narrowed:
    """Some columns of a table, cut out of whole rows."""

    def __init__(self, table: Points, columns: IntArray) -> None:
        self.table, self.columns = table, columns
        self.shape, self.largest = (table.shape[0], len(columns)), table.largest

    def points(self, rows: slice | IntArray) -> FloatArray:
        return self.table.points(rows)[:, self.columns]


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
        every = cls.chain(list(parts))
        every = every.take(np.lexsort((every.columns, every.rows)))
        new = np.ones(len(every), dtype=bool)
        new[1:] = (np.diff(every.rows) != 0) | (np.diff(every.columns) != 0)
        return every.take(new)

    @classmethod
    def chain(cls, parts: Sequence["Pairs"]) -> "Pairs":
        """Put parts one after the other."""
        nothing = np.zeros(0, dtype=np.int64)
        return cls(
            np.concatenate([nothing, *(part.rows for part in parts)]),
            np.concatenate([nothing, *(part.columns for part in parts)]),
            np.concatenate([nothing, *(part.points for part in parts)]),
        )


def entries(points: FloatArray, chosen: BoolArray, rows: IntArray) -> Pairs:
    """List the chosen pairs of a block.

    Parameters
    ----------
    points : ndarray of float of shape (n_rows, m)
        Points of the block.
    chosen : ndarray of bool of shape (n_rows, m)
        Which pairs to list; allowed ones.
    rows : ndarray of int of shape (n_rows,)
        The rows of the block.
    """
    places, count = np.flatnonzero(chosen), np.count_nonzero(chosen, axis=1)
    before = np.repeat(np.arange(len(rows)) * chosen.shape[1], count)
    return Pairs(np.repeat(rows, count), places - before, points.ravel()[places].astype(np.int64))


def all_pairs(table: Points) -> Pairs:
    """List the allowed pairs of a whole table, 24 bytes each."""
    return Pairs.chain(list(Scan().over(table, lambda points, rows: entries(points, points > FORBIDDEN, rows))))


def rank_in_runs(keys: IntArray) -> IntArray:
    """Place of each item among the neighbours with the same key, from 0."""
    first = np.ones(len(keys), dtype=bool)
    first[1:] = np.diff(keys) != 0
    starts = np.flatnonzero(first)
    return np.arange(len(keys)) - np.repeat(starts, np.diff(np.append(starts, len(keys))))


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
