"""Suggestions that are still open, matched once more: exactly, with as few people changing as can be.

What is approved or active is not touched: its places are taken, its people are not among those who look for somebody.
Nobody loses the only suggestion that she has. What was shown and gives way waits as another choice.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from functools import partial
from uuid import UUID

from models.db import db
from models.exceptions import BusyError
from models.pairings import Pairing
from models.queries.associations import get_association_by_public_id
from models.queries.match_runs import (
    RunPool,
    find_last_run,
    get_match_run,
    is_changed_since,
    is_run_under_way,
    read_pool,
)
from models.queries.pairings import get_pairing
from models.queries.suggestions import (
    get_entrepreneur,
    get_suggestion,
    list_rejected_pairs,
    list_waiting_suggestions,
)
from models.queries.supporters import get_supporter
from models.states import EntrepreneurState, PairingState, SuggestionState
from models.supporters import SupporterRole
from webapp import rematch_bridge
from webapp.matcher_bridge import EngineError
from webapp.permissions import Actor, Permission, require
from webapp.services.alternatives import has_place
from webapp.services.match_runs import read_last_measure
from webapp.services.rematch_storage import (
    Need,
    RematchCause,
    RematchOutcome,
    Table,
    keep_connected,
    list_changes,
    store_changes,
)

logger = logging.getLogger(__name__)

# Two people who arrive at once are matched one after the other: whoever comes second sees what the first one changed.
ATTEMPTS = 3


Choice = Callable[[RunPool], Collection[Need]]


def rematch_open(*, association_id: UUID, actor: Actor, at: datetime) -> RematchOutcome:
    """Match everybody whose suggestion is open once more, and present what is better now.

    Raises NotFoundError or PermissionDeniedError.
    """
    association = get_association_by_public_id(db.session(), association_id)
    require(actor, Permission.ASSOCIATION_RUN, association)
    return _match_for(association.id, _list_shown, actor_id=actor.account_id, cause=RematchCause.ASKED, at=at)


def rematch_rejected(*, suggestion_id: UUID, actor: Actor, at: datetime) -> UUID | None:
    """Present what is best for a person whose suggestion was set aside; others change only where that helps.

    Gives the suggestion that she is shown now, None for none. Raises NotFoundError or PermissionDeniedError.
    """
    session = db.session()
    rejected = get_suggestion(session, suggestion_id)
    require(actor, Permission.SUGGESTION_DECIDE, rejected)
    need = (rejected.entrepreneur_id, rejected.role)
    choose, cause = partial(_list_freed, [need]), RematchCause.REJECTED
    try:
        _match_for(rejected.association_id, choose, actor_id=actor.account_id, cause=cause, at=at)
    except (BusyError, EngineError):
        # What was decided stands, and the next of the run's own choices is presented already.
        db.session.rollback()
        logger.warning("not matched again", extra={"suggestion_id": str(suggestion_id)}, exc_info=True)
    waiting = list_waiting_suggestions(db.session(), *need)
    return next((one.public_id for one in waiting if one.state is SuggestionState.OPEN), None)


def rematch_declined(*, pairing_id: UUID, at: datetime) -> RematchOutcome:
    """Present what is best for a person whose proposal came back without a yes, and for whoever has nobody.

    Others change only where that helps. Raises NotFoundError.
    """
    pairing = get_pairing(db.session(), pairing_id)
    needs = [(pairing.entrepreneur_id, pairing.role)]
    return _match_for(
        pairing.association_id, partial(_list_freed, needs), actor_id=None, cause=_cause_of(pairing), at=at
    )


def rematch_returned(*, pairing_ids: Iterable[UUID], at: datetime) -> None:
    """Do the same for all that the clocks ended, those of one association together.

    What cannot be now keeps the next of the run's own choices.
    """
    returned: dict[tuple[int, RematchCause], list[Need]] = defaultdict(list)
    for pairing_id in pairing_ids:
        pairing = get_pairing(db.session(), pairing_id)
        returned[pairing.association_id, _cause_of(pairing)].append((pairing.entrepreneur_id, pairing.role))
    for (association_id, cause), needs in returned.items():
        try:
            _match_for(association_id, partial(_list_freed, needs), actor_id=None, cause=cause, at=at)
        except (BusyError, EngineError):
            db.session.rollback()
            logger.warning("not matched again", extra={"association_id": association_id}, exc_info=True)


def _cause_of(pairing: Pairing) -> RematchCause:
    return RematchCause.DECLINED if pairing.state is PairingState.DECLINED else RematchCause.RETURNED


def rematch_person(*, entrepreneur_id: UUID, at: datetime) -> RematchOutcome:
    """Find somebody for a person who has nobody in a role that she wants; others change only where that helps.

    Where nobody is looked for on her behalf any more, whoever has nobody is found whom she was shown. Before the first
    run nothing is done. Raises NotFoundError.
    """
    person = get_entrepreneur(db.session(), entrepreneur_id)
    id, left = person.id, () if person.state is EntrepreneurState.READY else tuple(person.wanted_roles)

    def choose(pool: RunPool) -> Collection[Need]:
        return [need for need in _list_unserved(pool) if need[0] == id or need[1] in left]

    cause = RematchCause.PLACE_OPENED if left else RematchCause.ARRIVED
    return _match_patiently(person.association_id, choose, cause=cause, at=at)


def rematch_supporter(*, supporter_id: UUID, at: datetime) -> RematchOutcome:
    """Find somebody for whoever has nobody in the role of a supporter whose places changed.

    Where none of them is left, also for whoever is shown him. Before the first run nothing is done.
    Raises NotFoundError.
    """
    supporter = get_supporter(db.session(), supporter_id)
    id, role, is_free = supporter.id, supporter.role, has_place(supporter)

    def choose(pool: RunPool) -> Collection[Need]:
        gone = [] if is_free else [(one.entrepreneur_id, one.role) for one in pool.shown if one.supporter_id == id]
        return [*(need for need in _list_unserved(pool) if need[1] is role), *gone]

    cause = RematchCause.PLACE_OPENED if is_free else RematchCause.PLACE_GONE
    return _match_patiently(supporter.association_id, choose, cause=cause, at=at)


def rematch_missed(*, run_id: UUID, at: datetime) -> RematchOutcome:
    """After a run, find somebody for whom it could not: files and supporters that changed while it worked.

    Raises NotFoundError.
    """
    run = get_match_run(db.session(), run_id)
    if run.started_at is None or not is_changed_since(db.session(), run.association_id, run.started_at):
        return RematchOutcome()
    return _match_patiently(run.association_id, _list_unserved, cause=RematchCause.ARRIVED, at=at)


def _match_patiently(association_id: int, choose: Choice, *, cause: RematchCause, at: datetime) -> RematchOutcome:
    """Match again until nobody decides meanwhile; while a run is under way, leave it to what follows the run."""
    outcome = RematchOutcome()
    for _attempt in range(ATTEMPTS):
        session = db.session()
        if find_last_run(session, association_id) is None or is_run_under_way(session, association_id):
            return RematchOutcome()
        outcome = _match_for(association_id, choose, actor_id=None, cause=cause, at=at)
        if not outcome.is_outdated:
            break
    return outcome


def _match_for(
    association_id: int, choose: Choice, *, actor_id: int | None, cause: RematchCause, at: datetime
) -> RematchOutcome:
    table = _match_again(association_id, choose, at=at)
    if table is None:
        return RematchOutcome()
    shown = {table.shown[need] for need in table.about if need in table.shown}
    changes = keep_connected(list_changes(table), table.about, shown)
    return store_changes(table, changes, actor_id=actor_id, cause=cause, at=at)


def _list_shown(pool: RunPool) -> Collection[Need]:
    return [(one.entrepreneur_id, one.role) for one in pool.shown]


def _list_unserved(pool: RunPool) -> Collection[Need]:
    """Give who has neither a pairing nor an open suggestion in a role that she wants."""
    served = pool.live_roles | set(_list_shown(pool))
    wanted = [(one.id, SupporterRole(role)) for one in pool.entrepreneurs for role in one.wanted_roles]
    return [need for need in wanted if need not in served]


def _list_freed(needs: Collection[Need], pool: RunPool) -> Collection[Need]:
    """Give who is to get another supporter, and who has nobody in these roles: places became free."""
    roles = {role for _person, role in needs}
    return [*needs, *(one for one in _list_unserved(pool) if one[1] in roles)]


def _match_again(association_id: int, choose: Choice, *, at: datetime) -> Table | None:
    """Read who is open, then let go of the database while the engine works; None if it is about nobody."""
    session = db.session()
    try:
        pool = read_pool(session, association_id)
        about = frozenset(choose(pool))
        if not about:
            return None
        measure = read_last_measure(session, association_id)
        rejected = list_rejected_pairs(session, association_id)
    finally:
        session.rollback()
    roles = frozenset(role for _person, role in about)
    opened = [one for one in pool.shown if one.role in roles]
    shown = {(one.entrepreneur_id, one.role): one.supporter_id for one in opened}
    found = rematch_bridge.find_best_again(pool, about.union(shown), rejected=rejected, measure=measure, at=at)
    return Table(
        association_id=association_id,
        about=about,
        roles=roles,
        shown=shown,
        shown_ids=frozenset(one.id for one in opened),
        result=found,
    )
