"""Moving somebody in a waiting list by hand: with a reason from a short list, kept in the log for all who decide."""

import logging
from datetime import datetime
from uuid import UUID

from models.db import retried, transaction
from models.exceptions import InvalidInputError, InvalidTransitionError
from models.moves import write_event
from models.queries.bookings import list_waiting
from models.queries.workshops import lock_workshop_session
from models.states import BookingState
from models.workshops import Booking, MoveReason
from webapp.permissions import Actor
from webapp.services.bookings import get_booking, require_change, require_organiser

logger = logging.getLogger(__name__)


@retried
def move_in_line(*, booking_id: UUID, position: int, reason: MoveReason, actor: Actor, at: datetime) -> int:
    """Give somebody who waits another position, counted from 1, and note why; say which position she had.

    The turns of the list change hands, none is new: who joins later by the written rules finds them as before.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError (she does not wait) or InvalidInputError.
    """
    with transaction() as session:
        found = get_booking(session, booking_id)
        workshop = lock_workshop_session(session, found.session_id)
        require_change(session, actor, found, workshop)
        require_organiser(actor, workshop)
        waiting = list(list_waiting(session, workshop.id))
        before = next((place for place, one in enumerate(waiting, 1) if one.id == found.id), None)
        if before is None:
            raise InvalidTransitionError(record="booking", state=str(found.state), action="reorder")
        if not 1 <= position <= len(waiting):
            raise InvalidInputError(field="position", expected=f"1 to {len(waiting)}")
        if position != before:
            _give_turns(waiting, before - 1, position - 1)
            note = f"{before} -> {position}"
            write_event(session, found, "reorder", actor_id=actor.account_id, at=at, reason=reason.value, note=note)
    logger.info("waiting list changed by hand", extra={"booking_id": str(booking_id), "reason": reason.value})
    return before


def _give_turns(waiting: list[Booking], start: int, end: int) -> None:
    turns = [one.turn for one in waiting]
    moved = waiting.pop(start)
    waiting.insert(end, moved)
    for one, turn in zip(waiting, turns, strict=True):
        assert one.state is BookingState.WAITING  # the list was read under the session's lock
        one.turn = turn
