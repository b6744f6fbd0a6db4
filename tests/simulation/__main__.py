"""`python -m tests.simulation [SEED]`: live through a year and print where people waited."""

import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.simulation.year import live_a_year


def main() -> None:
    """Print what happened in the year of a seed."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    with tempfile.TemporaryDirectory(prefix="simulation") as folder:
        report = live_a_year(Path(folder), seed=seed)
    print(f"{'situation':<28}{'times':>7}{'median':>8}{'p95':>7}{'longest':>9}   days")
    for wait in report.waits:
        print(f"{wait.situation:<28}{wait.times:>7}{wait.median:>8.0f}{wait.p95:>7.0f}{wait.longest:>9}")
    for title, counted in (
        ("done", report.did), ("refused", report.refused), ("by the clock", report.ticked), ("mails", report.mails),
        ("laws broken, in days", Counter(name for _, name, _ in report.broken)),
    ):  # fmt: skip
        print(f"\n{title}: " + ", ".join(f"{name} {count}" for name, count in sorted(counted.items())))
    most = f"{report.most_mails_a_day}, to who asks for each: {report.most_mails_asked_for}"
    print(f"\nmost mails to one person on one day: {most}; told twice: {len(report.repeated)}")


if __name__ == "__main__":
    main()
