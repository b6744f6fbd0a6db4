"""Storing what a match run found: the old suggestions replaced by what of the answer still holds, in one go."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.associations import Association
from models.db import retried, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import RunLostError
from models.match_runs import MatchRun, Suggestion, UnmatchedNeed
from models.messages import MessageKind
from models.moves import move, move_all
from models.queries.associations import get_association
from models.queries.coordinators import list_coordinators
from models.queries.match_runs import lock_match_run
from models.queries.pairings import list_excluded, list_live_roles
from models.queries.suggestions import (
    list_suggested_supporters,
    list_waiting_suggestions_of_association,
    lock_entrepreneurs_of_association,
)
from models.states import (
    EntrepreneurState,
    MatchRunAction,
    MatchRunState,
    SuggestionAction,
    SuggestionState,
    SupporterState,
)
from models.supporters import SupporterRole
from webapp import matcher_bridge
from webapp.insight_bridge import LookBack
from webapp.matcher_bridge import MatchResult
from webapp.services.alternatives import plan_follow_up
from webapp.services.messages import Draft, queue_messages
from webapp.services.plan_storage import store_plans
from webapp.session_bridge import PlanResult


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAnswer:
    """How many suggestions wait for a decision now, and how many needs found nobody."""

    opened: int
    unmatched: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """The engine's answer as far as it still holds when it is stored."""

    suggestions: Sequence[Suggestion]
    unmatched: Sequence[UnmatchedNeed]
    skipped: int


@retried
def store_answer(
    *, run_id: int, plans: PlanResult, told: LookBack, at: datetime, ended_at: datetime, seconds: float
) -> StoredAnswer:
    """Replace what waited by the new answer, its plans and what it tells, in one transaction: all of it or nothing.

    Raises RunLostError when the run was declared failed meanwhile.
    """
    with transaction() as session:
        association = get_association(session, session.get_one(MatchRun, run_id).association_id)
        people = {person.id: person for person in lock_entrepreneurs_of_association(session, association.id)}
        run = lock_match_run(session, run_id)
        if run.state is not MatchRunState.RUNNING:
            raise RunLostError
        live_roles = list_live_roles(session, association.id)
        _supersede_old(session, association.id, live_roles, at=at)
        answer = _still_holding(session, plans.matched, run, people, live_roles)
        deadline_at = at + timedelta(days=association.decision_days)
        opened = _open_first(answer.suggestions, deadline_at=deadline_at)
        session.add_all(answer.suggestions)
        for row in answer.unmatched:
            row.changes = told.changes.get((row.entrepreneur_id, row.role), [])
        session.add_all(answer.unmatched)
        session.flush()
        stored = store_plans(session, plans, run, people, answer.suggestions, at=at, deadline_at=deadline_at)
        for entrepreneur_id in {row.entrepreneur_id for row in answer.unmatched}:
            plan_follow_up(people[entrepreneur_id], association, at=at)
        values: dict[str, Any] = {"ended_at": ended_at, "seen_at": ended_at, "progress": 100}
        values["recruitment"] = told.recruitment
        report = _report(plans.matched, answer, seconds) | asdict(stored)
        move(session, run, MatchRunAction.FINISH, actor_id=None, at=ended_at, report=report, **values)
        _tell_coordinators(session, association, run, count=opened, deadline_at=deadline_at, at=at)
    return StoredAnswer(opened=opened, unmatched=len(answer.unmatched))


def _report(result: MatchResult, answer: _Answer, seconds: float) -> dict[str, Any]:
    return {
        "roles": [asdict(figures) for figures in matcher_bridge.list_figures(result)],
        "suggestions": len(answer.suggestions),
        "suggested_people": len({suggestion.entrepreneur_id for suggestion in answer.suggestions}),
        "unmatched": len(answer.unmatched),
        "skipped": answer.skipped,
        "seconds": round(seconds, 3),
    }


def _supersede_old(
    session: Session, association_id: int, live_roles: frozenset[tuple[int, SupporterRole]], *, at: datetime
) -> None:
    """Set aside what waited, except the alternatives behind a proposal: the run did not look at those people."""
    old = [
        suggestion
        for suggestion in list_waiting_suggestions_of_association(session, association_id)
        if (suggestion.entrepreneur_id, suggestion.role) not in live_roles
    ]
    move_all(session, old, SuggestionAction.SUPERSEDE, actor_id=None, at=at, reason="newer_run")


def _still_holding(
    session: Session,
    result: MatchResult,
    run: MatchRun,
    people: Mapping[int, Entrepreneur],
    live_roles: frozenset[tuple[int, SupporterRole]],
) -> _Answer:
    """Leave out what no longer holds: people served or gone, supporters paused, pairs ruled out meanwhile."""
    excluded = list_excluded(session, run.association_id)

    def is_wanted(row: Suggestion | UnmatchedNeed) -> bool:
        person = people[row.entrepreneur_id]
        served = (row.entrepreneur_id, row.role) in live_roles
        return person.state is EntrepreneurState.READY and str(row.role) in person.wanted_roles and not served

    built = matcher_bridge.build_suggestions(result, run=run)
    supporters = list_suggested_supporters(session, built)
    suggestions = [
        suggestion
        for suggestion in built
        if is_wanted(suggestion)
        and supporters[suggestion.supporter_id].state is SupporterState.ACTIVE
        and suggestion.supporter_id not in excluded.get(suggestion.entrepreneur_id, frozenset())
    ]
    unmatched = [row for row in matcher_bridge.build_unmatched(result, run=run) if is_wanted(row)]
    return _Answer(suggestions=suggestions, unmatched=unmatched, skipped=len(built) - len(suggestions))


def _open_first(suggestions: Sequence[Suggestion], *, deadline_at: datetime) -> int:
    """Open the best suggestion of each person and role; the others wait behind it."""
    first: dict[tuple[int, SupporterRole], Suggestion] = {}
    for suggestion in suggestions:
        key = (suggestion.entrepreneur_id, suggestion.role)
        if key not in first or suggestion.rank < first[key].rank:
            first[key] = suggestion
    for suggestion in first.values():
        # The row is not stored yet: this is its first state, not a move.
        suggestion.state, suggestion.deadline_at = SuggestionState.OPEN, deadline_at
    return len(first)


def _tell_coordinators(
    session: Session, association: Association, run: MatchRun, *, count: int, deadline_at: datetime, at: datetime
) -> None:
    if count == 0:
        return
    drafts = [
        Draft(
            kind=MessageKind.SUGGESTIONS_WAITING,
            account_id=account.id,
            event_key=f"match_run:{run.public_id}:done",
            facts={"count": count, "association": association.name, "deadline_at": deadline_at},
            association_id=association.id,
        )
        for account in list_coordinators(session, association.id)
    ]
    queue_messages(session, drafts, at=at)
