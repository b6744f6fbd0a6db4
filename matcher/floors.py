"""The fairest assignment where entrepreneurs may have several supporters: the best floor for the worst off.

What the worst off has in sum cannot be raised by exchanges alone: the problem is NP-hard (it holds the partition
problem), so it is searched for by programmes that ask for one floor at a time.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp

from matcher.candidates import Pairs
from matcher.encoding import BoolArray, IntArray
from matcher.errors import MatcherError

MOST_WORK = 40_000
"""Branches times variables that each search may look at: the same on every machine, unlike a limit of time."""

LEAST_NODES = 10
"""Branches that a search may look at however many variables it has."""

LARGEST_PROGRAMME = 100_000
"""Pairs of a request at most: one programme of so many takes half a minute, and several are needed."""

MOST_SEARCHED = 600_000
"""Variables of all linear programmes of one request, and of all in whole numbers: small ones never need so many."""

FEWEST_SEARCHES = 4
"""Programmes of each kind that a request may solve however many variables they have."""

WEIGHT = 1_000.0
"""What a floor weighs for the solver, whose tolerance is a millionth: less blurs points, more breaks its repairs."""

INFEASIBLE = 2
"""The solver's word for a proof that there is no answer."""

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
        Sum of the worst off; what none can exceed; the same from linear programmes alone. None if nobody is served.
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
    richest : int
        Largest sum of wins of all answers with as many pairs.
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
    richest: int
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
            If the solver does not find whom to serve within `MOST_WORK`.

        Notes
        -----
        Variables: one per pair, one per entrepreneur (served or not). Filling as many places as can be and serving as
        many people as can be are reached together: a chain of exchanges that serves one person more takes no place
        away. The solver counts in floating point; floors and totals are counted again in whole numbers. Each search
        ends after `MOST_WORK`: the best answer seen stands, and the bounds say how far from the best it may be.
        """
        n, size = len(self.demand), len(self.pairs)
        serving, winning = (np.zeros(size + n) for _ in range(2))
        serving[size:], winning[:size] = -1, -self.wins
        rules = [self._limits(), self._serving()]
        first = self._run(serving, rules)
        if first.x is None:
            raise MatcherError(f"no answer found: {first.message}", status=int(first.status), variables=size + n)
        served = round(-first.fun)
        if served == 0:
            return FloorAnswer(np.zeros(size, dtype=bool), None, None, None, 0)
        rules.append(LinearConstraint(-serving[None, :], served, served))
        relaxed = self._relax(rules, self.floor(self._used(first)))
        used, bound = self._raise(rules, self._used(first), relaxed)
        floor = self.floor(used)
        rich = self._run(winning, [*rules, *self._above(floor)])
        # Should rounding have let the richer answer slip below the floor, the first one stands.
        if rich.x is not None and self.floor(found := self._used(rich)) >= floor:
            used = found
        most = self.richest if rich.mip_dual_bound is None else math.floor(NEARLY - rich.mip_dual_bound)
        return FloorAnswer(
            used=used,
            floor=floor,
            floor_bound=max(floor, bound),
            relaxed_floor=max(floor, relaxed),
            total_bound=max(int(self.wins[used].sum()), min(self.richest, most)),
        )

    def _searches(self) -> range:
        """Count the programmes of each kind that may be solved; what they leave open, the bounds say."""
        return range(max(FEWEST_SEARCHES, MOST_SEARCHED // (len(self.pairs) + len(self.demand))))

    def _relax(self, rules: list[LinearConstraint], low: int) -> int:
        """Find the largest floor that people can have where supporters are shared out by fractions, or a bound."""
        high = self._highest() + 1
        for _ in self._searches():
            if high - low <= 1:
                break
            middle = (low + high) // 2
            found = self._run(self._nothing(), [*rules, *self._above(middle)], whole=False)
            low, high = (low, middle) if found.status == INFEASIBLE else (middle, high)
        return high - 1

    def _raise(self, rules: list[LinearConstraint], used: BoolArray, bound: int) -> tuple[BoolArray, int]:
        """Find the best floor by bisection, from the top, which is mostly reached, and what none can exceed."""
        low, high, at = self.floor(used), bound + 1, bound
        for _ in self._searches():
            if high - low <= 1:
                break
            run = self._run(self._nothing(), [*rules, *self._above(at)])
            floor = low if run.x is None else self.floor(self._used(run))
            if floor > low:
                low, used = floor, self._used(run)
            if floor < at:
                high, bound = at, min(bound, at - 1) if run.status == INFEASIBLE else bound
            at = (low + high) // 2
        return used, bound

    def _used(self, run: OptimizeResult) -> BoolArray:
        return np.asarray(run.x[: len(self.pairs)] > 0.5)

    def _nothing(self) -> NDArray[np.float64]:
        """Ask for any answer at all."""
        return np.zeros(len(self.pairs) + len(self.demand))

    def _limits(self) -> LinearConstraint:
        """Bound the pairs of each entrepreneur, of each supporter and in all."""
        n, m, size = len(self.demand), len(self.least), len(self.pairs)
        every = np.arange(size)
        rows = np.concatenate([self.pairs.rows, n + self.pairs.columns, np.full(size, n + m), np.arange(n)])
        columns = np.concatenate([every, every, every, size + np.arange(n)])
        values = np.concatenate([np.ones(3 * size), -self.demand])
        matrix = sparse.csr_array((values, (rows, columns)), shape=(n + m + 1, size + n))
        low = np.concatenate([np.full(n, -np.inf), self.least, [self.filled]])
        return LinearConstraint(matrix, low, np.concatenate([np.zeros(n), self.most, [self.filled]]))

    def _serving(self) -> LinearConstraint:
        """Count nobody as served who has no pair."""
        ones = np.ones(len(self.pairs))
        return LinearConstraint(self._per_person(ones, -np.ones(len(self.demand))), -self.safe.astype(float), np.inf)

    def _above(self, floor: int) -> list[LinearConstraint]:
        """Keep everybody served at a floor or above, told twice so that fractions gain little.

        No pair counts for more than what its person lacks, and what pairs that cost could take away besides; and as
        many pairs are needed as her largest one below that would have to be taken, where a pair that is enough by
        itself counts for all of them (a Chvátal-Gomory cut of what pairs give, leaving out what they cost).
        """
        rows, lack = self.pairs.rows, (floor - self.given).astype(np.float64)
        points, goal = self.pairs.points.astype(np.float64), np.maximum(lack, 0)[rows]
        cost, below, scale = np.zeros(len(lack)), np.zeros(len(lack)), np.maximum(np.abs(lack), 1)
        np.maximum.at(cost, rows, -points)
        most = lack + np.maximum(self.demand - 1, 0) * cost
        sums = np.minimum(points, np.where(most > 0, most, np.inf)[rows])
        np.maximum.at(scale, rows, np.abs(sums))
        np.maximum.at(below, rows, np.where(points < goal, points, 0))
        times = np.ceil(np.maximum(lack, 0) / np.where(below > 0, below, np.maximum(lack, 1)))
        counts = np.where(points >= goal, times[rows], (points > 0).astype(np.float64))
        least = (times > 0).astype(np.float64)
        return [
            LinearConstraint(self._per_person(WEIGHT * sums / scale[rows], -WEIGHT * lack / scale), 0, np.inf),
            LinearConstraint(self._per_person(counts / np.maximum(times, 1)[rows], -least), 0, np.inf),
        ]

    def _per_person(self, pairs: NDArray[np.float64], people: NDArray[np.float64]) -> sparse.csr_array:
        n, size = len(self.demand), len(self.pairs)
        rows = np.concatenate([self.pairs.rows, np.arange(n)])
        return sparse.csr_array((np.concatenate([pairs, people]), (rows, np.arange(size + n))), shape=(n, size + n))

    def _highest(self) -> int:
        """As much as anybody can have."""
        return int(self.given.max(initial=0) + np.maximum(self.pairs.points, 0).max(initial=0) * self.demand.max())

    def floor(self, used: BoolArray) -> int:
        """Count what the worst off has among the people served."""
        n = len(self.demand)
        sums = self.given.copy()
        np.add.at(sums, self.pairs.rows[used], self.pairs.points[used])
        served = self.safe | (np.bincount(self.pairs.rows[used], minlength=n) > 0)
        return int(sums[served].min())

    def _run(self, cost: NDArray[np.float64], rules: list[LinearConstraint], *, whole: bool = True) -> OptimizeResult:
        low = np.concatenate([np.zeros(len(self.pairs)), self.safe])
        options = {"node_limit": max(LEAST_NODES, MOST_WORK // len(cost)), "mip_rel_gap": 0.0}
        kinds = np.full(len(cost), int(whole))
        return milp(cost, constraints=rules, integrality=kinds, bounds=Bounds(low, 1), options=options)
