"""Series of sessions: for their organiser, and as one entrepreneur sees them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from models.exceptions import NotFoundError
from models.queries.pages import Page, fetch_page
from models.series import WorkshopSeries
from models.states import SessionState
from models.workshops import WorkshopSession


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesLine:
    """A series with how many dates are to come, and the next of them."""

    series: WorkshopSeries
    to_come: int
    next_at: datetime | None


def find_series(session: Session, public_id: UUID) -> WorkshopSeries | None:
    """Give a series with its theme."""
    return session.scalar(
        select(WorkshopSeries)
        .where(WorkshopSeries.public_id == public_id)
        .options(joinedload(WorkshopSeries.theme))
        .execution_options(populate_existing=True)
    )


def get_series(session: Session, public_id: UUID, *, association_ids: Collection[int] | None = None) -> WorkshopSeries:
    """Get a series with its theme, of these associations.

    Raises
    ------
    NotFoundError
        If there is none, or it belongs to others.
    """
    found = find_series(session, public_id)
    if found is None or (association_ids is not None and found.association_id not in association_ids):
        raise NotFoundError(record="WorkshopSeries")
    return found


def list_series(session: Session, association_id: int, *, at: datetime, page: int = 1) -> Page[SeriesLine]:
    """List one page of the series of an association by title, with their dates to come."""
    rows = (
        select(WorkshopSeries)
        .where(WorkshopSeries.association_id == association_id)
        .options(joinedload(WorkshopSeries.theme))
        .order_by(WorkshopSeries.title, WorkshopSeries.id)
    )
    found = fetch_page(session, rows, page)
    counted = session.execute(
        select(WorkshopSession.series_id, func.count(), func.min(WorkshopSession.starts_at))
        .where(
            WorkshopSession.series_id.in_([one.id for one in found.lines]),
            WorkshopSession.state == SessionState.SCHEDULED,
            WorkshopSession.starts_at > at,
        )
        .group_by(WorkshopSession.series_id)
    ).all()
    ahead = {series_id: (number, first) for series_id, number, first in counted}
    return found.with_lines(
        [
            SeriesLine(series=one, to_come=ahead.get(one.id, (0, None))[0], next_at=ahead.get(one.id, (0, None))[1])
            for one in found.lines
        ]
    )


def list_choices_of_series(session: Session, association_id: int) -> Sequence[WorkshopSeries]:
    """Give the series of an association that a date can be added to, by title."""
    return session.scalars(
        select(WorkshopSeries)
        .where(WorkshopSeries.association_id == association_id)
        .order_by(WorkshopSeries.title, WorkshopSeries.id)
    ).all()


def list_dates(session: Session, series_id: int) -> Sequence[WorkshopSession]:
    """Give every date of a series that was not cancelled, with its theme, the first one first."""
    return session.scalars(
        select(WorkshopSession)
        .where(WorkshopSession.series_id == series_id, WorkshopSession.state != SessionState.CANCELLED)
        .options(joinedload(WorkshopSession.theme))
        .order_by(WorkshopSession.starts_at, WorkshopSession.id)
        .execution_options(populate_existing=True)
    ).all()


def list_dates_ahead(session: Session, series_id: int, *, at: datetime) -> Sequence[WorkshopSession]:
    """Give the dates of a series to come, in the order in which their rows are locked."""
    return session.scalars(
        select(WorkshopSession)
        .where(
            WorkshopSession.series_id == series_id,
            WorkshopSession.state == SessionState.SCHEDULED,
            WorkshopSession.starts_at > at,
        )
        .order_by(WorkshopSession.id)
        .execution_options(populate_existing=True)
    ).all()


def find_series_of(session: Session, workshop: WorkshopSession) -> WorkshopSeries | None:
    """Give the series that a session is a date of."""
    return None if workshop.series_id is None else session.get(WorkshopSeries, workshop.series_id)
