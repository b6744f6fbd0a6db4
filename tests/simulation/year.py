"""One year, day after day: people act, the clock ticks (or does not, or twice), and everything is looked at."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from tests.simulation.branch import Branch
from tests.simulation.watch import Wait, Watch
from tests.simulation.world import instant, list_associations, open_world
from webapp.services.clocks import tick

START = date(2026, 9, 1)
DAYS = 365
# The clocks stand still for a week in March; both nights on which clocks change lie in the year.
SILENCE = range(190, 197)


@dataclass(frozen=True, slots=True, kw_only=True)
class YearReport:
    """What happened in a year, and what was found wrong."""

    did: Counter[str]
    refused: Counter[str]
    ticked: Counter[str]
    mails: Counter[str]
    most_mails_a_day: int
    most_mails_asked_for: int
    broken: Sequence[tuple[date, str, int]]
    repeated: Sequence[tuple[date, str, str, str]]
    broken_clocks: Sequence[str]
    waits: Sequence[Wait] = field(default=())


def live_a_year(folder: Path, *, seed: int = 1, days: int = DAYS) -> YearReport:
    """Live through a year from a seed: the same seed gives the same year."""
    with open_world(folder, start=START, seed=seed):
        seeds = np.random.SeedSequence(seed).spawn(3)
        branches = [
            Branch(association, holidays=_holidays(number), seed=seeds[number])
            for number, association in enumerate(list_associations())
        ]
        watch, ticked, broken_clocks = Watch(), Counter[str](), []
        silent_days = 0
        for number in range(days):
            day = START + timedelta(days=number)
            for branch in branches:
                branch.live(day, number)
            silent_days = silent_days + 1 if number in SILENCE else 0
            for _time in range(0 if silent_days else 1 + (number % 10 == 3)):
                report = tick(at=instant(day, 20))
                ticked.update(report.did)
                broken_clocks += report.broken
            watch.look(instant(day, 21), silent_days=silent_days)
        return YearReport(
            did=sum((branch.did for branch in branches), Counter()),
            refused=sum((branch.refused for branch in branches), Counter()),
            ticked=ticked,
            mails=watch.mails,
            most_mails_a_day=watch.most_mails,
            most_mails_asked_for=watch.most_asked_for,
            broken=watch.broken,
            repeated=watch.repeated,
            broken_clocks=broken_clocks,
            waits=watch.list_waits(START + timedelta(days=days)),
        )


def _holidays(number: int) -> tuple[date, date]:
    """Give the two weeks in which a coordinator is away: nobody stands in for her."""
    first = START + timedelta(days=100 + 60 * number)
    return first, first + timedelta(days=13)
