"""Between past decisions and the engine: what was decided becomes evidence, weights become a replay, kept as JSON.

Beside `matcher_bridge`, which is about people and runs, and `insight_bridge`, it sees both sides. The engine's record
of a decision has no field for who anybody is; groups are counted here, after the matching, from rows that the engine
never sees.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

import matcher
from matcher import Decision, Outcome, TooFewDecisions, WeightSuggestion
from matcher.errors import MatcherError as EngineError
from matcher.fairness import Outcomes, fairness_report
from matcher.replays import ReplayReport
from matcher.settings import COMPONENTS, MAX_TEXT_SHARE
from models.pairings import Pairing
from models.queries.match_runs import RunPool
from models.queries.profiles import PersonProfile
from models.queries.weights import PastDecision
from models.states import PairingState, SuggestionState
from models.supporters import PAIRING_COST
from models.wall import tell_stage
from webapp.matcher_bridge import Measure, RunRecords, Weights, build_records

__all__ = ["COMPONENTS", "MAX_TEXT_SHARE", "EngineError", "TooFewDecisions", "WeightSuggestion", "Weights"]

SEED = 0
"""Seed of the draws: the same decisions give the same ranges to everybody who looks."""

LISTED = 500
"""Changes kept person by person; the totals count all."""

OTHERS = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayWork:
    """The engine's input for one replay, detached from the database."""

    records: RunRecords
    decided: RunRecords
    decisions: tuple[Decision, ...]
    verdicts: tuple[matcher.Verdict, ...]
    labels: Mapping[str, Mapping[str, str | None]]


def build_decisions(past: Sequence[PastDecision]) -> tuple[Decision, ...]:
    """Turn decided suggestions into evidence: the coordinator's word, then the supporter's, then how it ended."""
    numbers: dict[int, int] = {}
    return tuple(
        Decision(
            role=matcher.Role(one.suggestion.role),
            components={part["name"]: part["value"] for part in one.suggestion.components},
            outcome=outcome,
            case=numbers.setdefault(one.suggestion.entrepreneur_id, len(numbers)),
            list_length=one.shown,
            popularity=one.asked_before,
            weight_version=one.weight_version_id,
        )
        for one in past
        for outcome in _outcomes(one)
    )


def _outcomes(past: PastDecision) -> Iterator[Outcome]:
    suggestion, pairing = past.suggestion, past.pairing
    if suggestion.state is SuggestionState.REJECTED:
        yield outcome_of("rejected", suggestion.reject_reason)
        return
    chosen = pairing is not None and pairing.choice_reason is not None
    yield outcome_of("chosen", pairing.choice_reason) if chosen and pairing else Outcome.APPROVED
    if pairing is not None:
        yield from _outcomes_of_pairing(pairing)


def _outcomes_of_pairing(pairing: Pairing) -> Iterator[Outcome]:
    if pairing.state is PairingState.DECLINED:
        yield outcome_of("declined", pairing.decline_reason)
    elif pairing.answered_at is not None:
        yield Outcome.ACCEPTED
    if pairing.state is PairingState.ENDED:
        yield outcome_of("ended", pairing.end_reason)


def outcome_of(answer: str, reason: str | None) -> Outcome:
    """Name an answer with its closed reason; a reason that the engine does not know counts as untold."""
    name = f"{answer}_{reason}"
    return Outcome(name) if name in set(Outcome) else Outcome(f"{answer}_other")


def suggest_weights(past: Sequence[PastDecision], current: Weights, role: str) -> WeightSuggestion | TooFewDecisions:
    """Suggest the weights of one role from past decisions, or say that they are too few."""
    rng = np.random.default_rng(SEED)
    return matcher.suggest_weights(build_decisions(past), current[role], matcher.Role(role), rng=rng)


def check_weights(weights: Weights) -> None:
    """Check that a run could use these weights.

    Raises EngineError.
    """
    matcher.Settings(weights={matcher.Role(role): dict(parts) for role, parts in weights.items()})


def build_work(
    pool: RunPool, past: Sequence[PastDecision], *, weights: Weights, lends: bool, at: datetime
) -> ReplayWork:
    """Detach everything that a replay looks at; groups are those that the side of the wall may know."""
    verdicts = tuple(
        matcher.Verdict(
            entrepreneur_id=str(one.suggestion.entrepreneur_id),
            supporter_id=str(one.suggestion.supporter_id),
            role=matcher.Role(one.suggestion.role),
            fits=evidence.fits,
        )
        for one in past
        # The last word that says something about fit stands for the pair.
        for evidence in [answer.evidence for answer in build_decisions([one]) if answer.evidence.weight > 0][-1:]
    )
    decided = _decided_records(pool, verdicts, weights=weights, at=at)
    people = {person.id for person in decided.entrepreneurs}
    supporters = {supporter.id for supporter in decided.supporters}
    return ReplayWork(
        records=build_records(pool, weights=weights, at=at),
        decided=decided,
        decisions=build_decisions(past),
        verdicts=tuple(one for one in verdicts if one.entrepreneur_id in people and one.supporter_id in supporters),
        labels={str(person.id): _labels(person, lends=lends) for person in pool.entrepreneurs},
    )


def _decided_records(
    pool: RunPool, verdicts: Sequence[matcher.Verdict], *, weights: Weights, at: datetime
) -> RunRecords:
    """Put the people of past decisions back as if none had been taken: roles open, places free, nobody excluded."""
    roles: dict[str, set[matcher.Role]] = {}
    for one in verdicts:
        roles.setdefault(one.entrepreneur_id, set()).add(one.role)
    people = [person for person in pool.entrepreneurs if str(person.id) in roles]
    again = RunPool(
        entrepreneurs=people, supporters=pool.supporters, live_roles=frozenset(), excluded={}, examiners=pool.examiners
    )
    records = build_records(again, weights=weights, at=at)
    capacity = {str(one.id): one.capacity // PAIRING_COST[one.role] for one in pool.supporters}
    return replace(
        records,
        entrepreneurs=tuple(replace(one, wanted_roles=frozenset(roles[one.id])) for one in records.everybody),
        supporters=tuple(replace(one, capacity=capacity[one.id]) for one in records.supporters),
    )


def _labels(person: PersonProfile, *, lends: bool) -> Mapping[str, str | None]:
    """Say in which groups somebody counts; nothing that was confided is among them."""
    first = person.languages[0].language if person.languages else None
    return {
        "neighbourhood": "priority" if person.qpv_code else OTHERS,
        "language": first if first in (None, "fr") else OTHERS,
        "stage": None if person.stage is None else str(tell_stage(person.stage, lends=lends)),
    }


def replay(
    work: ReplayWork, *, old: Measure, new: Measure, progress: Callable[[float], None] | None = None
) -> dict[str, Any]:
    """Match everybody by both measures, and tell what changes, as JSON. No transaction may be open.

    Raises EngineError.
    """
    started = time.monotonic()
    now = _replay(work.records, old, new, progress or (lambda _share: None))
    again = _replay(work.decided, old, new, lambda _share: None)
    return {
        "people": len(work.records.entrepreneurs),
        "supporters": len(work.records.supporters),
        "roles": [asdict(role) for role in now.roles if role.matched_before or role.matched_after],
        "changes": [_change(change) for change in now.changes[:LISTED]],
        "change_count": len(now.changes),
        "standings": [asdict(one) for one in matcher.compare_with_verdicts(again, work.verdicts)],
        "shifts": [asdict(one) for one in matcher.shift_scores(work.decisions, _by_role(old), _by_role(new))],
        "groups": _count_groups(work, now),
        "seconds": round(time.monotonic() - started, 3),
    }


def _replay(records: RunRecords, old: Measure, new: Measure, tell: Callable[[float], None]) -> ReplayReport:
    pool = matcher.prepare(records.entrepreneurs, records.supporters, records.settings)
    aims = {"aim_old": str(old.aim), "aim_new": str(new.aim)}
    return matcher.replay(pool, _by_role(old), _by_role(new), **aims, progress=tell)


def _by_role(measure: Measure) -> dict[matcher.Role, dict[str, float]]:
    return {matcher.Role(role): dict(parts) for role, parts in measure.weights.items()}


def _change(change: matcher.ReplayChange) -> dict[str, Any]:
    return {
        "entrepreneur_id": int(change.entrepreneur_id),
        "role": str(change.role),
        "before": None if change.before is None else int(change.before),
        "after": None if change.after is None else int(change.after),
    }


def _count_groups(work: ReplayWork, report: ReplayReport) -> list[dict[str, Any]]:
    """Count who has somebody before and after, group by group; small groups are hidden as everywhere."""
    ids = [person.id for person in work.records.entrepreneurs]
    if not ids:
        return []
    labels = {name: [work.labels[id][name] for id in ids] for name in ("neighbourhood", "language", "stage")}
    told = [
        fairness_report(_served(ids, result), labels, rng=np.random.default_rng(SEED))
        for result in (report.before, report.after)
    ]
    return [
        {
            "dimension": first.name,
            "hidden": first.hidden_people,
            "groups": [
                {"label": one.label, "people": one.people, "before": _count(one.served), "after": _count(other.served)}
                for one, other in zip(first.groups, second.groups, strict=True)
            ],
        }
        for first, second in zip(told[0].dimensions, told[1].dimensions, strict=True)
    ]


def _count(share: Any) -> int | None:
    return None if share is None else share.count


def _served(ids: Sequence[str], result: matcher.MatchResult) -> Outcomes:
    found = {one.entrepreneur_id for one in result.suggestions if one.rank == 1}
    none = np.zeros(len(ids), dtype=np.int64)
    return Outcomes(
        served=np.array([id in found for id in ids]),
        waiting_days=none,
        score=np.full(len(ids), np.nan),
        proposals=none,
        refusals=none,
    )
