"""Measure small changes against solving anew, in one run: `python -m benchmarks.rematch`.

Each kind of change is made many times, one after the other on the answer that the last one left. After some of them the
answer is compared with a fresh `assign`. Times hold the proof; "own time" leaves out what other programs take.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.profiles import invent
from matcher import Role, prepare
from matcher.assignment import assign
from matcher.candidates import FORBIDDEN, Points
from matcher.encoding import FloatArray, IntArray
from matcher.moves import Forgone
from matcher.rematch import Rearrangement, Standing, why_not

SIZES = ((3_200, 800), (10_000, 2_500))
PLACES = ((1, 3), (4, 6))
# Only people who are served leave: that somebody who waits goes is no work at all.
KINDS = ("leaves", "arrives", "pair refused", "place goes", "place appears", "pair settled", "why not")
T = TypeVar("T")
Change = Rearrangement | Forgone
VERIFIED = 3
"""Comparisons with solving anew, per kind: each takes as long as hundreds of changes."""


@dataclass
class Masked:
    """The scores as they are after some people left and some pairs were refused."""

    table: Points
    present: np.ndarray
    refused: frozenset[tuple[int, int]]

    def __post_init__(self) -> None:
        self.shape, self.largest = self.table.shape, self.table.largest

    def points(self, rows: slice | IntArray) -> FloatArray:
        """Give the points of some rows, less what may not be used."""
        chosen = np.arange(self.shape[0])[rows]
        points = self.table.points(rows).copy()
        points[~self.present[chosen]] = FORBIDDEN
        for row, column in self.refused:
            points[chosen == row, column] = FORBIDDEN
        return points


class Story:
    """A standing answer and the changes that it lives through."""

    def __init__(self, n: int, m: int, places: tuple[int, int]) -> None:
        people, helpers = invent(n, m, places=places)
        pool = prepare(people, helpers)
        self.table = pool.market(Role.MENTOR, np.arange(n), np.arange(m))
        self.capacity = pool.supporter_table.capacity
        self.bonus = pool.entrepreneur_table.waiting_days * 1000
        self.rng = np.random.default_rng(5)
        self.gone: list[int] = []
        self.anew, answer = timed(
            lambda: assign(self.table, self.capacity, bonus=self.bonus, aim="most_served", n_jobs=2)
        )
        begin = lambda: Standing.begin(self.table, answer, self.capacity, bonus=self.bonus, warm=True)  # noqa: E731
        self.begun, self.standing = timed(begin)

    def change(self, kind: str) -> Callable[[], Change] | None:
        """Draw one change; None where it cannot be."""
        standing, (n, m) = self.standing, self.table.shape
        row, column = int(self.rng.integers(n)), int(self.rng.integers(m))
        served = int(standing.supporters[row])
        if kind == "arrives":
            return (lambda: standing.arrive(self.gone.pop())) if self.gone else None
        if kind == "place appears":
            return lambda: standing.open_place(column)
        if kind == "place goes":
            return (lambda: standing.close_place(column)) if standing.capacity[column] else None
        if not standing.present[row] or standing.held[row] or served < 0:
            return None
        if kind == "leaves":
            self.gone.append(row)
            return lambda: standing.leave(row)
        if kind == "pair refused":
            return lambda: standing.refuse(row, served)
        settled = np.bincount(standing.supporters[standing.held], minlength=m)
        allowed = np.flatnonzero((standing.points_of(row) > FORBIDDEN) & (standing.capacity > settled))
        if not len(allowed):
            return None
        chosen = int(self.rng.choice(allowed))
        return (
            (lambda: standing.hold(row, chosen)) if kind == "pair settled" else (lambda: why_not(standing, row, chosen))
        )

    def verify(self) -> None:
        """Solve anew, and compare."""
        standing = self.standing
        table = Masked(self.table, standing.present, standing.refused)
        settled = np.flatnonzero(standing.held)
        fresh = assign(
            table,
            standing.capacity,
            fixed=np.stack([settled, standing.supporters[settled]], axis=1),
            bonus=self.bonus,
            aim="most_served",
            n_jobs=2,
        )
        ours = standing.assignment
        assert (fresh.served, fresh.total) == (ours.served, ours.total), "solving anew gives something else"


def timed(work: Callable[[], T], clock: Callable[[], float] = time.perf_counter) -> tuple[float, T]:
    """Seconds and result of one call."""
    start = clock()
    result = work()
    return clock() - start, result


def prove(work: Callable[[], Change]) -> Change:
    """Make a change, and have its answer put together with the proof."""
    change = work()
    assert not isinstance(change, Rearrangement) or change.standing.assignment.gap == 0
    return change


def measure(story: Story, kind: str, repeats: int, verify: bool) -> None:
    """Make one kind of change many times, and print one line."""
    seconds, own, moves = [], [], []
    while len(seconds) < repeats:
        work = story.change(kind)
        if work is None:
            continue
        took, (worked, change) = timed(lambda work=work: timed(partial(prove, work), time.thread_time))
        if isinstance(change, Rearrangement):
            story.standing = change.standing
        seconds.append(took)
        own.append(worked)
        moves.append(len(change.moves))
        if verify and len(seconds) % (repeats // VERIFIED) == 0:
            story.verify()
    median, p95, worst = (1000 * float(np.quantile(seconds, share)) for share in (0.5, 0.95, 1.0))
    own_median, own_p95 = (1000 * float(np.quantile(own, share)) for share in (0.5, 0.95))
    print(
        f"  {kind:14} {median:8.2f} {p95:8.2f} {worst:8.1f} {own_median:10.2f} {own_p95:8.2f}"
        f"   {1000 * story.anew / median:9,.0f} x   {np.mean(moves):5.1f} {max(moves):4d}"
    )


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=300, help="changes of each kind")
    parser.add_argument("--small", action="store_true", help="only the smaller size")
    parser.add_argument("--unverified", action="store_true", help="do not compare with solving anew")
    options = parser.parse_args()
    with threadpool_limits(limits=1, user_api="blas"):
        for n, m in SIZES[:1] if options.small else SIZES:
            for places in PLACES:
                story = Story(n, m, places)
                print(f"\n{n:,} x {m:,}, {int(story.capacity.sum()):,} places; solved in {story.anew:.2f} s,", end=" ")
                print(f"all pairs looked at in {story.begun:.2f} s")
                print(
                    f"  {'':14} {'median':>8} {'p95':>8} {'worst':>8} {'own time':>10} {'p95':>8}"
                    f"   {'than anew':>11}   moved, most (ms)"
                )
                for kind in KINDS:
                    measure(story, kind, options.repeats, not options.unverified)


if __name__ == "__main__":
    main()
