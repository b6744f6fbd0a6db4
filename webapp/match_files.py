"""From rows of spreadsheets to records of the engine and back, for those who match without a database."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from matcher.records import Entrepreneur, Expertise, Need, Role, Stage, Supporter
from matcher.results import MatchResult, Reason, Suggestion
from models.names import full_name
from models.supporters import PAIRING_COST, SupporterRole
from models.wall import read_told_stage, receive_stage
from webapp.spreadsheets import EntrepreneurRow, SuggestionRow, SupporterRow


def entrepreneur_records(rows: Iterable[EntrepreneurRow], *, today: date) -> list[Entrepreneur]:
    """Turn rows into records; waiting is counted in days until today."""
    return [
        Entrepreneur(
            id=row.reference,
            needs=tuple(Need(topic=topic, priority=priority) for topic, priority in row.needs),
            stage=Stage(receive_stage(read_told_stage(row.stage), before=None, lends=False)),
            languages=row.languages,
            availability=row.availability,
            wanted_roles=frozenset(map(Role, row.wanted_roles)),
            activity=row.activity,
            latitude=row.latitude,
            longitude=row.longitude,
            max_km=row.max_km,
            accepts_remote=row.accepts_remote,
            text=row.text,
            coaching_consent=row.coaching_consent,
            after_liquidation=row.after_liquidation,
            waiting_days=max(0, (today - row.waiting_since).days) if row.waiting_since else 0,
            association=row.association or None,
            catchment=row.qpv_code or row.commune or None,
            household=row.household or None,
            wants_bridging=row.wants_bridging,
        )
        for row in rows
    ]


def supporter_records(rows: Iterable[SupporterRow]) -> list[Supporter]:
    """Turn rows into records; a coach's hours become the paths that they suffice for."""
    return [
        Supporter(
            id=row.reference,
            role=Role(row.role),
            expertise=tuple(Expertise(topic=topic, level=level) for topic, level in row.expertise),
            languages=row.languages,
            availability=row.availability,
            capacity=row.capacity // PAIRING_COST[SupporterRole(row.role)],
            activities=row.activities,
            stages=tuple(map(Stage, row.stages)),
            latitude=row.latitude,
            longitude=row.longitude,
            max_km=row.max_km,
            accepts_remote=row.accepts_remote,
            text=row.text,
            association=row.association or None,
            catchment=row.commune or None,
            household=row.household or None,
            active_business=row.active_business,
            has_bounced_back=row.has_bounced_back,
            certified=row.certified,
        )
        for row in rows
    ]


def suggestion_rows(
    result: MatchResult,
    entrepreneurs: Sequence[EntrepreneurRow],
    supporters: Sequence[SupporterRow],
    *,
    words: "Words",
) -> list[SuggestionRow]:
    """Turn suggestions into rows, with names and with reasons in words."""
    left = {row.reference: full_name(row) for row in entrepreneurs}
    right = {row.reference: full_name(row) for row in supporters}
    return [
        SuggestionRow(
            entrepreneur_reference=item.entrepreneur_id,
            supporter_reference=item.supporter_id,
            role=str(item.role),
            rank=item.rank,
            score=item.score,
            entrepreneur_name=left[item.entrepreneur_id],
            supporter_name=right[item.supporter_id],
            components=tuple((words.component(part.name), part.value) for part in item.components),
            reasons=words.reasons(item),
        )
        for item in result.suggestions
    ]


class Words:
    """How components and reasons are said; remembers what it said, since files repeat themselves."""

    def __init__(self, say_component: Any, say_reason: Any) -> None:
        self._say_component = say_component
        self._say_reason = say_reason
        self._components: dict[str, str] = {}
        self._reasons: dict[tuple[str, str], str] = {}

    def component(self, name: str) -> str:
        """Say the name of a component."""
        if name not in self._components:
            self._components[name] = str(self._say_component(name))
        return self._components[name]

    def reasons(self, suggestion: Suggestion) -> tuple[str, ...]:
        """Say the reasons of a suggestion."""
        return tuple(map(self._reason, suggestion.reasons))

    def _reason(self, reason: Reason) -> str:
        key = (reason.code, repr(sorted(reason.facts.items())))
        if key not in self._reasons:
            self._reasons[key] = str(self._say_reason(reason.code, reason.facts))
        return self._reasons[key]


def build_report(result: MatchResult, *, seconds: Mapping[str, float]) -> dict[str, Any]:
    """Build the report of a matching, ready for JSON: per role and in all, with the seconds each step took."""
    roles = [
        {
            "role": str(report.role),
            "entrepreneurs": report.entrepreneurs,
            "supporters": report.supporters,
            "places": report.places,
            "objective": report.objective,
            "upper_bound": report.upper_bound,
            "gap": report.gap,
            "matched": report.matched,
            "unmatched": report.unmatched,
            "unmatched_by_rule": {str(rule): count for rule, count in report.unmatched_by_rule.items()},
            "rounds": report.rounds,
            "aim": report.aim,
            "floor": report.floor,
            "floor_bound": report.floor_bound,
            "fairness_price": report.fairness_price,
        }
        for report in result.reports
    ]
    return {
        "objective": sum(report.objective for report in result.reports),
        "upper_bound": sum(report.upper_bound for report in result.reports),
        "gap": sum(report.gap for report in result.reports),
        "matched": sum(report.matched for report in result.reports),
        "unmatched": sum(report.unmatched for report in result.reports),
        "suggestions": len(result.suggestions),
        "roles": roles,
        "nobody_for": [
            {
                "entrepreneur": item.entrepreneur_id,
                "role": str(item.role) if item.role else None,
                "refusals": {str(rule): count for rule, count in item.refusals.items()},
                "possible": item.possible,
            }
            for item in result.unmatched
        ],
        "seconds": {name: round(value, 3) for name, value in seconds.items()},
    }
