"""Measure the assignment against scipy and against OR-Tools on every pair, in one run: `python -m benchmarks.engine`.

Each method starts from the same prepared profiles and must end with the same number served and the same total.
"""

import argparse
import resource
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment
from threadpoolctl import threadpool_limits

from benchmarks.profiles import invent
from matcher import Role, Settings, match, prepare
from matcher.assignment import assign
from matcher.candidates import FORBIDDEN, Pairs
from matcher.flow import Places, solve_flow
from matcher.pool import Market
from matcher.scoring import POINTS

SIZES = ((300, 100), (1_000, 250), (3_200, 800))
LARGE = (10_000, 2_500)
NATIONAL = (30_000, 6_000)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds and result of one call."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def whole_matrix(market: Market) -> tuple[np.ndarray, np.ndarray]:
    """Points and permissions of all pairs, as the peers need them."""
    points = np.vstack([market.points(slice(start, start + 256)) for start in range(0, market.shape[0], 256)])
    return points, points > FORBIDDEN


def by_scipy(market: Market, capacity: np.ndarray, bonus: np.ndarray) -> tuple[int, int]:
    """Solve on expanded places, one column of its own for leaving somebody unserved."""
    points, allowed = whole_matrix(market)
    n = len(points)
    much = (n + 1) * (POINTS + 1)
    worth = np.where(allowed, np.float64(points) + bonus[:, None] + much, -1e15)
    expanded = np.hstack([np.repeat(worth, capacity, axis=1), np.zeros((n, n))])
    rows, columns = linear_sum_assignment(expanded, maximize=True)
    served = columns < expanded.shape[1] - n
    return int(served.sum()), int(expanded[rows[served], columns[served]].sum() - much * served.sum())


def by_flow_on_all_pairs(market: Market, capacity: np.ndarray, bonus: np.ndarray) -> tuple[int, int]:
    """Give every allowed pair to the flow solver."""
    points, allowed = whole_matrix(market)
    rows, columns = np.nonzero(allowed)
    pairs = Pairs(rows, columns, points[rows, columns].astype(np.int64))
    much = (min(market.shape) + 1) * (POINTS + 1)
    used = solve_flow(pairs, np.ones(len(points), dtype=np.int64), bonus + much, Places.free(capacity))
    return int(used.sum()), int((pairs.points + bonus[rows])[used].sum())


def by_matcher(market: Market, capacity: np.ndarray, bonus: np.ndarray) -> tuple[int, int]:
    """Candidates, flow, prices, proof."""
    answer = assign(market, capacity, aim="most_served", bonus=bonus, n_jobs=-1)
    assert answer.gap == 0
    return answer.served, answer.total


PEERS = {"matcher": by_matcher, "OR-Tools, all pairs": by_flow_on_all_pairs, "scipy, expanded places": by_scipy}


def compare(n: int, m: int, repeats: int, places: tuple[int, int]) -> None:
    """Print one line per method: seconds, and how many times as long as ours."""
    people, helpers = invent(n, m, places=places)
    prepared, pool = timed(lambda: prepare(people, helpers))
    market = pool.market(Role.MENTOR, np.arange(n), np.arange(m))
    capacity = pool.supporter_table.capacity
    bonus = pool.entrepreneur_table.waiting_days * 1000
    print(f"\n{n:,} x {m:,}, {int(capacity.sum()):,} places (profiles read in {prepared:.2f} s)")
    answers, base = {}, 0.0
    for name, solve in PEERS.items():
        seconds, answers[name] = min(timed(lambda s=solve: s(market, capacity, bonus)) for _ in range(repeats))
        base = base or seconds
        served, total = answers[name]
        shown = f"{seconds:9.3f} s  {seconds / base:8.1f} x"
        print(f"  {name:24} {shown}   served {served:,}, total {total / POINTS:,.6f}")
    assert len(set(answers.values())) == 1, "the methods disagree"


def popular_topics(n: int, kept: int) -> None:
    """Show what keeping only each entrepreneur's best candidates loses when everybody likes the same supporters."""
    rng = np.random.default_rng(3)
    m = n // 4
    scores = np.round(0.9 * np.linspace(1, 0, m) + 0.1 * rng.random((n, m)), 6)
    capacity = np.full(m, 4)
    seconds, best = timed(lambda: assign(scores, capacity, aim="most_served", n_jobs=-1))
    columns = np.argpartition(-scores, kept, axis=1)[:, :kept].ravel()
    rows = np.repeat(np.arange(n), kept)
    points = np.rint(scores[rows, columns] * POINTS).astype(np.int64)
    used = solve_flow(
        Pairs(rows, columns, points), np.ones(n, dtype=np.int64), np.full(n, best.unserved), Places.free(capacity)
    )
    print(f"\npopular topics, {n:,} x {m:,}, as many places as people ({seconds:.2f} s, {best.rounds} rounds)")
    print(f"  over all pairs: served {best.served:,}, total {best.total / POINTS:,.1f}")
    print(f"  best {kept} candidates only: served {used.sum():,}, total {points[used].sum() / POINTS:,.1f}")


def whole_run(n: int, m: int) -> None:
    """Time a whole match run with all four roles, everybody free to meet everybody."""
    people, helpers = invent(n, m, roles=frozenset(Role))
    seconds, result = timed(lambda: match(people, helpers, settings=Settings()))
    pairs = sum(report.entrepreneurs * report.supporters for report in result.reports)
    matched = sum(report.matched for report in result.reports)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nwhole run, four roles, {n:,} x {m:,}: {seconds:.2f} s, peak {memory:,.0f} MB")
    print(f"  {pairs:,} pairs, {matched:,} matched")
    assert all(report.gap == 0 for report in result.reports)


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--large", action="store_true", help="also 10,000 x 2,500 (a minute, 4 GB: the peers' matrices)"
    )
    parser.add_argument("--national", action="store_true", help="only a whole run of 30,000 x 6,000")
    parser.add_argument("--repeats", type=int, default=3, help="measurements of each method, the best counts")
    options = parser.parse_args()
    if options.national:
        whole_run(*NATIONAL)
        return
    with threadpool_limits(limits=1, user_api="blas"):
        for n, m in SIZES:
            compare(n, m, options.repeats, (1, 3))
        compare(*SIZES[-1], options.repeats, (4, 6))
        if options.large:
            compare(*LARGE, 1, (1, 3))
            compare(*LARGE, 1, (4, 6))
        popular_topics(4_000, 50)
    whole_run(*SIZES[0])
    whole_run(*SIZES[-1])


if __name__ == "__main__":
    main()
