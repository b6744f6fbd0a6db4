"""Prices that prove an assignment: what each place is worth, read from how people could be moved."""

from dataclasses import dataclass

import numpy as np

from matcher.candidates import Pairs
from matcher.encoding import BoolArray, IntArray
from matcher.flow import Places

UNBOUNDED = np.iinfo(np.int64).max // 4
"""Stands for a price that nothing keeps down; sums of two still fit."""

SMALL_TABLE = 1 << 15
"""Entries of a table of all supporters by all that is filled sooner than a list is sorted."""


@dataclass(frozen=True)
class Prices:
    """What both ends of every pair ask, in points.

    Parameters
    ----------
    people : ndarray of int of shape (n,)
        What each entrepreneur keeps per supporter that she gets, 0 or more.
    places : ndarray of int of shape (m,)
        What a place of each supporter costs.
    """

    people: IntArray
    places: IntArray

    def bound(self, pairs: Pairs, used: BoolArray, demand: IntArray, worth: IntArray, places: Places) -> int:
        """Give the sum that no assignment can exceed, if no pair but the used ones beats the prices."""
        rows, columns = pairs.rows[used], pairs.columns[used]
        surplus = pairs.points[used] + worth[rows] - self.people[rows] - self.places[columns]
        return int(demand @ self.people) + places.bound(self.places) + int(surplus.sum())


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


def find_prices(pairs: Pairs, used: BoolArray, demand: IntArray, worth: IntArray, places: Places) -> Prices:
    """Find prices for an assignment that is optimal on a list of pairs.

    Parameters
    ----------
    pairs : Pairs
        The pairs that could be used.
    used : ndarray of bool of shape (n_pairs,)
        The assignment.
    demand : ndarray of int of shape (n,)
        Supporters that each entrepreneur takes at most.
    worth : ndarray of int of shape (n,)
        Points won with every supporter that each entrepreneur gets, besides those of the pair.
    places : Places
        What supporters offer.

    Returns
    -------
    prices : Prices
        With `win = points + worth`: `people + price >= win` on pairs not used and `<=` on used ones (equal where one
        supporter is demanded). People: 0 for those who get fewer than they demand; what she would keep from a first
        supporter for who demands none. Places: between the costs of her last filled and her next place; the smallest
        such prices, but where the last filled place wins a prize the nearest to 0, so that few other pairs beat them.

    Notes
    -----
    Linear programming duality: such prices bound every assignment by what entrepreneurs keep, what places cost and
    what used pairs win beyond both (`Prices.bound`), and the assignment reaches it. Moving one of an entrepreneur's
    places from supporter j to j' asks `price[j'] >= price[j] + points' - points`; an entrepreneur who gets fewer than
    she demands asks `price >= win`. The smallest solution is a longest path, found by Bellman and Ford's method on
    supporters only: each sweep is linear in the moves, and there are as many sweeps as supporters on the longest
    chain. The smallest solution on the list that no other pair beats is the smallest over all pairs: the prices do not
    depend on the list.

    References
    ----------
    Ahuja, R. K., Magnanti, T. L., Orlin, J. B. (1993). Network Flows, chapters 5 and 9. Prentice Hall. ISBN
    0-13-617549-X
    """
    n, m = len(demand), places.n_columns
    wins = pairs.points + worth[pairs.rows]
    count, load = np.bincount(pairs.rows[used], minlength=n), np.bincount(pairs.columns[used], minlength=m)
    moves = _Moves.find(pairs, used, wins, count == demand)
    below, above = _steps(places, load)
    lowest = np.where(load > 0, below, np.where(above < UNBOUNDED, above, 0))
    if (lowest < 0).any():
        # No price is lower than it must be.
        np.minimum.at(above, pairs.columns[used], wins[used])
        lowest = np.where(load > 0, np.maximum(lowest, np.minimum(moves.push_down(above), 0)), lowest)
    asked = ~used & (count < demand)[pairs.rows]
    np.maximum.at(lowest, pairs.columns[asked], wins[asked])
    prices = moves.push_up(lowest)
    keeps = np.full(n, UNBOUNDED)
    np.minimum.at(keeps, pairs.rows[used], wins[used] - prices[pairs.columns[used]])
    keeps[count < demand] = 0
    nothing = demand == 0
    keeps[nothing] = 0
    barred = nothing[pairs.rows]
    np.maximum.at(keeps, pairs.rows[barred], (wins - prices[pairs.columns])[barred])
    return Prices(keeps, prices)


def _steps(places: Places, load: IntArray) -> tuple[IntArray, IntArray]:
    """Cost of the last filled and of the next place of each supporter."""
    filled = places.filled(load)
    below, above = np.full(len(load), -UNBOUNDED), np.full(len(load), UNBOUNDED)
    taken, left = filled > 0, filled < places.rooms
    np.maximum.at(below, places.columns[taken], places.costs[taken])
    np.minimum.at(above, places.columns[left], places.costs[left])
    return below, above


@dataclass(frozen=True)
class _Moves:
    """How places can be exchanged: someone's place with `source` for one with `target` wins `gain`."""

    source: IntArray
    target: IntArray
    gain: IntArray

    @classmethod
    def find(cls, pairs: Pairs, used: BoolArray, wins: IntArray, full: BoolArray) -> "_Moves":
        """Collect the best exchange between each two supporters, over entrepreneurs who have all they demand."""
        here = np.flatnonzero(used)
        first, count = np.searchsorted(pairs.rows[here], np.arange(len(full))), np.zeros(len(full), dtype=np.int64)
        count[full] = np.bincount(pairs.rows[here], minlength=len(full))[full]
        there = np.flatnonzero(~used)
        times = count[pairs.rows[there]]
        there = np.repeat(there, times)
        own = np.arange(len(there)) - np.repeat(np.cumsum(times) - times, times)
        back = here[first[pairs.rows[there]] + own]
        source, target, gain = pairs.columns[back], pairs.columns[there], wins[there] - wins[back]
        m = 1 + int(max(source.max(initial=-1), target.max(initial=-1)))
        if m**2 <= max(len(gain), SMALL_TABLE):
            return cls._among_few(source, target, gain, m)
        order = np.lexsort((-gain, source, target))
        source, target, gain = source[order], target[order], gain[order]
        best = np.ones(len(order), dtype=bool)
        best[1:] = (np.diff(source) != 0) | (np.diff(target) != 0)
        return cls(source[best], target[best], gain[best])

    @classmethod
    def _among_few(cls, source: IntArray, target: IntArray, gain: IntArray, m: int) -> "_Moves":
        """Collect the same by a table of all supporters, where sorting would take longer."""
        best = np.full(m * m, -UNBOUNDED)
        np.maximum.at(best, target * m + source, gain)
        there = np.flatnonzero(best > -UNBOUNDED)
        return cls(there % m, there // m, best[there])

    def push_up(self, prices: IntArray) -> IntArray:
        """Raise prices as little as possible until no exchange wins."""
        prices = prices.copy()
        starts = np.flatnonzero(np.diff(self.target, prepend=-1))
        reached = self.target[starts]
        while len(starts):
            asked = np.maximum.reduceat(prices[self.source] + self.gain, starts)
            if (asked <= prices[reached]).all():
                break
            prices[reached] = np.maximum(prices[reached], asked)
        return prices

    def push_down(self, prices: IntArray) -> IntArray:
        """Lower prices as little as possible until no exchange wins."""
        order = np.argsort(self.source, kind="stable")
        return -_Moves(self.target[order], self.source[order], self.gain[order]).push_up(-prices)
