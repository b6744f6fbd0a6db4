"""The best choice among listed pairs: a minimum-cost flow from entrepreneurs through pairs into supporters' places."""

from dataclasses import dataclass

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from matcher.candidates import Pairs
from matcher.encoding import BoolArray, IntArray
from matcher.errors import MatcherError

LARGEST_SUM = 1 << 62
"""The solver multiplies costs by the number of people and supporters; the product must stay below this."""


@dataclass(frozen=True)
class Places:
    """Places of all supporters, as runs of places that cost the same.

    Parameters
    ----------
    columns : ndarray of int of shape (n_runs,)
        Supporter of each run, ascending.
    rooms : ndarray of int of shape (n_runs,)
        Places in each run.
    costs : ndarray of int of shape (n_runs,)
        Points that each place of the run costs, ascending within a supporter: she fills cheap places first.
    n_columns : int
        Number of supporters.
    """

    columns: IntArray
    rooms: IntArray
    costs: IntArray
    n_columns: int

    @classmethod
    def free(cls, most: IntArray, least: IntArray | None = None, prize: int = 0) -> "Places":
        """Places that cost nothing, the first ones winning a prize each: large enough, it makes them a minimum.

        Parameters
        ----------
        most, least : ndarray of int of shape (n_columns,)
            All places of each supporter, and those among them that must be filled.
        prize : int
            Points won by filling one of these.
        """
        every = np.arange(len(most))
        if least is None or not least.any():
            return cls(every, most, np.zeros(len(most), dtype=np.int64), len(most))
        first = np.flatnonzero(least)
        columns = np.concatenate([first, every])
        rooms = np.concatenate([least[first], most - least])
        costs = np.repeat(np.array([-prize, 0]), [len(first), len(most)])
        order = np.lexsort((costs, columns))
        return cls(columns[order], rooms[order], costs[order], len(most))

    @classmethod
    def stairs(cls, stairs: IntArray, least: IntArray, most: IntArray, prize: int) -> "Places":
        """Places that cost what each adds to the square of a load, the first ones winning a prize each.

        Parameters
        ----------
        stairs : ndarray of int of shape (n_columns,)
            The load of each supporter without these places.
        least, most, prize
            See `free`.
        """
        columns = np.repeat(np.arange(len(most)), most)
        rank = np.arange(len(columns)) - np.repeat(np.cumsum(most) - most, most)
        costs = np.where(rank < least[columns], -prize, 2 * (stairs[columns] + rank) + 1)
        return cls(columns, np.ones(len(columns), dtype=np.int64), costs, len(most))

    @property
    def most(self) -> IntArray:
        """All places of each supporter."""
        return np.bincount(self.columns, self.rooms, self.n_columns).astype(np.int64)

    def filled(self, load: IntArray) -> IntArray:
        """Places filled in each run when each supporter has so many people."""
        before = np.cumsum(self.rooms) - self.rooms
        own = np.searchsorted(self.columns, self.columns)
        return np.clip(load[self.columns] - (before - before[own]), 0, self.rooms)

    def within(self, prices: IntArray) -> tuple[IntArray, IntArray]:
        """Give the least and the most load of each supporter that a price allows: what costs less is filled."""
        asked = prices[self.columns]
        under, upto = self.rooms * (self.costs < asked), self.rooms * (self.costs <= asked)
        least, most = (np.bincount(self.columns, rooms, self.n_columns).astype(np.int64) for rooms in (under, upto))
        return least, most

    def bound(self, prices: IntArray) -> int:
        """Points that the places can win at most when each supporter is paid a price per place."""
        return int(self.rooms @ np.maximum(prices[self.columns] - self.costs, 0))


def solve_flow(pairs: Pairs, demand: IntArray, worth: IntArray, places: Places) -> BoolArray:
    """Solve the assignment on a list of pairs exactly.

    Parameters
    ----------
    pairs : Pairs
        The only pairs that may be used, each once.
    demand : ndarray of int of shape (n,)
        Supporters that each entrepreneur takes at most.
    worth : ndarray of int of shape (n,)
        Points won with every supporter that each entrepreneur gets, besides those of the pair.
    places : Places
        What supporters offer.

    Returns
    -------
    used : ndarray of bool of shape (n_pairs,)
        The pairs of an answer with the largest sum of points and worth, less the cost of the places.

    Raises
    ------
    MatcherError
        If the solver gives up: the costs are too large for its whole numbers.

    Notes
    -----
    Each entrepreneur sends what she demands, through pairs that carry one each, or beside all of them at no gain. Flows
    of least cost through such a network are whole numbers.

    References
    ----------
    Goldberg, A. V. (1997). An efficient implementation of a scaling minimum-cost flow algorithm. Journal of Algorithms
    22(1), 1-29. doi:10.1006/jagm.1995.0805
    """
    n, sink = len(demand), len(demand) + places.n_columns
    flow = SimpleMinCostFlow()
    people, ones = np.arange(n), np.ones(len(pairs), dtype=np.int64)
    wins = pairs.points + worth[pairs.rows]
    arcs = flow.add_arcs_with_capacity_and_unit_cost(pairs.rows, n + pairs.columns, ones, -wins)
    flow.add_arcs_with_capacity_and_unit_cost(people, np.full(n, sink), demand, np.zeros(n, dtype=np.int64))
    ends = np.full(len(places.columns), sink)
    flow.add_arcs_with_capacity_and_unit_cost(n + places.columns, ends, places.rooms, places.costs)
    flow.set_nodes_supplies(np.append(people, sink), np.append(demand, -demand.sum()))
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise MatcherError(f"the flow solver stopped with {status.name}", status=status.name, n=n, m=places.n_columns)
    used: BoolArray = flow.flows(arcs) > 0
    return used
