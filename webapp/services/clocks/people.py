"""People whom nobody has a day for: everybody who waits has a day on which somebody comes back to her."""

import logging
from datetime import datetime

from models.db import db, retried, transaction
from models.queries.coordinators import get_association
from models.queries.suggestions import lock_entrepreneur
from models.queries.waiting import list_without_follow_up
from models.states import EntrepreneurState
from webapp.services.alternatives import plan_follow_up

logger = logging.getLogger(__name__)


def plan_missing_follow_ups(*, at: datetime) -> int:
    """Give everybody whose file is open and who has no day of her own the day on which somebody comes back to her."""
    return sum(_plan(entrepreneur_id, at=at) for entrepreneur_id in list_without_follow_up(db.session()))


@retried
def _plan(entrepreneur_id: int, *, at: datetime) -> int:
    with transaction() as session:
        entrepreneur = lock_entrepreneur(session, entrepreneur_id)
        if entrepreneur.follow_up_on is not None or entrepreneur.state is EntrepreneurState.CLOSED:
            return 0
        plan_follow_up(entrepreneur, get_association(session, entrepreneur.association_id), at=at)
    return 1
