"""Questions before a decision, and pauses of those who work together. The place is kept meanwhile."""

from datetime import datetime, timedelta
from uuid import UUID

from models.clocks import Clock
from models.db import retried, transaction
from models.exceptions import InvalidInputError
from models.messages import MessageKind
from models.moves import move
from models.queries.clocks import get_clocks
from models.states import PairingAction, PairingState
from webapp.permissions import Actor, Permission
from webapp.services.meetings import ask_again, call_off
from webapp.services.pairings import PairingOutcome, log_decision
from webapp.services.parties import lock_parties, tell_coordinators, tell_parties, tell_supporter

# Who asked on the last evening reads the answer, thinks, and says yes or no: not within hours.
LEAST_TO_DECIDE = timedelta(days=3)
MAX_QUESTION = 1000


@retried
def ask_question(*, pairing_id: UUID, question: str, actor: Actor, at: datetime) -> PairingOutcome:
    """Ask the coordinator something before deciding: the proposal waits, and the place is kept.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError or InvalidInputError.
    """
    asked = _require_words(question, "question")
    with transaction() as session:
        parties = lock_parties(session, pairing_id, actor=actor, permission=Permission.PAIRING_ANSWER)
        due_at = at + timedelta(days=get_clocks(session, parties.association.id)[Clock.QUESTION])
        parties.supporter.unanswered = 0
        move(
            session,
            parties.pairing,
            PairingAction.ASK,
            actor_id=actor.account_id,
            at=at,
            question=asked,
            asked_at=at,
            question_due_at=due_at,
            question_answer="",
            question_answered_at=None,
        )
        event = at.isoformat(timespec="seconds")
        kind = MessageKind.PAIRING_ASKED
        tell_coordinators(session, parties, kind, actor=actor, at=at, event=event, due_at=due_at)
    log_decision("question asked", pairing_id, actor)
    return PairingOutcome(pairing_id=pairing_id, state=PairingState.ASKED)


@retried
def answer_question(*, pairing_id: UUID, answer: str, actor: Actor, at: datetime) -> PairingOutcome:
    """Answer a supporter's question. Her time to decide is longer by what the answer took, and never a day or two only.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError or InvalidInputError.
    """
    said = _require_words(answer, "answer")
    with transaction() as session:
        parties = lock_parties(session, pairing_id, actor=actor, permission=Permission.PAIRING_STEER)
        pairing = parties.pairing
        waited = at - (pairing.asked_at or at)
        deadline_at = max((pairing.deadline_at or at) + max(waited, timedelta()), at + LEAST_TO_DECIDE)
        move(
            session,
            pairing,
            PairingAction.ANSWER,
            actor_id=actor.account_id,
            at=at,
            question_answer=said,
            question_answered_at=at,
            deadline_at=deadline_at,
        )
        event = at.isoformat(timespec="seconds")
        kind = MessageKind.PAIRING_QUESTION_ANSWERED
        tell_supporter(session, parties, kind, at=at, event=event, deadline_at=deadline_at)
    log_decision("question answered", pairing_id, actor)
    return PairingOutcome(pairing_id=pairing_id, state=PairingState.PROPOSED)


@retried
def pause_pairing(*, pairing_id: UUID, actor: Actor, at: datetime) -> PairingOutcome:
    """Pause: the place stays kept for the person, what was planned is called off, and a day is set to ask again.

    Raises NotFoundError, PermissionDeniedError or InvalidTransitionError.
    """
    with transaction() as session:
        parties = lock_parties(session, pairing_id, actor=actor, permission=Permission.PAIRING_MEET)
        until = at + timedelta(days=get_clocks(session, parties.association.id)[Clock.PAUSE])
        move(session, parties.pairing, PairingAction.PAUSE, actor_id=actor.account_id, at=at, pause_until=until)
        facts = {"pause_until": until, "lost_at": call_off(session, parties.pairing, actor=actor, at=at)}
        event, kind, desk = at.isoformat(timespec="seconds"), MessageKind.PAIRING_PAUSED, {"pause_until": until}
        tell_parties(session, parties, kind, both=facts, desk=desk, actor=actor, at=at, event=event)
    log_decision("pairing paused", pairing_id, actor)
    return PairingOutcome(pairing_id=pairing_id, state=PairingState.PAUSED)


@retried
def resume_pairing(*, pairing_id: UUID, actor: Actor, at: datetime) -> PairingOutcome:
    """Go on after a pause: a date for the next talk is to be found.

    Raises NotFoundError, PermissionDeniedError or InvalidTransitionError.
    """
    with transaction() as session:
        parties = lock_parties(session, pairing_id, actor=actor, permission=Permission.PAIRING_MEET)
        ask_again(session, parties.pairing, at=at)
        session.flush()
        move(session, parties.pairing, PairingAction.RESUME, actor_id=actor.account_id, at=at, pause_until=None)
        event, kind = at.isoformat(timespec="seconds"), MessageKind.PAIRING_RESUMED
        tell_parties(session, parties, kind, both={}, desk={}, actor=actor, at=at, event=event)
    log_decision("pairing resumed", pairing_id, actor)
    return PairingOutcome(pairing_id=pairing_id, state=PairingState.ACTIVE)


def _require_words(text: str, field: str) -> str:
    words = text.strip()
    if not words or len(words) > MAX_QUESTION:
        raise InvalidInputError(field=field, maximum=MAX_QUESTION)
    return words
