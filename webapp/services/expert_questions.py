"""Expert questions: asked, answered, closed; passed back when nobody answers, declined with a word, or expired."""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from models.clocks import Clock
from models.db import retried, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import InvalidInputError, InvalidTransitionError, NotEligibleError, QuestionOpenError
from models.expert_questions import ExpertQuestion
from models.messages import MessageKind
from models.moves import move, write_event
from models.names import full_name
from models.pairings import EndReason, Pairing
from models.queries.associations import get_association
from models.queries.clocks import get_clocks
from models.queries.expert_questions import find_expert_pairing, find_live_question, get_question
from models.queries.suggestions import get_entrepreneur, lock_entrepreneur
from models.states import TOGETHER_PAIRING_STATES, EntrepreneurState, ExpertQuestionAction, ExpertQuestionState
from models.supporters import Supporter
from webapp.form_keys import claim_form_key, note_outcome
from webapp.permissions import Actor, Permission, require
from webapp.services.alternatives import plan_follow_up
from webapp.services.messages import queue_message
from webapp.services.pairings import end_locked
from webapp.services.parties import Parties, lock_parties_of
from webapp.services.question_moves import MAX_WORD, pass_back, tell_coordinators_asked

logger = logging.getLogger(__name__)
MAX_QUESTION = 2000


@retried
def ask_question(
    *, entrepreneur_id: UUID, question: str, actor: Actor, at: datetime, form_key: str | None = None
) -> UUID:
    """Ask one question: the expert of the person answers, or her association when she has none. One at a time.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError (a closed file), InvalidInputError,
    QuestionOpenError or RepeatedRequestError.
    """
    with transaction() as session:
        found = get_entrepreneur(session, entrepreneur_id)
        require(actor, Permission.ENTREPRENEUR_EDIT, found)
        claim_form_key(session, key=form_key, account_id=actor.account_id, at=at)
        entrepreneur = lock_entrepreneur(session, found.id)
        if entrepreneur.state is EntrepreneurState.CLOSED:
            raise InvalidTransitionError(record="entrepreneur", state=str(entrepreneur.state), action="ask")
        if find_live_question(session, entrepreneur.id) is not None:
            raise QuestionOpenError(entrepreneur_id=entrepreneur.public_id)
        asked = _build(session, entrepreneur, _checked("question", question), actor, at)
        _tell_asked(session, asked, actor=actor, at=at)
        note_outcome(session, key=form_key, outcome=asked.public_id)
    _log("expert question asked", asked.public_id, actor)
    return asked.public_id


@retried
def answer_question(*, question_id: UUID, answer: str, actor: Actor, at: datetime) -> None:
    """Answer: the person reads it at once, and the question closes by itself some days later.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError or InvalidInputError.
    """
    words = _checked("answer", answer)
    with transaction() as session:
        question = _lock(session, question_id, actor, Permission.QUESTION_ANSWER)
        if question.supporter_id is not None and question.supporter_id not in actor.supporter_ids:
            # Whoever answers for an expert takes the question back first, so that the answer bears the right name.
            raise InvalidTransitionError(record="expert_question", state=str(question.state), action="answer")
        days = get_clocks(session, question.association_id)[Clock.EXPERT_ANSWER]
        move(
            session,
            question,
            ExpertQuestionAction.ANSWER,
            actor_id=actor.account_id,
            at=at,
            answer=words,
            answered_at=at,
            answered_by_id=actor.account_id,
            due_at=at + timedelta(days=days),
            word="",
        )
        _tell_person(session, question, MessageKind.EXPERT_ANSWERED, at=at, due_at=question.due_at)
    _log("expert question answered", question_id, actor)


@retried
def pass_question_back(*, question_id: UUID, word: str = "", actor: Actor, at: datetime) -> None:
    """Give a question back to the association, with a word for it: another expert, or nobody in time.

    Raises NotFoundError, PermissionDeniedError or InvalidTransitionError.
    """
    with transaction() as session:
        question = _lock(session, question_id, actor, Permission.QUESTION_ANSWER)
        if question.supporter_id is None:
            raise InvalidTransitionError(record="expert_question", state=str(question.state), action="hand_back")
        pass_back(session, question, word=word, actor=actor, at=at)
    _log("expert question passed back", question_id, actor)


@retried
def pass_question_on(*, question_id: UUID, actor: Actor, at: datetime) -> None:
    """Put a question to the expert whom the person has now.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError, or NotEligibleError when she has none.
    """
    with transaction() as session:
        question = _lock(session, question_id, actor, Permission.QUESTION_STEER)
        pairing = find_expert_pairing(session, question.entrepreneur_id)
        if pairing is None or pairing.supporter_id == question.supporter_id:
            raise NotEligibleError(rule="no_expert")
        days = get_clocks(session, question.association_id)[Clock.EXPERT_ANSWER]
        values: dict[str, Any] = {"supporter_id": pairing.supporter_id, "pairing_id": pairing.id}
        values["due_at"] = at + timedelta(days=days)
        pass_on = ExpertQuestionAction.HAND_ON
        move(session, question, pass_on, actor_id=actor.account_id, at=at, word="", **values)
        _tell_asked(session, question, actor=actor, at=at)
    _log("expert question passed on", question_id, actor)


@retried
def decline_question(*, question_id: UUID, word: str, actor: Actor, at: datetime) -> None:
    """Say that nobody here can answer, with a word about where to turn.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError or InvalidInputError.
    """
    said = _checked("word", word)[:MAX_WORD]
    with transaction() as session:
        question = _lock(session, question_id, actor, Permission.QUESTION_STEER)
        ended: dict[str, Any] = {"due_at": None, "ended_at": at, "word": said}
        move(session, question, ExpertQuestionAction.DECLINE, actor_id=actor.account_id, at=at, **ended)
        _tell_person(session, question, MessageKind.EXPERT_UNANSWERED, at=at)
    _log("expert question declined", question_id, actor)


@retried
def close_question(*, question_id: UUID, keeps_expert: bool = False, actor: Actor, at: datetime) -> None:
    """Close a question: it is answered, or no longer needed. An answer frees the expert, unless she is to stay.

    Raises NotFoundError, PermissionDeniedError or InvalidTransitionError.
    """
    with transaction() as session:
        found = get_question(session, question_id)
        require(actor, Permission.QUESTION_CLOSE, found)
        pairing = session.get(Pairing, found.pairing_id) if found.pairing_id is not None else None
        parties = lock_parties_of(session, pairing) if pairing is not None else None
        question = _lock(session, question_id, actor, Permission.QUESTION_CLOSE)
        was_answered = question.state is ExpertQuestionState.ANSWERED
        ended: dict[str, Any] = {"due_at": None, "ended_at": at}
        move(session, question, ExpertQuestionAction.CLOSE, actor_id=actor.account_id, at=at, **ended)
        if parties is not None and was_answered and not keeps_expert:
            _free_expert(session, parties, question, actor=actor, at=at)
    _log("expert question closed", question_id, actor)


@retried
def expire_question(*, question_id: UUID, actor: Actor, at: datetime) -> None:
    """End a question that nobody answered; the person is told, and has a day on which somebody comes back to her.

    Raises NotFoundError, PermissionDeniedError or InvalidTransitionError.
    """
    with transaction() as session:
        question = _lock(session, question_id, actor, Permission.QUESTION_STEER)
        ended: dict[str, Any] = {"due_at": None, "ended_at": at}
        move(session, question, ExpertQuestionAction.EXPIRE, actor_id=actor.account_id, at=at, **ended)
        person = session.get_one(Entrepreneur, question.entrepreneur_id)
        plan_follow_up(person, get_association(session, question.association_id), at=at)
        _tell_person(session, question, MessageKind.EXPERT_UNANSWERED, at=at)
    _log("expert question expired", question_id, actor)


def _free_expert(session: Session, parties: Parties, question: ExpertQuestion, *, actor: Actor, at: datetime) -> None:
    """End the pairing of the expert who answered; it may have ended, or be another one, meanwhile."""
    if parties.pairing.id == question.pairing_id and parties.pairing.state in TOGETHER_PAIRING_STATES:
        end_locked(session, parties, reason=EndReason.GOAL_REACHED, wants_other=False, actor=actor, at=at)


def _build(session: Session, entrepreneur: Entrepreneur, words: str, actor: Actor, at: datetime) -> ExpertQuestion:
    pairing = find_expert_pairing(session, entrepreneur.id)
    clocks = get_clocks(session, entrepreneur.association_id)
    days = clocks[Clock.EXPERT_ANSWER if pairing is not None else Clock.QUESTION]
    question = ExpertQuestion(
        public_id=uuid4(),
        association_id=entrepreneur.association_id,
        entrepreneur_id=entrepreneur.id,
        supporter_id=pairing.supporter_id if pairing is not None else None,
        pairing_id=pairing.id if pairing is not None else None,
        state=ExpertQuestionState.ASKED,
        question=words,
        word="",
        asked_at=at,
        due_at=at + timedelta(days=days),
    )
    session.add(question)
    session.flush()
    write_event(session, question, "ask", actor_id=actor.account_id, at=at)
    return question


def _lock(session: Session, question_id: UUID, actor: Actor, permission: Permission) -> ExpertQuestion:
    """Lock the person of a question, then read it as it is now: whoever changes one holds its person."""
    found = get_question(session, question_id)
    require(actor, permission, found)
    lock_entrepreneur(session, found.entrepreneur_id)
    return get_question(session, question_id)


def _checked(field: str, words: str) -> str:
    if not words.strip():
        raise InvalidInputError(field=field)
    return words.strip()[:MAX_QUESTION]


def _tell_asked(session: Session, question: ExpertQuestion, *, actor: Actor, at: datetime) -> None:
    if question.supporter_id is None:
        tell_coordinators_asked(session, question, actor=actor, at=at)
        return
    expert = session.get_one(Supporter, question.supporter_id)
    person = session.get_one(Entrepreneur, question.entrepreneur_id)
    association = get_association(session, question.association_id)
    queue_message(
        session,
        kind=MessageKind.EXPERT_ASKED,
        account_id=expert.account_id,
        recipient=expert.email,
        event_key=f"question:{question.public_id}:asked:{at.isoformat()}",
        facts={
            "question_id": question.public_id,
            "association": association.name,
            "partner": full_name(person),
            "due_at": question.due_at,
        },
        association_id=association.id,
        at=at,
    )


def _tell_person(
    session: Session, question: ExpertQuestion, kind: MessageKind, *, at: datetime, **facts: object
) -> None:
    person = session.get_one(Entrepreneur, question.entrepreneur_id)
    association = get_association(session, question.association_id)
    queue_message(
        session,
        kind=kind,
        account_id=person.account_id,
        recipient=person.email,
        event_key=f"question:{question.public_id}:{question.state}",
        facts={"question_id": question.public_id, "association": association.name, **facts},
        association_id=association.id,
        at=at,
    )


def _log(message: str, question_id: UUID, actor: Actor) -> None:
    logger.info(message, extra={"question_id": str(question_id), "actor_id": actor.account_id})
