"""Drafts of weights."""

from typing import Any

from sqlalchemy.orm import Session

from models.associations import Association
from models.states import WeightDraftState
from models.weights import WeightDraft
from tests.factories.associations import make_weight_version
from tests.factories.sequence import MADE_AT

NO_CHANGE: dict[str, Any] = {
    "people": 0,
    "supporters": 0,
    "roles": [],
    "changes": [],
    "change_count": 0,
    "standings": [],
    "shifts": [],
    "groups": [],
    "seconds": 0.1,
}


def make_weight_draft(session: Session, association: Association, **values: Any) -> WeightDraft:
    """Make a draft that was replayed, and changes nothing for anybody."""
    draft = WeightDraft(
        **{
            "association_id": association.id,
            "state": WeightDraftState.READY,
            "weights": {"mentor": {"needs": 100.0}},
            "based_on_id": values.pop("based_on_id", None) or make_weight_version(session).id,
            "made_at": MADE_AT,
            "seen_at": MADE_AT,
            "replay": NO_CHANGE,
            **values,
        }
    )
    session.add(draft)
    session.flush()
    return draft
