"""What each process of a stampede does: module-level functions, since they travel by name."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from itertools import zip_longest
from typing import Any
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from models.db import db
from models.exceptions import DomainError
from models.pairings import DeclineReason
from models.supporters import PAIRING_COST, Supporter
from webapp.permissions import Actor
from webapp.services import clocks, match_runs, pairings, suggestions


def trust_what_was_read(session: Session) -> Callable[[Session, Supporter], bool]:
    """Give a guard that decides on places read once: what one must not do."""
    if session.get_bind().dialect.name == "sqlite":
        # The counter's CHECK stands behind the guard; the control looks at the guard alone.
        session.execute(text("PRAGMA ignore_check_constraints = ON"))
    free = {found.id: found.capacity - found.taken for found in session.scalars(select(Supporter))}
    session.rollback()

    def take_place(session: Session, supporter: Supporter) -> bool:
        cost = PAIRING_COST[supporter.role]
        if free[supporter.id] < cost:
            return False
        free[supporter.id] -= cost
        session.execute(
            update(Supporter)
            .where(Supporter.id == supporter.id)
            .values(taken=Supporter.taken + cost)
            .execution_options(synchronize_session=False)
        )
        return True

    return take_place


def approve_all(ids: list[UUID], actor: Actor, at: datetime) -> Counter[str]:
    """Approve each suggestion, and count the outcomes by kind."""
    outcomes: Counter[str] = Counter()
    for suggestion_id in ids:
        try:
            suggestions.approve_suggestion(suggestion_id=suggestion_id, actor=actor, at=at)
            outcomes["approved"] += 1
        except DomainError as error:
            outcomes[error.code] += 1
    return outcomes


def approve_all_naively(ids: list[UUID], actor: Actor, at: datetime) -> Counter[str]:
    """Do the same with a guard that is none."""
    suggestions.take_place = trust_what_was_read(db.session())
    return approve_all(ids, actor, at)


def answer_and_approve(
    ids: list[UUID], pairing_ids: list[UUID], coordinator: Actor, supporter: Actor, at: datetime
) -> Counter[str]:
    """Decline and approve in turn, so that places are given back while others take them."""
    outcomes: Counter[str] = Counter()
    for declined, approved in zip_longest(pairing_ids, ids):
        for decide, name, value, actor in (
            (pairings.decline_pairing, "pairing_id", declined, supporter),
            (suggestions.approve_suggestion, "suggestion_id", approved, coordinator),
        ):
            if value is not None:
                outcomes[_try(decide, at=at, actor=actor, **{name: value})] += 1
    return outcomes


def _try(decide: Any, **values: Any) -> str:
    if decide is pairings.decline_pairing:
        values["reason"] = DeclineReason.NO_TIME
    try:
        decide(**values)
    except DomainError as error:
        return error.code
    return str(decide.__name__)


def tick(at: datetime) -> tuple[int, int, int, int]:
    """Let the clocks do what is due."""
    report = clocks.tick(at=at)
    return report.expired, report.reminded, report.digests, report.failed_runs


def request_run(association_id: UUID, actor: Actor, at: datetime) -> str:
    """Ask for a run."""
    try:
        match_runs.request_run(association_id=association_id, actor=actor, at=at)
    except DomainError as error:
        return error.code
    return "requested"


def execute_run(run_id: UUID, at: datetime) -> str:
    """Execute a run, or find it taken."""
    try:
        return str(match_runs.execute_run(run_id=run_id, at=at).state)
    except DomainError as error:
        return error.code
