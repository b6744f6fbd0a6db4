"""Visitors of public sessions: asked by name and address, confirmed by a link, forgotten some days after.

Who asks holds no seat: the seat is taken when the link in the mail is opened and confirmed, if one is free. Visitors
have no waiting list: freed seats go to the people who are followed.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.accounts import Locale
from models.db import db, retried, transaction
from models.exceptions import InvalidInputError, NotFoundError, SessionAskedForError, TooManyVisitorsError
from models.messages import Message, MessageKind
from models.moves import move
from models.queries.bookings import list_waiting
from models.queries.visitors import (
    find_visitor,
    get_public_session,
    list_asked_until,
    list_lapsed,
    list_live_visitors,
    list_to_erase,
)
from models.queries.workshops import lock_workshop_session
from models.states import VisitorAction, VisitorState
from models.visitors import Visitor
from models.workshops import WorkshopSession
from webapp.services.messages import queue_message
from webapp.services.seats import require_ahead, settle_seats, take_seat
from webapp.services.session_notices import describe_session
from webapp.services.sign_in_attempts import place_key, take_attempts

logger = logging.getLogger(__name__)

LINK_LIVES = timedelta(hours=48)
KEPT_AFTER = timedelta(days=14)
"""How long after a session its visitors' names, addresses and mails are kept."""

MAILS_KEPT = timedelta(days=2)
"""How long after a registration has ended the mails about it are kept: the last one must have left."""

MOST_ASKED = 60
"""Registrations of one session that may wait for their confirmation: nobody fills mailboxes of strangers through us."""

PER_PLACE, PER_DAY = 15, timedelta(days=1)
"""Registrations of one session from one network address in a day: in the three days that the life of a link touches,
one stranger never takes all that may wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitorOutcome:
    """A registration as it stands; `is_full` when there was no seat to take."""

    state: VisitorState
    is_full: bool = False


@retried
def ask_for_seat(*, session_id: UUID, name: str, email: str, locale: Locale, place: str, at: datetime) -> None:
    """Write a visitor down and send the link; who is written down already gets no second mail, and is not told apart.

    Raises NotFoundError, SessionClosedError, InvalidInputError, TooManyVisitorsError or SessionAskedForError.
    """
    name, email = " ".join(name.split()), email.strip().lower()
    if not 0 < len(name) <= 120:
        raise InvalidInputError(field="name")
    if not 3 <= len(email) <= 254 or "@" not in email:
        raise InvalidInputError(field="email")
    try:
        with transaction() as session:
            workshop = lock_workshop_session(session, get_public_session(session, session_id).session.id)
            require_ahead(workshop, at)
            key = place_key(place, purpose=f"visitor:{workshop.id}:")
            take_attempts(session, {key: PER_PLACE}, at=at, window=PER_DAY, refusal=TooManyVisitorsError)
            _write_down(session, workshop, name=name, email=email, locale=locale, at=at)
    except IntegrityError:
        logger.info("visitor known already", extra={"session_id": str(session_id)})


@retried
def confirm_seat(*, visitor_id: UUID, at: datetime) -> VisitorOutcome:
    """Take a seat for who opened the link; a second call changes nothing. While all is full the link goes on working.

    Raises NotFoundError (unknown, ended or forgotten) or SessionClosedError.
    """
    with transaction() as session:
        visitor, workshop = _lock(session, visitor_id)
        if visitor.state is VisitorState.CONFIRMED:
            return VisitorOutcome(state=visitor.state)
        if visitor.expires_at <= at:
            raise NotFoundError(record="Visitor")
        require_ahead(workshop, at)
        # Who is followed and waits comes first, in the last day too, when a seat may be free for a while.
        if list_waiting(session, workshop.id, limit=1) or not take_seat(session, workshop.id):
            return VisitorOutcome(state=visitor.state, is_full=True)
        move(session, visitor, VisitorAction.CONFIRM, actor_id=None, at=at)
        _tell(session, MessageKind.VISITOR_CONFIRMED, visitor, workshop, at=at)
        outcome = VisitorOutcome(state=visitor.state)
    logger.info("visitor confirmed", extra={"visitor_id": str(visitor_id)})
    return outcome


@retried
def leave_seat(*, visitor_id: UUID, at: datetime) -> None:
    """Give the seat back before the start, or let the request go; name and address are erased at once.

    Raises NotFoundError or SessionClosedError.
    """
    with transaction() as session:
        visitor, workshop = _lock(session, visitor_id)
        require_ahead(workshop, at)
        freed = int(visitor.state is VisitorState.CONFIRMED)
        if freed:
            _tell(session, MessageKind.VISITOR_CANCELLED, visitor, workshop, at=at)
        _end(session, visitor, VisitorAction.CANCEL, actor_id=None, at=at)
        settle_seats(session, workshop.id, freed=freed, actor_id=None, at=at)
    logger.info("visitor left", extra={"visitor_id": str(visitor_id)})


def end_visitors(
    session: Session, workshop: WorkshopSession, *, actor_id: int | None, at: datetime, **facts: Any
) -> int:
    """End every registration of a session that is cancelled, in the caller's transaction; count who is told of it.

    Who had a seat is told. Who had not confirmed gets no mail: her link says that the session is cancelled.
    `facts` are told with it: another date. Nothing is held there: visitors ask again, by name and address.
    """
    told = 0
    for visitor in list_live_visitors(session, workshop.id):
        if visitor.state is VisitorState.CONFIRMED:
            _tell(session, MessageKind.VISITOR_CANCELLED, visitor, workshop, at=at, by_organiser=True, **facts)
            told += 1
        _end(session, visitor, VisitorAction.CANCEL, actor_id=actor_id, at=at)
    return told


def tell_visitors_change(session: Session, workshop: WorkshopSession, *, at: datetime) -> int:
    """Tell and count who has a seat, in the caller's transaction; what is kept of visitors goes with the new day."""
    told = 0
    for visitor in list_live_visitors(session, workshop.id):
        visitor.erase_at = workshop.ends_at + KEPT_AFTER
        visitor.expires_at = min(visitor.asked_at + LINK_LIVES, workshop.starts_at)
        if visitor.state is VisitorState.CONFIRMED:
            event = f"changed:{workshop.sequence}"
            _tell(session, MessageKind.VISITOR_CHANGED, visitor, workshop, at=at, event=event)
            told += 1
    return told


def lapse_visitors(*, at: datetime) -> int:
    """End the registrations that nobody confirmed in time, and erase them; may run twice, also at once."""
    return sum(_lapse(visitor_id, at=at) for visitor_id in list_lapsed(db.session(), at=at))


def erase_visitors(*, at: datetime) -> int:
    """Forget the visitors whose day has come, with the mails that were written to them; may run twice, also at once."""
    return sum(_erase(visitor_id, at=at) for visitor_id in list_to_erase(db.session(), at=at))


@retried
def _lapse(visitor_id: int, *, at: datetime) -> int:
    with transaction() as session:
        visitor = session.get_one(Visitor, visitor_id, with_for_update=True, populate_existing=True)
        if visitor.state is not VisitorState.ASKED or visitor.expires_at > at:
            return 0
        _end(session, visitor, VisitorAction.LAPSE, actor_id=None, at=at)
    return 1


@retried
def _erase(visitor_id: int, *, at: datetime) -> int:
    with transaction() as session:
        visitor = session.get_one(Visitor, visitor_id, with_for_update=True, populate_existing=True)
        if visitor.erased_at is not None or visitor.erase_at > at:
            return 0
        session.execute(delete(Message).where(Message.event_key.startswith(_event_key(visitor, ""))))
        session.execute(update(Visitor).where(Visitor.id == visitor.id).values(name=None, email=None, erased_at=at))
    return 1


def _write_down(
    session: Session, workshop: WorkshopSession, *, name: str, email: str, locale: Locale, at: datetime
) -> None:
    waiting = list_asked_until(session, workshop.id, at=at)
    if len(waiting) >= MOST_ASKED:
        raise SessionAskedForError(retry_at=waiting[0])
    visitor = Visitor(
        public_id=uuid4(),
        association_id=workshop.association_id,
        session_id=workshop.id,
        state=VisitorState.ASKED,
        name=name,
        email=email,
        locale=locale,
        asked_at=at,
        expires_at=min(at + LINK_LIVES, workshop.starts_at),
        erase_at=workshop.ends_at + KEPT_AFTER,
    )
    session.add(visitor)
    session.flush()
    _tell(session, MessageKind.VISITOR_ASKED, visitor, workshop, at=at, expires_at=visitor.expires_at)


def _lock(session: Session, visitor_id: UUID) -> tuple[Visitor, WorkshopSession]:
    """Lock a live registration behind its session: the session's row comes first, as everywhere."""
    found = find_visitor(session, visitor_id)
    if found is None:
        raise NotFoundError(record="Visitor")
    workshop = lock_workshop_session(session, found.session_id)
    visitor = session.get_one(Visitor, found.id, with_for_update=True, populate_existing=True)
    if visitor.state not in (VisitorState.ASKED, VisitorState.CONFIRMED) or visitor.email is None:
        raise NotFoundError(record="Visitor")
    return visitor, workshop


def _end(session: Session, visitor: Visitor, action: VisitorAction, *, actor_id: int | None, at: datetime) -> None:
    """End a registration: what it said of somebody goes at once, the mails when the last has surely left."""
    erase_at = at if action is VisitorAction.LAPSE else at + MAILS_KEPT
    move(session, visitor, action, actor_id=actor_id, at=at, name=None, email=None, erase_at=erase_at)


def _tell(
    session: Session,
    kind: MessageKind,
    visitor: Visitor,
    workshop: WorkshopSession,
    *,
    at: datetime,
    event: str = "",
    **facts: object,
) -> None:
    queue_message(
        session,
        kind=kind,
        recipient=visitor.email,
        locale=visitor.locale,
        event_key=_event_key(visitor, event or kind.value),
        facts={**describe_session(session, workshop), "visitor_id": visitor.public_id, **facts},
        association_id=workshop.association_id,
        at=at,
    )


def _event_key(visitor: Visitor, event: str) -> str:
    return f"visitor:{visitor.public_id}:{event}"
