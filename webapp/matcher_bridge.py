"""Between the tables and the engine: rows become records, answers become rows. `session_bridge` does it for workshops.

Only the bridges see both. What somebody confided is read here, becomes a yes or a no of the engine's record, and goes
no further: nothing that leaves this module says it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any

import matcher
from matcher import MatchResult
from matcher.activities import activity_path
from matcher.errors import MatcherError as EngineError
from matcher.matching import evaluate_pair, match
from matcher.pool import prepare
from matcher.records import MAX_WAITING_DAYS
from matcher.text import TextSimilarity
from models.associations import MatchAim, WeightVersion
from models.entrepreneurs import Entrepreneur, join_project
from models.match_runs import MatchRun, Suggestion, UnmatchedNeed
from models.queries.match_runs import RunPool
from models.queries.profiles import PersonProfile, SupporterProfile
from models.states import SuggestionState
from models.supporters import PAIRING_COST, Supporter, SupporterRole
from webapp import text_bridge
from webapp.clock import day_of

__all__ = ["EngineError", "MatchResult", "TextSimilarity"]

Weights = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What a run matches by: what counts for how much, and what it aims at."""

    weights: Weights
    aim: MatchAim = MatchAim.MOST_SERVED


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecords:
    """The engine's input for one run, detached from the database.

    `everybody` are also those who are looked after in every role they want, `engaged` by whom. `previous` is whom each
    person is shown now in each role: among equally good answers, the run keeps these.
    """

    entrepreneurs: tuple[matcher.Entrepreneur, ...]
    everybody: tuple[matcher.Entrepreneur, ...]
    engaged: Mapping[str, frozenset[matcher.Role]]
    supporters: tuple[matcher.Supporter, ...]
    settings: matcher.Settings
    previous: Mapping[matcher.Role, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleFigures:
    """What a run reached in one role, with its proof, ready to be kept as JSON."""

    role: str
    entrepreneurs: int
    supporters: int
    places: int
    matched: int
    unmatched: int
    unmatched_by_rule: dict[str, int]
    objective: float
    upper_bound: float
    gap: float
    rounds: int
    aim: str
    floor: float | None
    floor_bound: float | None
    fairness_price: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedSupporter:
    """One supporter beside the others, for one person: `rule` is the first that forbids the pair, if any."""

    supporter_id: int
    allowed: bool
    rule: str | None
    rules: tuple[str, ...]
    score: float
    components: list[dict[str, Any]]
    reasons: list[dict[str, Any]]
    gaps: list[dict[str, Any]]


def default_weights() -> dict[str, dict[str, float]]:
    """Give the engine's own weights, as they are kept in a weight version."""
    return {str(role): dict(weights) for role, weights in matcher.DEFAULT_WEIGHTS.items()}


def read_measure(version: WeightVersion | None) -> Measure:
    """Give what a weight version says; without one, or without weights of its own, the engine's."""
    weights = version.weights if version and version.weights else default_weights()
    return Measure(weights=weights, aim=version.aim if version else MatchAim.MOST_SERVED)


def build_records(pool: RunPool, *, weights: Weights, aim: MatchAim = MatchAim.MOST_SERVED, at: datetime) -> RunRecords:
    """Turn everybody a run looks at into records; people served in every role they want are left out."""
    text_bridge.let_go(pool.forgotten)
    people, engaged = [], {}
    for person in pool.entrepreneurs:
        served = {role for role in SupporterRole if (person.id, role) in pool.live_roles}
        wanted = frozenset(matcher.Role(role) for role in person.wanted_roles if role not in served)
        excluded = pool.excluded.get(person.id, frozenset())
        people.append(entrepreneur_record(person, wanted=wanted, excluded=excluded, at=at))
        engaged[str(person.id)] = frozenset(matcher.Role(role) for role in served)
    judged = files_by_judge(pool.examiners)
    supporters = tuple(
        supporter_record(supporter, judges=judged.get(supporter.id, frozenset())) for supporter in pool.supporters
    )
    return RunRecords(
        entrepreneurs=tuple(person for person in people if person.wanted_roles),
        everybody=tuple(people),
        engaged=engaged,
        supporters=supporters,
        settings=_settings(weights, aim),
        previous={
            role: {str(one.entrepreneur_id): str(one.supporter_id) for one in pool.shown if str(one.role) == str(role)}
            for role in matcher.Role
        },
    )


def find_matches(records: RunRecords, *, progress: Callable[[float], None] | None = None) -> matcher.MatchResult:
    """Let the engine work. It takes as long as it takes: no transaction may be open."""
    return match(
        records.entrepreneurs,
        records.supporters,
        settings=records.settings,
        previous=records.previous,
        progress=progress,
    )


def build_suggestions(result: matcher.MatchResult, *, run: MatchRun) -> list[Suggestion]:
    """Turn the answer into rows that wait as alternatives; who presents them decides which are open."""
    return [
        Suggestion(
            association_id=run.association_id,
            run_id=run.id,
            entrepreneur_id=int(found.entrepreneur_id),
            supporter_id=int(found.supporter_id),
            role=SupporterRole(found.role),
            rank=found.rank,
            score=found.score,
            components=[asdict(component) for component in found.components],
            reasons=plain_reasons(found.reasons),
            gaps=plain_reasons(found.gaps),
            state=SuggestionState.ALTERNATIVE,
        )
        for found in result.suggestions
    ]


def build_unmatched(result: matcher.MatchResult, *, run: MatchRun) -> list[UnmatchedNeed]:
    """Turn the people without anybody into rows."""
    return [
        UnmatchedNeed(
            association_id=run.association_id,
            run_id=run.id,
            entrepreneur_id=int(found.entrepreneur_id),
            role=SupporterRole(found.role),
            refusals={str(rule): number for rule, number in found.refusals.items() if number},
            possible=found.possible,
        )
        for found in result.unmatched
        if found.role is not None
    ]


def list_figures(result: matcher.MatchResult) -> list[RoleFigures]:
    """Give the report of each role that anybody asked for."""
    return [_figures(report) for report in result.reports if report.entrepreneurs]


def _figures(report: matcher.RoleReport) -> RoleFigures:
    told: dict[str, Any] = {one.name: getattr(report, one.name) for one in fields(RoleFigures)}
    by_rule = {str(rule): number for rule, number in report.unmatched_by_rule.items() if number}
    return RoleFigures(**told | {"role": str(report.role), "unmatched_by_rule": by_rule})


def find_broken_rule(
    entrepreneur: Entrepreneur,
    supporter: Supporter,
    *,
    excluded: frozenset[int],
    at: datetime,
    also_wanted: frozenset[SupporterRole] = frozenset(),
) -> str | None:
    """Give the first hard rule that forbids a pair, capacity apart: the counter alone decides about places."""
    person = _record_of(entrepreneur, excluded=excluded, at=at, also_wanted=also_wanted)
    broken = matcher.broken_rules(person, supporter_record(supporter))
    return next((str(rule) for rule in broken if rule is not matcher.Rule.CAPACITY), None)


def compare(
    entrepreneur: Entrepreneur,
    supporters: Sequence[Supporter],
    *,
    excluded: frozenset[int],
    weights: Weights,
    at: datetime,
    texts: TextSimilarity | None = None,
    also_wanted: frozenset[SupporterRole] = frozenset(),
) -> tuple[ComparedSupporter, ...]:
    """Look at supporters side by side for one person, in their order; without `texts` rarity is that of these texts."""
    person = _record_of(entrepreneur, excluded=excluded, at=at, also_wanted=also_wanted)
    records = [supporter_record(supporter) for supporter in supporters]
    pool = prepare([person], records, _settings(weights), text=texts)
    return tuple(_compared(evaluate_pair(person, record, context=pool)) for record in records)


@dataclass(frozen=True, slots=True, kw_only=True)
class PairAccount:
    """Why two people suit each other and what is missing, as one reader may know it, ready to be put into words."""

    reasons: list[dict[str, Any]]
    gaps: list[dict[str, Any]]


def explain_pairs(
    entrepreneur: Entrepreneur,
    supporters: Sequence[Supporter],
    *,
    reader: str,
    accepted: bool,
    weights: Weights,
    at: datetime,
) -> tuple[PairAccount, ...]:
    """Say for one reader why these supporters suit this person, from the profiles as they are now.

    Nothing confided is read, and needs, expertise and languages must be loaded. Somebody without a stage has not told
    enough to be explained.
    """
    if entrepreneur.stage is None:
        return tuple(PairAccount(reasons=[], gaps=[]) for _ in supporters)
    person = entrepreneur_record(entrepreneur, wanted=frozenset(), excluded=frozenset(), at=at, consents=False)
    records = [supporter_record(supporter) for supporter in supporters]
    pool = prepare([person], records, _settings(weights))
    who = matcher.Reader(reader)
    found = (evaluate_pair(person, record, context=pool) for record in records)
    return tuple(
        PairAccount(
            reasons=plain_reasons(matcher.read_for(who, pair.reasons, accepted=accepted)),
            gaps=plain_reasons(matcher.read_for(who, pair.gaps, accepted=accepted)),
        )
        for pair in found
    )


def _compared(evaluation: matcher.PairEvaluation) -> ComparedSupporter:
    rules = tuple(str(rule) for rule in evaluation.rules)
    return ComparedSupporter(
        supporter_id=int(evaluation.supporter_id),
        allowed=evaluation.allowed,
        rule=rules[0] if rules else None,
        rules=rules,
        score=evaluation.score,
        components=[asdict(component) for component in evaluation.components],
        reasons=plain_reasons(evaluation.reasons),
        gaps=plain_reasons(evaluation.gaps),
    )


def _settings(weights: Weights, aim: MatchAim = MatchAim.MOST_SERVED) -> matcher.Settings:
    by_role = {matcher.Role(role): dict(parts) for role, parts in weights.items()}
    return matcher.Settings(weights=by_role, aim=str(aim))


def free_places(supporter: Supporter | SupporterProfile) -> int:
    """Give how many more people a supporter can take."""
    return max(0, supporter.capacity - supporter.taken) // PAIRING_COST[supporter.role]


def _record_of(
    entrepreneur: Entrepreneur, *, excluded: frozenset[int], at: datetime, also_wanted: frozenset[SupporterRole]
) -> matcher.Entrepreneur:
    wanted = frozenset(matcher.Role(role) for role in {*entrepreneur.wanted_roles, *also_wanted})
    return entrepreneur_record(entrepreneur, wanted=wanted, excluded=excluded, at=at)


def entrepreneur_record(
    person: Entrepreneur | PersonProfile,
    *,
    wanted: frozenset[matcher.Role],
    excluded: frozenset[int],
    at: datetime,
    consents: bool | None = None,
) -> matcher.Entrepreneur:
    """Turn one person into a record; `consents` stands in for what she confided where that is not to be read."""
    assert person.stage is not None  # the table refuses a ready file without a stage
    today = day_of(at)
    waiting_days = 0 if person.waiting_since is None else max(0, (today - person.waiting_since).days)
    return matcher.Entrepreneur(
        id=str(person.id),
        needs=tuple(matcher.Need(topic=need.topic, priority=need.priority) for need in person.needs),
        stage=matcher.Stage(person.stage),
        languages=tuple(spoken.language for spoken in person.languages),
        availability=person.availability,
        wanted_roles=wanted,
        activity=_known_activity(person.activity_code),
        latitude=person.latitude,
        longitude=person.longitude,
        max_km=person.max_km,
        accepts_remote=person.accepts_remote,
        text=join_project(person.project_title, person.project_text),
        coaching_consent=person.has_consented if consents is None else consents,
        waiting_days=min(waiting_days, MAX_WAITING_DAYS),
        association=str(person.association_id),
        catchment=person.commune_code,
        household=person.household or None,
        wants_bridging=person.wants_bridging,
        excluded=frozenset(str(supporter_id) for supporter_id in excluded),
    )


def files_by_judge(examiners: Mapping[int, frozenset[int]]) -> dict[int, frozenset[str]]:
    """Turn who examines each file into which files each supporter examines."""
    files: dict[int, set[str]] = {}
    for entrepreneur_id, supporter_ids in examiners.items():
        for supporter_id in supporter_ids:
            files.setdefault(supporter_id, set()).add(str(entrepreneur_id))
    return {supporter_id: frozenset(judged) for supporter_id, judged in files.items()}


def supporter_record(
    supporter: Supporter | SupporterProfile, *, judges: frozenset[str] = frozenset()
) -> matcher.Supporter:
    """Turn one supporter into a record."""
    activities = (_known_activity(code) for code in supporter.activity_codes)
    return matcher.Supporter(
        id=str(supporter.id),
        role=matcher.Role(supporter.role),
        expertise=tuple(matcher.Expertise(topic=known.topic, level=known.level) for known in supporter.expertise),
        languages=tuple(spoken.language for spoken in supporter.languages),
        availability=supporter.availability,
        capacity=free_places(supporter),
        activities=tuple(code for code in activities if code is not None),
        stages=tuple(matcher.Stage(stage) for stage in supporter.stages),
        latitude=supporter.latitude,
        longitude=supporter.longitude,
        max_km=supporter.max_km,
        accepts_remote=supporter.accepts_remote,
        text=supporter.presentation,
        association=str(supporter.association_id),
        catchment=supporter.commune_code,
        household=supporter.household or None,
        judges=judges,
        active_business=supporter.in_business,
        has_bounced_back=supporter.has_bounced_back,
        certified=supporter.is_certified,
    )


def _known_activity(code: str | None) -> str | None:
    """Leave out a code that the engine does not know, rather than fail everybody's run for it."""
    return code if code is not None and activity_path(code) is not None else None


def plain_reasons(reasons: Sequence[matcher.Reason]) -> list[dict[str, Any]]:
    """Give reasons as plain values, to be kept as JSON."""
    return [{"code": reason.code, "facts": {k: _plain(v) for k, v in reason.facts.items()}} for reason in reasons]


def _plain(value: object) -> Any:
    if isinstance(value, str | int | float | bool) or value is None:
        return str(value) if isinstance(value, str) else value
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, frozenset | set):
        return sorted(_plain(part) for part in value)
    raise TypeError(f"a fact of a reason is a plain value, not {type(value).__name__}")
