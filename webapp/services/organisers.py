"""Who organises a workshop session, when the one who did is gone or nobody ever did."""

import logging
from datetime import datetime
from uuid import UUID

from models.db import retried, transaction
from models.exceptions import PermissionDeniedError
from models.moves import write_event
from models.queries.coordinators import has_no_organiser
from models.queries.workshops import get_workshop_session, lock_workshop_session
from webapp.permissions import Actor, Permission, require

logger = logging.getLogger(__name__)


@retried
def take_over_session(*, session_id: UUID, actor: Actor, at: datetime) -> None:
    """Become the organiser of a session that has none, or whose organiser left; a second call changes nothing.

    Who comes to a sensitive session is for its organiser alone: while she is here nobody takes it from her.

    Raises NotFoundError, or PermissionDeniedError if the session has an organiser.
    """
    with transaction() as session:
        workshop = get_workshop_session(session, session_id)
        require(actor, Permission.WORKSHOP_RUN, workshop)
        workshop = lock_workshop_session(session, workshop.id)
        if workshop.organiser_id == actor.account_id:
            return
        if not has_no_organiser(session, workshop):
            raise PermissionDeniedError(permission=str(Permission.WORKSHOP_RUN))
        before = workshop.organiser_id
        workshop.organiser_id = actor.account_id
        workshop.updated_at = at
        write_event(
            session, workshop, "take_over", actor_id=actor.account_id, at=at, note=f"{before} -> {actor.account_id}"
        )
    logger.info("session taken over", extra={"session_id": str(session_id)})
