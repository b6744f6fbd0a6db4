"""How time and memory grow with people at constant density: territories of 1,000 people who cannot meet each other's.

Nobody names an association and nobody meets remotely: the engine must find the territories by itself, from places.
"""

import math
import resource
from dataclasses import dataclass, replace
from itertools import pairwise

from joblib import Parallel, delayed
from joblib.externals.loky import get_reusable_executor

from benchmarks.measure import MEGABYTE, alone, peak_memory, timed
from benchmarks.profiles import Population
from matcher import Entrepreneur, Role, Settings, Supporter, match_pool, prepare
from matcher.markets import find_markets

SIZES = (10_000, 30_000, 100_000, 300_000)
TERRITORY = 1_000
PER_SUPPORTER = 4
ACROSS_DEGREES = 0.25
"""Towns of a territory lie within 25 km or so; territories begin 2 degrees apart, 130 km or more."""


@dataclass(frozen=True)
class Grown:
    """Seconds of reading, parting territories and a whole run; processor seconds of all; peak megabytes."""

    people: int
    reading: float
    parting: float
    matching: float
    processor: float
    here: float
    worker: float
    territories: int
    matched: int


def invent_territories(people: int) -> tuple[list[Entrepreneur], list[Supporter]]:
    """Draw territories on a grid, each with its towns, people and supporters."""
    population = Population(1)
    rng, mentor = population.rng, frozenset({Role.MENTOR})
    left: list[Entrepreneur] = []
    right: list[Supporter] = []
    for territory in range(people // TERRITORY):
        corner = (-30 + 2 * (territory % 40), -170 + 4 * (territory // 40))
        population.towns = rng.uniform(corner, (corner[0] + ACROSS_DEGREES, corner[1] + ACROSS_DEGREES), (20, 2))
        for at in range(TERRITORY):
            person = population.entrepreneur(territory * TERRITORY + at, mentor)
            left.append(replace(person, accepts_remote=False, catchment=f"{territory} {person.catchment}"))
        for at in range(TERRITORY // PER_SUPPORTER):
            helper = population.supporter(territory * TERRITORY + at, Role.MENTOR, (3, 5))
            right.append(replace(helper, accepts_remote=False, catchment=f"{territory} {helper.catchment}"))
    return left, right


def grow(people: int) -> Grown:
    """Measure one size in this process, which must be a new one."""
    records = invent_territories(people)
    before = processor_seconds()
    reading, pool = timed(lambda: prepare(*records, Settings(workers="processes")))
    matching, result = timed(lambda: match_pool(pool))
    assert all(report.gap == 0 for report in result.reports)
    # The workers that have just worked are asked: the system counts their birth as copies, too.
    worker = max(Parallel(n_jobs=-1, backend="loky", batch_size=1)(delayed(most_memory)() for _ in range(16)))
    get_reusable_executor().shutdown(wait=True)
    processor = processor_seconds() - before
    parting, markets = timed(lambda: find_markets(pool, Role.MENTOR))
    return Grown(
        people=people,
        reading=reading,
        parting=parting,
        matching=matching,
        processor=processor,
        here=peak_memory(),
        worker=worker,
        territories=len(markets),
        matched=sum(report.matched for report in result.reports),
    )


def most_memory() -> float:
    """Give the most megabytes that this process ever held since it began its program."""
    with open("/proc/self/status", encoding="ascii") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / MEGABYTE


def processor_seconds() -> float:
    """Give the time that processors spent on this process and on its workers that have ended."""
    both = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(one.ru_utime + one.ru_stime for one in both)


def growth(sizes: tuple[int, ...] = SIZES) -> None:
    """Print each size, and the exponents between one and the next."""
    print("\ngrowth at constant density, on processes")
    print("   people  territories  reading  (parting)  matching  processor  per person   here  worker")
    found: list[Grown] = []
    for people in sizes:
        grown: Grown = alone(grow, people)
        found.append(grown)
        clock = f"{grown.reading:7.1f} s {grown.parting:8.2f} s {grown.matching:7.1f} s {grown.processor:8.1f} s"
        memory = f"{grown.here:6,.0f} {grown.worker:6,.0f} MB"
        print(f"  {people:7,}  {grown.territories:11,} {clock}  {1e6 * grown.processor / people:7.0f} us {memory}")
    for one, other in pairwise(found):
        wide = math.log(other.people / one.people)
        clock = math.log((other.reading + other.matching) / (one.reading + one.matching)) / wide
        processor = math.log(other.processor / one.processor) / wide
        print(f"  {one.people:,} to {other.people:,}: exponent {clock:.2f} by the clock, {processor:.2f} of processors")
