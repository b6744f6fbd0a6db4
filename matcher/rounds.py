"""The best choice among all pairs, found on few of them: candidates, flow, prices, and a walk that looks for better."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matcher.candidates import Pairs, Points, best_pairs, pairs_beating
from matcher.encoding import BoolArray, IntArray
from matcher.flow import Places, solve_flow
from matcher.prices import Prices, find_prices

NEW_PAIRS = 8
"""Pairs that join the candidates per entrepreneur and round, those that beat the prices the most."""


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
    """A best choice, the pairs it was made from, and the prices that prove it over all pairs."""

    pairs: Pairs
    used: BoolArray
    prices: Prices
    rounds: int


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
    block_size, n_jobs = effort.block_size, effort.n_jobs
    pairs = best_pairs(table, places.most, effort.candidates, block_size=block_size, n_jobs=n_jobs)
    rounds = 0
    while True:
        rounds += 1
        if effort.on_round:
            effort.on_round(rounds)
        used = solve_flow(pairs, demand, worth, places)
        prices = find_prices(pairs, used, demand, worth, places)
        count = NEW_PAIRS + int(demand.max(initial=1)) - 1
        asked = prices.people - worth
        better = pairs_beating(table, asked, prices.places, count, block_size=block_size, n_jobs=n_jobs)
        better = _without(better, pairs.rows[used], pairs.columns[used], table.shape[1])
        if len(better) == 0:
            return Solution(pairs, used, prices, rounds)
        pairs = Pairs.collect([pairs, better])


def _without(pairs: Pairs, rows: IntArray, columns: IntArray, m: int) -> Pairs:
    """Leave out some pairs: used ones may win more than asked where an entrepreneur has several."""
    kept = np.isin(pairs.rows * m + pairs.columns, rows * m + columns, invert=True)
    return Pairs(pairs.rows[kept], pairs.columns[kept], pairs.points[kept])
