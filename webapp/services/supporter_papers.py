"""Until when a supporter's training and insurance are good: noted by the association, never a bar."""

import logging
from datetime import date, datetime
from uuid import UUID

from models.db import retried, transaction
from models.moves import write_event
from models.queries.supporters import get_supporter, lock_supporter
from webapp.permissions import Actor, Permission, require

logger = logging.getLogger(__name__)


@retried
def set_papers(
    *, supporter_id: UUID, training_until: date | None, insurance_until: date | None, actor: Actor, at: datetime
) -> None:
    """Note both last days; none where nothing is known. A month before each, both sides are reminded.

    Raises NotFoundError or PermissionDeniedError.
    """
    with transaction() as session:
        found = get_supporter(session, supporter_id)
        require(actor, Permission.ASSOCIATION_RUN, found)
        supporter = lock_supporter(session, found.id)
        supporter.training_until, supporter.insurance_until, supporter.updated_at = training_until, insurance_until, at
        write_event(session, supporter, "set_papers", actor_id=actor.account_id, at=at)
    logger.info("papers noted", extra={"supporter_id": str(supporter_id), "actor_id": actor.account_id})
