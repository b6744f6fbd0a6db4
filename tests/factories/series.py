"""Series of workshop sessions."""

from typing import Any

from sqlalchemy.orm import Session

from models.associations import Association
from models.series import WorkshopSeries
from tests.factories.sequence import MADE_AT


def make_workshop_series(session: Session, association: Association, **values: Any) -> WorkshopSeries:
    """Make a series on cash flow; its dates are sessions made with its `id` as `series_id`."""
    series = WorkshopSeries(
        **{
            "association_id": association.id,
            "theme_slug": "financial_management",
            "title": "Gérer au quotidien",
            "created_at": MADE_AT,
            "updated_at": MADE_AT,
            **values,
        }
    )
    session.add(series)
    session.flush()
    return series
