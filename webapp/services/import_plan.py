"""What the import of a file would do, worked out before anything is written."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import insert, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.associations import Association
from models.audit import AuditEvent
from models.db import Model
from models.queries.accounts import map_known_accounts
from models.territories import Commune
from webapp.permissions import Actor
from webapp.spreadsheets import EntrepreneurRow, Kind, LocationSource, Problem, SupporterRow, WorkshopSessionRow
from webapp.spreadsheets.columns import list_columns

# Databases limit how many values one statement may carry.
BATCH = 500
ROWS_AT_ONCE = 2000

Row = TypeVar("Row", EntrepreneurRow, SupporterRow, WorkshopSessionRow)
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Generic[Row]):
    """A row with its line in the spreadsheet."""

    number: int
    row: Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """Where, by whom and when a file is imported."""

    session: Session
    association: Association
    actor: Actor
    at: datetime


@dataclass(slots=True, kw_only=True)
class Plan:
    """How many rows are new, changed or as they were, what stands in the way, and how to write it."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    write: Callable[[], None] = lambda: None


def report(
    problems: list[Problem], kind: Kind, line: int, column: str, value: object, code: str, fr: str, en: str
) -> None:
    """Add a problem, under the column's French header."""
    header = next((known.french for known in list_columns(kind) if known.name == column), column)
    problems.append(Problem(line=line, column=header, value=str(value), code=code, expected_fr=fr, expected_en=en))


def batched(items: Sequence[Item], size: int = ROWS_AT_ONCE) -> Iterator[Sequence[Item]]:
    """Give the items in portions that one statement can carry."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def map_references(
    session: Session, table_id: InstrumentedAttribute[int], reference: InstrumentedAttribute[str], association_id: int
) -> dict[str, int]:
    """Give the row number of each reference of an association."""
    owner = reference.class_.association_id
    rows = session.execute(select(reference, table_id).where(owner == association_id))
    return dict(rows.all())


def map_accounts(work: Import, emails: Sequence[str]) -> dict[str, int]:
    """Give the account of each address that has one here."""
    found: dict[str, int] = {}
    for portion in batched(emails, BATCH):
        found |= map_known_accounts(work.session, work.association.id, portion)
    return found


def report_unknown_communes(session: Session, kind: Kind, lines: Sequence[Line[Row]], problems: list[Problem]) -> None:
    """Report communes that the reference data of this database does not have."""
    named = sorted({line.row.commune for line in lines if line.row.commune})
    known: set[str] = set()
    for portion in batched(named, BATCH):
        known.update(session.scalars(select(Commune.code).where(Commune.code.in_(portion))))
    for line in lines:
        if line.row.commune and line.row.commune not in known:
            fr, en = "une commune des données de référence de ce site", "a commune of this site’s reference data"
            report(problems, kind, line.number, "commune", line.row.commune, "unknown_commune", fr, en)


def place_of(row: EntrepreneurRow | SupporterRow, known: Any) -> tuple[float | None, float | None]:
    """Give the position to keep: the centre of a commune never replaces a position that is known better."""
    is_given = row.location_source is LocationSource.GIVEN and row.latitude is not None
    if not is_given and known is not None and known.latitude is not None and known.commune_code == row.commune:
        return known.latitude, known.longitude
    return row.latitude, row.longitude


def build_event(
    work: Import, record: str, record_id: int, action: str, *, to_state: str | None = None, note: str = ""
) -> dict[str, Any]:
    """Build the columns of an event row."""
    return {
        "association_id": work.association.id,
        "record": record,
        "record_id": record_id,
        "action": action,
        "from_state": None,
        "to_state": to_state,
        "actor_id": work.actor.account_id,
        "at": work.at,
        "reason": None,
        "note": note,
    }


def add_rows(session: Session, table: type[Model], rows: Sequence[dict[str, Any]]) -> None:
    """Write many rows of one table: the same statement for all, which both drivers send in bulk."""
    for portion in batched(rows):
        session.execute(insert(table), portion)


def add_events(session: Session, events: Sequence[dict[str, Any]]) -> None:
    """Write event rows."""
    add_rows(session, AuditEvent, events)
