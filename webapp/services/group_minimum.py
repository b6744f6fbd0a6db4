"""Sessions that need a number of people: certain once they have it, else somebody says go or no-go by a day.

Visitors who confirmed count like everybody else.

Nothing is ever cancelled by itself. On the day the organiser is asked, a day later the coordinators; going ahead with
fewer people, or cancelling with a word to everybody, stays a decision of somebody with a name. What is certain stays
certain when people leave afterwards: it was promised to the others.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from models.accounts import Account
from models.clocks import Clock
from models.db import db, retried, transaction
from models.exceptions import InvalidInputError, SessionClosedError
from models.messages import MessageKind
from models.moves import write_event
from models.notices import NoticeKind
from models.queries.bookings import count_coming, list_open_bookings, list_sessions_that_are_enough
from models.queries.clocks import get_clocks
from models.queries.overdue import Overdue, list_all_due
from models.queries.workshops import get_workshop_session, lock_workshop_session
from models.states import BookingState, SessionState
from models.workshops import WorkshopSession
from webapp.permissions import Actor, Permission, require
from webapp.services.notices import notice
from webapp.services.session_notices import tell_about_bookings

logger = logging.getLogger(__name__)


def plan_decision(
    session: Session, *, association_id: int, minimum: int | None, seats: int, starts_at: datetime, at: datetime
) -> Mapping[str, Any]:
    """Give the columns of a minimum: the number, and the day by which somebody says whether the session takes place.

    Raises
    ------
    InvalidInputError
        If more people are needed than there are seats.
    """
    if minimum is None:
        return {"minimum": None, "decide_by": None}
    if not 1 <= minimum <= seats:
        raise InvalidInputError(field="minimum")
    days = get_clocks(session, association_id)[Clock.GO_OR_NO_GO]
    return {"minimum": minimum, "decide_by": max(starts_at - timedelta(days=days), min(at, starts_at))}


@retried
def go_ahead(*, session_id: UUID, actor: Actor, at: datetime) -> int:
    """Say that a session takes place although fewer people come than wished; tell them. A second call changes nothing.

    Raises NotFoundError, PermissionDeniedError or SessionClosedError.
    """
    with transaction() as session:
        found = get_workshop_session(session, session_id)
        require(actor, Permission.WORKSHOP_RUN, found)
        workshop = lock_workshop_session(session, found.id)
        if workshop.state is not SessionState.SCHEDULED or workshop.starts_at <= at:
            raise SessionClosedError(session_id=session_id)
        told = _make_sure(session, workshop, actor_id=actor.account_id, at=at)
    logger.info("session goes ahead", extra={"session_id": str(session_id), "told": told})
    return told


def confirm_full_groups(*, at: datetime) -> int:
    """Make every session certain that has its number of people, and tell them; may run twice, also at once."""
    return sum(_confirm(session_id, at=at) for session_id in list_sessions_that_are_enough(db.session(), at=at))


def notice_undecided(*, at: datetime) -> int:
    """Ask the organiser on the day of the decision, and the coordinators a day later."""
    kinds = (NoticeKind.GO_OR_NO_GO, NoticeKind.GO_OVERDUE)
    return sum(_notice(kind, overdue, at=at) for kind, overdue in list_all_due(db.session(), kinds, at=at))


@retried
def _confirm(session_id: int, *, at: datetime) -> int:
    with transaction() as session:
        workshop = lock_workshop_session(session, session_id)
        if workshop.state is not SessionState.SCHEDULED or workshop.minimum is None or workshop.sure_at is not None:
            return 0
        if count_coming(session, workshop.id) < workshop.minimum:
            return 0
        _make_sure(session, workshop, actor_id=None, at=at)
    return 1


def _make_sure(session: Session, workshop: WorkshopSession, *, actor_id: int | None, at: datetime) -> int:
    if workshop.minimum is None or workshop.sure_at is not None:
        return 0
    workshop.sure_at = workshop.updated_at = at
    write_event(session, workshop, "go_ahead", actor_id=actor_id, at=at)
    session.flush()
    told = [one for one in list_open_bookings(session, workshop.id) if one.state is BookingState.CONFIRMED]
    return tell_about_bookings(session, MessageKind.SESSION_SURE, ((one, {}) for one in told), workshop, at=at)


@retried
def _notice(kind: NoticeKind, overdue: Overdue, *, at: datetime) -> int:
    with transaction() as session:
        organiser_id = session.get_one(WorkshopSession, overdue.record_id).organiser_id
        is_asked_first = kind is NoticeKind.GO_OR_NO_GO and organiser_id is not None
        organiser = session.get(Account, organiser_id) if is_asked_first else None
        return notice(session, kind, overdue, [organiser] if organiser is not None else [], at=at)
