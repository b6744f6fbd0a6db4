"""The best choice of a small request, on one table of all pairs: faster than listing pairs and solving a flow."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from matcher.candidates import Pairs, Points
from matcher.encoding import IntArray
from matcher.flow import Places
from matcher.prices import Prices, Solution

LARGEST_TABLE = 1 << 17
"""Entrepreneurs times places up to which this is usually faster than the flow: not where hardly any pair is allowed,
which the table pays for in full, but then both take milliseconds."""

LARGEST_EXACT = 1 << 53
"""Whole numbers are exact in float64 up to here; sums along a chain of exchanges must stay below."""

Table = NDArray[np.float64]


def is_small(table: Points, demand: IntArray, worth: IntArray, places: Places) -> bool:
    """Tell whether a request can be solved on a table: one supporter each, places alike, numbers not too large.

    Parameters
    ----------
    table, demand, worth, places
        See `solve_table`.
    """
    n, m = table.shape
    if n * m == 0 or demand.max() > 1 or places.costs.any():
        return False
    size = n * max(m, int(np.minimum(places.rooms, n).sum()))
    return size <= LARGEST_TABLE and (table.largest + int(worth.max())) * (n + m + 2) < LARGEST_EXACT


def solve_table(table: Points, demand: IntArray, worth: IntArray, places: Places) -> Solution:
    """Choose pairs with the largest sum of points and worth.

    Parameters
    ----------
    table : Points
        All pairs.
    demand : ndarray of int of shape (n,)
        0 or 1 for each entrepreneur.
    worth : ndarray of int of shape (n,)
        Points won by serving each entrepreneur, besides those of the pair.
    places : Places
        What supporters offer, at no cost.

    Returns
    -------
    solution : Solution
        The choice, the same prices that `prices.find_prices` finds, and the pairs that win exactly what they ask.

    Notes
    -----
    Each place is a row of a table, each entrepreneur a column, and a pair that is not allowed or loses wins nothing.
    Shortest augmenting paths solve it, in time of the third power at worst. In this orientation it takes as long when
    everybody prefers the same supporters as when tastes differ.

    References
    ----------
    Crouse, D. F. (2016). On implementing 2D rectangular assignment algorithms. IEEE Transactions on Aerospace and
    Electronic Systems 52(4), 1679-1696. doi:10.1109/TAES.2016.140952
    """
    points = table.points(slice(0, table.shape[0]))
    wins = np.add(points, worth[:, None], dtype=np.float64)
    rows, columns = _solve(wins, demand, places)
    chosen, keeps = np.full(len(wins), -1), np.where(demand > 0, 0, np.inf)
    chosen[rows], keeps[rows] = columns, wins[rows, columns]
    prices = _find_prices(wins, rows, columns, keeps)
    nets = wins - prices
    people = nets.max(axis=1, initial=0)
    rows, columns = np.divmod(np.flatnonzero(nets == people[:, None]), len(prices))
    return Solution(
        pairs=Pairs(rows, columns, points[rows, columns].astype(np.int64)),
        used=chosen[rows] == columns,
        prices=Prices(people.astype(np.int64), prices.astype(np.int64)),
        rounds=1,
        unlisted=np.zeros(0, dtype=np.int64),
    )


def _solve(wins: Table, demand: IntArray, places: Places) -> tuple[IntArray, IntArray]:
    """Give the pairs of a best choice, by supporter; people and places that can win nothing are left out."""
    costs = np.minimum(-wins.T, 0, order="C")
    costs[:, demand == 0] = 0
    open_pairs = costs < 0
    room = np.minimum(places.rooms, np.count_nonzero(open_pairs, axis=1))
    rows, columns = np.flatnonzero(open_pairs.any(axis=0)), np.repeat(places.columns, room)
    by_place = costs[:, rows][columns]
    place, person = linear_sum_assignment(by_place)
    won = by_place[place, person] < 0
    return rows[person[won]], columns[place[won]]


def _find_prices(wins: Table, rows: IntArray, columns: IntArray, keeps: Table) -> Table:
    """Find the smallest prices that prove a choice: see `prices.find_prices`.

    People who keep so much while no place costs anything ask it of every place. Those whose own place costs more than
    it did keep less, and ask again.
    """
    prices: Table = (wins - keeps[:, None]).max(axis=0, initial=0)
    raised = np.flatnonzero(prices[columns] > 0)
    while len(raised):
        people, before = rows[raised], prices
        left = keeps[people] - prices[columns[raised]]
        prices = np.maximum(prices, (wins[people] - left[:, None]).max(axis=0))
        raised = np.flatnonzero(prices[columns] > before[columns])
    return prices
