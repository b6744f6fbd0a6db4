"""Files out of the database: the columns that an import reads, and the suggestions of a match run.

What people confided leaves only towards associations that rebuild with them, never towards the lending side: there the
two columns stay empty, and a stage is written as that side is told it. Every export leaves an event row.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from models.associations import Association
from models.audit import AuditEvent
from models.db import retried, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import NotFoundError
from models.match_runs import Suggestion
from models.names import full_name
from models.queries.associations import get_association_by_public_id
from models.queries.exports import (
    Point,
    find_run_to_export,
    list_entrepreneurs_whole,
    list_sessions_whole,
    list_suggestions_whole,
    list_supporters_whole,
    map_middles,
)
from models.supporters import Supporter
from models.wall import lends, tell_stage
from models.workshops import WorkshopSession
from webapp.permissions import Actor, Permission, require
from webapp.spreadsheets import (
    EntrepreneurRow,
    Kind,
    Language,
    LocationSource,
    Row,
    SuggestionRow,
    SupporterRow,
    Vocabulary,
    WorkshopSessionRow,
    write_rows,
    write_suggestions,
)

logger = logging.getLogger(__name__)

CONFIDED = frozenset({"coaching_consent", "after_liquidation"})
FILE_NAMES = MappingProxyType(
    {
        Kind.ENTREPRENEURS: ("entrepreneurs", "entrepreneurs"),
        Kind.SUPPORTERS: ("accompagnants", "supporters"),
        Kind.WORKSHOPS: ("ateliers", "workshops"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFile:
    """A file to hand over, and how many lines it has below its headers."""

    name: str
    content: bytes
    lines: int


class Describe(Protocol):
    """How the web app puts a suggestion into words: labelled components, and reasons."""

    def __call__(
        self, suggestion: Suggestion, /, *, lends: bool
    ) -> tuple[tuple[tuple[str, float], ...], tuple[str, ...]]:
        """Give (label, value) of each component, and the sentences."""


@retried
def export_rows(
    *,
    kind: Kind,
    association_id: UUID,
    actor: Actor,
    at: datetime,
    vocabulary: Vocabulary,
    language: Language = "fr",
) -> ExportFile:
    """Write what an association has of one kind, in the columns that an import reads back.

    Raises NotFoundError or PermissionDeniedError.
    """
    with transaction() as session:
        association = _open(session, association_id, actor)
        rows = _READERS[kind](session, association)
        shows_confided = not lends(association.network)
        _note(session, association, f"export_{kind.value}", actor, at)
        slug = association.slug
    hidden = CONFIDED if kind is Kind.ENTREPRENEURS and not shows_confided else frozenset[str]()
    content = write_rows(kind, rows, vocabulary=vocabulary, language=language, hidden=hidden)
    logger.info("file exported", extra={"kind": kind.value, "lines": len(rows), "actor_id": actor.account_id})
    name = FILE_NAMES[kind][0 if language == "fr" else 1]
    return ExportFile(name=f"{name}-{slug}-{at:%Y-%m-%d}.csv", content=content, lines=len(rows))


@retried
def export_suggestions(
    *,
    association_id: UUID,
    actor: Actor,
    at: datetime,
    describe: Describe,
    run_id: UUID | None = None,
    language: Language = "fr",
) -> ExportFile:
    """Write the suggestions of a match run, of the last one unless another is named.

    Raises NotFoundError (also when no run has finished) or PermissionDeniedError.
    """
    with transaction() as session:
        association = _open(session, association_id, actor)
        run = find_run_to_export(session, association.id, run_id)
        if run is None:
            raise NotFoundError(record="MatchRun")
        is_lending = lends(association.network)
        rows = [
            _suggestion_row(suggestion, describe, is_lending) for suggestion in list_suggestions_whole(session, run.id)
        ]
        _note(session, association, "export_suggestions", actor, at)
        slug = association.slug
    content = write_suggestions(rows, language=language)
    logger.info("suggestions exported", extra={"lines": len(rows), "actor_id": actor.account_id})
    name = "propositions" if language == "fr" else "suggestions"
    return ExportFile(name=f"{name}-{slug}-{at:%Y-%m-%d}.csv", content=content, lines=len(rows))


def _open(session: Session, public_id: UUID, actor: Actor) -> Association:
    association = get_association_by_public_id(session, public_id)
    require(actor, Permission.ASSOCIATION_RUN, association)
    return association


def _note(session: Session, association: Association, action: str, actor: Actor, at: datetime) -> None:
    session.add(
        AuditEvent(
            association_id=association.id,
            record="association",
            record_id=association.id,
            action=action,
            actor_id=actor.account_id,
            at=at,
        )
    )


def _read_entrepreneurs(session: Session, association: Association) -> list[Row]:
    communes, qpvs = map_middles(session)
    people = list_entrepreneurs_whole(session, association.id)
    return [_entrepreneur_row(person, association, communes, qpvs) for person in people]


def _entrepreneur_row(
    person: Entrepreneur, association: Association, communes: Mapping[str, Point], qpvs: Mapping[str, Point]
) -> EntrepreneurRow:
    confided = person.confided
    return EntrepreneurRow(
        reference=person.reference,
        first_name=person.first_name,
        last_name=person.last_name,
        commune=person.commune_code or "",
        stage=str(tell_stage(person.stage, lends=lends(association.network))) if person.stage else "",
        needs=tuple((need.topic, need.priority) for need in sorted(person.needs, key=lambda need: -need.priority)),
        availability=person.availability,
        association=association.slug,
        email=person.email or "",
        phone=person.phone or "",
        latitude=person.latitude,
        longitude=person.longitude,
        qpv_code=person.qpv_code,
        activity=person.activity_code,
        project_title=person.project_title,
        text=person.project_text,
        languages=tuple(spoken.language for spoken in person.languages),
        max_km=person.max_km,
        accepts_remote=person.accepts_remote,
        wanted_roles=tuple(person.wanted_roles),
        coaching_consent=confided is not None and confided.coaching_consent_at is not None,
        after_liquidation=confided is not None and confided.after_liquidation is not None,
        waiting_since=person.waiting_since,
        household=person.household or "",
        wants_bridging=person.wants_bridging,
        location_source=_source(person, (qpvs.get(person.qpv_code or ""), communes.get(person.commune_code or ""))),
    )


def _read_supporters(session: Session, association: Association) -> list[Row]:
    communes, _ = map_middles(session)
    people = list_supporters_whole(session, association.id)
    return [_supporter_row(person, association, communes) for person in people]


def _supporter_row(person: Supporter, association: Association, communes: Mapping[str, Point]) -> SupporterRow:
    return SupporterRow(
        reference=person.reference,
        first_name=person.first_name,
        last_name=person.last_name,
        role=person.role,
        commune=person.commune_code or "",
        expertise=tuple((known.topic, known.level) for known in sorted(person.expertise, key=lambda one: -one.level)),
        availability=person.availability,
        capacity=person.capacity,
        association=association.slug,
        email=person.email or "",
        phone=person.phone or "",
        latitude=person.latitude,
        longitude=person.longitude,
        activities=tuple(person.activity_codes),
        stages=tuple(person.stages),
        languages=tuple(spoken.language for spoken in person.languages),
        max_km=person.max_km,
        accepts_remote=person.accepts_remote,
        text=person.presentation,
        household=person.household or "",
        active_business=person.in_business,
        has_bounced_back=person.has_bounced_back,
        certified=person.is_certified,
        location_source=_source(person, (communes.get(person.commune_code or ""),)),
    )


def _source(person: Entrepreneur | Supporter, middles: Sequence[Point | None]) -> LocationSource:
    """Say whether a position is somebody's own: the middle of a commune must not leave as an address."""
    is_middle = person.latitude is None or (person.latitude, person.longitude) in middles
    return LocationSource.COMMUNE if is_middle else LocationSource.GIVEN


def _read_sessions(session: Session, association: Association) -> list[Row]:
    return [_session_row(workshop, association) for workshop in list_sessions_whole(session, association.id)]


def _session_row(workshop: WorkshopSession, association: Association) -> WorkshopSessionRow:
    zone = ZoneInfo(workshop.zone)
    start, end = workshop.starts_at.astimezone(zone), workshop.ends_at.astimezone(zone)
    return WorkshopSessionRow(
        reference=workshop.reference,
        theme=workshop.theme_slug,
        starts_on=start.date(),
        starts_at=start.time().replace(tzinfo=None, fold=0),
        ends_at=end.time().replace(tzinfo=None, fold=0),
        format=workshop.format,
        seats=workshop.seats,
        association=association.slug,
        title=workshop.title,
        description=workshop.description,
        commune=workshop.commune_code,
        place=workshop.place,
        address=workshop.address,
        language=workshop.language,
        stages=tuple(workshop.stages),
        accessibility=workshop.accessibility,
        online_url=workshop.online_url,
    )


def _suggestion_row(suggestion: Suggestion, describe: Describe, is_lending: bool) -> SuggestionRow:
    components, reasons = describe(suggestion, lends=is_lending)
    person, supporter = suggestion.entrepreneur, suggestion.supporter
    return SuggestionRow(
        entrepreneur_reference=person.reference,
        supporter_reference=supporter.reference,
        role=suggestion.role,
        rank=suggestion.rank,
        score=suggestion.score,
        entrepreneur_name=full_name(person),
        supporter_name=full_name(supporter),
        components=components,
        reasons=reasons,
    )


_READERS: Mapping[Kind, Callable[[Session, Association], list[Row]]] = MappingProxyType(
    {
        Kind.ENTREPRENEURS: _read_entrepreneurs,
        Kind.SUPPORTERS: _read_supporters,
        Kind.WORKSHOPS: _read_sessions,
    }
)
