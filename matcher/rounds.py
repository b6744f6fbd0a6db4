"""The best choice among all pairs, found on few of them: candidates, flow, prices, and a walk that looks for better."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matcher.candidates import Pairs, Points, all_pairs, best_pairs, pairs_reaching
from matcher.encoding import BoolArray, IntArray
from matcher.flow import Places, solve_flow
from matcher.prices import Prices, find_prices

NEW_PAIRS = 8
"""Pairs that join the candidates per entrepreneur and round, those that beat the prices the most."""

FEW_PAIRS = 1 << 18
"""Pairs that are all given to the flow at once: sooner done than chosen among, within 6 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How to go about the work: changes time and memory, never what comes out.

    Parameters
    ----------
    candidates : int
        Supporters per entrepreneur to start with.
    block_size : int or None
        Entrepreneurs scored at once; None chooses.
    n_jobs : int
        Threads, as joblib counts them.
    on_round : callable or None
        Called with the number of the round that begins.
    """

    candidates: int = 12
    block_size: int | None = None
    n_jobs: int = 1
    on_round: Callable[[int], None] | None = None


@dataclass(frozen=True)
class Solution:
    """A best choice with the prices that prove it over all pairs.

    Parameters
    ----------
    pairs : Pairs
        The pairs it was made from, and those that win exactly what their ends ask.
    used : ndarray of bool of shape (n_pairs,)
        The choice.
    prices : Prices
        No allowed pair but the used ones wins more than these.
    rounds : int
        Times that the flow was solved.
    unlisted : ndarray of int
        Entrepreneurs who may have more pairs that win exactly what their ends ask than are listed.
    """

    pairs: Pairs
    used: BoolArray
    prices: Prices
    rounds: int
    unlisted: IntArray


def solve_rounds(table: Points, demand: IntArray, worth: IntArray, places: Places, effort: Effort) -> Solution:
    """Choose pairs with the largest sum of points and worth, less the cost of the places.

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
    effort : Effort
        How to go about it.

    Returns
    -------
    solution : Solution
        No allowed pair but the used ones wins more than its two ends ask.

    Notes
    -----
    One walk over all pairs to choose the candidates, one per round to check the prices; usually 3 to 6 rounds.
    """
    begin = effort.on_round or _keep_silent
    if table.shape[0] * table.shape[1] <= FEW_PAIRS:
        begin(1)
        pairs = all_pairs(table)
        used, prices = _solve(pairs, demand, worth, places)
        return Solution(pairs, used, prices, 1, unlisted=np.zeros(0, dtype=np.int64))
    pairs = best_pairs(table, places.most, effort.candidates, block_size=effort.block_size, n_jobs=effort.n_jobs)
    count, rounds = NEW_PAIRS + int(demand.max(initial=1)), 0
    while True:
        rounds += 1
        begin(rounds)
        used, prices = _solve(pairs, demand, worth, places)
        asked = prices.people - worth
        found = pairs_reaching(table, asked, prices.places, count, block_size=effort.block_size, n_jobs=effort.n_jobs)
        better = found.points > asked[found.rows] + prices.places[found.columns]
        # An entrepreneur who has several supporters may win more with each than she asks: no news.
        better &= ~_among(found, pairs.take(used), table.shape[1])
        if not better.any():
            return _finish(pairs, used, prices, found, count, rounds)
        pairs = Pairs.collect([pairs, found.take(better)])


def _keep_silent(_round: int) -> None:
    """Stand in where nobody follows the rounds."""


def _solve(pairs: Pairs, demand: IntArray, worth: IntArray, places: Places) -> tuple[BoolArray, Prices]:
    used = solve_flow(pairs, demand, worth, places)
    return used, find_prices(pairs, used, demand, worth, places)


def _among(pairs: Pairs, others: Pairs, m: int) -> BoolArray:
    return np.isin(pairs.rows * m + pairs.columns, others.rows * m + others.columns)


def _finish(pairs: Pairs, used: BoolArray, prices: Prices, found: Pairs, count: int, rounds: int) -> Solution:
    m = len(prices.places)
    both = Pairs.collect([pairs, found])
    unlisted = np.flatnonzero(np.bincount(found.rows, minlength=len(prices.people)) == count)
    return Solution(both, _among(both, pairs.take(used), m), prices, rounds, unlisted)
