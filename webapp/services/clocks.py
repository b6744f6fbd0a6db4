"""What time does by itself: reminders, expiries, what is overdue, workers that died, waiting lists that are over.

May run twice, also at once.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from models.db import db, retried, transaction
from models.exceptions import BusyError
from models.messages import MessageKind
from models.queries.coordinators import get_association, list_coordinators
from models.queries.suggestions import OverdueSuggestions, list_overdue
from webapp.clock import PARIS
from webapp.services.circles import expire_invitations
from webapp.services.match_runs import fail_silent_runs
from webapp.services.messages import queue_message
from webapp.services.pairings import expire_due, remind_due
from webapp.services.seats import end_waiting_lists
from webapp.services.weight_drafts import fail_silent_replays

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class TickReport:
    """What one tick did: how many of each."""

    expired: int
    reminded: int
    digests: int
    failed_runs: int
    let_go: int = 0
    failed_replays: int = 0
    circles: int = 0


def tick(*, at: datetime) -> TickReport:
    """Do what is due, each record in a short transaction of its own.

    What another process did meanwhile is left alone; what the database was too busy for is left to the next tick.
    """
    report = TickReport(
        expired=_unless_busy(expire_due, at),
        reminded=_unless_busy(remind_due, at),
        digests=_unless_busy(tell_overdue, at),
        failed_runs=_unless_busy(fail_silent_runs, at),
        let_go=_unless_busy(end_waiting_lists, at),
        failed_replays=_unless_busy(fail_silent_replays, at),
        circles=_unless_busy(expire_invitations, at),
    )
    logger.info(
        "tick done",
        extra={
            "expired": report.expired,
            "reminded": report.reminded,
            "digests": report.digests,
            "failed_runs": report.failed_runs,
            "let_go": report.let_go,
            "failed_replays": report.failed_replays,
            "circles": report.circles,
        },
    )
    return report


def tell_overdue(*, at: datetime) -> int:
    """Tell the coordinators of each association with overdue suggestions, once a day at most."""
    return sum(_tell_overdue(overdue, at=at) for overdue in list_overdue(db.session(), at=at))


@retried
def _tell_overdue(overdue: OverdueSuggestions, *, at: datetime) -> int:
    told = 0
    with transaction() as session:
        association = get_association(session, overdue.association_id)
        for account in list_coordinators(session, association.id):
            told += queue_message(
                session,
                kind=MessageKind.SUGGESTIONS_WAITING,
                account_id=account.id,
                event_key=f"overdue:{association.public_id}:{at.astimezone(PARIS).date().isoformat()}",
                facts={"count": overdue.count, "association": association.name},
                association_id=association.id,
                at=at,
            )
    return told


def _unless_busy(work: Callable[..., int], at: datetime) -> int:
    try:
        return work(at=at)
    except BusyError:
        logger.warning("the database was too busy for a clock", extra={"clock": work.__name__})
        return 0
