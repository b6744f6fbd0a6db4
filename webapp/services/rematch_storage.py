"""What a match of the open suggestions changed, put before the coordinators: all of it or nothing, and noted.

What was shown and gives way waits as another choice. If anything was decided since the engine began, nothing changes.
"""

import json
import logging
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from models.associations import Association
from models.db import retried, transaction
from models.entrepreneurs import Entrepreneur
from models.match_runs import MatchRun, Suggestion
from models.moves import move, write_event
from models.queries.match_runs import find_last_run, is_run_under_way
from models.queries.pairings import list_excluded, list_live_roles
from models.queries.suggestions import (
    list_shown,
    list_suggested_supporters,
    list_suggestions,
    list_suggestions_in_role,
    lock_some_entrepreneurs,
)
from models.states import EntrepreneurState, SuggestionAction, SuggestionState
from models.supporters import SupporterRole
from webapp import matcher_bridge
from webapp.matcher_bridge import MatchResult
from webapp.services.alternatives import count_free_places

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
    ARRIVED = "arrived"
    PLACE_OPENED = "place_opened"
    PLACE_GONE = "place_gone"


AFTER_RUNS = (RematchCause.ARRIVED, RematchCause.PLACE_OPENED, RematchCause.PLACE_GONE)
"""Causes that wait while a run is under way: it replaces what is shown, and `rematch_missed` comes after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RematchOutcome:
    """How many people are shown somebody else now; outdated: somebody decided meanwhile, so nothing was changed."""

    changed: int = 0
    run_id: UUID | None = None
    is_outdated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One person whose best supporter is another one than the one she is shown."""

    need: Need
    before: int | None
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What was read before the engine worked, and about whom it is."""

    association_id: int
    about: frozenset[Need]
    roles: frozenset[SupporterRole]
    shown: Mapping[Need, int]
    shown_ids: frozenset[int]
    result: MatchResult


def list_changes(table: Table) -> list[Change]:
    """Give everybody whose best supporter is another one than the one whom she is shown."""
    best = {
        (int(one.entrepreneur_id), SupporterRole(one.role)): int(one.supporter_id)
        for one in table.result.suggestions
        if one.rank == 1
    }
    return [
        Change(need=need, before=table.shown.get(need), after=after)
        for need, after in best.items()
        if table.shown.get(need) != after
    ]


def keep_connected(changes: Sequence[Change], about: Collection[Need], freed: Collection[int]) -> list[Change]:
    """Keep the changes that hang together with some people, through the supporters they leave and come to."""
    chosen = {change.need: change for change in changes if change.need in about}
    reached = {*freed, *(change.after for change in chosen.values())}
    while True:
        more = [one for one in changes if one.need not in chosen and reached & {one.before, one.after}]
        if not more:
            return list(chosen.values())
        chosen |= {change.need: change for change in more}
        reached |= {supporter for change in more for supporter in (change.before, change.after) if supporter}


@retried
def store_changes(
    table: Table, changes: Sequence[Change], *, actor_id: int | None, cause: RematchCause, at: datetime
) -> RematchOutcome:
    """Present what is better, if everything is still as it was when the engine began; else leave everything."""
    if not changes:
        return RematchOutcome()
    with transaction() as session:
        changing = {change.need[0] for change in changes}
        people = {one.id: one for one in lock_some_entrepreneurs(session, table.association_id, changing)}
        if cause in AFTER_RUNS and is_run_under_way(session, table.association_id):
            return RematchOutcome(is_outdated=True)
        now = list_shown(session, table.association_id)
        opened = {(one.entrepreneur_id, one.role): one.id for one in now if one.role in table.roles}
        if frozenset(opened.values()) != table.shown_ids:
            return RematchOutcome(is_outdated=True)
        prepared = _prepare(session, table, changes, people)
        if not prepared:
            return RematchOutcome()
        fresh_until = at + timedelta(days=session.get_one(Association, table.association_id).decision_days)
        _present(session, prepared, opened, fresh_until=fresh_until, actor_id=actor_id, at=at)
        run = session.get_one(MatchRun, max(row.run_id for _change, row in prepared))
        _write_event(session, run, [change for change, _row in prepared], actor_id=actor_id, cause=cause, at=at)
        outcome = RematchOutcome(changed=len(prepared), run_id=run.public_id)
    logger.info("open suggestions matched again", extra={"run_id": str(outcome.run_id), "changed": outcome.changed})
    return outcome


def _present(
    session: Session,
    prepared: Sequence[tuple[Change, Suggestion]],
    opened: Mapping[Need, int],
    *,
    fresh_until: datetime,
    actor_id: int | None,
    at: datetime,
) -> None:
    """Let what was shown step back, then show what is better: whoever was shown somebody keeps her day to decide by."""
    given_way = {change.need: opened[change.need] for change, _row in prepared if change.need in opened}
    known, until = list_suggestions(session, given_way.values()), dict[Need, datetime | None]()
    noted: dict[str, Any] = {"actor_id": actor_id, "at": at, "reason": REASON}
    for need, old in ((need, known[number]) for need, number in given_way.items()):
        until[need] = old.deadline_at
        move(session, old, SuggestionAction.STEP_BACK, deadline_at=None, **noted)
    for change, row in prepared:
        session.add(row)
        session.flush()
        move(session, row, SuggestionAction.PRESENT, deadline_at=until.get(change.need, fresh_until), **noted)


def _prepare(
    session: Session,
    table: Table,
    changes: Sequence[Change],
    people: Mapping[int, Entrepreneur],
) -> list[tuple[Change, Suggestion]]:
    """Find or make the suggestion that each change presents; one that cannot be leaves out all that hangs on it."""
    live, excluded = list_live_roles(session, table.association_id), list_excluded(session, table.association_id)
    last_run, rows = find_last_run(session, table.association_id), dict[Need, Suggestion]()
    going = {change.need for change in changes}
    facts = _build_facts(table, going)
    supporters = list_suggested_supporters(session, list(facts.values()))
    held = Counter(supporter_id for need, supporter_id in table.shown.items() if need not in going)
    for change in changes:
        person_id, role = change.need
        person, supporter = people[person_id], supporters[change.after]
        wanted = person.state is EntrepreneurState.READY and str(role) in person.wanted_roles
        allowed = change.need not in live and change.after not in excluded.get(person_id, frozenset())
        # Nobody loses the only suggestion that she has: who stays with him is counted before who comes.
        if wanted and allowed and held[change.after] < count_free_places(supporter):
            row = _find_or_make(session, facts[change.need], last_run.id if last_run else None)
            if row is not None:
                rows[change.need] = row
                held[change.after] += 1
    lost = {
        one.need
        for change in changes
        if change.need not in rows
        for one in keep_connected(changes, {change.need}, () if change.before is None else (change.before,))
    }
    return [(change, rows[change.need]) for change in changes if change.need not in lost]


def _build_facts(table: Table, needs: Collection[Need]) -> dict[Need, Suggestion]:
    """Build the rows of whom the engine found best for some needs, with reasons; none is stored yet."""
    best = tuple(
        one
        for one in table.result.suggestions
        if one.rank == 1 and (int(one.entrepreneur_id), SupporterRole(one.role)) in needs
    )
    run = MatchRun(association_id=table.association_id)
    built = matcher_bridge.build_suggestions(replace(table.result, suggestions=best), run=run)
    return {(one.entrepreneur_id, one.role): one for one in built}


def _find_or_make(session: Session, fresh: Suggestion, last_run_id: int | None) -> Suggestion | None:
    """Give the alternative that names the supporter already, else a new one of the last run, behind its others.

    What that run said and gave way, as one of the two was away, comes back with the reasons of today. None where it
    was decided, or the run can take no more. Who arrived after the run joins it.
    """
    known = list_suggestions_in_role(session, fresh.entrepreneur_id, fresh.role)
    his = [one for one in known if one.supporter_id == fresh.supporter_id]
    for one in his:
        if one.state is SuggestionState.ALTERNATIVE:
            return one
        if one.state is SuggestionState.SUPERSEDED and one.run_id == last_run_id:
            one.score, one.components = fresh.score, fresh.components
            one.reasons, one.gaps = fresh.reasons, fresh.gaps
            return one
    rank = 1 + max((one.rank for one in known if one.run_id == last_run_id), default=0)
    if last_run_id is None or rank > MOST_RANKS or any(one.run_id == last_run_id for one in his):
        return None
    fresh.run_id, fresh.rank = last_run_id, rank
    return fresh


def _write_event(
    session: Session,
    run: MatchRun,
    changes: Sequence[Change],
    *,
    actor_id: int | None,
    cause: RematchCause,
    at: datetime,
) -> None:
    """Note with the run who is shown somebody else: numbers of rows, no names."""
    lines = [
        {"person": change.need[0], "role": str(change.need[1]), "before": change.before, "after": change.after}
        for change in changes
    ]
    write_event(session, run, REASON, actor_id=actor_id, at=at, reason=str(cause), note=json.dumps(lines))
