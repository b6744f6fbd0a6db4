"""Suggestions that are still open, matched once more: exactly, with as few people changing as can be.

What is approved or active is not touched: its places are taken, its people are not among those who look for somebody.
Nobody loses the only suggestion that she has. What was shown and gives way waits as another choice.
"""

import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from models.associations import Association
from models.audit import AuditEvent
from models.db import db, retried, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import BusyError
from models.match_runs import MatchRun, Suggestion
from models.moves import build_audit_event, move
from models.queries.associations import get_association_by_public_id
from models.queries.match_runs import read_pool
from models.queries.pairings import get_pairing, list_excluded, list_live_roles
from models.queries.suggestions import (
    get_suggestion,
    list_open_suggestions_of_association,
    list_rejected_pairs,
    list_suggested_supporters,
    list_suggestions_in_role,
    list_waiting_suggestions,
    lock_entrepreneurs_of_association,
)
from models.states import EntrepreneurState, PairingState, SuggestionAction, SuggestionState
from models.supporters import SupporterRole
from webapp import matcher_bridge, rematch_bridge
from webapp.matcher_bridge import EngineError, MatchResult
from webapp.permissions import Actor, Permission, require
from webapp.services.alternatives import has_place
from webapp.services.match_runs import read_last_measure

logger = logging.getLogger(__name__)

REASON = "rematch"
MOST_RANKS = 9
Need = tuple[int, SupporterRole]


class RematchCause(StrEnum):
    """Why the open suggestions are matched once more."""

    ASKED = "asked"
    REJECTED = "rejected"
    DECLINED = "declined"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class RematchOutcome:
    """How many people are shown somebody else now; outdated: somebody decided meanwhile, so nothing was changed."""

    changed: int = 0
    run_id: UUID | None = None
    is_outdated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """One person whose best supporter is another one than the one she is shown."""

    need: Need
    before: int | None
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """What was read before the engine worked."""

    association_id: int
    roles: frozenset[SupporterRole]
    shown: Mapping[Need, int]
    shown_ids: frozenset[int]
    result: MatchResult


def rematch_open(*, association_id: UUID, actor: Actor, at: datetime) -> RematchOutcome:
    """Match everybody whose suggestion is open once more, and present what is better now.

    Raises NotFoundError or PermissionDeniedError.
    """
    association = get_association_by_public_id(db.session(), association_id)
    require(actor, Permission.ASSOCIATION_RUN, association)
    table = _match_again(association, roles=tuple(SupporterRole), about=None, at=at)
    changes = _list_changes(table)
    return _apply(table, changes, actor_id=actor.account_id, cause=RematchCause.ASKED, at=at)


def rematch_rejected(*, suggestion_id: UUID, actor: Actor, at: datetime) -> UUID | None:
    """Present what is best for a person whose suggestion was set aside; others change only where that helps.

    Gives the suggestion that she is shown now, None for none. Raises NotFoundError or PermissionDeniedError.
    """
    session = db.session()
    rejected = get_suggestion(session, suggestion_id)
    require(actor, Permission.SUGGESTION_DECIDE, rejected)
    need = (rejected.entrepreneur_id, rejected.role)
    association = session.get_one(Association, rejected.association_id)
    try:
        _match_one(association, need, actor_id=actor.account_id, cause=RematchCause.REJECTED, at=at)
    except (BusyError, EngineError):
        # What was decided stands, and the next of the run's own choices is presented already.
        db.session.rollback()
        logger.warning("not matched again", extra={"suggestion_id": str(suggestion_id)}, exc_info=True)
    waiting = list_waiting_suggestions(db.session(), *need)
    return next((one.public_id for one in waiting if one.state is SuggestionState.OPEN), None)


def rematch_declined(*, pairing_id: UUID, at: datetime) -> RematchOutcome:
    """Present what is best for a person whose proposal came back without a yes; others change only where that helps.

    Raises NotFoundError.
    """
    session = db.session()
    pairing = get_pairing(session, pairing_id)
    association = session.get_one(Association, pairing.association_id)
    need = (pairing.entrepreneur_id, pairing.role)
    cause = RematchCause.DECLINED if pairing.state is PairingState.DECLINED else RematchCause.RETURNED
    return _match_one(association, need, actor_id=None, cause=cause, at=at)


def rematch_returned(*, pairing_ids: Iterable[UUID], at: datetime) -> int:
    """Do the same for what the clocks ended; what cannot be now keeps the next of the run's own choices."""
    done = 0
    for pairing_id in pairing_ids:
        try:
            rematch_declined(pairing_id=pairing_id, at=at)
            done += 1
        except (BusyError, EngineError):
            db.session.rollback()
            logger.warning("not matched again", extra={"pairing_id": str(pairing_id)}, exc_info=True)
    return done


def _match_one(
    association: Association, need: Need, *, actor_id: int | None, cause: RematchCause, at: datetime
) -> RematchOutcome:
    table = _match_again(association, roles=(need[1],), about=need, at=at)
    return _apply(
        table, _connected(_list_changes(table), need, table.shown.get(need)), actor_id=actor_id, cause=cause, at=at
    )


def _match_again(
    association: Association, *, roles: Sequence[SupporterRole], about: Need | None, at: datetime
) -> _Table:
    """Read who is open, then let go of the database while the engine works."""
    session, id = db.session(), association.id
    try:
        shown = [one for one in list_open_suggestions_of_association(session, id) if one.role in roles]
        measure = read_last_measure(session, id)
        pool = read_pool(session, id)
        records = matcher_bridge.build_records(pool, weights=measure.weights, aim=measure.aim, at=at)
        rejected = list_rejected_pairs(session, id)
        needs: dict[SupporterRole, set[int]] = defaultdict(set)
        for person, role in [*((one.entrepreneur_id, one.role) for one in shown), *([about] if about else [])]:
            needs[role].add(person)
        table = _Table(
            association_id=id,
            roles=frozenset(roles),
            shown={(one.entrepreneur_id, one.role): one.supporter_id for one in shown},
            shown_ids=frozenset(one.id for one in shown),
            result=rematch_bridge.find_best_again(records, needs, shown=shown, excluded=rejected),
        )
    finally:
        session.rollback()
    return table


def _list_changes(table: _Table) -> list[_Change]:
    best = {
        (int(one.entrepreneur_id), SupporterRole(one.role)): int(one.supporter_id)
        for one in table.result.suggestions
        if one.rank == 1
    }
    return [
        _Change(need=need, before=table.shown.get(need), after=after)
        for need, after in best.items()
        if table.shown.get(need) != after
    ]


def _connected(changes: Sequence[_Change], about: Need, shown: int | None) -> list[_Change]:
    """Keep the changes that hang together with one person, through the supporters they leave and come to."""
    chosen = [change for change in changes if change.need == about]
    reached = {shown, *(change.after for change in chosen)} - {None}
    while True:
        more = [one for one in changes if one not in chosen and reached & {one.before, one.after}]
        if not more:
            return chosen
        chosen += more
        reached |= {supporter for change in more for supporter in (change.before, change.after)} - {None}


@retried
def _apply(
    table: _Table, changes: Sequence[_Change], *, actor_id: int | None, cause: RematchCause, at: datetime
) -> RematchOutcome:
    """Present what is better, if everything is still as it was when the engine began; else leave everything."""
    if not changes:
        return RematchOutcome()
    with transaction() as session:
        people = {one.id: one for one in lock_entrepreneurs_of_association(session, table.association_id)}
        now = list_open_suggestions_of_association(session, table.association_id)
        opened = {(one.entrepreneur_id, one.role): one for one in now if one.role in table.roles}
        if frozenset(one.id for one in opened.values()) != table.shown_ids:
            return RematchOutcome(is_outdated=True)
        prepared = _prepare(session, table, changes, people, opened)
        if not prepared:
            return RematchOutcome()
        deadline_at = at + timedelta(days=session.get_one(Association, table.association_id).decision_days)
        for change, _row in prepared:
            if change.need in opened:
                old = opened[change.need]
                move(
                    session, old, SuggestionAction.STEP_BACK, actor_id=actor_id, at=at, reason=REASON, deadline_at=None
                )
        for _change, row in prepared:
            session.add(row)
            session.flush()
            move(
                session, row, SuggestionAction.PRESENT, actor_id=actor_id, at=at, reason=REASON, deadline_at=deadline_at
            )
        run = session.get_one(MatchRun, max(row.run_id for _change, row in prepared))
        session.add(_event(run, [change for change, _row in prepared], actor_id=actor_id, cause=cause, at=at))
        outcome = RematchOutcome(changed=len(prepared), run_id=run.public_id)
    logger.info("open suggestions matched again", extra={"run_id": str(outcome.run_id), "changed": outcome.changed})
    return outcome


def _prepare(
    session: Session,
    table: _Table,
    changes: Sequence[_Change],
    people: Mapping[int, Entrepreneur],
    opened: Mapping[Need, Suggestion],
) -> list[tuple[_Change, Suggestion]]:
    """Find or make the suggestion that each change presents; one that cannot be leaves out all that hangs on it."""
    live, excluded = list_live_roles(session, table.association_id), list_excluded(session, table.association_id)
    built = matcher_bridge.build_suggestions(table.result, run=MatchRun(association_id=table.association_id))
    facts = {(one.entrepreneur_id, one.role, one.supporter_id): one for one in built if one.rank == 1}
    supporters = list_suggested_supporters(session, list(facts.values()))
    rows: dict[Need, Suggestion] = {}
    for change in changes:
        person_id, role = change.need
        person, supporter = people[person_id], supporters[change.after]
        wanted = person.state is EntrepreneurState.READY and str(role) in person.wanted_roles
        allowed = change.need not in live and change.after not in excluded.get(person_id, frozenset())
        if wanted and allowed and has_place(supporter):
            row = _find_or_make(session, facts[(person_id, role, change.after)], opened.get(change.need))
            if row is not None:
                rows[change.need] = row
    lost = {
        one.need
        for change in changes
        if change.need not in rows
        for one in _connected(changes, change.need, change.before)
    }
    return [(change, rows[change.need]) for change in changes if change.need not in lost]


def _find_or_make(session: Session, fresh: Suggestion, shown: Suggestion | None) -> Suggestion | None:
    """Give the alternative of the same run, else a new one behind the others; None where that run cannot take it."""
    known = list_suggestions_in_role(session, fresh.entrepreneur_id, fresh.role)
    if not known:
        return None  # her pairing was a coordinator's own choice: no run has suggested anybody in this role
    run_id = shown.run_id if shown else known[0].run_id
    same_run = [one for one in known if one.run_id == run_id]
    for one in same_run:
        if one.supporter_id == fresh.supporter_id:
            return one if one.state is SuggestionState.ALTERNATIVE else None
    rank = max(one.rank for one in same_run) + 1
    if rank > MOST_RANKS:
        return None
    fresh.run_id, fresh.rank = run_id, rank
    return fresh


def _event(
    run: MatchRun, changes: Sequence[_Change], *, actor_id: int | None, cause: RematchCause, at: datetime
) -> AuditEvent:
    """Note with the run who is shown somebody else: numbers of rows, no names."""
    lines = [
        {"person": change.need[0], "role": str(change.need[1]), "before": change.before, "after": change.after}
        for change in changes
    ]
    return build_audit_event(run, REASON, actor_id=actor_id, at=at, reason=str(cause), note=json.dumps(lines))
