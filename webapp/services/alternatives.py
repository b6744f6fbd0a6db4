"""What waits behind a suggestion: the next best is presented, or set aside, or somebody is told to follow up."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from models.associations import Association
from models.entrepreneurs import Entrepreneur
from models.match_runs import Suggestion
from models.moves import move, move_all
from models.queries.pairings import find_live_pairing, list_excluded
from models.queries.suggestions import list_suggested_supporters, list_waiting_suggestions
from models.states import EntrepreneurState, SuggestionAction, SuggestionState, SupporterState
from models.supporters import PAIRING_COST, Supporter, SupporterRole
from webapp.clock import day_of


def present_next(
    session: Session,
    *,
    entrepreneur: Entrepreneur,
    role: SupporterRole,
    association: Association,
    actor_id: int | None,
    at: datetime,
) -> UUID | None:
    """Open the best alternative that is still possible; without one, set the day on which somebody follows up.

    The entrepreneur must be locked. Nothing is presented to somebody who is served, or who has a suggestion open.
    """
    if find_live_pairing(session, entrepreneur.id, role) is not None:
        return None
    waiting = list_waiting_suggestions(session, entrepreneur.id, role)
    if entrepreneur.state is not EntrepreneurState.READY or str(role) not in entrepreneur.wanted_roles:
        move_all(session, waiting, SuggestionAction.SUPERSEDE, actor_id=actor_id, at=at, reason="not_wanted")
        return None
    opened = [suggestion for suggestion in waiting if suggestion.state is SuggestionState.OPEN]
    chosen = opened[0] if opened else _first_possible(session, entrepreneur, waiting)
    if chosen is None:
        plan_follow_up(entrepreneur, association, at=at)
        return None
    if not opened:
        deadline_at = at + timedelta(days=association.decision_days)
        move(session, chosen, SuggestionAction.PRESENT, actor_id=actor_id, at=at, deadline_at=deadline_at)
    return chosen.public_id


def set_aside(
    session: Session,
    *,
    entrepreneur_id: int,
    role: SupporterRole,
    states: tuple[SuggestionState, ...],
    actor_id: int | None,
    at: datetime,
    reason: str,
) -> None:
    """Supersede what waits for a person in a role, as far as it is in these states. She must be locked."""
    waiting = list_waiting_suggestions(session, entrepreneur_id, role)
    chosen = [suggestion for suggestion in waiting if suggestion.state in states]
    move_all(session, chosen, SuggestionAction.SUPERSEDE, actor_id=actor_id, at=at, reason=reason)


def plan_follow_up(entrepreneur: Entrepreneur, association: Association, *, at: datetime) -> None:
    """Set the day on which somebody comes back to a person without anybody; an earlier day that is to come stays."""
    today = day_of(at)
    planned = today + timedelta(days=association.follow_up_days)
    if entrepreneur.follow_up_on is None or not today <= entrepreneur.follow_up_on <= planned:
        entrepreneur.follow_up_on = planned


def _first_possible(session: Session, entrepreneur: Entrepreneur, waiting: Sequence[Suggestion]) -> Suggestion | None:
    excluded = list_excluded(session, entrepreneur.association_id, entrepreneur.id).get(entrepreneur.id, frozenset())
    supporters = list_suggested_supporters(session, waiting)
    for suggestion in waiting:
        if suggestion.supporter_id not in excluded and has_place(supporters[suggestion.supporter_id]):
            return suggestion
    return None


def has_place(supporter: Supporter) -> bool:
    """Say whether a supporter can be asked now: she is active, and one place is free."""
    return count_free_places(supporter) > 0


def count_free_places(supporter: Supporter) -> int:
    """Count the people for whom a supporter can be asked now: none where she is not active."""
    is_active = supporter.state is SupporterState.ACTIVE
    return max(0, supporter.capacity - supporter.taken) // PAIRING_COST[supporter.role] if is_active else 0
