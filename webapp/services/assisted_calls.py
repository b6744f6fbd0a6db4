"""With the person on the telephone: begun with her spoken agreement, ended by a button or by time, and told to her.

What a coordinator does about her meanwhile is shown to both as done together (`models/queries/assisted.py`). What she
confided is not read in a call: somebody may stand beside her.
"""

import logging
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.accounts import Account
from models.assisted import LONGEST_CALL, AssistedCall
from models.audit import AuditEvent
from models.circles import CircleMember
from models.db import db, retried, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import InvalidInputError, InvalidTransitionError, NotFoundError, NotOnThePhoneError
from models.messages import MessageKind
from models.names import full_name
from models.queries.assisted import count_done, is_on_the_phone, list_forgotten_calls
from models.queries.associations import get_association
from models.queries.suggestions import lock_entrepreneur
from models.states import EntrepreneurState
from webapp.permissions import Actor, Permission, require
from webapp.services.messages import queue_message

logger = logging.getLogger(__name__)


@retried
def begin_call(*, entrepreneur_id: UUID, agreed: bool, actor: Actor, at: datetime) -> None:
    """Begin to act with a person on the telephone; another call of the same coordinator ends with it.

    Beginning twice has one effect. Raises NotFoundError, PermissionDeniedError, InvalidInputError (without her
    agreement) or InvalidTransitionError (a closed file).
    """
    with transaction() as session:
        if actor.account_id is not None:  # one call of hers at a time: a second one begun at this moment waits here
            session.get(Account, actor.account_id, with_for_update={"key_share": True})
        entrepreneur = _lock_person(session, entrepreneur_id, actor)
        if not agreed or actor.account_id is None:
            raise InvalidInputError(field="agreed")
        if entrepreneur.state is EntrepreneurState.CLOSED:
            raise InvalidTransitionError(record="entrepreneur", state=str(entrepreneur.state), action="call")
        before = _lock_call(session, actor.account_id)
        if before is not None:
            if before.entrepreneur_id == entrepreneur.id and at < before.deadline_at:
                return
            _end(session, before, at)
        call = AssistedCall(
            public_id=uuid4(),
            association_id=entrepreneur.association_id,
            entrepreneur_id=entrepreneur.id,
            coordinator_id=actor.account_id,
            agreed=True,
            began_at=at,
            deadline_at=at + LONGEST_CALL,
        )
        session.add(call)
        _note(session, call, "begin_call", at)
    logger.info("call begun", extra={"entrepreneur_id": str(entrepreneur_id), "actor_id": actor.account_id})


@retried
def end_call(*, entrepreneur_id: UUID, actor: Actor, at: datetime) -> int:
    """End one's own call with a person; she is told how much was done with her. Ending twice has one effect.

    Gives how much was done in the call that this ended.

    Raises NotFoundError or PermissionDeniedError.
    """
    with transaction() as session:
        entrepreneur = _lock_person(session, entrepreneur_id, actor)
        call = _lock_call(session, actor.account_id)
        done = 0
        if call is not None and call.entrepreneur_id == entrepreneur.id:
            done = _end(session, call, at)
    logger.info("call ended", extra={"entrepreneur_id": str(entrepreneur_id), "actor_id": actor.account_id})
    return done


def require_own_word(session: Session, actor: Actor, record: CircleMember, *, at: datetime) -> None:
    """Refuse to answer for a person who is not on the telephone; she herself always may.

    Raises NotOnThePhoneError.
    """
    is_hers = record.entrepreneur_id in actor.entrepreneur_ids
    if not is_hers and not is_on_the_phone(session, actor.account_id, record.entrepreneur_id, at=at):
        raise NotOnThePhoneError


def end_calls_of_person(session: Session, entrepreneur: Entrepreneur, *, at: datetime) -> None:
    """End every call with a person whose file closes, in the caller's transaction."""
    rows = select(AssistedCall).where(AssistedCall.entrepreneur_id == entrepreneur.id, AssistedCall.ended_at.is_(None))
    for call in session.scalars(rows.order_by(AssistedCall.id).with_for_update()).all():
        _end(session, call, at)


def end_forgotten_calls(*, at: datetime) -> int:
    """End the calls that nobody ended, at the moment they were over."""
    return sum(_end_forgotten(call_id, at=at) for call_id in list_forgotten_calls(db.session(), at=at))


@retried
def _end_forgotten(call_id: int, *, at: datetime) -> int:
    with transaction() as session:
        call = session.get_one(AssistedCall, call_id, with_for_update=True, populate_existing=True)
        if call.ended_at is not None:
            return 0
        _end(session, call, at)
    return 1


def _lock_person(session: Session, entrepreneur_id: UUID, actor: Actor) -> Entrepreneur:
    found = session.scalar(select(Entrepreneur).where(Entrepreneur.public_id == entrepreneur_id))
    if found is None:
        raise NotFoundError(record="Entrepreneur")
    require(actor, Permission.CALL_HOLD, found)
    return lock_entrepreneur(session, found.id)


def _lock_call(session: Session, coordinator_id: int | None) -> AssistedCall | None:
    return session.scalar(
        select(AssistedCall)
        .where(AssistedCall.coordinator_id == coordinator_id, AssistedCall.ended_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _end(session: Session, call: AssistedCall, at: datetime) -> int:
    call.ended_at = min(at, call.deadline_at)
    session.flush()
    _note(session, call, "end_call", call.ended_at)
    done = count_done(session, call)
    if not done:
        return 0
    person, holder = session.get_one(Entrepreneur, call.entrepreneur_id), session.get_one(Account, call.coordinator_id)
    association = get_association(session, call.association_id).name
    queue_message(
        session,
        kind=MessageKind.CALL_ENDED,
        account_id=person.account_id,
        recipient=person.email,
        event_key=f"call:{call.public_id}",
        facts={"coordinator": full_name(holder), "association": association, "done": done},
        association_id=call.association_id,
        at=at,
    )
    return done


def _note(session: Session, call: AssistedCall, action: str, at: datetime) -> None:
    session.add(
        AuditEvent(
            association_id=call.association_id,
            record="entrepreneur",
            record_id=call.entrepreneur_id,
            action=action,
            actor_id=call.coordinator_id,
            at=at,
        )
    )
