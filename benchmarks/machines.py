"""Two workers of a Dask cluster against one, on the walk that keeps candidates; the answers must be the same bits."""

from contextlib import ExitStack

import numpy as np

from benchmarks.measure import take_turns
from benchmarks.vectors import VectorPoints, invent_vectors
from matcher.candidates import Scan
from matcher.encoding import IntArray
from matcher.near import Near
from matcher.workers import share, work_on

SIZE = (30_000, 6_000)
KEPT, FIRST = 36, 12


def two_workers(turns: int = 3) -> None:
    """Print seconds of one and of two workers, each a process with one thread."""
    from distributed import LocalCluster

    table, capacity = invent_vectors(*SIZE)
    guess = np.zeros(SIZE[1], dtype=np.int64)
    with ExitStack() as stack:
        clusters = {
            name: stack.enter_context(
                LocalCluster(n_workers=count, threads_per_worker=1, dashboard_address="127.0.0.1:0")
            ).scheduler_address
            for name, count in (("one", 1), ("two", 2))
        }
        methods = {name: lambda at=at: keep(table, guess, capacity, at) for name, at in clusters.items()}
        found = take_turns(methods, turns)
    one, two = found["one"], found["two"]
    for name in ("rows", "columns", "points"):
        assert np.array_equal(getattr(one.result.pairs, name), getattr(two.result.pairs, name))
    assert np.array_equal(one.result.bounds, two.result.bounds)
    print(f"\ncandidates of {SIZE[0]:,} x {SIZE[1]:,} by Dask: one worker {one.seconds:.2f} s, two {two.seconds:.2f} s")
    print(f"  {one.seconds / two.seconds:.2f} x, the same bits")


def keep(table: VectorPoints, guess: IntArray, capacity: IntArray, address: str) -> Near:
    """Walk over all pairs on the workers of one cluster."""
    with work_on(address), share(table):
        return Near.find(table, guess, KEPT, FIRST, capacity, Scan(n_jobs=-1))
