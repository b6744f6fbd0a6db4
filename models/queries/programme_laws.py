"""What must hold of series, as conditions on the rows that break it."""

from sqlalchemy import ColumnElement, exists

from models.series import WorkshopSeries
from models.workshops import WorkshopSession


def is_of_a_series() -> ColumnElement[bool]:
    """Say which sessions are dates of a series."""
    return WorkshopSession.series_id.is_not(None)


def has_another_theme_than_its_series() -> ColumnElement[bool]:
    """Say which dates have another theme than their series: a private one would be told by an open one."""
    return exists().where(
        WorkshopSeries.id == WorkshopSession.series_id, WorkshopSeries.theme_slug != WorkshopSession.theme_slug
    )
