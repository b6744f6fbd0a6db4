"""Reads of sessions that members propose to lead: one's own, those to decide, who leads a session."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from models.entrepreneurs import Entrepreneur
from models.exceptions import NotFoundError
from models.queries.pages import Page, fetch_page
from models.session_proposals import SessionProposal
from models.states import BookingState, SessionProposalState, SessionState
from models.supporters import Supporter
from models.workshops import Booking, WorkshopSession

WITH_PEOPLE = (
    joinedload(SessionProposal.entrepreneur),
    joinedload(SessionProposal.supporter),
    joinedload(SessionProposal.coordinator),
    joinedload(SessionProposal.session).joinedload(WorkshopSession.theme),
    joinedload(SessionProposal.theme),
)
COMING = (BookingState.CONFIRMED, BookingState.ATTENDED, BookingState.ABSENT)
MOST_OWN = 50
MOST_SEATS = 500


def get_session_proposal(session: Session, public_id: UUID) -> SessionProposal:
    """Give a proposal as it is now, with its people.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    rows = select(SessionProposal).where(SessionProposal.public_id == public_id).options(*WITH_PEOPLE)
    found = session.scalar(rows.execution_options(populate_existing=True))
    if found is None:
        raise NotFoundError(record="SessionProposal")
    return found


def list_own_proposals(
    session: Session, *, entrepreneur_ids: Collection[int] = (), supporter_ids: Collection[int] = ()
) -> Sequence[SessionProposal]:
    """Give what somebody proposed to lead, the last first."""
    mine = or_(SessionProposal.entrepreneur_id.in_(entrepreneur_ids), SessionProposal.supporter_id.in_(supporter_ids))
    return session.scalars(
        select(SessionProposal)
        .where(mine)
        .options(*WITH_PEOPLE)
        .order_by(SessionProposal.proposed_at.desc(), SessionProposal.id.desc())
        .limit(MOST_OWN)
    ).all()


def list_ahead(
    session: Session,
    *,
    entrepreneur_ids: Collection[int] = (),
    supporter_ids: Collection[int] = (),
    at: datetime,
) -> Sequence[SessionProposal]:
    """Give what somebody proposed that waits for its answer, and the sessions to come that she leads."""
    mine = or_(SessionProposal.entrepreneur_id.in_(entrepreneur_ids), SessionProposal.supporter_id.in_(supporter_ids))
    leads = and_(WorkshopSession.state == SessionState.SCHEDULED, WorkshopSession.ends_at > at)
    return session.scalars(
        select(SessionProposal)
        .outerjoin(SessionProposal.session)
        .where(mine, or_(SessionProposal.state == SessionProposalState.PROPOSED, leads))
        .options(contains_eager(SessionProposal.session), joinedload(SessionProposal.coordinator))
        .order_by(SessionProposal.id)
        .limit(MOST_OWN)
    ).all()


def find_waiting_proposal(session: Session, proposer: Entrepreneur | Supporter) -> SessionProposal | None:
    """Give the proposal of somebody that waits for its answer."""
    return session.scalar(_select_waiting(proposer).options(*WITH_PEOPLE))


def lock_waiting_proposal(session: Session, proposer: Entrepreneur | Supporter) -> SessionProposal | None:
    """Give the proposal of somebody that waits for its answer, locked; none if it is answered at this very moment."""
    return session.scalar(_select_waiting(proposer).with_for_update())


def _select_waiting(proposer: Entrepreneur | Supporter) -> Select[SessionProposal]:
    return select(SessionProposal).where(_is_by(proposer), SessionProposal.state == SessionProposalState.PROPOSED)


def find_leader(session: Session, session_id: int) -> SessionProposal | None:
    """Give the proposal that a session came from, with who leads it."""
    return session.scalar(select(SessionProposal).where(SessionProposal.session_id == session_id).options(*WITH_PEOPLE))


def list_first_names(session: Session, session_id: int) -> Sequence[str]:
    """Give the first names of who has a place, in their alphabet: all that a leader sees of them."""
    return session.scalars(
        select(Entrepreneur.first_name)
        .join(Booking, Booking.entrepreneur_id == Entrepreneur.id)
        .where(Booking.session_id == session_id, Booking.state.in_(COMING))
        .order_by(Entrepreneur.search_name, Entrepreneur.id)
        .limit(MOST_SEATS)
    ).all()


def select_session_proposals(association_id: int) -> Select[SessionProposal]:
    """Select the proposals of an association that wait for an answer, the first deadline first."""
    return (
        select(SessionProposal)
        .where(SessionProposal.association_id == association_id, SessionProposal.state == SessionProposalState.PROPOSED)
        .order_by(SessionProposal.due_at, SessionProposal.id)
    )


def list_session_proposals(session: Session, association_id: int, *, page: int = 1) -> Page[SessionProposal]:
    """List one page of proposals that wait for an answer."""
    return fetch_page(session, select_session_proposals(association_id).options(*WITH_PEOPLE), page)


def list_answered_proposals(session: Session, association_id: int) -> Sequence[SessionProposal]:
    """Give what an association answered lately, the last first."""
    answered = (SessionProposalState.CONFIRMED, SessionProposalState.DECLINED)
    return session.scalars(
        select(SessionProposal)
        .where(SessionProposal.association_id == association_id, SessionProposal.state.in_(answered))
        .options(*WITH_PEOPLE)
        .order_by(SessionProposal.ended_at.desc(), SessionProposal.id.desc())
        .limit(MOST_OWN)
    ).all()


def _is_by(proposer: Entrepreneur | Supporter) -> ColumnElement[bool]:
    if isinstance(proposer, Supporter):
        return SessionProposal.supporter_id == proposer.id
    return SessionProposal.entrepreneur_id == proposer.id
