"""A call in the story: with somebody on the telephone a coordinator booked a workshop and said yes to a circle."""

from datetime import datetime, timedelta

from sqlalchemy import select

from models.associations import Association
from models.circles import CircleMember
from models.db import db
from models.entrepreneurs import Entrepreneur
from models.queries.agenda import list_next_sessions
from models.states import CircleMemberState
from models.workshops import Booking
from webapp.permissions import Actor
from webapp.services.assisted_calls import begin_call, end_call
from webapp.services.bookings import book_session
from webapp.services.circles import join_circle

CALLED_DAYS_AGO = 1
MINUTES_TO_BOOK, MINUTES_TO_ANSWER, MINUTES_IN_ALL = 4, 9, 15
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
