"""Files into the database: all or nothing, keyed by reference, and twice the same file adds nothing."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.associations import Association
from models.db import retried, transaction
from models.exceptions import BusyError, NotFoundError
from webapp.permissions import Actor, Permission, require
from webapp.services.import_entrepreneurs import plan_entrepreneurs
from webapp.services.import_plan import Import, Line, Plan, report
from webapp.services.import_sessions import plan_sessions
from webapp.services.import_supporters import plan_supporters
from webapp.spreadsheets import Kind, Problem, Row

logger = logging.getLogger(__name__)

PLANNERS: Mapping[Kind, Callable[[Import, Sequence[Line[Any]]], Plan]] = MappingProxyType(
    {
        Kind.ENTREPRENEURS: plan_entrepreneurs,
        Kind.SUPPORTERS: plan_supporters,
        Kind.WORKSHOPS: plan_sessions,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOutcome:
    """What a file did, or would do. With problems nothing was written."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    problems: tuple[Problem, ...] = ()
    is_dry_run: bool = False


class _RefusedError(Exception):
    """A problem was met while writing: what was written is undone."""


@retried
def import_rows(
    *,
    kind: Kind,
    association_id: UUID,
    rows: Sequence[Row],
    actor: Actor,
    at: datetime,
    lines: Sequence[int] | None = None,
    dry_run: bool = False,
) -> ImportOutcome:
    """Add what is new, update what changed, leave the rest; or say what stands in the way and write nothing.

    `lines` are the lines of the rows in the spreadsheet, as the reader gives them. States and counters never change.

    Raises NotFoundError, PermissionDeniedError, or BusyError when somebody adds the same references meanwhile.
    """
    numbers = lines if lines is not None else range(2, len(rows) + 2)
    numbered = [Line(number=number, row=row) for number, row in zip(numbers, rows, strict=True)]  # type: ignore[type-var]
    plan = Plan()
    try:
        with transaction() as session:
            work = Import(session=session, association=_lock(session, association_id, actor), actor=actor, at=at)
            plan = PLANNERS[kind](work, numbered)
            _check_lines(kind, work, numbered, plan)
            if not plan.problems and not dry_run:
                plan.write()
            if plan.problems:
                raise _RefusedError
    except _RefusedError:
        plan.problems.sort(key=lambda problem: problem.line)
        return ImportOutcome(problems=tuple(plan.problems), is_dry_run=dry_run)
    except IntegrityError as error:
        raise BusyError from error
    logger.info("file imported", extra={"kind": kind.value, "added": plan.added, "updated": plan.updated})
    return ImportOutcome(added=plan.added, updated=plan.updated, unchanged=plan.unchanged, is_dry_run=dry_run)


def _lock(session: Session, public_id: UUID, actor: Actor) -> Association:
    """Lock the association, so that two files of it do not mix; who books or pairs meanwhile does not wait."""
    association = session.scalar(
        select(Association).where(Association.public_id == public_id).with_for_update(key_share=True)
    )
    if association is None:
        raise NotFoundError(record="Association")
    require(actor, Permission.ASSOCIATION_RUN, association)
    return association


def _check_lines(kind: Kind, work: Import, lines: Sequence[Line[Any]], plan: Plan) -> None:
    first: dict[str, int] = {}
    for line in lines:
        slug, reference = line.row.association, line.row.reference
        if slug and slug != work.association.slug:
            own = work.association.slug
            fr, en = f"{own}, ou rien : un fichier par association", f"{own}, or nothing: one file per association"
            report(plan.problems, kind, line.number, "association", slug, "other_association", fr, en)
        if first.setdefault(reference, line.number) != line.number:
            fr = f"une référence par ligne ; celle-ci est déjà à la ligne {first[reference]}"
            en = f"one reference for each line; this one is already on line {first[reference]}"
            report(plan.problems, kind, line.number, "reference", reference, "repeated_reference", fr, en)
