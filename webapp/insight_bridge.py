"""What the engine says when it looks back: what would help those left over, whom to recruit, how groups of people fare.

A second bridge beside `matcher_bridge`, which turns rows into the records that this one asks about. Groups reach the
engine as labels beside outcomes; no record carries them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import numpy as np

import matcher
from matcher.fairness import Dimension, FairnessReport, GroupFigures, Mean, Share
from models.supporters import SupporterRole
from webapp.matcher_bridge import RunRecords

__all__ = ["Dimension", "FairnessReport", "GroupFigures", "Mean", "Share"]

DEPARTMENT_LENGTH = 2
OVERSEAS_LENGTH = 3
OVERSEAS = "97"


@dataclass(frozen=True, slots=True, kw_only=True)
class LookBack:
    """What a run tells besides its answer, as it is kept: by person and role what would help, and whom to recruit."""

    changes: Mapping[tuple[int, SupporterRole], list[dict[str, Any]]]
    recruitment: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonOutcome:
    """What became of one person, for the report about groups."""

    is_served: bool
    waiting_days: int
    score: float | None
    proposals: int
    refusals: int


def look_back(records: RunRecords, result: matcher.MatchResult) -> LookBack:
    """Look back on an answer. No transaction may be open: roles are solved again for each profile that is tried."""
    # Rules read no texts; the brief needs them for scores that compare with those of the run.
    mute = [replace(person, text="") for person in records.entrepreneurs]
    plain = matcher.prepare(mute, [replace(one, text="") for one in records.supporters], records.settings)
    brief = matcher.recruitment_brief(
        matcher.prepare(records.entrepreneurs, records.supporters, records.settings),
        territories=_territories(records.entrepreneurs),
    )
    return LookBack(
        changes={
            (int(id), SupporterRole(role)): [_plain_change(change) for change in changes]
            for (id, role), changes in matcher.nearest_changes(plain, result).items()
        },
        recruitment={
            "options": [_plain_recruit(one) for one in brief.options],
            "sequence": [_plain_recruit(one) for one in brief.sequence],
        },
    )


def report_fairness(
    outcomes: Sequence[PersonOutcome], labels: Mapping[str, Sequence[str | None]], *, guarded: Collection[str]
) -> FairnessReport:
    """Compare how groups fare; the same people give the same ranges, whoever asks and when."""
    return matcher.fairness_report(
        matcher.Outcomes(
            served=np.array([one.is_served for one in outcomes], dtype=bool),
            waiting_days=np.array([one.waiting_days for one in outcomes], dtype=np.int64),
            score=np.array([np.nan if one.score is None else one.score for one in outcomes], dtype=np.float64),
            proposals=np.array([one.proposals for one in outcomes], dtype=np.int64),
            refusals=np.array([one.refusals for one in outcomes], dtype=np.int64),
        ),
        labels,
        rng=np.random.default_rng(0),
        guarded=guarded,
    )


def days_between(first: date | None, last: date) -> int:
    """Count the days somebody waited; none where the first day is unknown or later."""
    return 0 if first is None else max(0, (last - first).days)


def _territories(people: Sequence[matcher.Entrepreneur]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Name the commune and the department of each person, so that no name stands for both."""
    communes = {person.id: person.catchment for person in people if person.catchment is not None}
    return (
        {id: f"commune:{code}" for id, code in communes.items()},
        {id: f"department:{_department(code)}" for id, code in communes.items()},
    )


def _department(commune: str) -> str:
    return commune[: OVERSEAS_LENGTH if commune.startswith(OVERSEAS) else DEPARTMENT_LENGTH]


def _plain_change(change: matcher.Change) -> dict[str, Any]:
    steps = [{"kind": str(step.kind), "value": step.value} for step in change.steps]
    return {"steps": steps, "opens": change.opens, "places": change.places, "freed": change.freed}


def _plain_recruit(recruit: matcher.Recruit) -> dict[str, Any]:
    profile = {name: value for name, value in asdict(recruit.profile).items() if name != "association"}
    return {
        **{name: list(value) if isinstance(value, tuple) else value for name, value in profile.items()},
        "role": str(recruit.profile.role),
        "places": recruit.places,
        "served": recruit.served,
        "total": round(recruit.total, 6),
        "meets": recruit.meets,
    }
