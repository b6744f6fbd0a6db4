"""Workshops that members lead, in the story: one confirmed, one that waits for its answer."""

from datetime import datetime, time, timedelta

from sqlalchemy import select

from models.associations import Association
from models.db import db
from models.entrepreneurs import Entrepreneur
from models.states import EntrepreneurState, SupporterState
from models.supporters import Supporter
from models.topics import WorkshopTheme
from models.workshops import SessionFormat
from webapp.clock import day_of
from webapp.permissions import Actor
from webapp.services.session_proposals import Proposal, confirm_session_proposal, propose_session
from webapp.services.session_values import SessionValues

BY_SUPPORTER = ("Mes premiers clients : ce qui a marché", "Trois histoires vraies, puis vos questions.")
BY_ENTREPRENEUR = ("Tenir un stand au marché", "Ce que j’aurais aimé savoir avant mon premier marché.")
PLACE = "Maison des projets"
SEATS = 8
AHEAD = timedelta(days=24)
WORD = "Merci beaucoup ! Nous préparons la salle."


def tell_peers(association: Association, coordinator: Actor, at: datetime) -> None:
    """Let a supporter lead a workshop that is confirmed, and an entrepreneur propose one. Nothing is drawn."""
    theme = _open_theme()
    if theme is None:
        return
    _lead(association.id, theme, coordinator, at)
    _propose(association.id, theme, at)


def _lead(association_id: int, theme: str, coordinator: Actor, at: datetime) -> None:
    supporter = db.session.scalar(
        select(Supporter)
        .where(Supporter.association_id == association_id, Supporter.state == SupporterState.ACTIVE)
        .order_by(Supporter.account_id.is_(None), Supporter.id)
        .limit(1)
    )
    if supporter is None:
        return
    title, words = BY_SUPPORTER
    day = day_of(at + AHEAD)
    made = propose_session(
        supporter_id=supporter.public_id,
        proposal=Proposal(title=title, theme=theme, seats=SEATS, words=words, wished_on=day),
        actor=Actor(account_id=supporter.account_id, supporter_ids=frozenset({supporter.id})),
        at=at,
    )
    values = SessionValues(
        theme=theme,
        title=title,
        description=words,
        day=day,
        starts_at=time(18, 30),
        ends_at=time(20),
        format=SessionFormat.IN_PERSON,
        seats=SEATS,
        place=PLACE,
    )
    confirm_session_proposal(proposal_id=made, values=values, word=WORD, actor=coordinator, at=at)


def _propose(association_id: int, theme: str, at: datetime) -> None:
    person = db.session.scalar(
        select(Entrepreneur)
        .where(Entrepreneur.association_id == association_id, Entrepreneur.state == EntrepreneurState.READY)
        .order_by(Entrepreneur.account_id.is_(None), Entrepreneur.id)
        .limit(1)
    )
    if person is None:
        return
    title, words = BY_ENTREPRENEUR
    propose_session(
        entrepreneur_id=person.public_id,
        proposal=Proposal(title=title, theme=theme, seats=SEATS, words=words),
        actor=Actor(account_id=person.account_id, entrepreneur_ids=frozenset({person.id})),
        at=at,
    )


def _open_theme() -> str | None:
    return db.session.scalar(
        select(WorkshopTheme.slug)
        .where(WorkshopTheme.is_sensitive.is_(False))
        .order_by(WorkshopTheme.position)
        .limit(1)
    )
