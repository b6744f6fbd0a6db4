"""The fairest assignment where entrepreneurs may have several supporters: the best floor for the worst off.

What the worst off has in sum cannot be raised by exchanges alone: the problem is NP-hard (it holds the partition
problem), so it is written as a mixed-integer programme.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp

from matcher.candidates import Pairs
from matcher.encoding import BoolArray, IntArray
from matcher.errors import MatcherError

MOST_NODES = 20_000
"""Branches that each search may look at: the same on every machine, unlike a limit of time."""

NEARLY = 0.01
"""What a bound may lie below a whole number of points by rounding."""


@dataclass(frozen=True, slots=True)
class FloorAnswer:
    """The pairs chosen, with what is known of the best floor and of the best total on it.

    Parameters
    ----------
    used : ndarray of bool of shape (n_pairs,)
        The answer.
    floor, floor_bound, relaxed_floor : int or None
        Sum of the worst off; what none can exceed; the same from the linear programme. None if nobody is served.
    total_bound : int
        Largest sum of wins that an answer with this floor can have.
    """

    used: BoolArray
    floor: int | None
    floor_bound: int | None
    relaxed_floor: int | None
    total_bound: int


@dataclass(frozen=True)
class FloorProblem:
    """Entrepreneurs with several supporters each.

    Parameters
    ----------
    pairs : Pairs
        All pairs that may be used.
    wins : ndarray of int of shape (n_pairs,)
        What counts for the total: points and bonuses.
    demand : ndarray of int of shape (n,)
        Pairs of each entrepreneur at most.
    least, most : ndarray of int of shape (m,)
        Pairs of each supporter.
    filled : int
        Pairs in all: as many as can be.
    given : ndarray of int of shape (n,)
        Points that each entrepreneur has besides.
    safe : ndarray of bool of shape (n,)
        Whether she is served already.
    """

    pairs: Pairs
    wins: IntArray
    demand: IntArray
    least: IntArray
    most: IntArray
    filled: int
    given: IntArray
    safe: BoolArray

    def solve(self) -> FloorAnswer:
        """Serve as many people as can be, then raise the floor, then the total.

        Returns
        -------
        answer : FloorAnswer
            The answer with its bounds; deterministic.

        Raises
        ------
        MatcherError
            If the solver finds no answer within `MOST_NODES` branches.

        Notes
        -----
        Variables: one per pair, one per entrepreneur (served or not), the floor. Filling as many places as can be and
        serving as many people as can be are reached together: a chain of exchanges that serves one person more takes
        no place away. The solver counts in floating point; floors and totals are counted again in whole numbers.
        """
        n, size = len(self.demand), len(self.pairs)
        whole, loose = np.append(np.ones(size + n, dtype=np.int64), 0), np.zeros(size + n + 1, dtype=np.int64)
        serving, rising, winning = (np.zeros(size + n + 1) for _ in range(3))
        serving[size : size + n], rising[-1], winning[:size] = -1, -1, -self.wins
        rules = [self._limits(), self._serving()]
        served = round(-_run(serving, rules, whole, self._bounds()).fun)
        if served == 0:
            return FloorAnswer(np.zeros(size, dtype=bool), None, None, None, 0)
        rules += [LinearConstraint(-serving[None, :], served, served), self._standing()]
        relaxed, best = (_run(rising, rules, kind, self._bounds()) for kind in (loose, whole))
        floor = self.floor(best.x[:size] > 0.5)
        rich = _run(winning, rules, whole, self._bounds(floor - 0.5))
        # Should rounding have let the richer answer slip below the floor, the first one stands.
        used = next(found for run in (rich, best) if self.floor(found := run.x[:size] > 0.5) >= floor)
        return FloorAnswer(
            used=used,
            floor=floor,
            floor_bound=max(floor, math.floor(NEARLY - best.mip_dual_bound)),
            relaxed_floor=max(floor, math.floor(NEARLY - relaxed.fun)),
            total_bound=max(int(self.wins[used].sum()), math.floor(NEARLY - rich.mip_dual_bound)),
        )

    def _limits(self) -> LinearConstraint:
        """Bound the pairs of each entrepreneur, of each supporter and in all."""
        n, m, size = len(self.demand), len(self.least), len(self.pairs)
        every = np.arange(size)
        rows = np.concatenate([self.pairs.rows, n + self.pairs.columns, np.full(size, n + m), np.arange(n)])
        columns = np.concatenate([every, every, every, size + np.arange(n)])
        values = np.concatenate([np.ones(3 * size), -self.demand])
        matrix = sparse.csr_array((values, (rows, columns)), shape=(n + m + 1, size + n + 1))
        low = np.concatenate([np.full(n, -np.inf), self.least, [self.filled]])
        return LinearConstraint(matrix, low, np.concatenate([np.zeros(n), self.most, [self.filled]]))

    def _serving(self) -> LinearConstraint:
        """Count nobody as served who has no pair."""
        return LinearConstraint(self._per_person(np.ones(len(self.pairs)), -1.0, 0.0), -self.safe.astype(float), np.inf)

    def _standing(self) -> LinearConstraint:
        """Keep everybody served above the floor."""
        high = max(0.0, self._highest())
        return LinearConstraint(self._per_person(self.pairs.points, -high, -1.0), -self.given - high, np.inf)

    def _per_person(self, pairs: NDArray[np.float64] | IntArray, person: float, floor: float) -> sparse.csr_array:
        n, size = len(self.demand), len(self.pairs)
        rows = np.concatenate([self.pairs.rows, np.arange(n), np.arange(n)])
        columns = np.concatenate([np.arange(size), size + np.arange(n), np.full(n, size + n)])
        values = np.concatenate([pairs, np.full(n, person), np.full(n, floor)])
        return sparse.csr_array((values, (rows, columns)), shape=(n, size + n + 1))

    def _bounds(self, floor: float = -np.inf) -> Bounds:
        low = np.concatenate([np.zeros(len(self.pairs)), self.safe, [floor]])
        return Bounds(low, np.append(np.ones(len(low) - 1), self._highest()))

    def _highest(self) -> float:
        """More than anybody can have."""
        return float(self.given.max(initial=0) + np.maximum(self.pairs.points, 0).max(initial=0) * self.demand.max())

    def floor(self, used: BoolArray) -> int:
        """Count what the worst off has among the people served."""
        n = len(self.demand)
        sums = self.given.copy()
        np.add.at(sums, self.pairs.rows[used], self.pairs.points[used])
        served = self.safe | (np.bincount(self.pairs.rows[used], minlength=n) > 0)
        return int(sums[served].min())


def _run(
    cost: NDArray[np.float64], constraints: list[LinearConstraint], whole: NDArray[Any], bounds: Bounds
) -> OptimizeResult:
    options = {"node_limit": MOST_NODES, "mip_rel_gap": 0.0}
    result = milp(cost, constraints=constraints, integrality=whole, bounds=bounds, options=options)
    if result.x is None:
        raise MatcherError(f"no answer found: {result.message}", status=int(result.status), variables=len(cost))
    return result
