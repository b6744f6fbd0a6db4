"""Scores: the weighted mean of the components that apply, counted in whole points so that the parts add up exactly."""

from collections.abc import Mapping, Sequence

import numpy as np

from matcher.criteria import CRITERIA
from matcher.encoding import BoolArray, FloatArray, IntArray
from matcher.frames import Frame

POINTS = 1_000_000
"""Points of a perfect score: a point is a millionth. Sums of points stay below 2**24, so float32 holds them exactly."""


WAITING_GROWTH_DAYS = 180
"""Days of waiting after which a further day counts three times as much as the first, in days."""

LONGEST_COUNTED_DAYS = 730
"""Days after which waiting longer adds nothing: two years, long past the year from which nobody is outweighed."""


def waiting_bonus(days: IntArray, per_day: float) -> IntArray:
    """Points won by serving somebody who has waited: more per day, the longer it lasts.

    Parameters
    ----------
    days : ndarray of int of shape (n,)
        Days of waiting, 0 or more.
    per_day : float
        `Settings.waiting_bonus_per_day`, from 0 to 1.

    Returns
    -------
    bonus : ndarray of int of shape (n,)
        Whole points, at most 3.7e9: far inside the solver's 64 bits, for a hundred million people too.

    Notes
    -----
    `per_day * days * (1 + days / 180)`, up to 730 days. Were it linear, the lead of who came first over who came next
    would stay what it was on the first day, and a poor score could outweigh it again in every run; here it grows with
    each run. With 0.001 a month counts 0.035, half a year 0.36 and a year 1.11, which is more than any score: from
    then on nobody newly come is served instead. Linear in the number of people.

    Examples
    --------
    >>> waiting_bonus(np.array([0, 30, 365, 730, 9000]), 0.001).tolist()
    [0, 35000, 1105139, 3690556, 3690556]
    """
    counted = np.minimum(days, LONGEST_COUNTED_DAYS).astype(np.float64)
    return np.rint(counted * (1 + counted / WAITING_GROWTH_DAYS) * (per_day * POINTS)).astype(np.int64)


def share_out(weights: Mapping[str, float], applies: BoolArray, names: Sequence[str] = tuple(CRITERIA)) -> FloatArray:
    """Share a perfect score out among the components that apply to each entrepreneur.

    Parameters
    ----------
    weights : Mapping of str to float
        Weight of each component, 0 or more.
    applies : ndarray of bool of shape (n, n_components)
        Which components apply to whom.
    names : sequence of str
        Name of each component.

    Returns
    -------
    shares : ndarray of float32 of shape (n, n_components)
        Whole points that each component may bring; a row adds up to `POINTS`, or to 0 if nothing that applies weighs.
        Points lost in rounding go to the largest remainders, the first component first.

    Examples
    --------
    >>> every = np.ones((1, len(CRITERIA)), dtype=bool)
    >>> [int(share) for share in share_out({"needs": 2, "stage": 1}, every)[0]]
    [666667, 0, 333333, 0, 0, 0, 0, 0]
    """
    weight = np.array([weights.get(name, 0.0) for name in names])
    patterns, place = np.unique(applies, axis=0, return_inverse=True)
    shares = np.zeros(patterns.shape, dtype=np.float32)
    for row, pattern in enumerate(patterns):
        parts = np.where(pattern, weight, 0.0)
        if parts.sum() > 0:
            exact = parts / parts.sum() * POINTS
            whole = np.floor(exact)
            rest = int(POINTS - whole.sum())
            whole[np.argsort(-(exact - whole), kind="stable")[:rest]] += 1
            shares[row] = whole
    return shares[place.reshape(-1)]


def score_points(frame: Frame, shares: FloatArray) -> FloatArray:
    """Score pairs.

    Parameters
    ----------
    frame : Frame
        The pairs.
    shares : ndarray of float32 of shape (n_rows, n_components)
        Points that each component may bring to each row.

    Returns
    -------
    points : ndarray of float32 of the frame's shape
        Whole points, 0 to `POINTS`.
    """
    total = np.zeros(frame.shape, dtype=np.float32)
    for column, criterion in enumerate(CRITERIA.values()):
        share = shares[:, column]
        if share.any():
            part = criterion(frame) * frame.rows(share)
            total += np.rint(part, out=part)
    return total


def score_parts(frame: Frame, shares: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Score pairs and keep the parts.

    Parameters
    ----------
    frame : Frame
        A list of n pairs.
    shares : ndarray of float32 of shape (n, n_components)
        Points that each component may bring to each pair.

    Returns
    -------
    values : ndarray of float32 of shape (n, n_components)
        Value of each component, in [0, 1].
    points : ndarray of float32 of shape (n, n_components)
        Whole points that each brings; rows add up to `score_points`.
    """
    values = np.stack([criterion(frame) for criterion in CRITERIA.values()], axis=1)
    return values, np.rint(values * shares)
