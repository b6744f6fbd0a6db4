"""What an organiser decides about a workshop session, checked and turned into columns."""

from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.entrepreneurs import Stage
from models.exceptions import InvalidInputError
from models.series import WorkshopSeries
from models.territories import Commune
from models.topics import Language, WorkshopTheme
from models.workshops import SessionFormat
from webapp.services.wall_times import resolve_wall_time

MOST_SEATS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionValues:
    """What an organiser decides about a session; times are those of a clock in France."""

    theme: str
    title: str
    day: date
    starts_at: time
    ends_at: time
    format: SessionFormat
    seats: int
    description: str = ""
    place: str = ""
    address: str = ""
    online_url: str = ""
    commune_code: str | None = None
    language: str = "fr"
    stages: tuple[str, ...] = ()
    accessibility: str = ""
    minimum: int | None = None
    series_id: UUID | None = None
    is_public: bool = False


def read_values(session: Session, values: SessionValues) -> dict[str, Any]:
    """Check what was decided, and give it as columns of the table.

    Raises
    ------
    InvalidInputError
        If a value breaks a rule; `field` says which.
    InvalidWallTimeError
        If no clock shows a time.
    """
    _check_values(values)
    start = resolve_wall_time(values.day, values.starts_at, field="starts_at")
    end = resolve_wall_time(values.day, values.ends_at, field="ends_at")
    if end.instant <= start.instant:
        raise InvalidInputError(field="ends_at")
    commune = _check_known(session, values)
    return {
        "theme_slug": values.theme,
        "title": values.title.strip(),
        "description": values.description.strip(),
        "starts_at": start.instant,
        "ends_at": end.instant,
        "wall_start": start.wall,
        "zone": start.zone,
        "format": values.format,
        "place": values.place.strip(),
        "address": values.address.strip(),
        "online_url": values.online_url.strip(),
        "commune_code": values.commune_code,
        "latitude": commune.latitude if commune else None,
        "longitude": commune.longitude if commune else None,
        "language": values.language,
        "stages": [stage.value for stage in Stage if stage in values.stages],
        "accessibility": values.accessibility.strip(),
    }


def read_series(session: Session, values: SessionValues, association_id: int) -> dict[str, Any]:
    """Give the column of the series that a session is a date of; it has the theme of its series.

    Raises
    ------
    InvalidInputError
        If the association has no such series, or its theme is another.
    """
    if values.series_id is None:
        return {"series_id": None}
    series = session.scalar(
        select(WorkshopSeries).where(
            WorkshopSeries.public_id == values.series_id, WorkshopSeries.association_id == association_id
        )
    )
    if series is None or series.theme_slug != values.theme:
        raise InvalidInputError(field="series")
    return {"series_id": series.id}


def _check_known(session: Session, values: SessionValues) -> Commune | None:
    commune = session.get(Commune, values.commune_code) if values.commune_code else None
    theme = session.get(WorkshopTheme, values.theme)
    known = {
        "theme": theme is not None,
        "is_public": not values.is_public or theme is None or not theme.is_sensitive,
        "language": session.get(Language, values.language) is not None,
        "commune_code": commune is not None or not values.commune_code,
    }
    for field, holds in known.items():
        if not holds:
            raise InvalidInputError(field=field)
    return commune


def _check_values(values: SessionValues) -> None:
    link, place = values.online_url.strip(), values.place.strip()
    checks = {
        "title": 0 < len(values.title.strip()) <= 160,
        "place": len(place) <= 160 and (values.format is not SessionFormat.IN_PERSON or bool(place)),
        "address": len(values.address) <= 255,
        "online_url": len(link) <= 255 and (not link or link.startswith(("https://", "http://"))),
        "accessibility": len(values.accessibility) <= 255,
        "seats": 1 <= values.seats <= MOST_SEATS,
        "stages": set(values.stages) <= set(Stage),
    }
    for field, holds in checks.items():
        if not holds:
            raise InvalidInputError(field=field)
