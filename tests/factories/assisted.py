"""Calls in which a coordinator acts with a person on the telephone."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.accounts import Account
from models.assisted import AssistedCall
from models.entrepreneurs import Entrepreneur
from tests.factories.sequence import MADE_AT


def make_assisted_call(
    session: Session, entrepreneur: Entrepreneur, coordinator: Account, **values: Any
) -> AssistedCall:
    """Make a call that is under way for two hours."""
    began_at = values.pop("began_at", MADE_AT)
    call = AssistedCall(
        **{
            "association_id": entrepreneur.association_id,
            "entrepreneur_id": entrepreneur.id,
            "coordinator_id": coordinator.id,
            "agreed": True,
            "began_at": began_at,
            "deadline_at": began_at + timedelta(hours=2),
            **values,
        }
    )
    session.add(call)
    session.flush()
    return call
