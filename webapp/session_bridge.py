"""Between the tables and the engine, for workshops and support plans: rows become records, answers plain values.

What somebody confided is read for her own page only; plans, which coordinators read, do not know it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import matcher
from matcher import MatchResult, PlanResult, make_plans
from models.circles import CircleMember
from models.entrepreneurs import Entrepreneur
from models.plans import PlanLineKind
from models.queries.programme import Programme
from models.workshops import WorkshopSession
from webapp.clock import PARIS, day_of
from webapp.matcher_bridge import RunRecords, entrepreneur_record, plain_reasons

__all__ = ["PlanResult"]

# Hours of Paris at which a morning, and an afternoon, are over for who looks for a workshop after work.
NOON = 12
EVENING = 17


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedLine:
    """One line as the engine made it; `target_id` is a row number, of a supporter or of a workshop session."""

    kind: PlanLineKind
    target_id: int
    slot: str | None
    score: float
    reasons: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPlan:
    """One person's plan as the engine made it."""

    entrepreneur_id: int
    lines: tuple[PlannedLine, ...]
    left_out: list[dict[str, Any]]


def find_plans(records: RunRecords, programme: Programme, matched: MatchResult, *, at: datetime) -> PlanResult:
    """Join the answers of a run into plans. No transaction may be open."""
    records_of = [session_record(workshop, at=at) for workshop in programme.sessions]
    sessions = [
        replace(record, seats_left=max(0, record.seats_left - programme.invited.get(int(record.id), 0)))
        for record in records_of
    ]
    topics = {workshop.id: frozenset(workshop.theme.topics) for workshop in programme.sessions}
    held = programme.held.items()
    return make_plans(
        records.everybody,
        records.supporters,
        sessions,
        matched=matched,
        served={str(person_id): count for person_id, count in programme.served.items()},
        held={str(person_id): frozenset(map(str, ids)) for person_id, ids in held},
        refused={str(person_id): frozenset(map(str, ids)) for person_id, ids in programme.refused.items()},
        covered={
            person.id: programme.told_elsewhere.union(*(topics[id] for id in programme.held.get(int(person.id), ())))
            for person in records.everybody
        },
        circles={str(person_id): _circle_seat(place) for person_id, place in programme.circles.items()},
        engaged=records.engaged,
        settings=records.settings,
    )


def list_planned(result: PlanResult) -> Sequence[PlannedPlan]:
    """Give the plans in plain values."""
    return [
        PlannedPlan(
            entrepreneur_id=int(plan.entrepreneur_id),
            # A circle's line is read from the circle itself, where it is decided with everybody in it.
            lines=tuple(_line(line) for line in plan.lines if line.kind is not matcher.LineKind.CIRCLE),
            left_out=[_left_out(out) for out in plan.left_out],
        )
        for plan in result.plans
    ]


def _circle_seat(place: CircleMember) -> matcher.CircleSeat:
    return matcher.CircleSeat(circle_id=str(place.circle_id), slot=place.circle.slot, language=place.circle.language)


def _line(line: matcher.PlanLine) -> PlannedLine:
    assert line.score is not None  # only circles have none
    return PlannedLine(
        kind=PlanLineKind(line.kind),
        target_id=int(line.target),
        slot=line.slot,
        score=line.score,
        reasons=plain_reasons(line.reasons),
    )


def _left_out(out: matcher.LeftOut) -> dict[str, Any]:
    return {"kind": str(out.kind), **plain_reasons([out.reason])[0]}


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionAdvice:
    """A workshop session for one person: the needs it serves, and the way to it when she goes there."""

    session_id: int
    score: float
    topics: tuple[str, ...]
    distance_km: float | None


def recommend_for(
    person: Entrepreneur, sessions: Sequence[WorkshopSession], *, covered: frozenset[str], at: datetime
) -> tuple[SessionAdvice, ...]:
    """Recommend some of these sessions to one person, best first; themes and all that she told must be loaded."""
    record = entrepreneur_record(person, wanted=frozenset(), excluded=frozenset(), at=at)
    told = person.confided is not None and bool(person.confided.after_liquidation)
    found = matcher.recommend_sessions(
        [replace(record, after_liquidation=told)],
        [session_record(one, at=at) for one in sessions],
        covered={record.id: covered},
    )
    return tuple(_advice(one) for one in found)


def _advice(found: matcher.SessionSuggestion) -> SessionAdvice:
    facts = {reason.code: reason.facts for reason in found.reasons}
    topics = facts.get("needs_served", {}).get("topics", ())
    distance = facts.get("near", {}).get("distance_km")
    return SessionAdvice(
        session_id=int(found.session_id),
        score=found.score,
        topics=tuple(str(topic) for topic in topics) if isinstance(topics, tuple) else (),
        distance_km=float(distance) if isinstance(distance, int | float) else None,
    )


def session_record(workshop: WorkshopSession, *, at: datetime) -> matcher.WorkshopSession:
    """Turn a session into the engine's record; its theme must be loaded."""
    starts = workshop.starts_at.astimezone(PARIS)
    return matcher.WorkshopSession(
        id=str(workshop.id),
        theme=workshop.theme_slug,
        topics=tuple(workshop.theme.topics),
        stages=tuple(matcher.Stage(stage) for stage in workshop.stages),
        language=workshop.language,
        slot=starts.weekday() * 3 + (0 if starts.hour < NOON else 1 if starts.hour < EVENING else 2),
        format=matcher.Format(workshop.format),
        latitude=workshop.latitude,
        longitude=workshop.longitude,
        seats_left=workshop.seats - workshop.taken,
        starts_in_days=(starts.date() - day_of(at)).days,
    )
