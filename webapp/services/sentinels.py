"""Sentinels: the trained people whom an association names, so that somebody in distress can ask to be called."""

import logging
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.accounts import Account
from models.audit import AuditEvent
from models.db import retried, transaction
from models.exceptions import InvalidInputError
from models.handovers import Sentinel
from models.queries.associations import get_association_by_public_id
from models.queries.care import (
    get_sentinel,
    list_live_of_sentinel,
    list_nameable,
    lock_handover,
    lock_sentinels,
)
from webapp.clock import day_of
from webapp.permissions import Actor, Permission, require
from webapp.services.handovers import ask_newcomer, pass_locked

logger = logging.getLogger(__name__)


@retried
def name_sentinel(*, association_id: UUID, account_id: UUID, trained_on: date, actor: Actor, at: datetime) -> UUID:
    """Certify that a coordinator or volunteer of an association was trained, on a day; who waits is asked of her.

    Raises NotFoundError, PermissionDeniedError or InvalidInputError.
    """
    if trained_on > day_of(at):
        raise InvalidInputError(field="trained_on", expected="a day that has passed")
    with transaction() as session:
        association = get_association_by_public_id(session, association_id)
        require(actor, Permission.SENTINEL_NAME, association)
        account = session.scalar(select(Account).where(Account.public_id == account_id).with_for_update())
        if account is None or account.id not in {one.id for one in list_nameable(session, association.id)}:
            raise InvalidInputError(field="account")
        lock_sentinels(session, [association.id])
        sentinel = Sentinel(
            public_id=uuid4(),
            association_id=association.id,
            account_id=account.id,
            trained_on=trained_on,
            certified_by_id=actor.account_id,
            certified_at=at,
        )
        session.add(sentinel)
        session.flush()
        _note(session, sentinel, "name", actor, at)
        ask_newcomer(session, sentinel, actor=actor, at=at)
    logger.info("sentinel named", extra={"sentinel_id": str(sentinel.public_id), "actor_id": actor.account_id})
    return sentinel.public_id


@retried
def end_sentinel(*, sentinel_id: UUID, actor: Actor, at: datetime) -> None:
    """Let somebody be a sentinel no more; whoever waits for her call is handed on at once. Twice is once.

    Raises NotFoundError or PermissionDeniedError.
    """
    with transaction() as session:
        sentinel = get_sentinel(session, sentinel_id)
        if sentinel.account_id != actor.account_id:
            require(actor, Permission.SENTINEL_NAME, sentinel)
        if sentinel.ended_at is None:
            end_locked(session, sentinel, actor=actor, at=at)
    logger.info("sentinel ended", extra={"sentinel_id": str(sentinel_id), "actor_id": actor.account_id})


def end_locked(session: Session, sentinel: Sentinel, *, actor: Actor, at: datetime) -> None:
    """End somebody's being a sentinel in the caller's transaction; whoever waits for her call is handed on.

    The caller has locked all sentinels of the association.
    """
    sentinel.ended_at = at
    _note(session, sentinel, "end", actor, at)
    session.flush()
    for handover_id in list_live_of_sentinel(session, sentinel.id):
        pass_locked(session, lock_handover(session, handover_id), reason="sentinel_ended", actor=actor, at=at)


def _note(session: Session, sentinel: Sentinel, action: str, actor: Actor, at: datetime) -> None:
    session.add(
        AuditEvent(
            association_id=sentinel.association_id,
            record="sentinel",
            record_id=sentinel.id,
            action=action,
            actor_id=actor.account_id,
            at=at,
        )
    )
