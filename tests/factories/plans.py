"""Support plans and their lines."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.entrepreneurs import Entrepreneur
from models.match_runs import MatchRun, Suggestion
from models.plans import PlanLine, PlanLineKind, SupportPlan
from models.states import PlanLineState
from models.workshops import WorkshopSession
from tests.factories.sequence import MADE_AT


def make_support_plan(session: Session, run: MatchRun, entrepreneur: Entrepreneur, **values: Any) -> SupportPlan:
    """Make a plan without lines."""
    plan = SupportPlan(
        **{
            "association_id": run.association_id,
            "entrepreneur_id": entrepreneur.id,
            "run_id": run.id,
            "made_at": MADE_AT,
            "deadline_at": MADE_AT + timedelta(days=7),
            "left_out": [],
            **values,
        }
    )
    session.add(plan)
    session.flush()
    return plan


def make_plan_line(
    session: Session, plan: SupportPlan, target: Suggestion | WorkshopSession, **values: Any
) -> PlanLine:
    """Make the line of a suggestion, or the proposal of a workshop session."""
    if isinstance(target, Suggestion):
        about = {"kind": PlanLineKind(target.role), "suggestion_id": target.id, "position": 1}
    else:
        reason = {"code": "needs_served", "facts": {"topics": ["cash_flow"], "priorities": [3]}}
        about = {
            "kind": PlanLineKind.WORKSHOP,
            "session_id": target.id,
            "state": PlanLineState.PROPOSED,
            "position": 5,
            "reasons": [reason],
        }
    line = PlanLine(
        **{
            "association_id": plan.association_id,
            "plan_id": plan.id,
            "run_id": plan.run_id,
            "score": 0.8,
            "reasons": [],
            **about,
            **values,
        }
    )
    session.add(line)
    session.flush()
    return line
