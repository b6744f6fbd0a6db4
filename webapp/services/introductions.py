"""Introductions: a contact that somebody opens to a person, and what became of it."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models.clocks import Clock
from models.db import db, retried, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import InvalidInputError, InvalidTransitionError
from models.introductions import Introduction, IntroductionPurpose
from models.messages import Message, MessageKind
from models.moves import move, write_event
from models.names import full_name
from models.pairings import Pairing
from models.queries.associations import get_association
from models.queries.clocks import get_clocks
from models.queries.introductions import get_introduction, list_live_introductions, lock_introduction
from models.queries.suggestions import get_entrepreneur, lock_entrepreneur
from models.queries.supporters import lock_supporter
from models.states import (
    TOGETHER_PAIRING_STATES,
    EntrepreneurState,
    IntroductionAction,
    IntroductionState,
    MessageState,
)
from models.supporters import Supporter
from webapp.clock import day_of
from webapp.form_keys import claim_form_key, note_outcome
from webapp.permissions import Actor, Permission, require
from webapp.services.messages import queue_message
from webapp.services.parties import lock_parties

logger = logging.getLogger(__name__)
MAX_NAME, MAX_WORD = 120, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """To whom somebody is introduced, and what for; function and name may stay open."""

    organisation: str
    purpose: IntroductionPurpose
    function: str = ""
    name: str = ""


@retried
def introduce(
    *, pairing_id: UUID, contact: Contact, is_made: bool, actor: Actor, at: datetime, form_key: str | None = None
) -> UUID:
    """Note an introduction between two who work together: promised, or made already. The other one is told.

    Noted by the entrepreneur it is made: nobody promises for somebody else.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError, InvalidInputError or RepeatedRequestError.
    """
    with transaction() as session:
        parties = lock_parties(session, pairing_id, actor=actor, permission=Permission.INTRODUCTION_TELL)
        pairing = parties.pairing
        if pairing.state not in TOGETHER_PAIRING_STATES:
            raise InvalidTransitionError(record="pairing", state=str(pairing.state), action="introduce")
        claim_form_key(session, key=form_key, account_id=actor.account_id, at=at)
        is_hers = pairing.entrepreneur_id in actor.entrepreneur_ids
        introduction = _build(session, parties.entrepreneur, pairing, contact, is_made or is_hers, actor, at)
        if not is_hers:
            _tell_entrepreneur(session, introduction, at=at)
        note_outcome(session, key=form_key, outcome=introduction.public_id)
    _log("introduction noted", introduction, actor)
    return introduction.public_id


@retried
def introduce_for_association(
    *, entrepreneur_id: UUID, contact: Contact, is_made: bool, actor: Actor, at: datetime, form_key: str | None = None
) -> UUID:
    """Note an introduction that the association itself opens to a person of its own.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError, InvalidInputError or RepeatedRequestError.
    """
    with transaction() as session:
        found = get_entrepreneur(session, entrepreneur_id)
        require(actor, Permission.ASSOCIATION_RUN, found)
        entrepreneur = lock_entrepreneur(session, found.id)
        if entrepreneur.state is EntrepreneurState.CLOSED:
            raise InvalidTransitionError(record="entrepreneur", state=str(entrepreneur.state), action="introduce")
        claim_form_key(session, key=form_key, account_id=actor.account_id, at=at)
        introduction = _build(session, entrepreneur, None, contact, is_made, actor, at)
        _tell_entrepreneur(session, introduction, at=at)
        note_outcome(session, key=form_key, outcome=introduction.public_id)
    _log("introduction noted", introduction, actor)
    return introduction.public_id


@retried
def tell_introduction(*, introduction_id: UUID, action: IntroductionAction, actor: Actor, at: datetime) -> None:
    """Tell how an introduction stands: made, met, fruitful, or come to nothing. Any of the three may.

    Raises NotFoundError, PermissionDeniedError or InvalidTransitionError.
    """
    with transaction() as session:
        introduction = get_introduction(session, introduction_id)
        require(actor, Permission.INTRODUCTION_TELL, introduction)
        entrepreneur = lock_entrepreneur(session, introduction.entrepreneur_id)
        introduction = get_introduction(session, introduction_id)
        if action is IntroductionAction.MAKE and entrepreneur.state is EntrepreneurState.CLOSED:
            raise InvalidTransitionError(record="introduction", state=str(introduction.state), action=str(action))
        _move(session, introduction, action, actor=actor, at=at)
        _take_back(session, introduction, MessageKind.INTRODUCTION_MADE)
        if entrepreneur.id in actor.entrepreneur_ids:
            _tell_supporter(session, introduction, entrepreneur, at=at)
        elif action is IntroductionAction.MAKE:
            _tell_entrepreneur(session, introduction, at=at)
    _log("introduction told", introduction, actor)


def require_teller(*, introduction_id: UUID, actor: Actor) -> None:
    """See to it that the actor may tell how an introduction stands.

    Raises NotFoundError or PermissionDeniedError.
    """
    require(actor, Permission.INTRODUCTION_TELL, get_introduction(db.session(), introduction_id))


@retried
def write_word(*, introduction_id: UUID, word: str, actor: Actor, at: datetime) -> None:
    """Say in a few words what became of an introduction; the three read it. An empty one takes it back.

    Raises NotFoundError, PermissionDeniedError or InvalidTransitionError (one of the two is forgotten).
    """
    with transaction() as session:
        found = get_introduction(session, introduction_id)
        require(actor, Permission.INTRODUCTION_TELL, found)
        introduction = _lock_with_both(session, found)
        introduction.word = word.strip()[:MAX_WORD]
        _note(session, introduction, "write", actor, at)
    _log("introduction described", introduction, actor)


def lapse_of_person(session: Session, entrepreneur: Entrepreneur, *, actor: Actor, at: datetime) -> None:
    """Let what is open for a person lapse when her file closes, in the caller's transaction; she is locked."""
    for introduction in list_live_introductions(session, entrepreneur.id):
        _move(session, introduction, IntroductionAction.LAPSE, actor=actor, at=at, reason="file_closed")
        _take_back(session, introduction, MessageKind.INTRODUCTION_MADE)


def _build(
    session: Session,
    entrepreneur: Entrepreneur,
    pairing: Pairing | None,
    contact: Contact,
    is_made: bool,
    actor: Actor,
    at: datetime,
) -> Introduction:
    if not contact.organisation.strip():
        raise InvalidInputError(field="organisation")
    introduction = Introduction(
        public_id=uuid4(),
        association_id=entrepreneur.association_id,
        entrepreneur_id=entrepreneur.id,
        supporter_id=pairing.supporter_id if pairing else None,
        pairing_id=pairing.id if pairing else None,
        state=IntroductionState.MADE if is_made else IntroductionState.PROMISED,
        organisation=contact.organisation.strip()[:MAX_NAME],
        function=contact.function.strip()[:MAX_NAME],
        name=contact.name.strip()[:MAX_NAME],
        purpose=contact.purpose,
        word="",
        noted_at=at,
        noted_by_id=actor.account_id,
        due_at=_due(session, entrepreneur.association_id, at),
        made_at=at if is_made else None,
    )
    session.add(introduction)
    session.flush()
    _note(session, introduction, "note", actor, at)
    return introduction


def _lock_with_both(session: Session, found: Introduction) -> Introduction:
    """Lock an introduction after those it is between: nothing more is written down of somebody forgotten.

    Raises
    ------
    InvalidTransitionError
        If one of the two is forgotten.
    """
    supporter = lock_supporter(session, found.supporter_id) if found.supporter_id is not None else None
    entrepreneur = lock_entrepreneur(session, found.entrepreneur_id)
    if entrepreneur.erased_at is not None or (supporter is not None and supporter.erased_at is not None):
        raise InvalidTransitionError(record="introduction", state=str(found.state), action="write")
    return lock_introduction(session, found.public_id)


def _note(session: Session, introduction: Introduction, action: str, actor: Actor, at: datetime) -> None:
    write_event(session, introduction, action, actor_id=actor.account_id, at=at)


def _move(
    session: Session,
    introduction: Introduction,
    action: IntroductionAction,
    *,
    actor: Actor,
    at: datetime,
    reason: str | None = None,
) -> None:
    values: dict[str, Any] = {"due_at": None, "told_at": at}
    if action is IntroductionAction.MAKE:
        values = {"due_at": _due(session, introduction.association_id, at), "told_at": None, "made_at": at}
    move(session, introduction, action, actor_id=actor.account_id, at=at, reason=reason, **values)


def _due(session: Session, association_id: int, at: datetime) -> datetime:
    return at + timedelta(days=get_clocks(session, association_id)[Clock.INTRODUCTION])


def _tell_entrepreneur(session: Session, introduction: Introduction, *, at: datetime) -> None:
    association = get_association(session, introduction.association_id)
    supporter = _supporter(session, introduction)
    person = session.get_one(Entrepreneur, introduction.entrepreneur_id)
    queue_message(
        session,
        kind=MessageKind.INTRODUCTION_MADE,
        account_id=person.account_id,
        recipient=person.email,
        event_key=_event_key(introduction, str(introduction.state), at),
        facts={
            "introduction_id": introduction.public_id,
            "association": association.name,
            "partner": full_name(supporter) if supporter else association.name,
            "is_made": introduction.state is IntroductionState.MADE,
        },
        association_id=association.id,
        at=at,
    )


def _tell_supporter(session: Session, introduction: Introduction, person: Entrepreneur, *, at: datetime) -> None:
    """Tell who introduced; the association reads its own introductions in the ledger."""
    supporter = _supporter(session, introduction)
    if supporter is None:
        return
    association = get_association(session, introduction.association_id)
    _take_back(session, introduction, MessageKind.INTRODUCTION_TOLD)
    queue_message(
        session,
        kind=MessageKind.INTRODUCTION_TOLD,
        account_id=supporter.account_id,
        recipient=supporter.email,
        event_key=_event_key(introduction, "told", at),
        facts={
            "introduction_id": introduction.public_id,
            "association": association.name,
            "partner": full_name(person),
        },
        association_id=association.id,
        at=at,
    )


def _take_back(session: Session, introduction: Introduction, kind: MessageKind) -> None:
    """Take back news that have not left: a step has come after them, and the last truth is told alone."""
    session.execute(
        delete(Message).where(
            Message.event_key.startswith(_event_prefix(introduction)),
            Message.kind == kind,
            Message.state.in_((MessageState.QUEUED, MessageState.HELD)),
        )
    )


def _event_key(introduction: Introduction, what: str, at: datetime) -> str:
    """Tell the same once a day: one that lapsed and is made again another day is news."""
    return f"{_event_prefix(introduction)}{what}:{day_of(at).isoformat()}"


def _event_prefix(introduction: Introduction) -> str:
    return f"introduction:{introduction.public_id}:"


def _supporter(session: Session, introduction: Introduction) -> Supporter | None:
    return session.get_one(Supporter, introduction.supporter_id) if introduction.supporter_id is not None else None


def _log(message: str, introduction: Introduction, actor: Actor) -> None:
    logger.info(message, extra={"introduction_id": str(introduction.public_id), "actor_id": actor.account_id})
