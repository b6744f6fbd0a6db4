"""Measure the assignment against other ways to solve it, in one run: `python -m benchmarks.engine`.

Each method starts from the same prepared profiles, works the scores out itself, and must end with the same number of
people served and the same total. The packages it is compared with: `uv pip install -r locks/benchmark.lock`.
"""

import argparse
import os
import platform
from collections.abc import Callable

import numpy as np

from benchmarks.fairest import compare_aims
from benchmarks.growth import growth
from benchmarks.machines import two_workers
from benchmarks.measure import Measured, alone, peak_memory, take_turns, timed
from benchmarks.peers import (
    Problem,
    by_flow_on_all_pairs,
    by_matcher,
    by_matching,
    by_munkres,
    by_networkx,
    by_scipy,
)
from benchmarks.profiles import invent
from benchmarks.vectors import VectorPoints, invent_vectors
from matcher import Role, Settings, match, prepare
from matcher.assignment import assign
from matcher.candidates import Pairs
from matcher.flow import Places, solve_flow
from matcher.scoring import POINTS

TINY = (300, 100)
MIDDLE = ((1_000, 250), (3_200, 800))
LARGE = (10_000, 2_500)
NATIONAL = (30_000, 6_000)
KEPT = 50
TINY_SECONDS, LARGE_SECONDS = 1.0, 10.0

Method = Callable[[Problem], tuple[int, int]]
WITH_MATRIX: dict[str, Method] = {"OR-Tools, all pairs": by_flow_on_all_pairs, "scipy, expanded places": by_scipy}
IN_PYTHON: dict[str, Method] = {"networkx, all pairs": by_networkx, "munkres, expanded places": by_munkres}


def vectors(n: int, m: int) -> Problem:
    """Give a market of profile vectors in which all may meet."""
    table, capacity = invent_vectors(n, m)
    return Problem(table, capacity, np.zeros(n, dtype=np.int64))


def people(n: int, m: int, places: tuple[int, int]) -> Problem:
    """Give a market of invented people under all rules."""
    pool = prepare(*invent(n, m, places=places))
    market = pool.market(Role.MENTOR, np.arange(n), np.arange(m))
    return Problem(market, pool.supporter_table.capacity, pool.entrepreneur_table.waiting_days * 1000)


def compare(name: str, problem: Problem, peers: dict[str, Method], turns: int, seconds: float = 0) -> None:
    """Print one line per method: seconds, and how many times as long as ours, which runs between the others."""
    ours: Measured | None = None
    others: dict[str, Measured] = {}
    for peer, solve in peers.items():
        found = take_turns({"matcher": lambda: by_matcher(problem), peer: lambda s=solve: s(problem)}, turns, seconds)  # type: ignore[misc]
        others[peer] = found[peer]
        ours = min((one for one in (ours, found["matcher"]) if one), key=lambda one: one.seconds)
    assert ours is not None
    n, m = problem.table.shape
    served, total = ours.result
    print(f"\n{name}, {n:,} x {m:,}, {int(problem.capacity.sum()):,} places: {served:,} served, {total / POINTS:,.6f}")
    print(f"  {'matcher':26} {ours.seconds:9.4f} s         1")
    for peer, found in others.items():
        print(f"  {peer:26} {found.seconds:9.4f} s  {found.seconds / ours.seconds:8.1f} x")
        if peer != STABLE:
            assert found.result == ours.result, (peer, found.result, ours.result)


STABLE = "matching, stable places"


def tiny(_turns: int) -> None:
    """Compare with packages written in Python, which need minutes for more."""
    peers = {**WITH_MATRIX, **IN_PYTHON, STABLE: by_matching}
    compare("vectors", vectors(*TINY), peers, 1, TINY_SECONDS)
    compare("people", people(*TINY, places=(1, 3)), peers, 1, TINY_SECONDS)


def middle(turns: int) -> None:
    """Compare sizes at which the whole matrix is no burden."""
    for n, m in MIDDLE:
        compare("vectors", vectors(n, m), WITH_MATRIX, turns)
        compare("people", people(n, m, (1, 3)), WITH_MATRIX, turns)
    compare("people", people(*MIDDLE[-1], (4, 6)), WITH_MATRIX, turns)


def large(_turns: int) -> None:
    """Compare at 10,000 x 2,500: the peers need 4 GB and minutes."""
    compare("vectors", vectors(*LARGE), WITH_MATRIX, 1, LARGE_SECONDS)
    compare("people", people(*LARGE, (1, 3)), WITH_MATRIX, 1, LARGE_SECONDS)
    compare("people", people(*LARGE, (4, 6)), WITH_MATRIX, 1, LARGE_SECONDS)


def ours_alone(kind: str, n: int, m: int) -> tuple[float, float]:
    """Seconds and peak megabytes of our answer in this process, which must be a new one."""
    problem = vectors(n, m) if kind == "vectors" else people(n, m, (1, 3))
    seconds, _answer = timed(lambda: by_matcher(problem))
    return seconds, peak_memory()


def memory() -> None:
    """Print what our answer needs, each in a process of its own: everything from the imports on is in it."""
    print("\nmemory of a process that solves one problem")
    for kind, (n, m) in (("vectors", LARGE), ("people", LARGE), ("vectors", NATIONAL)):
        seconds, megabytes = alone(ours_alone, kind, n, m)
        print(f"  {kind:8} {n:7,} x {m:5,}  {megabytes:6,.0f} MB  ({seconds:.2f} s)")


def select_best(table: VectorPoints, kept: int) -> int:
    """Multiply and select the best of each row, nothing else: what any method on these profiles costs at least."""
    checked = 0
    for start in range(0, table.shape[0], 1000):
        block = table.left[start : start + 1000] @ table.right
        checked += np.argpartition(block, -kept, axis=1)[:, -kept:].size
    return checked


def national(turns: int) -> None:
    """Compare 30,000 x 6,000 with its own score matrix and selection."""
    problem = vectors(*NATIONAL)
    table = problem.table
    assert isinstance(table, VectorPoints)
    found = take_turns({"matrix": lambda: select_best(table, KEPT), "ours": lambda: by_matcher(problem)}, turns)
    n, m = NATIONAL
    served, total = found["ours"].result
    print(f"\nvectors, {n:,} x {m:,}, {int(problem.capacity.sum()):,} places: {served:,} served, {total / POINTS:,.6f}")
    matrix, ours = found["matrix"].seconds, found["ours"].seconds
    print(f"  {f'score matrix, best {KEPT}':26} {matrix:9.3f} s         1")
    print(f"  {'matcher':26} {ours:9.3f} s  {ours / matrix:8.1f} x")


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
    ones = np.ones(n, dtype=np.int64)
    used = solve_flow(Pairs(rows, columns, points), ones, ones * n * 2 * POINTS, Places.free(capacity))
    print(f"\npopular topics, {n:,} x {m:,}, as many places as people ({seconds:.2f} s, {best.rounds} rounds)")
    print(f"  over all pairs: served {best.served:,}, total {best.total / POINTS:,.1f}")
    print(f"  best {kept} candidates only: served {used.sum():,}, total {points[used].sum() / POINTS:,.1f}")


def whole_run(n: int, m: int) -> tuple[float, float, int, int]:
    """Time a whole match run with all four roles, everybody free to meet everybody: seconds, memory, pairs, matched."""
    left, right = invent(n, m, roles=frozenset(Role))
    seconds, result = timed(lambda: match(left, right, settings=Settings()))
    assert all(report.gap == 0 for report in result.reports)
    pairs = sum(report.entrepreneurs * report.supporters for report in result.reports)
    return seconds, peak_memory(), pairs, sum(report.matched for report in result.reports)


def whole_runs(*sizes: tuple[int, int]) -> None:
    """Print whole match runs, from records to suggestions with their reasons."""
    print("\nwhole runs, four roles, from records to reasons")
    for n, m in sizes:
        seconds, megabytes, pairs, matched = alone(whole_run, n, m)
        print(f"  {n:7,} x {m:5,}  {seconds:7.2f} s  {megabytes:6,.0f} MB  {pairs:,} pairs, {matched:,} matched")


def fairest() -> None:
    """Show what the fairest answer takes from the total, and its time."""
    for n, m in (TINY, MIDDLE[0]):
        compare_aims("people", people(n, m, (1, 3)), 1)
        compare_aims("vectors", vectors(n, m), 1)
    compare_aims("people", people(*TINY, (1, 3)), 2)
    compare_aims("vectors", vectors(*TINY), 2)
    compare_aims("people", people(*MIDDLE[0], (1, 3)), 2)


def fairest_large() -> None:
    """Show the same where the independent solver gives up."""
    for n, m in (MIDDLE[-1], LARGE):
        compare_aims("people", people(n, m, (1, 3)), 1, checked=False)
    compare_aims("vectors", vectors(*MIDDLE[-1]), 1, checked=False)


def machine() -> str:
    """Name the processor, what is free of it, and the versions that matter."""
    with open("/proc/cpuinfo", encoding="ascii") as lines:
        model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "unknown")
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return f"{model}, {os.cpu_count()} cores, load {load}, Python {platform.python_version()}, numpy {np.__version__}"


PARTS: dict[str, Callable[[int], None]] = {
    "tiny": tiny,
    "middle": middle,
    "popular": lambda _turns: popular_topics(4_000, KEPT),
    "runs": lambda _turns: whole_runs(TINY, MIDDLE[-1]),
    "large": large,
    "memory": lambda _turns: memory(),
    "national": national,
    "national-run": lambda _turns: whole_runs(NATIONAL),
    "growth": lambda _turns: growth(),
    "fairest": lambda _turns: fairest(),
    "fairest-large": lambda _turns: fairest_large(),
    "workers": two_workers,
}
USUAL = ("tiny", "middle", "popular", "runs")


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "parts", nargs="*", choices=[*PARTS, []], help=f"what to measure; by default {', '.join(USUAL)}"
    )
    parser.add_argument("--all", action="store_true", help="everything: half an hour and 5 GB, for the peers")
    parser.add_argument("--turns", type=int, default=3, help="measurements of each method, the best counts")
    options = parser.parse_args()
    print(machine())
    for part in PARTS if options.all else options.parts or USUAL:
        PARTS[part](options.turns)
    print(f"\n{machine()}")


if __name__ == "__main__":
    main()
