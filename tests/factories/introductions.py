"""Introductions."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.introductions import Introduction, IntroductionPurpose
from models.pairings import Pairing
from models.states import LIVE_INTRODUCTION_STATES, IntroductionState
from tests.factories.sequence import MADE_AT


def make_introduction(session: Session, pairing: Pairing, **values: Any) -> Introduction:
    """Make an introduction that the supporter of a pairing promised."""
    state = values.get("state", IntroductionState.PROMISED)
    is_live = state in LIVE_INTRODUCTION_STATES
    introduction = Introduction(
        **{
            "association_id": pairing.association_id,
            "entrepreneur_id": pairing.entrepreneur_id,
            "supporter_id": pairing.supporter_id,
            "pairing_id": pairing.id,
            "organisation": "Boulangerie Martin",
            "purpose": IntroductionPurpose.CUSTOMER,
            "noted_at": MADE_AT,
            "due_at": MADE_AT + timedelta(days=21) if is_live else None,
            "made_at": MADE_AT if state in (IntroductionState.MADE, IntroductionState.MET) else None,
            "told_at": None if is_live else MADE_AT + timedelta(days=7),
            **values,
        }
    )
    session.add(introduction)
    session.flush()
    return introduction
