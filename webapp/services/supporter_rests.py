"""The days of a supporter's pause: when she is asked whether she is available again, and how it is put off."""

import logging
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from models.clocks import Clock
from models.db import retried, transaction
from models.exceptions import InvalidInputError, InvalidTransitionError
from models.moves import write_event
from models.queries.clocks import get_clocks
from models.queries.supporters import get_supporter, lock_supporter
from models.states import SupporterState
from models.supporters import LONGEST_PAUSE, Supporter
from webapp.clock import day_of
from webapp.permissions import Actor, Permission, require

logger = logging.getLogger(__name__)


@retried
def put_off_return(*, supporter_id: UUID, back_on: date, actor: Actor, at: datetime) -> None:
    """Let a supporter on pause be asked on another day whether she is available again.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError or InvalidInputError.
    """
    with transaction() as session:
        found = get_supporter(session, supporter_id)
        require(actor, Permission.SUPPORTER_EDIT, found)
        supporter = lock_supporter(session, found.id)
        if supporter.state is not SupporterState.PAUSED:
            raise InvalidTransitionError(record="supporter", state=str(supporter.state), action="put_off")
        put_off_locked(session, supporter, check_day_back(back_on, at=at), actor=actor, at=at)
    logger.info("return put off", extra={"supporter_id": str(supporter_id), "actor_id": actor.account_id})


def put_off_locked(session: Session, supporter: Supporter, back_on: date, *, actor: Actor, at: datetime) -> None:
    """Write another day down for a locked supporter on pause, and who did."""
    supporter.back_on, supporter.updated_at = back_on, at
    note = back_on.isoformat()
    write_event(session, supporter, "put_off", actor_id=actor.account_id, at=at, note=note)


def check_day_back(day: date, *, at: datetime) -> date:
    """Give the day of a return, if it lies ahead and within a year.

    Raises InvalidInputError.
    """
    today = day_of(at)
    if not today < day <= today + LONGEST_PAUSE:
        raise InvalidInputError(field="back_on", value=day.isoformat())
    return day


def find_day_back(session: Session, supporter: Supporter, *, at: datetime) -> date:
    """Give the day on which somebody on pause without a day of her own is asked."""
    return day_of(at) + timedelta(days=get_clocks(session, supporter.association_id)[Clock.AWAY])
