"""What an organiser typed into the form of a session, as values for the service."""

from typing import Any
from uuid import UUID

from models.db import db
from models.entrepreneurs import Stage
from models.workshops import SessionFormat
from webapp.services.session_values import SessionValues
from webapp.territories.communes import UnclearCommuneError, resolve_commune
from webapp.workshops.forms import SessionForm


def read_session(form: SessionForm) -> SessionValues | None:
    """Turn the form into values, or note on the field what stands in the way."""
    try:
        commune = resolve_commune(db.session(), form.commune.data or "")
    except UnclearCommuneError as error:
        form.commune.errors = [str(error)]
        return None
    chosen: dict[str, Any] = {
        name: form[name].data or ""
        for name in ("theme", "title", "description", "place", "address", "online_url", "language", "accessibility")
    }
    return SessionValues(
        **chosen,
        day=form.day.data,
        starts_at=form.starts_at.data,
        ends_at=form.ends_at.data,
        seats=form.seats.data,
        minimum=form.minimum.data,
        format=SessionFormat(form.format.data),
        commune_code=commune.code if commune else None,
        is_public=bool(form.is_public.data),
        series_id=UUID(form.series.data) if form.series.data else None,
        stages=tuple(stage.value for stage in Stage if stage.value in form.stages.data),
    )
