"""Storing the plans of a match run, in the transaction that stores its suggestions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models.entrepreneurs import Entrepreneur
from models.match_runs import MatchRun, Suggestion
from models.moves import move_all
from models.plans import PlanLine, PlanLineKind, SupportPlan
from models.queries.plans import list_decided_sessions, list_proposed_lines, map_plans
from models.states import EntrepreneurState, PlanLineAction, PlanLineState
from webapp import session_bridge
from webapp.session_bridge import PlannedPlan, PlanResult


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPlans:
    """How many plans a run left, and how many workshop seats they propose."""

    plans: int
    seats: int


def store_plans(
    session: Session,
    result: PlanResult,
    run: MatchRun,
    people: Mapping[int, Entrepreneur],
    suggestions: Sequence[Suggestion],
    *,
    at: datetime,
    deadline_at: datetime,
) -> StoredPlans:
    """Replace what plans proposed by the new answer; what was decided before stays.

    Everybody of the association must be locked, and the suggestions flushed. Whoever closed the file meanwhile gets no
    plan.
    """
    old = list_proposed_lines(session, run.association_id)
    move_all(session, old, PlanLineAction.SUPERSEDE, actor_id=None, at=at, reason="newer_run")
    known = map_plans(session, run.association_id)
    plans: list[tuple[SupportPlan, PlannedPlan]] = []
    for planned in session_bridge.list_planned(result):
        plan = known.get(planned.entrepreneur_id)
        if people[planned.entrepreneur_id].state is not EntrepreneurState.READY or not (planned.lines or plan):
            continue
        if plan is None:
            plan = SupportPlan(association_id=run.association_id, entrepreneur_id=planned.entrepreneur_id)
            session.add(plan)
        plan.run_id, plan.made_at, plan.deadline_at, plan.left_out = run.id, at, deadline_at, planned.left_out
        plans.append((plan, planned))
    session.flush()
    by_target = {(one.entrepreneur_id, str(one.role), one.supporter_id): one for one in suggestions}
    # Somebody may have been invited while the engine worked.
    decided = list_decided_sessions(session, run.association_id)
    lines = [
        line
        for plan, planned in plans
        for line in _lines(plan, planned, by_target)
        if line.session_id is None or (line.plan_id, line.session_id) not in decided
    ]
    session.add_all(lines)
    session.flush()
    return StoredPlans(plans=len(plans), seats=sum(line.kind is PlanLineKind.WORKSHOP for line in lines))


def _lines(
    plan: SupportPlan, planned: PlannedPlan, suggestions: Mapping[tuple[int, str, int], Suggestion]
) -> Iterator[PlanLine]:
    """Write the lines of one plan; a supporter who is no longer suggested leaves hers out."""
    for position, line in enumerate(planned.lines, start=1):
        is_workshop = line.kind is PlanLineKind.WORKSHOP
        suggestion = suggestions.get((plan.entrepreneur_id, str(line.kind), line.target_id))
        if is_workshop or suggestion is not None:
            yield PlanLine(
                association_id=plan.association_id,
                plan_id=plan.id,
                run_id=plan.run_id,
                kind=line.kind,
                position=position,
                suggestion_id=suggestion.id if suggestion else None,
                session_id=line.target_id if is_workshop else None,
                state=PlanLineState.PROPOSED if is_workshop else None,
                slot=line.slot,
                score=line.score,
                reasons=line.reasons,
            )
