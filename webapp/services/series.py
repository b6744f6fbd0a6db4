"""Series of sessions: made and changed by an organiser, booked and left as a whole."""

import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from models.audit import AuditEvent
from models.db import retried, transaction
from models.exceptions import InvalidInputError, SessionClosedError
from models.queries.associations import get_association_by_public_id
from models.queries.series import get_series, list_dates_ahead
from models.series import WorkshopSeries
from models.states import BookingState
from models.topics import WorkshopTheme
from webapp.form_keys import claim_form_key, note_outcome
from webapp.permissions import Actor, Permission, require
from webapp.services.bookings import book_in, get_person_to_book, leave_in

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesValues:
    """What an organiser decides about a series; the theme is chosen once."""

    theme: str
    title: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesOutcome:
    """What became of booking or leaving every date to come: seats, turns in a waiting list, places given back."""

    seated: int = 0
    waiting: int = 0
    left: int = 0


@retried
def create_series(
    *, association_id: UUID, values: SeriesValues, actor: Actor, at: datetime, form_key: str | None = None
) -> UUID:
    """Make a series, to which dates are added.

    Raises NotFoundError, PermissionDeniedError, InvalidInputError or RepeatedRequestError.
    """
    with transaction() as session:
        association = get_association_by_public_id(session, association_id)
        require(actor, Permission.WORKSHOP_RUN, association)
        claim_form_key(session, key=form_key, account_id=actor.account_id, at=at)
        _check(session, values)
        series = WorkshopSeries(
            public_id=uuid4(),
            association_id=association.id,
            organiser_id=actor.account_id,
            theme_slug=values.theme,
            title=values.title.strip(),
            description=values.description.strip(),
            created_at=at,
            updated_at=at,
        )
        session.add(series)
        session.flush()
        _note(session, series, "create", actor, at)
        note_outcome(session, key=form_key, outcome=series.public_id)
        public_id = series.public_id
    logger.info("series created", extra={"series_id": str(public_id)})
    return public_id


@retried
def update_series(*, series_id: UUID, values: SeriesValues, actor: Actor, at: datetime) -> None:
    """Change the title and the description of a series; those of its dates stay as they are.

    Raises NotFoundError, PermissionDeniedError, or InvalidInputError (another theme among others).
    """
    with transaction() as session:
        series = get_series(session, series_id)
        require(actor, Permission.WORKSHOP_RUN, series)
        _check(session, values)
        if values.theme != series.theme_slug:
            raise InvalidInputError(field="series_theme")
        series.title = values.title.strip()
        series.description = values.description.strip()
        series.updated_at = at
        _note(session, series, "change", actor, at)
    logger.info("series changed", extra={"series_id": str(series_id)})


@retried
def book_series(
    *, series_id: UUID, entrepreneur_id: UUID, actor: Actor, at: datetime, form_key: str | None = None
) -> SeriesOutcome:
    """Give a person a seat, or a turn in the waiting list, in every date to come; where she has one nothing changes.

    All or nothing: the rows of the dates are locked in the order of their ids, as everywhere.

    Raises NotFoundError, PermissionDeniedError, NotEligibleError, SessionClosedError (no date is to come) or
    RepeatedRequestError.
    """
    with transaction() as session:
        series = get_series(session, series_id)
        person = get_person_to_book(session, entrepreneur_id)
        claim_form_key(session, key=form_key, account_id=actor.account_id, at=at)
        dates = list_dates_ahead(session, series.id, at=at)
        booked = [book_in(session, workshop, person, actor=actor, at=at) for workshop in dates]
        made = [booking.state for booking in booked if booking is not None]
        if not made:
            raise SessionClosedError(series_id=series_id)
        note_outcome(session, key=form_key, outcome=series.public_id)
    waiting = sum(state is BookingState.WAITING for state in made)
    logger.info("series booked", extra={"series_id": str(series_id), "dates": len(made), "waiting": waiting})
    return SeriesOutcome(seated=len(made) - waiting, waiting=waiting)


@retried
def leave_series(*, series_id: UUID, entrepreneur_id: UUID, actor: Actor, at: datetime) -> SeriesOutcome:
    """Give every place and turn of the dates to come back, in one transaction; who waits moves up.

    Raises NotFoundError or PermissionDeniedError.
    """
    with transaction() as session:
        series = get_series(session, series_id)
        person = get_person_to_book(session, entrepreneur_id)
        dates = list_dates_ahead(session, series.id, at=at)
        left = sum(leave_in(session, workshop, person, actor=actor, at=at) for workshop in dates)
    logger.info("series left", extra={"series_id": str(series_id), "dates": left})
    return SeriesOutcome(left=left)


def _check(session: Session, values: SeriesValues) -> None:
    if not 0 < len(values.title.strip()) <= 160:
        raise InvalidInputError(field="title")
    if session.get(WorkshopTheme, values.theme) is None:
        raise InvalidInputError(field="theme_unknown")


def _note(session: Session, series: WorkshopSeries, action: str, actor: Actor, at: datetime) -> None:
    session.add(
        AuditEvent(
            association_id=series.association_id,
            record="workshop_series",
            record_id=series.id,
            action=action,
            actor_id=actor.account_id,
            at=at,
        )
    )
