"""Public sessions, and the visitors who come to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session, joinedload

from models.associations import Association
from models.exceptions import NotFoundError
from models.queries.pages import Page, fetch_page
from models.states import LIVE_VISITOR_STATES, SessionState, VisitorState
from models.visitors import Visitor
from models.workshops import WorkshopSession


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicSession:
    """A public session with who invites."""

    session: WorkshopSession
    association: Association


def list_public_sessions(session: Session, *, at: datetime, page: int = 1) -> Page[PublicSession]:
    """List one page of the public sessions to come of every association, the soonest first."""
    rows = (
        select(WorkshopSession)
        .where(*_is_public(at))
        .options(joinedload(WorkshopSession.theme))
        .order_by(WorkshopSession.starts_at, WorkshopSession.id)
    )
    found = fetch_page(session, rows, page)
    ids = {one.association_id for one in found.lines}
    houses = {one.id: one for one in session.scalars(select(Association).where(Association.id.in_(ids)))}
    return found.with_lines([PublicSession(session=one, association=houses[one.association_id]) for one in found.lines])


def list_public_ids(session: Session, *, at: datetime) -> Sequence[Row[UUID, datetime]]:
    """Give the public numbers of the public sessions to come, with the instant of their last change."""
    return session.execute(
        select(WorkshopSession.public_id, WorkshopSession.updated_at)
        .where(*_is_public(at))
        .order_by(WorkshopSession.starts_at, WorkshopSession.id)
    ).all()


def get_public_session(session: Session, public_id: UUID) -> PublicSession:
    """Get a public session that was not cancelled, past or to come.

    Raises
    ------
    NotFoundError
        If there is none, or it is for people who are followed alone.
    """
    found = session.execute(
        select(WorkshopSession, Association)
        .join(Association, Association.id == WorkshopSession.association_id)
        .where(WorkshopSession.public_id == public_id, WorkshopSession.is_public)
        .options(joinedload(WorkshopSession.theme))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFoundError(record="WorkshopSession")
    return PublicSession(session=found[0], association=found[1])


def find_visitor(session: Session, public_id: UUID) -> Visitor | None:
    """Give a registration."""
    return session.scalar(
        select(Visitor).where(Visitor.public_id == public_id).execution_options(populate_existing=True)
    )


def list_live_visitors(session: Session, session_id: int) -> Sequence[Visitor]:
    """Give who has a seat, or has not confirmed yet, in the order of asking."""
    return session.scalars(
        select(Visitor)
        .where(Visitor.session_id == session_id, Visitor.state.in_(LIVE_VISITOR_STATES))
        .order_by(Visitor.id)
        .execution_options(populate_existing=True)
    ).all()


def list_asked_until(session: Session, session_id: int, *, at: datetime) -> Sequence[datetime]:
    """Give until when each registration of a session that nobody has confirmed yet waits, the soonest first."""
    waiting = select(Visitor.expires_at).where(Visitor.session_id == session_id, _is_asked(), Visitor.expires_at > at)
    return session.scalars(waiting.order_by(Visitor.expires_at)).all()


def list_lapsed(session: Session, *, at: datetime) -> Sequence[int]:
    """Give the row numbers of registrations whose link ran out before anybody confirmed."""
    return session.scalars(select(Visitor.id).where(_is_asked(), Visitor.expires_at <= at).order_by(Visitor.id)).all()


def list_to_erase(session: Session, *, at: datetime) -> Sequence[int]:
    """Give the row numbers of registrations whose day to be forgotten has come."""
    due = select(Visitor.id).where(Visitor.erased_at.is_(None), Visitor.erase_at <= at)
    return session.scalars(due.order_by(Visitor.id)).all()


def _is_asked() -> ColumnElement[bool]:
    return Visitor.state == VisitorState.ASKED


def _is_public(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        WorkshopSession.is_public.is_(True),
        WorkshopSession.state == SessionState.SCHEDULED,
        WorkshopSession.starts_at > at,
    )
