"""Seats in the story: a full session where one became free, and a small group whose organiser has to decide."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import func, select

from models.associations import Association
from models.db import db
from models.entrepreneurs import Entrepreneur
from models.states import BookingState, EntrepreneurState, SessionState
from models.topics import WorkshopTheme
from models.workshops import Booking, SessionFormat, WorkshopSession
from webapp.clock import day_of
from webapp.permissions import Actor
from webapp.services.bookings import book_session
from webapp.services.session_values import SessionValues
from webapp.services.workshops import create_session, resize_session

IN_LINE = 3
"""People in line before a seat becomes free: one is offered it, two go on waiting."""

SMALL_GROUP_DAYS_AGO, DECIDED_DAYS_AHEAD = 1, 3
MINIMUM, COMING = 5, 2
THEME, TITLE = "networking", "Petit déjeuner entre entrepreneurs"
SUNDAY = 6


def offer_seat(association: Association, coordinator: Actor, at: datetime) -> None:
    """Free one seat of the session that most people wait for."""
    full = _find_longest_line(association.id, at)
    if full is None:
        return
    workshop, waiting = full
    for person in _list_free_people(association.id, workshop.id, limit=max(0, IN_LINE - waiting)):
        _book(workshop.public_id, person, at)
    resize_session(session_id=workshop.public_id, seats=workshop.seats + 1, actor=coordinator, at=at)


def leave_to_decide(association: Association, coordinator: Actor, at: datetime) -> None:
    """Announce a session at short notice; so few people come that somebody has to say whether it takes place."""
    day = day_of(at) + timedelta(days=DECIDED_DAYS_AHEAD)
    theme = db.session.get_one(WorkshopTheme, THEME)
    values = SessionValues(
        theme=THEME,
        title=TITLE,
        day=day - timedelta(days=day.weekday() == SUNDAY),
        starts_at=time(9),
        ends_at=time(10, 30),
        format=SessionFormat.IN_PERSON,
        seats=10,
        minimum=MINIMUM,
        description=theme.description_fr,
        place="Maison de quartier",
        address="4 rue de l’Exemple",
    )
    outcome = create_session(association_id=association.public_id, values=values, actor=coordinator, at=at)
    workshop = db.session.scalars(select(WorkshopSession).where(WorkshopSession.public_id == outcome.session_id)).one()
    for person in _list_free_people(association.id, workshop.id, limit=COMING):
        _book(workshop.public_id, person, at)


def _book(session_id: UUID, person: Entrepreneur, at: datetime) -> None:
    herself = Actor(
        account_id=person.account_id,
        entrepreneur_ids=frozenset({person.id}),
        member_of=frozenset({person.association_id}),
    )
    book_session(session_id=session_id, entrepreneur_id=person.public_id, actor=herself, at=at)


def _find_longest_line(association_id: int, at: datetime) -> tuple[WorkshopSession, int] | None:
    """Give the full session to come that most people wait for, and how many do."""
    waiting = (
        select(func.count(Booking.id))
        .where(Booking.session_id == WorkshopSession.id, Booking.state == BookingState.WAITING)
        .scalar_subquery()
    )
    found = db.session.execute(
        select(WorkshopSession, waiting)
        .where(
            WorkshopSession.association_id == association_id,
            WorkshopSession.state == SessionState.SCHEDULED,
            WorkshopSession.starts_at > at + timedelta(days=DECIDED_DAYS_AHEAD),
            WorkshopSession.taken == WorkshopSession.seats,
        )
        .order_by(waiting.desc(), WorkshopSession.starts_at, WorkshopSession.id)
    ).first()
    return None if found is None else (found[0], int(found[1]))


def _list_free_people(association_id: int, session_id: int, *, limit: int) -> Sequence[Entrepreneur]:
    """Give people who can sign in and have nothing to do with a session; the last ones, whom less happened to."""
    known = select(Booking.entrepreneur_id).where(Booking.session_id == session_id)
    return db.session.scalars(
        select(Entrepreneur)
        .where(
            Entrepreneur.association_id == association_id,
            Entrepreneur.state == EntrepreneurState.READY,
            Entrepreneur.account_id.is_not(None),
            Entrepreneur.id.not_in(known),
        )
        .order_by(Entrepreneur.id.desc())
        .limit(limit)
    ).all()
