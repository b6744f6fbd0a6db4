"""Checks of pairings and reviews of projects."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.days import PARIS
from models.entrepreneurs import Entrepreneur
from models.pairings import Pairing
from models.reviews import Review, ReviewKind
from models.states import ReviewState
from tests.factories.sequence import MADE_AT


def make_review(session: Session, entrepreneur: Entrepreneur, pairing: Pairing | None = None, **values: Any) -> Review:
    """Make a review that is due; with a pairing, a check of it."""
    due_on: date = values.get("due_on") or (MADE_AT + timedelta(days=30)).date()
    due_at = datetime.combine(due_on, time(), PARIS).astimezone(UTC)
    done = {"done_at": MADE_AT, "goes_on": True} if values.get("state") == ReviewState.DONE else {}
    review = Review(
        **{
            "association_id": entrepreneur.association_id,
            "entrepreneur_id": entrepreneur.id,
            "pairing_id": pairing.id if pairing else None,
            "kind": ReviewKind.CHECK if pairing else ReviewKind.REVIEW,
            "month": 1 if pairing else 6,
            "due_on": due_on,
            "due_at": due_at,
            "deadline_at": due_at + timedelta(days=21),
            **done,
            **values,
        }
    )
    session.add(review)
    session.flush()
    return review
