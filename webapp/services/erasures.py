"""Wishes to be forgotten: asked by the person, or by her coordinator in her name, and taken back within a day.

Nothing happens on the day to think it over. What is carried out afterwards is in `erasing.py`.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.accounts import Account
from models.db import retried, transaction
from models.entrepreneurs import Entrepreneur
from models.erasures import TIME_TO_THINK, Erasure, ErasureGround
from models.exceptions import AlreadyServedError, InvalidInputError, InvalidTransitionError, NotFoundError
from models.messages import MessageKind
from models.moves import move, write_event
from models.personal.ways import Root
from models.queries.associations import get_association
from models.queries.erasures import find_live_erasure, get_erasure
from models.queries.holdings import list_coordinated_ids
from models.states import ErasureAction, ErasureState
from models.supporters import Supporter
from webapp.permissions import Actor, Permission, require
from webapp.services.account_closing import require_whole
from webapp.services.messages import queue_message

logger = logging.getLogger(__name__)
Subject = Account | Entrepreneur | Supporter
TABLES: dict[Root, type[Account] | type[Entrepreneur] | type[Supporter]] = {
    Root.ACCOUNT: Account,
    Root.ENTREPRENEUR: Entrepreneur,
    Root.SUPPORTER: Supporter,
}
ERASED = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A wish as it stands: until when it can be taken back."""

    erasure_id: UUID
    due_at: datetime


@retried
def ask_erasure(*, root: Root, public_id: UUID, ground: ErasureGround, actor: Actor, at: datetime) -> Asked:
    """Write down that somebody wishes to be forgotten, and tell her; it is carried out a day later. Twice is once.

    She asks for her account and all her files; her coordinator for a file of the association, or for the closed
    account of somebody who ran it, and says how she was asked to.

    Raises NotFoundError, PermissionDeniedError, InvalidInputError (somebody who still runs an association, or a ground
    that is not the actor's), InvalidTransitionError (forgotten already) or AlreadyServedError.
    """
    with transaction() as session:
        subject = _lock(session, root, public_id)
        is_own = _require(session, subject, actor)
        if is_own is not (ground is ErasureGround.OWN):
            raise InvalidInputError(field="ground")
        if subject.erased_at is not None:
            raise InvalidTransitionError(record=root.value.rstrip("s"), state=ERASED, action="erase")
        erasure = find_live_erasure(session, subject)
        if erasure is None:
            erasure = _build(subject, ground, actor, at)
            session.add(erasure)
            try:
                session.flush()
            except IntegrityError as error:
                raise AlreadyServedError(record="Erasure") from error
            write_event(session, erasure, "ask", actor_id=actor.account_id, at=at, reason=str(ground))
            _tell(session, erasure, subject, at=at)
        asked = Asked(erasure_id=erasure.public_id, due_at=erasure.due_at)
    logger.info("erasure asked", extra={"erasure_id": str(asked.erasure_id), "actor_id": actor.account_id})
    return asked


@retried
def keep_data(*, erasure_id: UUID, actor: Actor, at: datetime) -> None:
    """Take a wish back: everything stays as it is. Twice is once.

    Raises NotFoundError, PermissionDeniedError or InvalidTransitionError (its day has come).
    """
    with transaction() as session:
        erasure = get_erasure(session, erasure_id, lock=True)
        _require_known(session, erasure, actor)
        if erasure.state is ErasureState.KEPT:
            return
        if erasure.due_at <= at:
            raise InvalidTransitionError(record="erasure", state=str(erasure.state), action=str(ErasureAction.KEEP))
        move(session, erasure, ErasureAction.KEEP, actor_id=actor.account_id, at=at, ended_at=at)
    logger.info("erasure taken back", extra={"erasure_id": str(erasure_id), "actor_id": actor.account_id})


def _lock(session: Session, root: Root, public_id: UUID) -> Subject:
    table = TABLES[root]
    found = select(table).where(table.public_id == public_id).with_for_update(key_share=True)
    row = cast(Subject | None, session.scalar(found.execution_options(populate_existing=True)))
    if row is None:
        raise NotFoundError(record=table.__name__)
    return row


def _require(session: Session, subject: Subject, actor: Actor) -> bool:
    """Refuse whom it does not concern, and say whether it is her own wish."""
    if isinstance(subject, Entrepreneur):
        require(actor, Permission.ENTREPRENEUR_EDIT, subject)
        return subject.id in actor.entrepreneur_ids
    if isinstance(subject, Supporter):
        require(actor, Permission.SUPPORTER_EDIT, subject)
        return subject.id in actor.supporter_ids
    if subject.id != actor.account_id:
        require_whole(session, subject, actor)
        if subject.is_active:
            raise InvalidInputError(field="account")
        return False
    if list_coordinated_ids(session, subject.id):
        raise InvalidInputError(field="account")
    return True


def _require_known(session: Session, erasure: Erasure, actor: Actor) -> None:
    """Refuse whoever it is not about, and who does not run the association of the file or of the closed account."""
    is_hers = (
        (erasure.account_id is not None and erasure.account_id == actor.account_id)
        or erasure.entrepreneur_id in actor.entrepreneur_ids
        or erasure.supporter_id in actor.supporter_ids
    )
    if is_hers or erasure.association_id in actor.coordinates:
        return
    if erasure.account_id is None or erasure.ground is ErasureGround.OWN:
        raise NotFoundError(record="Erasure")
    require_whole(session, session.get_one(Account, erasure.account_id), actor)


def _build(subject: Subject, ground: ErasureGround, actor: Actor, at: datetime) -> Erasure:
    return Erasure(
        public_id=uuid4(),
        association_id=None if isinstance(subject, Account) else subject.association_id,
        account_id=subject.id if isinstance(subject, Account) else None,
        entrepreneur_id=subject.id if isinstance(subject, Entrepreneur) else None,
        supporter_id=subject.id if isinstance(subject, Supporter) else None,
        state=ErasureState.ASKED,
        ground=ground,
        asked_at=at,
        asked_by_id=actor.account_id,
        due_at=at + TIME_TO_THINK,
        mail_ids=[],
    )


def _tell(session: Session, erasure: Erasure, subject: Subject, *, at: datetime) -> None:
    """Tell her, so that nobody is forgotten who did not ask: a mistake can be put right for a day."""
    association = None if erasure.association_id is None else get_association(session, erasure.association_id).name
    queue_message(
        session,
        kind=MessageKind.ERASURE_ASKED,
        account_id=subject.id if isinstance(subject, Account) else subject.account_id,
        recipient=subject.email,
        event_key=f"erasure:{erasure.public_id}:asked",
        facts={"association": association, "due_at": erasure.due_at},
        association_id=erasure.association_id,
        at=at,
    )
