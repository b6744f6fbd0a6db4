"""Scores of any kind as whole points: arrays, objects that work them out block by block, pairs taken out."""

import reprlib
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from matcher.candidates import BLOCK_PAIRS, FORBIDDEN, Pairs, Points
from matcher.checks import check_setting, is_number, several, whole
from matcher.encoding import FloatArray, IntArray
from matcher.errors import InvalidCapacityError, InvalidScoreError, InvalidSettingsError, InvalidShapeError

LARGEST_POINTS = 1 << 53
"""Whole numbers are exact in float64 up to here."""

LARGEST_NUMBER = 1 << 62
"""Numbers of people or places are at most this: one more still fits in 64 bits."""

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
        Scores of any sign, NaN or masked where the pair is not allowed.
    unit : float
        What one point is worth: scores are counted to the nearest.

    Raises
    ------
    InvalidShapeError
        If the array has not two dimensions.
    InvalidScoreError
        If a score is no number, infinite or too large to be counted in units, or rows differ in length.
    """

    def __init__(self, scores: NDArray[Any], unit: float = 1e-6) -> None:
        array = _read_table(scores)
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
    InvalidShapeError
        If the scores, or a block when it is asked for, have another shape than they say.
    InvalidScoreError
        If a score is no number, infinite, too large to be counted in units, or beyond `largest`.
    """

    def __init__(self, scores: Blocks, unit: float = 1e-6) -> None:
        shape: tuple[int, ...] = getattr(scores, "shape", ())
        if not _is_shape(shape) or len(shape) != 2:
            raise InvalidShapeError(name="scores", shape=shape, expected=(-1, -1))
        self._scores, self._unit = scores, unit
        self.shape: tuple[int, int] = (int(shape[0]), int(shape[1]))
        self.largest = LARGEST_POINTS
        stated = getattr(scores, "largest", None)
        self.largest = self._find_largest() if stated is None else _largest(_count(np.array([stated]), unit))

    def _find_largest(self) -> int:
        n, m = self.shape
        size = max(1, BLOCK_PAIRS // max(1, m))
        return max((_largest(self.points(slice(at, min(n, at + size)))) for at in range(0, n, size)), default=0)

    def points(self, rows: slice | IntArray) -> FloatArray:
        """Give the whole points of some rows."""
        block = _read_table(self._scores.block(rows))
        expected = (len(range(self.shape[0])[rows]) if isinstance(rows, slice) else len(rows), self.shape[1])
        if block.shape != expected:
            raise InvalidShapeError(name="block", shape=block.shape, expected=expected)
        whole = _count(block, self._unit)
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
        self._table = table
        self._allowed = None if allowed is None else read_array("allowed", allowed).astype(bool, copy=False)
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
    InvalidSettingsError
        If the unit is not above 0.
    InvalidScoreError
        If a score cannot be counted in it.
    """
    check_setting("unit", unit, is_number(unit) and 0 < unit < np.inf, "a number above 0")
    if hasattr(scores, "points"):
        return cast(Points, scores)
    return BlockPoints(scores, unit) if hasattr(scores, "block") else ArrayPoints(scores, unit)


def read_array(name: str, values: object) -> NDArray[Any]:
    """Take what was given as an array of numbers.

    Parameters
    ----------
    name : str
        What they are, for the error.
    values : array_like of int or float
        Numbers, none of them masked.

    Returns
    -------
    array : ndarray
        The same numbers, of any shape.

    Raises
    ------
    InvalidSettingsError
        If something else is given, rows differ in length, or values are masked.
    """
    try:
        array = np.asarray(values)
        array = array.astype(np.float64) if array.dtype == object else array
    except (TypeError, ValueError):
        array = np.zeros(0, dtype=str)
    if array.dtype.kind not in "biuf" or np.ma.is_masked(values):
        expected = "numbers, as many in each row, none of them masked"
        raise InvalidSettingsError(field=name, value=reprlib.repr(values), expected=expected)
    return array


def whole_numbers(name: str, values: int | NDArray[Any], count: int, most: int = LARGEST_NUMBER) -> IntArray:
    """Take numbers of people or places, the same for all where only one is given.

    Parameters
    ----------
    name : str
        What they are, for the error.
    values : int or array_like of shape (count,)
        Whole numbers, 0 or more.
    count : int
        How many there must be.
    most : int
        What none may exceed.

    Returns
    -------
    whole : ndarray of int of shape (count,)
        The same numbers.

    Raises
    ------
    InvalidShapeError
        If there are more or fewer.
    InvalidCapacityError
        If one is below 0, above `most` or not whole; the value is the first such.
    InvalidSettingsError
        If they are no numbers.
    """
    array = read_array(name, values)
    if array.shape not in ((), (count,)):
        raise InvalidShapeError(name=name, shape=array.shape, expected=(count,))
    array = np.broadcast_to(array, (count,))
    with np.errstate(invalid="ignore"):
        whole = array.astype(np.int64)
    wrong = (whole != array) | (whole < 0) | (whole > most)
    if wrong.any():
        raise InvalidCapacityError(name=name, value=array[wrong][0].item(), expected=f"whole numbers from 0 to {most}")
    return whole


_is_shape = several(whole(0))


def _read_table(scores: object) -> NDArray[np.float64]:
    """Take scores as numbers, with NaN where a mask hides them."""
    try:
        if isinstance(scores, np.ma.MaskedArray):
            return np.where(np.ma.getmaskarray(scores), np.nan, _read_table(scores.data))
        array = np.asarray(scores)
        if np.iscomplexobj(array):
            raise TypeError("complex numbers have no order")
        return np.asarray(array, dtype=np.float64)
    except (TypeError, ValueError) as error:
        expected = "a table of numbers: a row per entrepreneur, a column per supporter, NaN for not allowed"
        raise InvalidScoreError(value=reprlib.repr(scores), expected=expected) from error


def _count(scores: NDArray[np.float64], unit: float) -> NDArray[np.float64]:
    """Round scores to whole points, `FORBIDDEN` for NaN."""
    with np.errstate(over="ignore"):
        whole = np.rint(scores / unit)
    wrong = np.abs(whole) > LARGEST_POINTS
    if wrong.any():
        limit = f"a number well below {LARGEST_POINTS * unit:g}, or a larger unit, or NaN for not allowed"
        raise InvalidScoreError(value=float(scores[wrong][0]), expected=limit)
    return np.where(np.isnan(whole), FORBIDDEN, whole)


def _largest(whole: FloatArray | NDArray[np.float64]) -> int:
    return int(np.abs(whole, where=whole > FORBIDDEN, out=np.zeros_like(whole)).max(initial=0))


def _store(whole: NDArray[np.float64], largest: int) -> FloatArray:
    return whole.astype(np.float32) if largest <= LARGEST_SINGLE else cast(FloatArray, whole)
