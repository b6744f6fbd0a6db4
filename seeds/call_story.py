"""Calls in the story: with somebody on the telephone a coordinator books a workshop, and says yes to a circle."""

from datetime import datetime, timedelta

from sqlalchemy import select

from models import wall
from models.associations import Association
from models.circles import CircleMember
from models.db import db
from models.entrepreneurs import Entrepreneur
from models.queries.agenda import list_next_sessions
from models.states import CircleMemberState, EntrepreneurState
from models.workshops import Booking
from webapp.permissions import Actor
from webapp.services.assisted_calls import begin_call, end_call
from webapp.services.bookings import book_session
from webapp.services.circles import join_circle

CALLED_DAYS_AGO = 1
MINUTES_TO_BOOK, MINUTES_TO_ANSWER, MINUTES_IN_ALL = 4, 9, 15
MINUTES_UNDER_WAY = 10
SESSIONS_LOOKED_AT = 30


def tell_call(association: Association, coordinator: Actor, at: datetime) -> None:
    """Call one of those who have not answered an invitation to a circle; the others are left to answer."""
    invited = db.session.execute(
        select(CircleMember.public_id, Entrepreneur)
        .join(Entrepreneur, Entrepreneur.id == CircleMember.entrepreneur_id)
        .where(CircleMember.association_id == association.id, CircleMember.state == CircleMemberState.INVITED)
        .order_by(Entrepreneur.account_id.is_(None), CircleMember.id)
    ).all()
    if not invited:
        return
    member_id, person = invited[0]
    begin_call(entrepreneur_id=person.public_id, agreed=True, actor=coordinator, at=at)
    _book(person, coordinator, at + timedelta(minutes=MINUTES_TO_BOOK))
    if len(invited) > 1:
        join_circle(member_id=member_id, actor=coordinator, at=at + timedelta(minutes=MINUTES_TO_ANSWER))
    end_call(entrepreneur_id=person.public_id, actor=coordinator, at=at + timedelta(minutes=MINUTES_IN_ALL))


def begin_call_now(association: Association, coordinator: Actor, until: datetime) -> None:
    """Have a call under way when the story ends, with a workshop booked in it: its marks are there to see.

    On the lending side only, so that the other side shows the pages of who is not on the telephone.
    """
    person = _find_to_call(association) if wall.lends(association.network) else None
    if person is not None:
        began_at = until - timedelta(minutes=MINUTES_UNDER_WAY)
        begin_call(entrepreneur_id=person.public_id, agreed=True, actor=coordinator, at=began_at)
        _book(person, coordinator, began_at + timedelta(minutes=MINUTES_TO_BOOK))


def _find_to_call(association: Association) -> Entrepreneur | None:
    """Give one of those whose profile is whole; first who has no account, and is helped on the telephone alone."""
    rows = select(Entrepreneur).where(
        Entrepreneur.association_id == association.id,
        Entrepreneur.state == EntrepreneurState.READY,
    )
    return db.session.scalar(rows.order_by(Entrepreneur.account_id.is_not(None), Entrepreneur.id).limit(1))


def _book(person: Entrepreneur, coordinator: Actor, at: datetime) -> None:
    """Book the next workshop that has a free seat, is not private, and is not hers yet."""
    booked = set(db.session.scalars(select(Booking.session_id).where(Booking.entrepreneur_id == person.id)))
    coming = list_next_sessions(db.session(), person.association_id, at=at, limit=SESSIONS_LOOKED_AT)
    free = (
        line.session
        for line in coming
        if line.free and not line.session.theme.is_sensitive and line.session.id not in booked
    )
    workshop = next(free, None)
    if workshop is not None:
        book_session(session_id=workshop.public_id, entrepreneur_id=person.public_id, actor=coordinator, at=at)
