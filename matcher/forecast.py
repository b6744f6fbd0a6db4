"""Prices guessed from a sample before anything is solved, so that one walk finds nearly all pairs that matter.

Each person of the sample stands for several. Instead of one supporter she chooses all of them a little, the better ones
more (a softened maximum), which makes prices a smooth function of few people. What comes out is a guess: it decides how
long the solver works, never what it answers. All sums are of whole numbers, so every machine guesses the same.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matcher.candidates import BLOCK_PAIRS, FORBIDDEN, Points
from matcher.encoding import FloatArray, IntArray
from matcher.flow import Places

FIRST_PAIRS = 1 << 19
"""Pairs of the first sample: 4 MB, which stay in a cache."""

SECOND_SHARE = 12
"""The second sample is this part of all pairs, or `SECOND_PAIRS` if that is more."""

SECOND_PAIRS = 1 << 21
"""Least pairs of the second sample, but no more than a third of all."""

COARSE, FINE = 8, 28
"""Softness of the choices in both samples, as parts of what lies between a person's best and her middle supporter."""

CHOICES, SHARP = 16, 2
"""In the second sample choices get as sharp as this part of the distance from a person's best to her 16th supporter."""

EVEN = 1.05
"""Places per person under which all are guessed to be filled."""

LEVELS = 4
"""Times that choices get sharper."""

ROUNDS = 24
"""Times that people and prices answer each other; half of it makes more candidates, twice of it takes longer."""

STEPS = 16
"""Steps in which weights are tabled per softness."""

WHOLE = 1 << 12
"""Weight of a person's best choice; weights below 1 are dropped."""

SCALE = float(1 << 20)
"""Scale of the answers of both sides: with `WHOLE`, sums over 8,192 people stay below 2**53 and are exact."""

_WEIGHTS = np.rint(WHOLE * np.exp(-np.arange(0, STEPS * np.log(WHOLE) + STEPS) / STEPS))
_WEIGHTS[_WEIGHTS < 2] = 0

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class _Side:
    """What the sample wants: points, what staying without anybody is worth, and places in proportion."""

    points: FloatArray
    mass: Vector
    alone: Vector
    most: Vector
    least: Vector
    full: bool


def forecast_prices(table: Points, demand: IntArray, worth: IntArray, places: Places) -> IntArray:
    """Guess what supporters will cost.

    Parameters
    ----------
    table : Points
        All pairs.
    demand : ndarray of int of shape (n,)
        Supporters that each entrepreneur takes at most.
    worth : ndarray of int of shape (n,)
        Points won with every supporter that each entrepreneur gets, besides those of the pair.
    places : Places
        What supporters offer.

    Returns
    -------
    prices : ndarray of int of shape (m,)
        A guess, up to what all supporters may have in common. The same on every machine.

    Notes
    -----
    The dual of entropic optimal transport, solved by turns, first on few people and softly, then on more and harder.
    Time: a twelfth of a walk over all pairs, and about 50 sums over the pairs of the sample that matter.

    References
    ----------
    Cuturi, M. (2013). Sinkhorn distances: lightspeed computation of optimal transport. Advances in Neural Information
    Processing Systems 26. arXiv:1306.0895
    """
    n, m = table.shape
    prices = np.zeros(m)
    first = _sample(table, demand, worth, places, FIRST_PAIRS)
    spread = _spread(first.points)
    if spread == 0:
        return prices.astype(np.int64)
    second = _sample(table, demand, worth, places, max(min(SECOND_PAIRS, n * m // 3), n * m // SECOND_SHARE))
    prices = _answer(first, prices, spread / COARSE)
    softness = spread / FINE
    for _ in range(LEVELS):
        prices = _answer(second, prices, softness)
        softness = max(1.0, min(softness, _lead(second.points, prices) / SHARP))
    return (prices - min(0, prices.min() - 1) if second.full else prices).astype(np.int64)


def _answer(side: _Side, prices: Vector, softness: float) -> Vector:
    return np.rint(prices - softness * np.log(_balance(side, prices, softness)))


def _lead(points: FloatArray, prices: Vector) -> float:
    """Typical distance between a person's best supporter and the last of those that she chooses among."""
    nets = points - prices.astype(np.float32)
    last = max(0, nets.shape[1] - CHOICES)
    nets = np.partition(nets, last, axis=1)[:, last:]
    nets = nets[nets[:, 0] > FORBIDDEN]
    return float(np.median(nets.max(axis=1) - nets[:, 0])) if len(nets) else np.inf


def _sample(table: Points, demand: IntArray, worth: IntArray, places: Places, pairs: int) -> _Side:
    """Take people at equal distances, and as many places as belong to so many people."""
    n, m = table.shape
    step = max(1, n * m // pairs)
    rows = np.arange(step // 2, n, step)
    share = demand[rows].sum() / max(1, demand.sum())
    forced = worth.min() > 2 * table.largest
    ratio = places.rooms.sum() / max(1, demand.sum())
    full = forced and ratio < EVEN
    alone = np.full(len(rows), -np.inf) if forced else -worth[rows].astype(np.float64)
    points = np.concatenate([table.points(part) for part in np.array_split(rows, 1 + len(rows) * m // BLOCK_PAIRS)])
    least = np.bincount(places.columns, places.rooms * (places.costs < 0), m)
    most = places.most * (share / ratio if full and ratio > 0 else share)
    return _Side(points, demand[rows].astype(np.float64), alone, most, least * share, bool(full))


def _spread(points: FloatArray) -> float:
    """Typical distance between a person's best and her middle supporter."""
    middle = np.partition(points, points.shape[1] // 2, axis=1)[:, points.shape[1] // 2]
    best = points.max(axis=1)
    worst = np.where(points > FORBIDDEN, points, np.inf).min(axis=1)
    found = best > FORBIDDEN
    return float(np.median((best - np.maximum(middle, worst))[found])) if found.any() else 0.0


def _balance(side: _Side, prices: Vector, softness: float) -> Vector:
    """Find factors of `exp(-price / softness)` by which each supporter is wanted as often as she has places."""
    nets = side.points - prices.astype(np.float32)
    top = np.maximum(nets.max(axis=1), side.alone)
    kept = np.isfinite(top)
    nets, top, alone = nets[kept], top[kept], side.alone[kept]
    window = softness * (len(_WEIGHTS) - 1) / STEPS
    rows, columns = np.divmod(np.flatnonzero(nets > (top - window).astype(np.float32)[:, None]), nets.shape[1])
    weights = _weigh(top[rows] - nets[rows, columns], softness)
    weights = sparse.csr_array((weights, (rows, columns)), shape=nets.shape)
    back, alone = weights.T.tocsr(), _weigh(top - alone, softness) * SCALE
    mass, factors = side.mass[kept] * WHOLE * SCALE, np.ones(len(prices))
    most = np.inf if side.full else 1.0
    for _ in range(ROUNDS):
        people = np.minimum(np.rint(mass / (weights @ np.rint(factors * SCALE) + alone) * SCALE), SCALE * 256)
        wanted = np.maximum(back @ people, 1) / (WHOLE * SCALE)
        factors = np.maximum(np.minimum(side.most / wanted, most), side.least / wanted)
        factors = np.clip(factors, 1 / SCALE, 16.0)
    return factors


def _weigh(behind: Vector, softness: float) -> Vector:
    """Give the weight of choices that lie so far behind the best."""
    steps = np.minimum(behind * (STEPS / softness), len(_WEIGHTS) - 1)
    return np.asarray(_WEIGHTS[np.rint(steps).astype(np.int64)])
