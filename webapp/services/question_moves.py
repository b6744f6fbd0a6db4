"""What becomes of an expert question when somebody else decides: its expert is gone, or the file closes."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.clocks import Clock
from models.entrepreneurs import Entrepreneur
from models.expert_questions import ExpertQuestion
from models.messages import MessageKind
from models.moves import move
from models.pairings import Pairing
from models.queries.associations import get_association
from models.queries.clocks import get_clocks
from models.queries.coordinators import list_coordinators
from models.queries.expert_questions import find_live_question, list_asked_of_pairing
from models.states import ExpertQuestionAction
from webapp.permissions import Actor
from webapp.services.messages import Draft, queue_messages

MAX_WORD = 500


def pass_back(session: Session, question: ExpertQuestion, *, word: str = "", actor: Actor, at: datetime) -> None:
    """Give a question back to the association, which has some days for it; the coordinators are told."""
    days = get_clocks(session, question.association_id)[Clock.QUESTION]
    values: dict[str, Any] = {"supporter_id": None, "pairing_id": None, "passed_back_at": at}
    values["due_at"] = at + timedelta(days=days)
    move(
        session,
        question,
        ExpertQuestionAction.HAND_BACK,
        actor_id=actor.account_id,
        at=at,
        word=word.strip()[:MAX_WORD],
        **values,
    )
    tell_coordinators_asked(session, question, actor=actor, at=at)


def pass_back_of_pairing(session: Session, pairing: Pairing, *, actor: Actor, at: datetime) -> None:
    """Give back what the expert of a pairing that ends has not answered, in the caller's transaction."""
    for question in list_asked_of_pairing(session, pairing.id):
        pass_back(session, question, actor=actor, at=at)


def close_of_person(session: Session, entrepreneur: Entrepreneur, *, actor: Actor, at: datetime) -> None:
    """Close the question of a person whose file closes, in the caller's transaction; she is locked."""
    question = find_live_question(session, entrepreneur.id)
    if question is not None:
        ended: dict[str, Any] = {"due_at": None, "ended_at": at}
        close = ExpertQuestionAction.CLOSE
        move(session, question, close, actor_id=actor.account_id, at=at, reason="file_closed", **ended)


def tell_coordinators_asked(session: Session, question: ExpertQuestion, *, actor: Actor, at: datetime) -> None:
    """Tell every coordinator but the one who acts that a question is theirs to answer."""
    association = get_association(session, question.association_id)
    drafts = [
        Draft(
            kind=MessageKind.EXPERT_ASKED,
            account_id=account.id,
            event_key=f"question:{question.public_id}:asked:{at.isoformat()}",
            facts={"question_id": question.public_id, "association": association.name, "due_at": question.due_at},
            association_id=association.id,
        )
        for account in list_coordinators(session, association.id)
        if account.id != actor.account_id
    ]
    queue_messages(session, drafts, at=at)
