"""Every page of the medium demo, as each role: how long it takes, and how many statements it sends.

    python -m benchmarks.pages                     # 20 associations, 3,200 entrepreneurs, 800 supporters, on SQLite
    python -m benchmarks.pages --profile suggestions.show      # where the time of one page goes

Each page is asked for through the whole app (sign-in, queries, template, headers), in one process, without a network.
"""

import argparse
import cProfile
import os
import pstats
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from models.associations import Association
from models.db import db
from models.entrepreneurs import Entrepreneur
from tests.browsing import Browser
from tests.crawl.crawler import BEGINS, Crawler, count_statements
from tests.crawl.population import Visitor, enter, list_visitors, open_demo
from tests.databases import ENCRYPTION_KEY

BAR_MS = 150
ROUNDS = 5
MOST_PER_ENDPOINT = 6


@dataclass(slots=True)
class Timing:
    """What pages of one endpoint took."""

    milliseconds: list[float] = field(default_factory=list)
    statements: int = 0
    slowest: str = ""

    def add(self, path: str, milliseconds: float, statements: int) -> None:
        if milliseconds > max(self.milliseconds, default=0.0):
            self.slowest = path
        self.milliseconds.append(milliseconds)
        self.statements = max(self.statements, statements)

    @property
    def median(self) -> float:
        return statistics.median(self.milliseconds)

    @property
    def p95(self) -> float:
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]


def choose_visitors() -> list[Visitor]:
    """Give the visitors of the association with the most people, and nobody."""
    largest = db.session.scalars(
        select(Association.id)
        .join(Entrepreneur, Entrepreneur.association_id == Association.id)
        .group_by(Association.id)
        .order_by(func.count().desc())
    ).first()
    return list_visitors(associations=(largest,))


def list_paths(app: Flask, client: Browser) -> Iterator[tuple[str, str]]:
    """Give endpoint and path of the pages one visitor can reach, a few per endpoint; crawling warms caches up."""
    number: dict[str, int] = {}
    for visit in Crawler(app, client).crawl("").visits:
        number[visit.endpoint] = number.get(visit.endpoint, 0) + 1
        if visit.status == 200 and visit.endpoint and number[visit.endpoint] <= MOST_PER_ENDPOINT:
            yield visit.endpoint, visit.path


def measure(app: Flask) -> dict[tuple[str, str], Timing]:
    """Time every page of every visitor, in rounds, so that a busy moment of the machine does not fall on one page."""
    timings: dict[tuple[str, str], Timing] = {}
    for visitor in choose_visitors():
        client = enter(app, visitor)
        pages = list(list_paths(app, client))
        for _ in range(ROUNDS):
            for endpoint, path in pages:
                with count_statements() as sent:
                    begun = time.perf_counter()
                    client.get(path)
                    took = (time.perf_counter() - begun) * 1000
                timings.setdefault((visitor.role, endpoint), Timing()).add(
                    path, took, sum(not BEGINS.match(text) for text in sent)
                )
    return timings


def write_table(timings: dict[tuple[str, str], Timing]) -> Iterable[str]:
    """Write the figures as a Markdown table, the slowest first."""
    yield "| role | page | requests | median ms | p95 ms | statements |"
    yield "|---|---|---:|---:|---:|---:|"
    for (role, endpoint), timing in sorted(timings.items(), key=lambda item: -item[1].p95):
        yield (
            f"| {role} | {endpoint} | {len(timing.milliseconds)} | {timing.median:.0f} | {timing.p95:.0f} "
            f"| {timing.statements} |"
        )


def profile(app: Flask, endpoint: str) -> None:
    """Show where the slowest page of an endpoint spends its time."""
    for visitor in choose_visitors():
        client = enter(app, visitor)
        paths = [path for found, path in list_paths(app, client) if found == endpoint]
        if not paths:
            continue
        profiler = cProfile.Profile()
        for path in paths:
            profiler.runcall(client.get, path)
        print(f"{visitor.who}: {len(paths)} pages")
        pstats.Stats(profiler).sort_stats("cumulative").print_stats(45)
        return
    sys.exit(f"nobody reached {endpoint}")


def main() -> int:
    """Make the medium demo, measure, and say which pages miss the bar."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", default="medium")
    parser.add_argument("--profile", metavar="ENDPOINT")
    chosen = parser.parse_args()
    os.environ.setdefault("MAILLAGE_TEST_KEY", ENCRYPTION_KEY)
    with tempfile.TemporaryDirectory() as folder, open_demo(Path(folder) / "demo", size=chosen.size) as app:
        if chosen.profile:
            profile(app, chosen.profile)
            return 0
        timings = measure(app)
    print("\n".join(write_table(timings)))
    everything = Timing(milliseconds=[one for timing in timings.values() for one in timing.milliseconds])
    print(f"\nall pages: median {everything.median:.0f} ms, p95 {everything.p95:.0f} ms")
    worst = max(timings, key=lambda key: max(timings[key].milliseconds))
    print(f"slowest of all: {' '.join(worst)} {max(timings[worst].milliseconds):.0f} ms, once")
    slow = [key for key, timing in timings.items() if timing.p95 > BAR_MS]
    for key in slow:
        print(f"above {BAR_MS} ms: {' '.join(key)} {timings[key].p95:.0f} ms at {timings[key].slowest}")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
