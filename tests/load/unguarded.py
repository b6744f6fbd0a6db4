"""The negative control's server: the app with both guards replaced by « count, think, then insert ».

Only this file can switch them off, and it is no part of what is installed: `python -m tests.load.unguarded --port N`.
"""

import argparse
import threading
import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from models.db import db
from models.match_runs import Suggestion
from models.pairings import Pairing
from models.states import LIVE_PAIRING_STATES, SEATED_BOOKING_STATES
from models.supporters import PAIRING_COST, Supporter
from models.workshops import Booking, WorkshopSession
from webapp.commands.serving import WORKERS, run_server
from webapp.services import bookings, suggestions

THINKS_SECONDS = 0.1
_counted = threading.local()


def is_seat_free(session_id: UUID) -> bool:
    """Count the bookings of a session."""
    held = select(func.count()).where(
        Booking.session_id == WorkshopSession.id, Booking.state.in_(SEATED_BOOKING_STATES)
    )
    statement = select(WorkshopSession.seats > held.scalar_subquery()).where(WorkshopSession.public_id == session_id)
    return bool(db.session().execute(statement).scalar_one())


def is_place_free(suggestion_id: UUID) -> bool:
    """Count the pairings of the supporter of a suggestion."""
    held = select(func.coalesce(func.sum(Pairing.cost), 0)).where(
        Pairing.supporter_id == Supporter.id, Pairing.state.in_(LIVE_PAIRING_STATES)
    )
    statement = (
        select(Supporter.role, Supporter.capacity - held.scalar_subquery())
        .join(Suggestion, Suggestion.supporter_id == Supporter.id)
        .where(Suggestion.public_id == suggestion_id)
    )
    role, free = db.session().execute(statement).one()
    return bool(PAIRING_COST[role] <= free)


def count_first(decision: Callable[..., Any], name: str, count: Callable[[UUID], bool]) -> Callable[..., Any]:
    """Decide on what was counted before the transaction: what one must not do."""

    @wraps(decision)
    def decide(**values: Any) -> Any:
        _counted.is_free = count(values[name])
        db.session.rollback()
        time.sleep(THINKS_SECONDS)
        return decision(**values)

    return decide


def switch_guards_off() -> None:
    """Replace both conditional updates; the forked workers of the server inherit it."""
    bookings.take_seat = lambda _session, _id: _counted.is_free
    suggestions.take_place = lambda _session, _supporter: _counted.is_free
    bookings.book_session = count_first(bookings.book_session, "session_id", is_seat_free)
    suggestions.approve_suggestion = count_first(suggestions.approve_suggestion, "suggestion_id", is_place_free)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    switch_guards_off()
    run_server(host="127.0.0.1", port=parser.parse_args().port, workers=WORKERS, background=False)
