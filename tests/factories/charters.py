"""Charters of pairings."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.associations import Network
from models.charters import Charter
from models.pairings import Pairing
from tests.factories.sequence import MADE_AT


def make_charter(session: Session, pairing: Pairing, **values: Any) -> Charter:
    """Make an open charter that nobody has signed yet."""
    charter = Charter(
        **{
            "association_id": pairing.association_id,
            "pairing_id": pairing.id,
            "network": Network.INITIATIVE_FRANCE,
            "version": "2026-1",
            "text": "Ce que nous nous promettons.",
            "opened_at": MADE_AT,
            "due_at": MADE_AT + timedelta(days=15),
            **values,
        }
    )
    session.add(charter)
    session.flush()
    return charter
