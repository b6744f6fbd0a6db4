"""Pairings, with the place they hold."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.entrepreneurs import Entrepreneur
from models.pairings import ChoiceReason, Pairing
from models.states import LIVE_PAIRING_STATES, TOGETHER_PAIRING_STATES, UNANSWERED_PAIRING_STATES, PairingState
from models.supporters import PAIRING_COST, Supporter
from tests.factories.sequence import MADE_AT


def make_pairing(session: Session, entrepreneur: Entrepreneur, supporter: Supporter, **values: Any) -> Pairing:
    """Make a proposal chosen by a coordinator; while live it holds the supporter's place."""
    state = values.get("state", PairingState.PROPOSED)
    answered = {} if state in UNANSWERED_PAIRING_STATES else {"answered_at": MADE_AT + timedelta(days=1)}
    together = {}
    if state in TOGETHER_PAIRING_STATES:
        together = {"next_meeting_due_at": MADE_AT + timedelta(days=30), "ends_on": date(2028, 11, 20)}
    if state == PairingState.PAUSED:
        together["pause_until"] = MADE_AT + timedelta(days=30)
    if state == PairingState.ASKED:
        asked_at = MADE_AT + timedelta(days=1)
        together = {
            "question": "Où en est le projet ?",
            "asked_at": asked_at,
            "question_due_at": asked_at + timedelta(days=5),
        }
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
            **together,
            **over,
            **values,
        }
    )
    if state in LIVE_PAIRING_STATES:
        supporter.taken += pairing.cost
    session.add(pairing)
    session.flush()
    return pairing
