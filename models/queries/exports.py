"""Everything of one association that a file can hold, each kind in a bounded number of statements."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from models.entrepreneurs import Entrepreneur
from models.match_runs import MatchRun, Suggestion
from models.states import EntrepreneurState, MatchRunState, SessionState, SupporterState
from models.supporters import Supporter
from models.territories import Commune, Qpv
from models.workshops import WorkshopSession

Point = tuple[float | None, float | None]


def list_entrepreneurs_whole(session: Session, association_id: int) -> Sequence[Entrepreneur]:
    """List the open files of an association with needs, languages and what was confided, by reference."""
    return session.scalars(
        select(Entrepreneur)
        .where(Entrepreneur.association_id == association_id, Entrepreneur.state != EntrepreneurState.CLOSED)
        .options(
            selectinload(Entrepreneur.needs), selectinload(Entrepreneur.languages), selectinload(Entrepreneur.confided)
        )
        .order_by(Entrepreneur.reference)
        .execution_options(populate_existing=True)
    ).all()


def list_supporters_whole(session: Session, association_id: int) -> Sequence[Supporter]:
    """List the supporters of an association who have not left, with expertise and languages, by reference."""
    return session.scalars(
        select(Supporter)
        .where(Supporter.association_id == association_id, Supporter.state != SupporterState.LEFT)
        .options(selectinload(Supporter.expertise), selectinload(Supporter.languages))
        .order_by(Supporter.reference)
        .execution_options(populate_existing=True)
    ).all()


def list_sessions_whole(session: Session, association_id: int) -> Sequence[WorkshopSession]:
    """List the sessions of an association that were not cancelled, the first to begin first."""
    return session.scalars(
        select(WorkshopSession)
        .where(WorkshopSession.association_id == association_id, WorkshopSession.state != SessionState.CANCELLED)
        .order_by(WorkshopSession.starts_at, WorkshopSession.reference)
        .execution_options(populate_existing=True)
    ).all()


def find_run_to_export(session: Session, association_id: int, public_id: UUID | None) -> MatchRun | None:
    """Give a finished run of an association: the one named, else the last."""
    finished = select(MatchRun).where(MatchRun.association_id == association_id, MatchRun.state == MatchRunState.DONE)
    if public_id is not None:
        finished = finished.where(MatchRun.public_id == public_id)
    return session.scalar(finished.order_by(MatchRun.id.desc()).limit(1))


def list_suggestions_whole(session: Session, run_id: int) -> Sequence[Suggestion]:
    """List the suggestions of a run with both people, person by person, the assigned supporter first."""
    return session.scalars(
        select(Suggestion)
        .where(Suggestion.run_id == run_id)
        .join(Suggestion.entrepreneur)
        .options(joinedload(Suggestion.entrepreneur), joinedload(Suggestion.supporter))
        .order_by(Entrepreneur.reference, Suggestion.role, Suggestion.rank)
        .execution_options(populate_existing=True)
    ).all()


def map_middles(session: Session) -> tuple[Mapping[str, Point], Mapping[str, Point]]:
    """Give the middle of each commune and of each priority neighbourhood."""
    communes = session.execute(select(Commune.code, Commune.latitude, Commune.longitude))
    qpvs = session.execute(select(Qpv.code, Qpv.latitude, Qpv.longitude))
    return (
        {code: (latitude, longitude) for code, latitude, longitude in communes},
        {code: (latitude, longitude) for code, latitude, longitude in qpvs},
    )
