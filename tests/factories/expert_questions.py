"""Expert questions."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.entrepreneurs import Entrepreneur
from models.expert_questions import ExpertQuestion
from models.pairings import Pairing
from models.states import LIVE_QUESTION_STATES, ExpertQuestionState
from tests.factories.sequence import MADE_AT


def make_expert_question(
    session: Session, entrepreneur: Entrepreneur, pairing: Pairing | None = None, **values: Any
) -> ExpertQuestion:
    """Make a question to the expert of a pairing, or to the association."""
    state = values.get("state", ExpertQuestionState.ASKED)
    answered = {"answer": "Oui, sous conditions.", "answered_at": MADE_AT + timedelta(days=2)}
    question = ExpertQuestion(
        **{
            "association_id": entrepreneur.association_id,
            "entrepreneur_id": entrepreneur.id,
            "supporter_id": pairing.supporter_id if pairing else None,
            "pairing_id": pairing.id if pairing else None,
            "question": "Puis-je embaucher un apprenti ?",
            "asked_at": MADE_AT,
            "due_at": MADE_AT + timedelta(days=10) if state in LIVE_QUESTION_STATES else None,
            "ended_at": None if state in LIVE_QUESTION_STATES else MADE_AT + timedelta(days=12),
            **(answered if state == ExpertQuestionState.ANSWERED else {}),
            **values,
        }
    )
    session.add(question)
    session.flush()
    return question
