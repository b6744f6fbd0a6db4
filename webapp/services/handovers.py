"""Handovers: a person asks to be called by somebody trained, and nobody lets her wait unseen.

The row says who, when and how to reach her, never why; it comes to be by her explicit agreement alone, so whoever
reads it knows no answer of a check-in. Whom she asks is reminded, then the next sentinel is asked, and when all have
let it pass the coordinators are told that somebody waits: with her name, and the number she gave, only if she agreed to
each. The sentinels are asked again, for some days; then the wish stays with the coordinators, who are told once a week.
"""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.clocks import Clock
from models.db import retried, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import InvalidInputError, InvalidTransitionError, NobodyTrainedError
from models.handovers import Handover, Sentinel
from models.messages import MessageKind
from models.moves import move, write_event
from models.names import full_name
from models.queries.associations import get_association
from models.queries.care import (
    NamedSentinel,
    find_live_handover,
    list_askable,
    list_handovers_of_nobody,
    lock_handover,
    lock_handover_to_pass,
    lock_sentinels,
)
from models.queries.clocks import get_clocks
from models.queries.coordinators import list_coordinators
from models.queries.suggestions import get_entrepreneur, lock_entrepreneur
from models.states import LIVE_HANDOVER_STATES, HandoverAction, HandoverState
from webapp.permissions import Actor, Permission, can, require_known
from webapp.services.messages import Draft, queue_message, queue_messages

logger = logging.getLogger(__name__)
LEAST_REACH, MOST_REACH = 4, 120
HANDED_ON = "handed_on"
TOLD_AGAIN = timedelta(days=7)
"""After so many days the coordinators are told again of a wish that stays with them."""


@retried
def ask_for_call(
    *,
    entrepreneur_id: UUID,
    sentinel_id: UUID | None,
    reach: str,
    tells_name: bool,
    agrees: bool,
    actor: Actor,
    at: datetime,
    tells_reach: bool = False,
) -> UUID:
    """Ask somebody trained to call the person, by her explicit agreement. One wish at a time: twice is once.

    Raises NotFoundError, InvalidInputError (no agreement, no way to reach her, or a number that may be told without
    the name), NobodyTrainedError or InvalidTransitionError (she is forgotten).
    """
    if not agrees:
        raise InvalidInputError(field="agrees")
    values = {"reach": tidy_reach(reach), "tells_name": tells_name, "tells_reach": tells_reach}
    if tells_reach and not tells_name:
        raise InvalidInputError(field="tells_reach")
    with transaction() as session:
        found = get_entrepreneur(session, entrepreneur_id)
        require_known(actor, Permission.HANDOVER_ASK, found)
        person = lock_entrepreneur(session, found.id)
        if person.erased_at is not None:
            raise InvalidTransitionError(record="entrepreneur", state="erased", action="ask")
        lock_sentinels(session, [person.association_id])
        known = find_live_handover(session, person.id)
        if known is not None:
            return known.handover.public_id
        handover = _open(session, person, sentinel_id, at=at, **values)
        write_event(session, handover, "ask", to_state=handover.state, actor_id=actor.account_id, at=at)
        _ask_sentinel(session, handover, MessageKind.HANDOVER_ASKED, at=at)
        public_id = handover.public_id
    logger.info("call asked for", extra={"handover_id": str(public_id)})
    return public_id


@retried
def change_reach(*, entrepreneur_id: UUID, reach: str, tells_reach: bool, actor: Actor, at: datetime) -> None:
    """Be called on another number, and say anew whether the association may know it. Twice is once.

    Raises NotFoundError, InvalidInputError (as a wish does) or InvalidTransitionError (there is no wish).
    """
    reach = tidy_reach(reach)
    with transaction() as session:
        found = get_entrepreneur(session, entrepreneur_id)
        require_known(actor, Permission.HANDOVER_ASK, found)
        known = find_live_handover(session, found.id)
        handover = lock_handover(session, known.handover.public_id) if known is not None else None
        if handover is None or handover.state not in LIVE_HANDOVER_STATES:
            raise InvalidTransitionError(record="handover", action="change_reach")
        if tells_reach and not handover.tells_name:
            raise InvalidInputError(field="tells_reach")
        if (handover.reach, handover.tells_reach) == (reach, tells_reach):
            return
        handover.reach, handover.tells_reach = reach, tells_reach
        state, public_id = handover.state, handover.public_id
        write_event(
            session, handover, "change_reach", from_state=state, to_state=state, actor_id=actor.account_id, at=at
        )
    logger.info("number of a call changed", extra={"handover_id": str(public_id)})


def tidy_reach(reach: str) -> str:
    """Give what a person wrote about how to reach her as it is kept.

    Raises
    ------
    InvalidInputError
        If nobody could be reached by it.
    """
    tidy = " ".join(reach.split())[:MOST_REACH]
    if len(tidy) < LEAST_REACH:
        raise InvalidInputError(field="reach", minimum=LEAST_REACH)
    return tidy


@retried
def take_call(*, handover_id: UUID, actor: Actor, at: datetime) -> None:
    """Say that one will call; from now on there is a day to have called by. Twice is once.

    Raises NotFoundError or InvalidTransitionError.
    """
    with transaction() as session:
        handover = lock_handover(session, handover_id)
        require_known(actor, Permission.HANDOVER_TAKE, handover)
        if handover.state is HandoverState.TAKEN:
            return
        values: dict[str, Any] = {"taken_at": at, "due_at": at + _days(session, handover), "reminded_at": None}
        move(session, handover, HandoverAction.TAKE, actor_id=actor.account_id, at=at, **values)
    logger.info("call taken", extra={"handover_id": str(handover_id), "actor_id": actor.account_id})


@retried
def hand_on(*, handover_id: UUID, actor: Actor, at: datetime) -> bool:
    """Say that one cannot call: the next sentinel is asked at once. Gives whether there is one.

    Raises NotFoundError or InvalidTransitionError.
    """
    with transaction() as session:
        handover = lock_handover_to_pass(session, handover_id)
        require_known(actor, Permission.HANDOVER_TAKE, handover)
        pass_locked(session, handover, reason=HANDED_ON, actor=actor, at=at)
        is_asked = handover.sentinel_id is not None
    logger.info("call handed on", extra={"handover_id": str(handover_id), "actor_id": actor.account_id})
    return is_asked


@retried
def close_call(*, handover_id: UUID, actor: Actor, at: datetime) -> None:
    """Say that the two have talked, or that the wish is taken back; how to reach her is forgotten. Twice is once.

    A coordinator may, once told that nobody trained has answered.

    Raises NotFoundError or InvalidTransitionError.
    """
    with transaction() as session:
        handover = lock_handover(session, handover_id)
        if not may_close(actor, handover):
            require_known(actor, Permission.HANDOVER_CLOSE, handover)
        if handover.state is HandoverState.CLOSED:
            return
        move(session, handover, HandoverAction.CLOSE, actor_id=actor.account_id, at=at, closed_at=at, reach=None)
    logger.info("call closed", extra={"handover_id": str(handover_id), "actor_id": actor.account_id})


def may_close(actor: Actor, handover: Handover) -> bool:
    """Say whether the actor may say that a wish is over: who is asked, she herself, and who was told of it."""
    told = handover.told_at is not None and handover.association_id in actor.coordinates
    return told or can(actor, Permission.HANDOVER_CLOSE, handover)


def pass_locked(session: Session, handover: Handover, *, reason: str, actor: Actor, at: datetime) -> None:
    """Ask the next sentinel, in the caller's transaction; when all were asked, tell the coordinators and begin again.

    The caller has locked the sentinels, then the wish.

    When the last of them hands it on, nobody is asked until the day to call by: whoever said this morning that she
    cannot call is not asked again this evening. What nobody takes for long stays with the coordinators.

    Raises InvalidTransitionError.
    """
    trained = _list_next(session, handover)
    fresh = [one for one in trained if one.sentinel.id not in handover.asked_ids]
    escalation = timedelta(days=get_clocks(session, handover.association_id)[Clock.HANDOVER_ESCALATION])
    if not fresh and handover.asked_at + escalation <= at:
        _keep(session, handover, trained, reason=reason, actor=actor, at=at)
        return
    rest = [one for one in trained if one.sentinel.id != handover.sentinel_id] or trained
    chosen = next(iter(fresh or ([] if reason == HANDED_ON else rest)), None)
    asked = handover.asked_ids if fresh else []
    values: dict[str, Any] = {
        "sentinel_id": chosen.sentinel.id if chosen else None,
        # Where nobody is asked for now, who is named meanwhile is the next.
        "asked_ids": [*asked, chosen.sentinel.id] if chosen else [one.sentinel.id for one in trained],
        "round": handover.round + 1,
        "due_at": at + _days(session, handover),
        "reminded_at": None,
        "taken_at": None,
    }
    is_first_telling = not fresh and handover.told_at is None
    if is_first_telling:
        values["told_at"] = at
    move(session, handover, HandoverAction.HAND_ON, actor_id=actor.account_id, at=at, reason=reason, **values)
    if chosen:
        _ask_sentinel(session, handover, MessageKind.HANDOVER_ASKED, at=at)
    if is_first_telling:
        _tell_coordinators(session, handover, at=at)


def _keep(
    session: Session, handover: Handover, trained: list[NamedSentinel], *, reason: str, actor: Actor, at: datetime
) -> None:
    """Leave a wish with the coordinators: nobody trained is asked any more, and they are told once a week."""
    is_told = handover.told_at is None or handover.told_at + TOLD_AGAIN <= at
    told_at = at if is_told or handover.told_at is None else handover.told_at
    values: dict[str, Any] = {
        "sentinel_id": None,
        "asked_ids": [one.sentinel.id for one in trained],
        "round": handover.round + 1,
        "told_at": told_at,
        "due_at": told_at + TOLD_AGAIN,
        "reminded_at": None,
        "taken_at": None,
    }
    move(session, handover, HandoverAction.HAND_ON, actor_id=actor.account_id, at=at, reason=reason, **values)
    if is_told:
        _tell_coordinators(session, handover, at=at)


def ask_newcomer(session: Session, sentinel: Sentinel, *, actor: Actor, at: datetime) -> None:
    """Ask somebody named just now to call whoever waits with nobody asked, where she may; the others go on waiting."""
    for handover_id in list_handovers_of_nobody(session, sentinel.association_id):
        handover = lock_handover(session, handover_id)
        if sentinel.id in {one.sentinel.id for one in _list_next(session, handover)}:
            pass_locked(session, handover, reason="sentinel_named", actor=actor, at=at)


def remind_locked(session: Session, handover: Handover, *, at: datetime) -> None:
    """Remind who is asked, once for each day given, in the caller's transaction."""
    handover.reminded_at = at
    _ask_sentinel(session, handover, MessageKind.HANDOVER_REMINDER, at=at)


def _open(session: Session, person: Entrepreneur, sentinel_id: UUID | None, *, at: datetime, **values: Any) -> Handover:
    chosen = _choose(session, person, sentinel_id)
    handover = Handover(
        public_id=uuid4(),
        association_id=person.association_id,
        entrepreneur_id=person.id,
        sentinel_id=chosen.sentinel.id,
        state=HandoverState.OPEN,
        asked_ids=[chosen.sentinel.id],
        round=1,
        asked_at=at,
        due_at=at + timedelta(days=get_clocks(session, person.association_id)[Clock.HANDOVER]),
        **values,
    )
    session.add(handover)
    try:
        session.flush()
    except IntegrityError as error:
        raise InvalidTransitionError(record="handover", state=str(HandoverState.OPEN), action="ask") from error
    return handover


def _choose(session: Session, person: Entrepreneur, sentinel_id: UUID | None) -> NamedSentinel:
    """Give the sentinel whom the person chose, or the least asked of those who do not run her association."""
    trained = list_askable(session, person)
    if sentinel_id is None:
        trained = [one for one in trained if not one.is_of_team]
    if not trained:
        raise NobodyTrainedError(association_id=person.association_id)
    if sentinel_id is None:
        return trained[0]
    chosen = [one for one in trained if one.sentinel.public_id == sentinel_id]
    if not chosen:
        raise InvalidInputError(field="sentinel")
    return chosen[0]


def _list_next(session: Session, handover: Handover) -> list[NamedSentinel]:
    """Give whom a wish may be handed on to.

    Who runs the association may not know who asked unless she agreed to that, or asked this very person.
    """
    trained = list_askable(session, session.get_one(Entrepreneur, handover.entrepreneur_id))
    return [
        one for one in trained if handover.tells_name or not one.is_of_team or one.sentinel.id == handover.sentinel_id
    ]


def _days(session: Session, handover: Handover) -> timedelta:
    return timedelta(days=get_clocks(session, handover.association_id)[Clock.HANDOVER])


def _ask_sentinel(session: Session, handover: Handover, kind: MessageKind, *, at: datetime) -> None:
    """Write to the sentinel without a name: a mailbox is read over the shoulder, the page says who."""
    known = find_live_handover(session, handover.entrepreneur_id)
    if known is None or known.sentinel is None:
        return
    queue_message(
        session,
        kind=kind,
        account_id=known.sentinel.id,
        event_key=f"handover:{handover.public_id}:{kind}:{handover.round}:{handover.state}",
        facts={"association": _association(session, handover), "due_at": handover.due_at},
        association_id=handover.association_id,
        at=at,
    )


def _tell_coordinators(session: Session, handover: Handover, *, at: datetime) -> None:
    facts: dict[str, object] = {"association": _association(session, handover)}
    if handover.tells_name:
        person = session.get_one(Entrepreneur, handover.entrepreneur_id)
        facts["entrepreneur"] = full_name(person)
    drafts = [
        Draft(
            kind=MessageKind.HANDOVER_UNANSWERED,
            account_id=account.id,
            event_key=f"handover:{handover.public_id}:{MessageKind.HANDOVER_UNANSWERED}:{handover.round}",
            facts=facts,
            association_id=handover.association_id,
        )
        for account in list_coordinators(session, handover.association_id)
    ]
    queue_messages(session, drafts, at=at)


def _association(session: Session, handover: Handover) -> str:
    return get_association(session, handover.association_id).name
