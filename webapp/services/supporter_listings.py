"""A supporter's yes to be seen by the other supporters of her association: hers alone to give and to take back."""

import logging
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists
from sqlalchemy.orm import Session

from models.db import retried, transaction
from models.exceptions import InvalidInputError, InvalidTransitionError
from models.gatherings import Gathering, GatheringAttendance, SupporterListing
from models.moves import write_event
from models.queries.gatherings import find_listing
from models.queries.supporters import get_supporter, lock_supporter
from models.states import GatheringState, SupporterState
from models.supporters import Supporter
from webapp.permissions import Actor, Permission, require

logger = logging.getLogger(__name__)
MOST_CONTACT = 160


@retried
def join_supporters_circle(*, supporter_id: UUID, contact: str = "", actor: Actor, at: datetime) -> None:
    """Agree to be seen by the others, with a way to reach her if she likes; a second yes changes that way alone.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError (she has left) or InvalidInputError.
    """
    told = " ".join(contact.split())
    if len(told) > MOST_CONTACT:
        raise InvalidInputError(field="contact")
    with transaction() as session:
        supporter = _lock_own(session, supporter_id, actor)
        if supporter.state is SupporterState.LEFT:
            raise InvalidTransitionError(record="supporter", state=str(supporter.state), action="join")
        listing = find_listing(session, supporter.id)
        if listing is None:
            session.add(
                SupporterListing(
                    supporter_id=supporter.id, association_id=supporter.association_id, contact=told, listed_at=at
                )
            )
            write_event(session, supporter, "join_circle", actor_id=actor.account_id, at=at)
        else:
            listing.contact = told
    logger.info("supporters' circle joined", extra={"supporter_id": str(supporter_id), "actor_id": actor.account_id})


@retried
def leave_supporters_circle(*, supporter_id: UUID, actor: Actor, at: datetime) -> None:
    """Take the yes back: nothing of it stays but the hours of what she came to. Twice is once.

    Raises NotFoundError or PermissionDeniedError.
    """
    with transaction() as session:
        take_off(session, _lock_own(session, supporter_id, actor), actor=actor, at=at)
    logger.info("supporters' circle left", extra={"supporter_id": str(supporter_id), "actor_id": actor.account_id})


def take_off(session: Session, supporter: Supporter, *, actor: Actor, at: datetime) -> None:
    """Take a locked supporter out of the circle, with what she said about gatherings to come."""
    listing = find_listing(session, supporter.id)
    if listing is None:
        return
    session.delete(listing)
    to_come = exists().where(
        Gathering.id == GatheringAttendance.gathering_id,
        Gathering.state == GatheringState.PLANNED,
        Gathering.starts_at > at,
    )
    session.execute(
        delete(GatheringAttendance)
        .where(GatheringAttendance.supporter_id == supporter.id, to_come)
        .execution_options(synchronize_session=False)
    )
    write_event(session, supporter, "leave_circle", actor_id=actor.account_id, at=at)
    session.flush()


def _lock_own(session: Session, supporter_id: UUID, actor: Actor) -> Supporter:
    found = get_supporter(session, supporter_id)
    require(actor, Permission.LISTING_OWN, found)
    return lock_supporter(session, found.id)
