"""Check the assignment against an independent solver, scipy's HiGHS: `python -m benchmarks.proof`.

Sizes grow to 3,200 x 800, each with least and most loads together, several supporters per person, negative scores and
fixed pairs. Both must fill as many places with the same total, and our own bound must say so too.
"""

import argparse
import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

from matcher.assignment import assign

SIZES = ((100, 25), (400, 100), (1_600, 400), (3_200, 800))

MOST_PAIRS = 320_000
"""Allowed pairs of a request: with a million and more HiGHS works for a quarter of an hour."""

UNIT = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Case:
    """One request with everything in it."""

    scores: NDArray[np.float64]
    capacity: NDArray[np.int64]
    minimum: NDArray[np.int64]
    demand: NDArray[np.int64]
    fixed: NDArray[np.int64]


def invent(n: int, m: int, *, seed: int, allowed: float = 0.5) -> Case:
    """Invent a request that can be met; half of the people may have three supporters or so."""
    rng = np.random.default_rng(seed)
    scores = np.round(rng.random((n, m)) * 1.5 - 0.5, 6)
    density = np.where(rng.random(n) < 0.5, 3 / m, allowed)
    scores[rng.random((n, m)) > density[:, None]] = np.nan
    capacity = rng.integers(1, 6 * n // m + 2, m)
    fixed = np.argwhere(~np.isnan(scores))[:: max(1, n * m // 20)]
    fixed = fixed[np.unique(fixed[:, 0], return_index=True)[1]]
    fixed = fixed[np.unique(fixed[:, 1], return_index=True)[1]]
    minimum = np.minimum(rng.integers(0, 3, m), capacity)
    return Case(scores=scores, capacity=capacity, minimum=minimum, demand=rng.integers(1, 4, n), fixed=fixed)


def by_highs(case: Case, aim: str) -> tuple[int, int]:
    """Give the places filled and the total in points, from linear programmes whose corners are whole numbers."""
    (n, m), (rows, columns) = case.scores.shape, np.nonzero(~np.isnan(case.scores))
    every, points = np.arange(len(rows)), np.rint(case.scores[rows, columns] * UNIT)
    ones = np.ones(len(rows))
    people = sparse.csr_array((ones, (rows, every)), shape=(n, len(rows)))
    places = sparse.csr_array((ones, (columns, every)), shape=(m, len(rows)))
    limits = sparse.vstack([people, places, -places])
    most = np.concatenate([case.demand, case.capacity, -case.minimum])
    low = np.zeros(len(rows))
    low[np.isin(rows * m + columns, case.fixed[:, 0] * m + case.fixed[:, 1])] = 1
    bounds = np.stack([low, ones], axis=1)
    if aim == "total":
        best = linprog(-points, A_ub=limits, b_ub=most, bounds=bounds, method="highs")
        return round(best.x.sum()), round(-best.fun)
    filled = round(-linprog(-ones, A_ub=limits, b_ub=most, bounds=bounds, method="highs").fun)
    whole = sparse.csr_array(ones[None, :])
    best = linprog(-points, A_ub=limits, b_ub=most, A_eq=whole, b_eq=[filled], bounds=bounds, method="highs")
    return filled, round(-best.fun)


def by_matcher(case: Case, aim: str) -> tuple[int, int]:
    """Give the same from the engine, whose bound must agree."""
    answer = assign(
        case.scores,
        case.capacity,
        minimum=case.minimum,
        demand=case.demand,
        fixed=case.fixed,
        aim=aim,
        n_jobs=-1,
    )
    assert answer.gap == 0, "the engine's own bound disagrees"
    return int(np.count_nonzero(answer.supporters >= 0)), answer.total


def main() -> None:
    """Print one line per size and aim."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true", help="only up to 400 x 100")
    sizes = SIZES[:2] if parser.parse_args().small else SIZES
    for n, m in sizes:
        for aim in ("total", "most_served"):
            case = invent(n, m, seed=n, allowed=min(0.5, MOST_PAIRS / (n * m)))
            start = time.perf_counter()
            ours = by_matcher(case, aim)
            middle = time.perf_counter()
            theirs = by_highs(case, aim)
            end = time.perf_counter()
            ratio = (end - middle) / (middle - start)
            print(
                f"{n:,} x {m:,} {aim:12} filled {ours[0]:,}, total {ours[1] / UNIT:,.6f}, HiGHS {ratio:,.0f} x as long"
            )
            assert ours == theirs or (aim == "total" and ours[1] == theirs[1]), (ours, theirs)


if __name__ == "__main__":
    main()
