"""Time and memory: methods take turns and the best time of each counts, since others may be using the machine."""

import multiprocessing
import resource
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

MEGABYTE = 1024.0


@dataclass(frozen=True)
class Measured:
    """Seconds of the best turn, what came out, and the peak memory of the process in megabytes."""

    seconds: float
    result: Any
    megabytes: float


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds and result of one call."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def take_turns(methods: Mapping[str, Callable[[], Any]], turns: int, seconds: float = 0) -> dict[str, Measured]:
    """Run all methods in turn, several times, and keep the best time of each.

    With `seconds`, a method that has not been at work so long goes on alone until it has: among turns of a millisecond
    a few are not enough to meet one that nobody disturbed.
    """
    best: dict[str, Measured] = {}
    spent = dict.fromkeys(methods, 0.0)
    for _ in range(turns):
        for name, work in methods.items():
            spent[name] += _keep_best(best, name, work)
    for name, work in methods.items():
        while spent[name] < seconds:
            spent[name] += _keep_best(best, name, work)
    return best


def _keep_best(best: dict[str, Measured], name: str, work: Callable[[], Any]) -> float:
    """Run a method once, note it where it was faster than before, and give its seconds."""
    seconds, result = timed(work)
    if name not in best or seconds < best[name].seconds:
        best[name] = Measured(seconds, result, peak_memory())
    return seconds


def peak_memory() -> float:
    """Most megabytes that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE


def alone(work: Callable[..., Any], *arguments: Any) -> Any:
    """Call something in a process of its own, so that its peak memory is its own; raises what it raises."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(work, *arguments).result()
