"""Scores of any kind as whole points: arrays, objects that work them out block by block, pairs taken out."""

from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from matcher.candidates import BLOCK_PAIRS, FORBIDDEN, Pairs, Points
from matcher.encoding import FloatArray, IntArray
from matcher.errors import InvalidCapacityError, InvalidScoreError, InvalidShapeError

LARGEST_POINTS = 1 << 53
"""Whole numbers are exact in float64 up to here."""

LARGEST_SINGLE = 1 << 24
"""Whole numbers are exact in float32 up to here: half the memory of float64."""


class Blocks(Protocol):
    """Scores worked out when asked for, some rows at a time.

    Attributes
    ----------
    shape : tuple of int
        Number of entrepreneurs and of supporters.
    """

    shape: tuple[int, int]

    def block(self, rows: slice | IntArray) -> NDArray[Any]:
        """Give the scores of some rows, shape `(len(rows), n_supporters)`, NaN where not allowed."""


class ArrayPoints:
    """Points of scores given as one array.

    Parameters
    ----------
    scores : array_like of float of shape (n_entrepreneurs, n_supporters)
        Scores of any sign, NaN where the pair is not allowed.
    unit : float
        What one point is worth: scores are counted to the nearest.

    Raises
    ------
    InvalidShapeError
        If the array has not two dimensions.
    InvalidScoreError
        If a score is infinite or too large to be counted in units.
    """

    def __init__(self, scores: NDArray[Any], unit: float = 1e-6) -> None:
        array = np.asarray(scores, dtype=np.float64)
        if array.ndim != 2:
            raise InvalidShapeError(name="scores", shape=array.shape, expected=(-1, -1))
        whole = _count(array, unit)
        self.largest = _largest(whole)
        self._points = _store(whole, self.largest)
        self.shape: tuple[int, int] = (array.shape[0], array.shape[1])

    def points(self, rows: slice | IntArray) -> FloatArray:
        """Give the whole points of some rows."""
        return self._points[rows]

    def points_of_columns(self, columns: IntArray) -> FloatArray:
        """Give the whole points of all rows with some columns."""
        return self._points[:, columns]

    def points_of_pairs(self, rows: IntArray, columns: IntArray) -> FloatArray:
        """Give the whole points of a list of pairs."""
        return self._points[rows, columns]


class BlockPoints:
    """Points of scores worked out block by block.

    Parameters
    ----------
    scores : Blocks
        Where the scores come from. An attribute `largest`, a score that none exceeds in absolute value, saves one walk
        over all of them.
    unit : float
        What one point is worth.

    Raises
    ------
    InvalidScoreError
        If a score is infinite, too large to be counted in units, or beyond `largest`.
    """

    def __init__(self, scores: Blocks, unit: float = 1e-6) -> None:
        self._scores, self._unit = scores, unit
        self.shape = scores.shape
        self.largest = LARGEST_POINTS
        stated = getattr(scores, "largest", None)
        self.largest = self._find_largest() if stated is None else _largest(_count(np.array([stated]), unit))

    def _find_largest(self) -> int:
        n, m = self.shape
        size = max(1, BLOCK_PAIRS // max(1, m))
        return max((_largest(self.points(slice(at, min(n, at + size)))) for at in range(0, n, size)), default=0)

    def points(self, rows: slice | IntArray) -> FloatArray:
        """Give the whole points of some rows."""
        whole = _count(np.asarray(self._scores.block(rows), dtype=np.float64), self._unit)
        found = _largest(whole)
        if found > self.largest:
            raise InvalidScoreError(value=found * self._unit, expected="a number within what the scores said of them")
        return _store(whole, self.largest)


class RestPoints:
    """Points of the pairs that may still be chosen.

    Parameters
    ----------
    table : Points
        All pairs.
    allowed : array_like of bool of shape (n_entrepreneurs, n_supporters), or None
        False where a pair is taken out.
    taken : Pairs, optional
        More pairs taken out.

    Raises
    ------
    InvalidShapeError
        If `allowed` has another shape than the table.
    """

    def __init__(self, table: Points, allowed: NDArray[Any] | None, taken: Pairs | None = None) -> None:
        self.shape, self.largest = table.shape, table.largest
        self._table, self._allowed = table, None if allowed is None else np.asarray(allowed, dtype=bool)
        if self._allowed is not None and self._allowed.shape != self.shape:
            raise InvalidShapeError(name="allowed", shape=self._allowed.shape, expected=self.shape)
        nothing = np.zeros(0, dtype=np.int64)
        self._rows, self._columns = (taken.rows, taken.columns) if taken else (nothing, nothing)

    def points(self, rows: slice | IntArray) -> FloatArray:
        """Give the whole points of some rows."""
        points = self._table.points(rows).copy()
        if self._allowed is not None:
            points[~self._allowed[rows]] = FORBIDDEN
        chosen = np.arange(self.shape[0])[rows]
        first, last = np.searchsorted(self._rows, chosen), np.searchsorted(self._rows, chosen, side="right")
        for at in np.flatnonzero(last > first):
            points[at, self._columns[first[at] : last[at]]] = FORBIDDEN
        return points


class KeptPoints:
    """Points that make keeping an earlier pair worth something.

    Parameters
    ----------
    table : Points
        All pairs.
    previous : ndarray of int of shape (n_entrepreneurs,)
        Column of everybody's earlier supporter, -1 for nobody.
    worth : int
        Points added to these pairs, 0 or more.
    """

    def __init__(self, table: Points, previous: IntArray, worth: int) -> None:
        self.shape, self.largest = table.shape, table.largest + worth
        self._table, self._previous, self._worth = table, previous, worth

    def points(self, rows: slice | IntArray) -> FloatArray:
        """Give the whole points of some rows."""
        points, columns = self._table.points(rows).copy(), self._previous[rows]
        kept = np.flatnonzero(columns >= 0)
        points[kept, columns[kept]] += self._worth
        return points

    def points_of_pairs(self, rows: IntArray, columns: IntArray) -> FloatArray:
        """Give the whole points of a list of pairs."""
        points = points_of_pairs(self._table, rows, columns)
        points[self._previous[rows] == columns] += self._worth
        return points

    def count(self, supporters: IntArray) -> int:
        """Give the points that the kept pairs of an answer owe to being kept."""
        return self._worth * int(np.count_nonzero((supporters == self._previous) & (supporters >= 0)))


def points_of_pairs(table: Points, rows: IntArray, columns: IntArray) -> FloatArray:
    """Look up the points of some pairs.

    Parameters
    ----------
    table : Points
        All pairs. A method `points_of_pairs` saves working out whole rows.
    rows, columns : ndarray of int of shape (n_pairs,)
        The pairs.

    Returns
    -------
    points : ndarray of float of shape (n_pairs,)
        Whole points, `FORBIDDEN` where not allowed.

    Notes
    -----
    Memory: some rows at a time, whatever the number of pairs.
    """
    if hasattr(table, "points_of_pairs"):
        return cast(FloatArray, table.points_of_pairs(rows, columns))
    found = np.zeros(len(rows), dtype=np.float64)
    size = max(1, BLOCK_PAIRS // max(1, table.shape[1]))
    for start in range(0, len(rows), size):
        part = slice(start, start + size)
        own, at = np.unique(rows[part], return_inverse=True)
        found[part] = table.points(own)[at, columns[part]]
    return cast(FloatArray, found)


def read_scores(scores: Points | Blocks | NDArray[Any], unit: float = 1e-6) -> Points:
    """Take scores of any kind as points.

    Parameters
    ----------
    scores : Points, Blocks or array_like of float
        Whole points, scores by block, or all scores.
    unit : float
        What one point is worth, above 0; of no effect on whole points.

    Returns
    -------
    table : Points
        The same as whole points.

    Raises
    ------
    InvalidScoreError
        If the unit is not above 0, or a score cannot be counted in it.
    """
    if not (np.isfinite(unit) and unit > 0):
        raise InvalidScoreError(value=unit, expected="a unit above 0")
    if hasattr(scores, "points"):
        return cast(Points, scores)
    return BlockPoints(scores, unit) if hasattr(scores, "block") else ArrayPoints(scores, unit)


def whole_numbers(name: str, values: int | NDArray[Any], count: int) -> IntArray:
    """Take numbers of people or places, the same for all where only one is given.

    Parameters
    ----------
    name : str
        What they are, for the error.
    values : int or array_like of shape (count,)
        Whole numbers, 0 or more.
    count : int
        How many there must be.

    Returns
    -------
    whole : ndarray of int of shape (count,)
        The same numbers.

    Raises
    ------
    InvalidShapeError
        If there are more or fewer.
    InvalidCapacityError
        If one is below 0 or not whole.
    """
    array = np.asarray(values)
    if array.shape not in ((), (count,)):
        raise InvalidShapeError(name=name, shape=array.shape, expected=(count,))
    whole = np.broadcast_to(array, (count,)).astype(np.int64)
    if (whole != array).any() or (whole < 0).any():
        raise InvalidCapacityError(name=name, value=array.tolist(), expected="whole numbers, 0 or more")
    return whole


def _count(scores: NDArray[np.float64], unit: float) -> NDArray[np.float64]:
    """Round scores to whole points, `FORBIDDEN` for NaN."""
    with np.errstate(over="ignore"):
        whole = np.rint(scores / unit)
    wrong = np.abs(whole) > LARGEST_POINTS
    if wrong.any():
        limit = f"a number from {-LARGEST_POINTS * unit:g} to {LARGEST_POINTS * unit:g}, or NaN for not allowed"
        raise InvalidScoreError(value=float(scores[wrong][0]), expected=limit)
    return np.where(np.isnan(whole), FORBIDDEN, whole)


def _largest(whole: FloatArray | NDArray[np.float64]) -> int:
    return int(np.abs(whole, where=whole > FORBIDDEN, out=np.zeros_like(whole)).max(initial=0))


def _store(whole: NDArray[np.float64], largest: int) -> FloatArray:
    return whole.astype(np.float32) if largest <= LARGEST_SINGLE else cast(FloatArray, whole)
