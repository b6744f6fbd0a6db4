"""What each process of a stampede does: module-level functions, since they travel by name."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from models.associations import Association
from models.db import db
from models.entrepreneurs import Entrepreneur
from models.exceptions import DomainError, NotFoundError
from models.match_runs import RejectReason, Suggestion
from models.pairings import ChoiceReason, DeclineReason, EndReason, Pairing, WithdrawReason
from models.queries.suggestions import WAITING
from models.states import PairingState, SuggestionState
from models.supporters import PAIRING_COST, Supporter, SupporterRole
from webapp.permissions import Actor
from webapp.services import clocks, entrepreneurs, match_runs, pairings, suggestions, supporters


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
    return report["expired"], report["reminded"], report["digests"], report["failed_runs"]


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


def live_a_day(seed: int, coordinator: Actor, at: datetime, steps: int) -> Counter[str]:
    """Take random decisions of every kind about whatever is there, and count what became of them."""
    chance = random.Random(seed)
    outcomes: Counter[str] = Counter()
    for step in range(steps):
        name, decide = chance.choice(DECISIONS)
        try:
            outcomes[f"{name} {decide(chance, coordinator, at + timedelta(hours=step * 8))}"] += 1
        except DomainError as error:
            outcomes[f"{name} {error.code}"] += 1
    return outcomes


def _pick(chance: random.Random, column: Any, *conditions: Any) -> Any:
    """Give one of the public ids that are there now, read before the decision as a page would have."""
    found = db.session.scalars(select(column).where(*conditions)).all()
    db.session.rollback()
    if not found:
        raise NotFoundError
    return chance.choice(found)


def _everybodys_supporter() -> Actor:
    found = frozenset(db.session.scalars(select(Supporter.id)))
    db.session.rollback()
    return Actor(account_id=None, supporter_ids=found)


def _approve(chance: random.Random, actor: Actor, at: datetime) -> str:
    chosen = _pick(chance, Suggestion.public_id, Suggestion.state.in_(WAITING))
    suggestions.approve_suggestion(suggestion_id=chosen, actor=actor, at=at)
    return "done"


def _reject(chance: random.Random, actor: Actor, at: datetime) -> str:
    chosen = _pick(chance, Suggestion.public_id, Suggestion.state == SuggestionState.OPEN)
    suggestions.reject_suggestion(suggestion_id=chosen, reason=RejectReason.NOT_NOW, actor=actor, at=at)
    return "done"


def _choose(chance: random.Random, actor: Actor, at: datetime) -> str:
    suggestions.choose_supporter(
        entrepreneur_id=_pick(chance, Entrepreneur.public_id),
        supporter_id=_pick(chance, Supporter.public_id),
        role=SupporterRole.MENTOR,
        reason=ChoiceReason.KNOWN_FIT,
        actor=actor,
        at=at,
    )
    return "done"


def _answer(chance: random.Random, _actor: Actor, at: datetime) -> str:
    chosen = _pick(chance, Pairing.public_id, Pairing.state == PairingState.PROPOSED)
    values = {"pairing_id": chosen, "actor": _everybodys_supporter(), "at": at}
    if chance.random() < 0.5:
        pairings.accept_pairing(**values)
    else:
        pairings.decline_pairing(reason=DeclineReason.NO_TIME, **values)
    return "done"


def _withdraw(chance: random.Random, actor: Actor, at: datetime) -> str:
    chosen = _pick(chance, Pairing.public_id, Pairing.state == PairingState.PROPOSED)
    pairings.withdraw_pairing(pairing_id=chosen, reason=WithdrawReason.OTHER, actor=actor, at=at)
    return "done"


def _end(chance: random.Random, actor: Actor, at: datetime) -> str:
    chosen = _pick(chance, Pairing.public_id, Pairing.state == PairingState.ACTIVE)
    pairings.end_pairing(pairing_id=chosen, reason=EndReason.OTHER, actor=actor, at=at)
    return "done"


def _pause_or_resume(chance: random.Random, actor: Actor, at: datetime) -> str:
    decide = chance.choice((supporters.pause_supporter, supporters.resume_supporter, supporters.resume_supporter))
    decide(supporter_id=_pick(chance, Supporter.public_id), actor=actor, at=at)
    return "done"


def _resize(chance: random.Random, actor: Actor, at: datetime) -> str:
    chosen = _pick(chance, Supporter.public_id)
    supporters.set_capacity(supporter_id=chosen, capacity=chance.randrange(4), actor=actor, at=at)
    return "done"


def _run(chance: random.Random, actor: Actor, at: datetime) -> str:
    run_id = match_runs.request_run(association_id=_pick(chance, Association.public_id), actor=actor, at=at)
    outcome = match_runs.execute_run(run_id=run_id, at=at)
    return outcome.failure or str(outcome.state)


def _tick(_chance: random.Random, _actor: Actor, at: datetime) -> str:
    clocks.tick(at=at)
    return "done"


def _close(chance: random.Random, actor: Actor, at: datetime) -> str:
    entrepreneurs.close_entrepreneur(entrepreneur_id=_pick(chance, Entrepreneur.public_id), actor=actor, at=at)
    return "done"


DECISIONS = (
    *[("approve", _approve)] * 6,
    *[("answer", _answer)] * 4,
    *[("reject", _reject)] * 2,
    *[("choose", _choose)] * 2,
    *[("pause or resume", _pause_or_resume)] * 2,
    ("withdraw", _withdraw),
    ("end", _end),
    ("resize", _resize),
    ("run", _run),
    ("tick", _tick),
    ("close", _close),
)
