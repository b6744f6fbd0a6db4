"""What fairness costs, in score and in time, with its proof: `python -m benchmarks.engine fairest`.

Who is served is decided first, by the largest total, as in a match run; the same people then get the fairest answer.
With a demand of two, as many places are filled as can be. The floor is found again by an independent solver, scipy's
HiGHS, where that ends in `PATIENCE_SECONDS`. Seconds are those of the processor, which other programmes disturb less.
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from benchmarks.peers import Problem
from matcher.assignment import Assignment, Fairness, assign
from matcher.candidates import Pairs, all_pairs
from matcher.scoring import POINTS

PATIENCE_SECONDS = 120.0
"""What the independent solver may take for one floor."""


def compare_aims(name: str, problem: Problem, demand: int, *, checked: bool = True) -> None:
    """Print the floor with its bounds, what it takes from the total, and the time as a ratio to the largest total.

    `checked`: whether HiGHS looks for a better floor; beyond 1,000 x 250 it does not begin within its time.
    """
    rich, rich_seconds = _solve(problem, np.full(problem.table.shape[0], demand), "most_served")
    wanted = (rich.supporters >= 0).any(axis=1).astype(np.int64) * demand
    rich_again, _seconds = _solve(problem, wanted, "most_served")
    fair, seconds = _solve(problem, wanted, "fairest")
    found = fair.fairness
    assert found is not None
    floor, bound, relaxed = ((0 if value is None else value) for value in _floors(found))
    n, m = problem.table.shape
    print(f"\n{name}, {n:,} x {m:,}, demand {demand}: {fair.served:,} of {np.count_nonzero(wanted):,} served")
    print(
        f"  floor {floor / POINTS:.6f}, none exceeds {bound / POINTS:.6f}, linear programmes "
        f"{relaxed / POINTS:.6f}; with the largest total {_floor(problem, rich_again) / POINTS:.6f}"
    )
    print(f"  total {fair.total / POINTS:,.3f} of {rich_again.total / POINTS:,.3f}: fairness costs {found.share:.2%}")
    print(f"  {seconds:.2f} s of processor, {seconds / rich_seconds:,.0f} x the largest total ({rich_seconds:.3f} s)")
    if not checked:
        return
    low, high = _check(problem, wanted, np.count_nonzero(rich_again.supporters >= 0))
    assert floor <= high + 1, "the independent solver proves less"
    assert low <= bound + 1, "the independent solver found more"


def _floors(found: Fairness) -> tuple[int | None, ...]:
    return found.floor, found.floor_bound, found.relaxed_floor


def _solve(problem: Problem, demand: NDArray[np.int64], aim: str) -> tuple[Assignment, float]:
    return _clocked(lambda: assign(problem.table, problem.capacity, demand=demand, aim=aim))


def _clocked(work: Callable[[], Any]) -> tuple[Any, float]:
    begun = time.process_time()
    return work(), time.process_time() - begun


def _floor(problem: Problem, answer: Assignment) -> int:
    """Count what the worst off has."""
    rows, ranks = np.nonzero(answer.supporters >= 0)
    sums = np.zeros(len(answer.supporters), dtype=np.int64)
    pairs = all_pairs(problem.table)
    m = problem.table.shape[1]
    keys = pairs.rows * m + pairs.columns
    at = np.searchsorted(keys, rows * m + answer.supporters[rows, ranks])
    np.add.at(sums, rows, pairs.points[at])
    return int(sums[np.unique(rows)].min())


def _check(problem: Problem, demand: NDArray[np.int64], filled: int) -> tuple[float, float]:
    """Let HiGHS look for a better floor: the largest level that everybody can have in one mixed-integer programme."""
    pairs = all_pairs(problem.table)
    pairs = pairs.take(demand[pairs.rows] > 0)
    run, seconds = _clocked(lambda: _best_floor(pairs, demand, problem.capacity, filled))
    if run is None:
        print(f"  HiGHS: no answer in {PATIENCE_SECONDS:.0f} s")
        return -np.inf, np.inf
    low, high = run
    print(f"  HiGHS: floor {low / POINTS:.6f}, none exceeds {high / POINTS:.6f} ({seconds:.1f} s)")
    return low, high


def _best_floor(
    pairs: Pairs, demand: NDArray[np.int64], capacity: NDArray[np.int64], filled: int
) -> tuple[float, float] | None:
    """Write the floor as a variable: everybody has somebody, nobody has less, and as many places are filled."""
    people = np.flatnonzero(demand)
    row_of, size, n = np.searchsorted(people, pairs.rows), len(pairs), len(people)
    every, last = np.arange(size), np.full(n, size)
    sums = sparse.csr_array(
        (np.r_[pairs.points / POINTS, -np.ones(n)], (np.r_[row_of, np.arange(n)], np.r_[every, last])),
        shape=(n, size + 1),
    )
    counts = sparse.csr_array((np.ones(size), (row_of, every)), shape=(n, size + 1))
    loads = sparse.csr_array((np.ones(size), (pairs.columns, every)), shape=(len(capacity), size + 1))
    rules = [
        LinearConstraint(sums, 0, np.inf),
        LinearConstraint(counts, 1, demand[people]),
        LinearConstraint(loads, -np.inf, capacity),
        LinearConstraint(counts.sum(axis=0)[None, :], filled, np.inf),
    ]
    upper = np.ones(size + 1)
    upper[-1] = np.inf
    best = milp(
        -np.eye(1, size + 1, size)[0],
        constraints=rules,
        integrality=np.r_[np.ones(size), 0],
        bounds=Bounds(0, upper),
        options={"time_limit": PATIENCE_SECONDS, "mip_rel_gap": 0.0},
    )
    if best.x is None:
        return None
    return -best.fun * POINTS, -best.mip_dual_bound * POINTS
