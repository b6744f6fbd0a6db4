"""Reference data into the database: by its own key, loadable twice, changing only what changed."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Session

from models.db import Model
from models.search import fold
from models.territories import Commune, Qpv
from models.topics import Activity, Language, Offer, Topic, WorkshopTheme
from seeds import reference

BATCH = 5_000
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadReport:
    """How many rows of one table were added, changed, or found as they should be."""

    table: str
    added: int
    changed: int
    unchanged: int


def load_reference(
    session: Session, *, departments: Collection[str] | None = None, progress: Callable[[str], None] | None = None
) -> tuple[LoadReport, ...]:
    """Load every reference table, or only the communes and neighbourhoods of some departments."""
    reports = []
    for table, key, rows in _tables(departments):
        reports.append(_load(session, table, key, list(rows)))
        if progress is not None:
            progress(table.__tablename__)
    return tuple(reports)


def _load(session: Session, table: type[Model], key: str, rows: Sequence[Row]) -> LoadReport:
    columns = [getattr(table, name) for name in rows[0]] if rows else []
    known = {row[0]: row[1:] for row in session.execute(select(getattr(table, key), *columns))} if rows else {}
    added = [row for row in rows if row[key] not in known]
    changed = [row for row in rows if row[key] in known and tuple(row.values()) != tuple(known[row[key]])]
    for start in range(0, len(added), BATCH):
        session.execute(insert(cast(Table, table.__table__)), added[start : start + BATCH])
    for row in changed:
        session.execute(update(table).where(getattr(table, key) == row[key]).values(row))
    return LoadReport(
        table=table.__tablename__,
        added=len(added),
        changed=len(changed),
        unchanged=len(rows) - len(added) - len(changed),
    )


def _tables(departments: Collection[str] | None) -> Iterable[tuple[type[Model], str, Iterable[Row]]]:
    yield Topic, "slug", _topics()
    yield Language, "code", _languages()
    yield WorkshopTheme, "slug", _themes()
    yield Activity, "code", _activities()
    yield Offer, "slug", _offers()
    yield Commune, "code", _communes(departments)
    yield Qpv, "code", _qpvs(departments)


def _topics() -> Iterable[Row]:
    for position, item in enumerate(reference.topics().values()):
        yield {"slug": item.slug, "position": position, "label_fr": item.label_fr, "label_en": item.label_en}


def _languages() -> Iterable[Row]:
    for position, item in enumerate(reference.languages().values()):
        yield {"code": item.code, "position": position, "label_fr": item.label_fr, "label_en": item.label_en}


def _themes() -> Iterable[Row]:
    for position, item in enumerate(reference.workshop_themes().values()):
        yield {
            "slug": item.slug,
            "position": position,
            "label_fr": item.label_fr,
            "label_en": item.label_en,
            "description_fr": item.description_fr,
            "description_en": item.description_en,
            "topics": list(item.topics),
            "is_sensitive": item.sensitive,
        }


def _activities() -> Iterable[Row]:
    for item in reference.naf().values():
        yield {"code": item.code, "level": item.level, "parent": item.parent, "label_fr": item.label}


def _offers() -> Iterable[Row]:
    for item in reference.offers().values():
        yield {
            "slug": item.slug,
            "name": item.name,
            "operator": item.operator,
            "kind": item.nature,
            "zone_condition": item.zone_condition,
            "conditions": item.conditions,
            "min_euros": item.amount_min_eur,
            "max_euros": item.amount_max_eur,
            "reliability": item.reliability,
            "source_url": item.source_url,
            "source_date": item.source_date,
        }


def _communes(departments: Collection[str] | None) -> Iterable[Row]:
    for item in reference.communes().values():
        if departments is None or item.department in departments:
            yield {
                "code": item.code,
                "name": item.name,
                "search_name": fold(item.name),
                "parent_code": item.parent,
                "department": item.department,
                "postal_codes": list(item.postal_codes),
                "population": item.population,
                "latitude": item.latitude,
                "longitude": item.longitude,
            }


def _qpvs(departments: Collection[str] | None) -> Iterable[Row]:
    outlines = reference.qpv_outlines()
    for item in reference.qpvs().values():
        if departments is None or item.department in departments:
            yield {
                "code": item.code,
                "zoning_version": reference.ZONING_VERSION,
                "name": item.name,
                "communes": list(item.communes),
                "department": item.department,
                "latitude": item.latitude,
                "longitude": item.longitude,
                "contour": outlines[item.code],
            }
