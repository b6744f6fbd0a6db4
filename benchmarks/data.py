"""What data costs: inventing people, writing and reading their files, matching the files, checking addresses.

`python -m benchmarks.data` prints seconds on this machine, and each as a ratio to one full read of the same CSV file by
the standard library, so that machines can be compared.
"""

import csv
import io
import time
from collections.abc import Callable
from datetime import date
from typing import TypeVar

import numpy as np

from matcher.matching import match
from seeds import reference
from seeds.population import build_population
from seeds.vocabulary import reference_vocabulary
from webapp.match_files import entrepreneur_records, supporter_records
from webapp.spreadsheets import Kind, read_rows, write_rows
from webapp.territories.index import Neighbourhood, TerritoryIndex

TODAY = date(2026, 11, 23)
POINTS = 2_000
T = TypeVar("T")


def main() -> None:
    """Measure every size once, after warming the reference data up."""
    reference.qpv_outlines()
    print(f"{'size':<10} {'step':<28} {'seconds':>8} {'x plain read':>13}")
    plain = [measure_size(size) for size in ("small", "medium", "national")][-1]
    index, seconds = timed(build_index)
    tell("1,609 QPV", "build the index", seconds, plain)
    points = np.random.default_rng(1).uniform((48.8, 2.2), (48.98, 2.55), (POINTS, 2))
    _answers, seconds = timed(lambda: [index.check_point(latitude, longitude) for latitude, longitude in points])
    tell("1,609 QPV", f"check {POINTS} addresses", seconds, plain)


def measure_size(size: str) -> float:
    """Measure what one size costs, and give the seconds of a plain read of its file."""
    vocabulary, kind = reference_vocabulary(), Kind.ENTREPRENEURS
    invented, inventing = timed(lambda: build_population(size, today=TODAY))
    people = invented.entrepreneurs
    content, writing = timed(lambda: write_rows(kind, people, vocabulary=vocabulary))
    _lines, plain = timed(lambda: list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")))
    _read, reading = timed(lambda: read_rows(kind, content, vocabulary=vocabulary))
    left, right = entrepreneur_records(people, today=TODAY), supporter_records(invented.supporters)
    result, matching = timed(lambda: match(left, right))
    gap = sum(report.gap for report in result.reports)
    tell(size, "invent people", inventing, plain)
    tell(size, "write entrepreneurs", writing, plain)
    tell(size, "read entrepreneurs", reading, plain)
    tell(size, f"match, gap {gap:g}", matching, plain)
    return plain


def build_index() -> TerritoryIndex:
    """Build the index of every neighbourhood of the country."""
    outlines = reference.qpv_outlines()
    return TerritoryIndex(
        [
            Neighbourhood(code=q.code, name=q.name, communes=q.communes, outline=outlines[q.code])
            for q in reference.qpvs().values()
        ]
    )


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """Do something and give what came of it, and the seconds it took."""
    begun = time.perf_counter()
    done = work()
    return done, time.perf_counter() - begun


def tell(size: str, step: str, seconds: float, plain: float) -> None:
    """Print one line."""
    print(f"{size:<10} {step:<28} {seconds:>8.2f} {seconds / plain:>13.1f}")


if __name__ == "__main__":
    main()
