"""Pairings, with the place they hold."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.entrepreneurs import Entrepreneur
from models.pairings import ChoiceReason, Pairing
from models.states import LIVE_PAIRING_STATES, PairingState
from models.supporters import PAIRING_COST, Supporter
from tests.factories.sequence import MADE_AT


def make_pairing(session: Session, entrepreneur: Entrepreneur, supporter: Supporter, **values: Any) -> Pairing:
    """Make a proposal chosen by a coordinator; while live it holds the supporter's place."""
    state = values.get("state", PairingState.PROPOSED)
    answered = {} if state == PairingState.PROPOSED else {"answered_at": MADE_AT + timedelta(days=1)}
    over = {} if state in LIVE_PAIRING_STATES else {"ended_at": MADE_AT + timedelta(days=2)}
    pairing = Pairing(
        **{
            "association_id": entrepreneur.association_id,
            "entrepreneur_id": entrepreneur.id,
            "supporter_id": supporter.id,
            "role": supporter.role,
            "cost": PAIRING_COST[supporter.role],
            "choice_reason": ChoiceReason.KNOWN_FIT,
            "proposed_at": MADE_AT,
            "deadline_at": MADE_AT + timedelta(days=10),
            **answered,
            **over,
            **values,
        }
    )
    if state in LIVE_PAIRING_STATES:
        supporter.taken += pairing.cost
    session.add(pairing)
    session.flush()
    return pairing
