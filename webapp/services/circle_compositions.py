"""Compositions of circles that take longer than a page may: asked for, made by a worker, told when they fail.

What is asked for is a row until its circles are proposed: a worker that is lost loses nothing.
"""

import logging
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, delete, or_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.circles import CircleComposition
from models.db import db, retried, transaction
from models.exceptions import DomainError
from models.queries import circles as queries
from models.queries.associations import get_association, get_association_by_public_id
from webapp.circle_bridge import CircleSizes
from webapp.permissions import Actor, Permission, require
from webapp.services.circles import propose_circles

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 60
"""Wishes up to which a page waits for its circles."""

SILENCE = timedelta(minutes=15)
MOST_ATTEMPTS = 2
WORKER_LOST = "worker_lost"
UNEXPECTED = "unexpected"


def ask_for_circles(*, association_id: UUID, sizes: CircleSizes, actor: Actor, at: datetime) -> bool:
    """Propose circles at once, or leave them to a worker where many ask or one is at it; say whether it is done.

    Raises NotFoundError, PermissionDeniedError, InvalidInputError (sizes) or AlreadyServedError.
    """
    session = db.session()
    association = get_association_by_public_id(session, association_id)
    require(actor, Permission.CIRCLE_STEER, association)
    number = association.id
    waiting = queries.find_composition(session, number)
    is_under_way = waiting is not None and waiting.failure is None
    if is_under_way or len(queries.list_askers(session, number)) > MOST_AT_ONCE:
        # Who asks at the same moment as somebody else gets the circles of the other.
        with suppress(IntegrityError):
            _queue(number, sizes, actor, at)
        return False
    propose_circles(association_id=association_id, sizes=sizes, actor=actor, at=at)
    _forget_failure(number)
    return True


def execute_composition(*, association_id: int, at: datetime) -> bool:
    """Make the composition that waits in an association; say whether circles were proposed.

    What another worker has taken is left to it; whatever goes wrong, the row says so.
    """
    taken = _take(association_id, at=at)
    if taken is None:
        return False
    public_id, sizes, actor = taken
    try:
        propose_circles(association_id=public_id, sizes=sizes, actor=actor, at=at)
    except Exception as error:
        db.session.rollback()
        logger.exception("composition failed", extra={"association_id": str(public_id)})
        _end(association_id, at, failure=error.code if isinstance(error, DomainError) else UNEXPECTED)
        return False
    _end(association_id, at)
    return True


def list_waiting(*, at: datetime) -> list[int]:
    """Give the associations whose composition waits for a worker, or has lost its own."""
    return list(queries.list_waiting_compositions(db.session(), started_before=at - SILENCE))


@retried
def _queue(association_id: int, sizes: CircleSizes, actor: Actor, at: datetime) -> None:
    """Write down what is asked for, unless somebody asked already."""
    with transaction() as session:
        _delete(session, association_id, CircleComposition.failure.is_not(None))
        if queries.find_composition(session, association_id) is not None:
            return
        session.add(
            CircleComposition(
                association_id=association_id,
                sizes=asdict(sizes),
                requested_by_id=actor.account_id,
                requested_at=at,
                attempts=0,
            )
        )
    logger.info("composition asked for", extra={"association_id": association_id, "actor_id": actor.account_id})


@retried
def _take(association_id: int, *, at: datetime) -> tuple[UUID, CircleSizes, Actor] | None:
    """Take a composition for this worker: one row changed means it is hers."""
    silent = or_(CircleComposition.started_at.is_(None), CircleComposition.started_at < at - SILENCE)
    with transaction() as session:
        claimed: CursorResult[Any] = session.execute(  # type: ignore[assignment]
            update(CircleComposition)
            .where(CircleComposition.association_id == association_id, CircleComposition.failure.is_(None), silent)
            .values(started_at=at, attempts=CircleComposition.attempts + 1)
            .execution_options(synchronize_session=False)
        )
        row = queries.find_composition(session, association_id)
        if claimed.rowcount != 1 or row is None:
            return None
        if row.attempts > MOST_ATTEMPTS:
            row.failure = WORKER_LOST
            return None
        # She was allowed to when she asked; the worker acts in her name.
        actor = Actor(account_id=row.requested_by_id, coordinates=frozenset({association_id}))
        return get_association(session, association_id).public_id, CircleSizes(**row.sizes), actor


@retried
def _end(association_id: int, started_at: datetime, *, failure: str | None = None) -> None:
    """Note how it went, unless another worker has taken it meanwhile."""
    with transaction() as session:
        if failure is None:
            _delete(session, association_id, CircleComposition.started_at == started_at)
            return
        session.execute(
            update(CircleComposition)
            .where(CircleComposition.association_id == association_id, CircleComposition.started_at == started_at)
            .values(failure=failure)
            .execution_options(synchronize_session=False)
        )


@retried
def _forget_failure(association_id: int) -> None:
    with transaction() as session:
        _delete(session, association_id, CircleComposition.failure.is_not(None))


def _delete(session: Session, association_id: int, condition: Any) -> None:
    session.execute(
        delete(CircleComposition)
        .where(CircleComposition.association_id == association_id, condition)
        .execution_options(synchronize_session=False)
    )
