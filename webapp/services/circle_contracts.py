"""The contract of a circle: a short text, and each member's yes with its day."""

import logging
from datetime import datetime
from uuid import UUID

from models.circle_meetings import CircleAgreement
from models.circles import CircleMember
from models.db import retried, transaction
from models.moves import move
from models.queries.circles import get_circle_member, lock_circle
from models.states import CircleMemberAction
from webapp.permissions import Actor, Permission, require

logger = logging.getLogger(__name__)
VERSION = "2026-1"
"""The text that a yes is about (`webapp/words/circle_contract.py`): raise it with every change of words."""


@retried
def agree_to_contract(*, member_id: UUID, actor: Actor, at: datetime) -> None:
    """Say yes to the contract, once; a second yes changes nothing.

    Raises NotFoundError, PermissionDeniedError or InvalidTransitionError (she has not joined).
    """
    with transaction() as session:
        found = get_circle_member(session, member_id)
        require(actor, Permission.CIRCLE_ANSWER, found)
        lock_circle(session, found.circle_id)
        if session.get(CircleAgreement, found.id) is not None:
            return
        member = session.get_one(CircleMember, found.id, populate_existing=True)
        move(session, member, CircleMemberAction.AGREE, actor_id=actor.account_id, at=at, reason=VERSION)
        session.add(
            CircleAgreement(member_id=member.id, association_id=member.association_id, version=VERSION, agreed_at=at)
        )
    logger.info("circle contract agreed", extra={"member_id": str(member_id), "actor_id": actor.account_id})
