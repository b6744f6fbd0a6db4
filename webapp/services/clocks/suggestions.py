"""Suggestions that nobody decides: a daily word, then they are set aside and the person gets a day of her own."""

import logging
from datetime import datetime

from models.db import db, retried, transaction
from models.match_runs import Suggestion
from models.messages import MessageKind
from models.moves import move_all
from models.queries.associations import get_association
from models.queries.coordinators import list_coordinators
from models.queries.suggestions import (
    OverdueSuggestions,
    list_overdue,
    list_undecided,
    list_waiting_suggestions,
    lock_entrepreneur,
    lock_suggestion,
)
from models.states import SuggestionAction, SuggestionState
from webapp.clock import day_of
from webapp.services.alternatives import plan_follow_up
from webapp.services.messages import Draft, queue_messages

logger = logging.getLogger(__name__)


def tell_overdue(*, at: datetime) -> int:
    """Tell the coordinators of each association with overdue suggestions, once a day at most."""
    return sum(_tell_overdue(overdue, at=at) for overdue in list_overdue(db.session(), at=at))


def set_aside_undecided(*, at: datetime) -> int:
    """Set aside what was suggested for a person in a role once its deadline is long over; she goes back to waiting."""
    return sum(_set_aside(suggestion_id, at=at) for suggestion_id in list_undecided(db.session(), at=at))


@retried
def _tell_overdue(overdue: OverdueSuggestions, *, at: datetime) -> int:
    with transaction() as session:
        association = get_association(session, overdue.association_id)
        drafts = [
            Draft(
                kind=MessageKind.SUGGESTIONS_WAITING,
                account_id=account.id,
                event_key=f"overdue:{association.public_id}:{day_of(at).isoformat()}",
                facts={"count": overdue.count, "association": association.name},
                association_id=association.id,
            )
            for account in list_coordinators(session, association.id)
        ]
        return queue_messages(session, drafts, at=at)


@retried
def _set_aside(suggestion_id: int, *, at: datetime) -> int:
    """Set one open suggestion aside with the alternatives behind it: they are as old, and nobody looked at them."""
    with transaction() as session:
        found = session.get_one(Suggestion, suggestion_id)
        entrepreneur = lock_entrepreneur(session, found.entrepreneur_id)
        suggestion = lock_suggestion(session, suggestion_id)
        if suggestion.state is not SuggestionState.OPEN or suggestion.deadline_at is None:
            return 0
        waiting = list_waiting_suggestions(session, entrepreneur.id, suggestion.role)
        move_all(session, waiting, SuggestionAction.SUPERSEDE, actor_id=None, at=at, reason="not_decided")
        plan_follow_up(entrepreneur, get_association(session, entrepreneur.association_id), at=at)
    logger.info("suggestion set aside", extra={"suggestion_id": suggestion_id})
    return 1
