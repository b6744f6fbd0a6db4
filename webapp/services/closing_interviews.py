"""The interview at the end of a pairing: the referent's, within the days that news is promised in."""

import logging
from datetime import datetime
from uuid import UUID

from models.db import retried, transaction
from models.exceptions import InvalidTransitionError
from models.moves import write_event
from models.states import PairingState
from webapp.permissions import Actor, Permission
from webapp.services.parties import lock_parties

logger = logging.getLogger(__name__)


@retried
def note_closing_interview(*, pairing_id: UUID, actor: Actor, at: datetime) -> None:
    """Note that the interview was held. Twice is once.

    Raises NotFoundError, PermissionDeniedError or InvalidTransitionError.
    """
    with transaction() as session:
        pairing = lock_parties(session, pairing_id, actor=actor, permission=Permission.PAIRING_STEER).pairing
        if pairing.state is not PairingState.ENDED:
            raise InvalidTransitionError(record="pairing", state=str(pairing.state), action="close")
        if pairing.closing_done_at is None:
            pairing.closing_due_at, pairing.closing_done_at = pairing.closing_due_at or at, at
            write_event(session, pairing, "closing_interview", actor_id=actor.account_id, at=at)
    logger.info("closing interview noted", extra={"pairing_id": str(pairing_id), "actor_id": actor.account_id})
