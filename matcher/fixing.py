"""Pairs that an answer must contain: read, checked, and taken out of what is left to decide."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.candidates import FORBIDDEN, Pairs, Points
from matcher.encoding import BoolArray, IntArray
from matcher.errors import InvalidSettingsError, InvalidShapeError
from matcher.flow import Places, solve_flow
from matcher.tables import points_of_pairs, read_array


def read_supporters(name: str, supporters: NDArray[Any], shape: tuple[int, int]) -> Pairs:
    """Read who had whom.

    Parameters
    ----------
    name : str
        What this is, for the error.
    supporters : array_like of int of shape (n_entrepreneurs, any)
        Columns, -1 for nobody.
    shape : tuple of int
        Number of entrepreneurs and of supporters.

    Returns
    -------
    pairs : Pairs
        The pairs, with 0 points.

    Raises
    ------
    InvalidShapeError
        If the array has not one row per entrepreneur.
    InvalidSettingsError
        If a column does not exist, or something else than numbers is given.
    """
    array = read_array(name, supporters)
    if array.ndim != 2 or len(array) != shape[0]:
        raise InvalidShapeError(name=name, shape=array.shape, expected=(shape[0], -1))
    rows, places = np.nonzero(array != -1)
    return read_pairs(name, np.stack([rows, array[rows, places]], axis=1), shape)


def read_pairs(name: str, pairs: NDArray[Any], shape: tuple[int, int]) -> Pairs:
    """Read a list of pairs, each once however often it is given.

    Parameters
    ----------
    name : str
        What this is, for the error.
    pairs : array_like of int of shape (n_pairs, 2)
        Rows and columns; an empty list for none.
    shape : tuple of int
        Number of entrepreneurs and of supporters.

    Returns
    -------
    pairs : Pairs
        The pairs, with 0 points.

    Raises
    ------
    InvalidShapeError
        If the array has not two columns.
    InvalidSettingsError
        If a row or a column does not exist, or something else than numbers is given.
    """
    array = read_array(name, pairs)
    if array.shape == (0,):
        return Pairs.chain([])
    if array.ndim != 2 or array.shape[1] != 2:
        raise InvalidShapeError(name=name, shape=array.shape, expected=(-1, 2))
    with np.errstate(invalid="ignore"):
        whole = array.astype(np.int64)
    wrong = ((whole != array) | (whole < 0) | (whole >= np.array(shape))).any(axis=1)
    if wrong.any():
        expected = f"a row below {shape[0]} and a column below {shape[1]}"
        raise InvalidSettingsError(field=name, value=array[wrong][0].tolist(), expected=expected)
    found = np.unique(whole, axis=0)
    return Pairs(found[:, 0], found[:, 1], np.zeros(len(found), dtype=np.int64))


def value_pairs(table: Points, pairs: Pairs) -> tuple[Pairs, BoolArray]:
    """Look up the points of some pairs.

    Parameters
    ----------
    table : Points
        All pairs.
    pairs : Pairs
        Those asked about.

    Returns
    -------
    valued : Pairs
        The same pairs with their points, 0 where not allowed.
    allowed : ndarray of bool of shape (n_pairs,)
        Whether each is allowed.
    """
    if len(pairs) == 0:
        return pairs, np.ones(0, dtype=bool)
    points = points_of_pairs(table, pairs.rows, pairs.columns)
    allowed: BoolArray = points > FORBIDDEN
    return Pairs(pairs.rows, pairs.columns, np.where(allowed, points, 0).astype(np.int64)), allowed


def find_refused(pairs: Pairs, allowed: BoolArray, demand: IntArray, capacity: IntArray) -> tuple[str, IntArray, int]:
    """Find the first reason why some pairs cannot all be had.

    Parameters
    ----------
    pairs : Pairs
        The pairs wanted.
    allowed : ndarray of bool of shape (n_pairs,)
        Whether each is allowed.
    demand : ndarray of int of shape (n_entrepreneurs,)
        Supporters that each entrepreneur may have.
    capacity : ndarray of int of shape (n_supporters,)
        Places.

    Returns
    -------
    cause : str
        `"not_allowed"`, `"capacity"`, `"demand"`, or nothing.
    among : ndarray of int
        Places in the list of the fewest pairs that show it.
    missing : int
        How many of these pairs are too many.
    """
    if not allowed.all():
        return "not_allowed", np.flatnonzero(~allowed)[:1], 1
    if len(pairs) == 0:
        return "", np.zeros(0, dtype=np.int64), 0
    for cause, ends, room in (("capacity", pairs.columns, capacity), ("demand", pairs.rows, demand)):
        over = np.bincount(ends, minlength=len(room)) - room
        if (over > 0).any():
            end = int(np.argmax(over > 0))
            return cause, np.flatnonzero(ends == end), int(over[end])
    return "", np.zeros(0, dtype=np.int64), 0


def keep_possible(pairs: Pairs, allowed: BoolArray, demand: IntArray, capacity: IntArray) -> Pairs:
    """Keep as many pairs as can be had together, of equally many the first ones.

    Parameters
    ----------
    pairs, allowed, demand, capacity
        See `find_refused`.

    Returns
    -------
    kept : Pairs
        Allowed pairs within capacity and demand, the most that there can be; of these choices one with the smallest sum
        of places in the list.
    """
    rest = pairs.take(allowed)
    # One pair more is worth more than all places in the list together.
    gains = len(rest) ** 2 + np.arange(len(rest), 0, -1)
    places = Places.free(np.minimum(capacity, len(rest)))
    return rest.take(solve_flow(replace(rest, points=gains), demand, np.zeros_like(demand), places))
