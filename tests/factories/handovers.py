"""Trained people, and wishes to be called."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.accounts import Account
from models.associations import Association
from models.entrepreneurs import Entrepreneur
from models.handovers import Handover, Sentinel
from tests.factories.sequence import MADE_AT


def make_sentinel(session: Session, association: Association, account: Account, **values: Any) -> Sentinel:
    """Make somebody trained."""
    sentinel = Sentinel(
        **{
            "association_id": association.id,
            "account_id": account.id,
            "trained_on": date(2026, 3, 12),
            "certified_at": MADE_AT,
            **values,
        }
    )
    session.add(sentinel)
    session.flush()
    return sentinel


def make_handover(session: Session, person: Entrepreneur, sentinel: Sentinel | None, **values: Any) -> Handover:
    """Make a wish to be called, for which a sentinel answers."""
    handover = Handover(
        **{
            "association_id": person.association_id,
            "entrepreneur_id": person.id,
            "sentinel_id": sentinel.id if sentinel else None,
            "reach": "06 12 34 56 78",
            "asked_ids": [sentinel.id] if sentinel else [],
            "round": 1,
            "asked_at": MADE_AT,
            "due_at": MADE_AT + timedelta(days=1),
            **values,
        }
    )
    session.add(handover)
    session.flush()
    return handover
