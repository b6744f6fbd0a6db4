"""What must hold of series, public sessions and visitors, as conditions on the rows that break it."""

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, select

from models.series import WorkshopSeries
from models.states import LIVE_VISITOR_STATES, SessionState, VisitorState
from models.topics import WorkshopTheme
from models.visitors import Visitor
from models.workshops import WorkshopSession


def is_of_a_series() -> ColumnElement[bool]:
    """Say which sessions are dates of a series."""
    return WorkshopSession.series_id.is_not(None)


def has_another_theme_than_its_series() -> ColumnElement[bool]:
    """Say which dates have another theme than their series: a private one would be told by an open one."""
    return exists().where(
        WorkshopSeries.id == WorkshopSession.series_id, WorkshopSeries.theme_slug != WorkshopSession.theme_slug
    )


def is_public() -> ColumnElement[bool]:
    """Say which sessions everybody may come to."""
    return WorkshopSession.is_public.is_(True)


def is_public_of_a_sensitive_theme() -> ColumnElement[bool]:
    """Say which public sessions are of a theme to which people come because nobody knows."""
    sensitive = exists().where(WorkshopTheme.slug == WorkshopSession.theme_slug, WorkshopTheme.is_sensitive)
    return and_(is_public(), sensitive)


def is_live_visitor() -> ColumnElement[bool]:
    """Say which registrations of visitors may still come."""
    return Visitor.state.in_(LIVE_VISITOR_STATES)


def visits_a_cancelled_session() -> ColumnElement[bool]:
    """Say which live registrations are for a session that will not take place."""
    cancelled = exists().where(
        WorkshopSession.id == Visitor.session_id, WorkshopSession.state == SessionState.CANCELLED
    )
    return and_(is_live_visitor(), cancelled)


def count_seated_visitors() -> ScalarSelect[int]:
    """Count the visitors who hold a seat of the session that is looked at."""
    return (
        select(func.count())
        .select_from(Visitor)
        .where(Visitor.session_id == WorkshopSession.id, Visitor.state == VisitorState.CONFIRMED)
        .correlate(WorkshopSession)
        .scalar_subquery()
    )
