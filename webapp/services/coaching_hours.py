"""More hours for a path with a coach: the coordinator decides, and the two have some days to find their next date."""

import logging
from datetime import datetime
from uuid import UUID

from models.db import retried, transaction
from models.exceptions import InvalidInputError
from models.moves import write_event
from models.queries.meetings import find_meeting_to_come
from models.queries.pairings import get_pairing
from models.states import PairingState
from webapp.form_keys import claim_form_key, note_outcome
from webapp.permissions import Actor, Permission, require
from webapp.services.meetings import ask_again
from webapp.services.parties import lock_parties_of

logger = logging.getLogger(__name__)
MOST_MORE_HOURS = 10


@retried
def grant_hours(*, pairing_id: UUID, hours: int, actor: Actor, at: datetime, form_key: str | None = None) -> None:
    """Let a coach's path go on for some more hours; the same form sent twice counts once.

    Raises NotFoundError, PermissionDeniedError, InvalidInputError or RepeatedRequestError.
    """
    if not 1 <= hours <= MOST_MORE_HOURS:
        raise InvalidInputError(field="hours", minimum=1, maximum=MOST_MORE_HOURS)
    with transaction() as session:
        found = get_pairing(session, pairing_id)
        require(actor, Permission.PAIRING_STEER, found)
        pairing = lock_parties_of(session, found).pairing
        if pairing.budget_minutes is None:
            raise InvalidInputError(field="hours", expected="a path with a coach")
        claim_form_key(session, key=form_key, account_id=actor.account_id, at=at)
        pairing.budget_minutes += hours * 60
        if pairing.state is PairingState.ACTIVE and find_meeting_to_come(session, pairing.id) is None:
            ask_again(session, pairing, at=at)
        write_event(session, pairing, "grant_hours", actor_id=actor.account_id, at=at, note=f"+{hours} h")
        note_outcome(session, key=form_key, outcome=pairing_id)
    logger.info("hours granted", extra={"pairing_id": str(pairing_id), "actor_id": actor.account_id})
