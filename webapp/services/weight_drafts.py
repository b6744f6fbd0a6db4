"""Weights: drafted, replayed on the real people, then published with a note or set aside. No other way changes them."""

import logging
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.associations import Association, MatchAim, WeightVersion
from models.db import db, retried, transaction
from models.exceptions import InvalidInputError, InvalidTransitionError, WeightsChangedError
from models.moves import move, write_event
from models.queries.associations import get_association_by_public_id
from models.queries.match_runs import find_weight_version, read_pool
from models.queries.weights import (
    get_draft,
    get_version,
    list_past_decisions,
    list_silent_drafts,
    lock_draft,
    next_number,
)
from models.states import WeightDraftAction, WeightDraftState
from models.wall import lends
from models.weights import WeightDraft
from webapp import decision_bridge, matcher_bridge
from webapp.decision_bridge import EngineError, TooFewDecisions, Weights, WeightSuggestion
from webapp.form_keys import claim_form_key, note_outcome
from webapp.matcher_bridge import Measure
from webapp.permissions import Actor, Permission, require
from webapp.services.match_runs import current_version

logger = logging.getLogger(__name__)

# The longest replay takes twice as long as a match run of the same people: seconds.
SILENCE = timedelta(minutes=15)
WORKER_LOST = "worker_lost"
UNEXPECTED = "unexpected"


@retried
def draft_weights(
    *,
    association_id: UUID,
    weights: Weights,
    aim: MatchAim = MatchAim.MOST_SERVED,
    note: str = "",
    form_key: str | None = None,
    actor: Actor,
    at: datetime,
) -> UUID:
    """Keep a draft of weights and of what matching aims at with them; it waits for its replay.

    Raises NotFoundError, PermissionDeniedError, InvalidInputError or RepeatedRequestError.
    """
    _require_usable(weights)
    with transaction() as session:
        association = get_association_by_public_id(session, association_id)
        require(actor, Permission.WEIGHTS_MANAGE, association)
        claim_form_key(session, key=form_key, account_id=actor.account_id, at=at)
        draft = WeightDraft(
            public_id=uuid4(),
            association_id=association.id,
            state=WeightDraftState.QUEUED,
            weights={role: dict(parts) for role, parts in weights.items()},
            aim=aim,
            based_on_id=current_version(session, association.id, at=at).id,
            note=note.strip(),
            made_at=at,
            made_by_id=actor.account_id,
        )
        session.add(draft)
        session.flush()
        write_event(session, draft, "draft", to_state=WeightDraftState.QUEUED, actor_id=actor.account_id, at=at)
        note_outcome(session, key=form_key, outcome=draft.public_id)
    logger.info("weights drafted", extra={"draft_id": str(draft.public_id), "actor_id": actor.account_id})
    return draft.public_id


def draft_version_again(
    *,
    association_id: UUID,
    number: int,
    is_national: bool,
    note: str,
    form_key: str | None = None,
    actor: Actor,
    at: datetime,
) -> UUID:
    """Draft the weights and the aim of an earlier version, to publish them again.

    Raises NotFoundError, PermissionDeniedError or RepeatedRequestError.
    """
    session = db.session()
    association = get_association_by_public_id(session, association_id)
    require(actor, Permission.WEIGHTS_MANAGE, association)
    version = get_version(session, association.id, number=number, is_national=is_national)
    measure = matcher_bridge.read_measure(version)
    return draft_weights(
        association_id=association_id,
        weights=measure.weights,
        aim=measure.aim,
        note=note,
        form_key=form_key,
        actor=actor,
        at=at,
    )


def replay_draft(*, draft_id: UUID, at: datetime) -> WeightDraftState:
    """Match everybody by what holds now and by what is drafted, and keep what would change.

    Raises NotFoundError, or InvalidTransitionError when another worker has taken it.
    """
    row_id, old, new = _start(draft_id, at=at)
    try:
        told = decision_bridge.replay(_read(row_id, weights=old.weights, at=at), old=old, new=new)
    except Exception:
        db.session.rollback()
        logger.exception("replay failed", extra={"draft_id": str(draft_id)})
        with suppress(InvalidTransitionError):  # a clock has already declared it failed
            _end(row_id, WeightDraftAction.FAIL, at=at, reason=UNEXPECTED, failure=UNEXPECTED)
        return WeightDraftState.FAILED
    _end(row_id, WeightDraftAction.FINISH, at=at, replay=told)
    logger.info("weights replayed", extra={"draft_id": str(draft_id), "seconds": told["seconds"]})
    return WeightDraftState.READY


@retried
def publish_draft(*, draft_id: UUID, note: str, actor: Actor, at: datetime) -> int:
    """Publish a draft that was replayed: the next match run uses it. Gives the number of the version.

    Raises NotFoundError, PermissionDeniedError, InvalidInputError without a note, InvalidTransitionError, or
    WeightsChangedError when other weights were published since its replay.
    """
    if not note.strip():
        raise InvalidInputError(field="note", value=note, expected="why these weights")
    with transaction() as session:
        draft = get_draft(session, draft_id)
        require(actor, Permission.WEIGHTS_MANAGE, draft)
        draft = lock_draft(session, draft.id)
        if draft.based_on_id != current_version(session, draft.association_id, at=at).id:
            raise WeightsChangedError(draft_id=draft_id)
        version = _publish(session, draft, note=note.strip(), actor=actor, at=at)
        values: dict[str, Any] = {"published_as_id": version.id}
        move(session, draft, WeightDraftAction.PUBLISH, actor_id=actor.account_id, at=at, **values)
        number = version.number
    logger.info("weights published", extra={"draft_id": str(draft_id), "actor_id": actor.account_id})
    return number


@retried
def discard_draft(*, draft_id: UUID, actor: Actor, at: datetime) -> None:
    """Set a draft aside.

    Raises NotFoundError, PermissionDeniedError or InvalidTransitionError.
    """
    with transaction() as session:
        draft = get_draft(session, draft_id)
        require(actor, Permission.WEIGHTS_MANAGE, draft)
        draft = lock_draft(session, draft.id)
        move(session, draft, WeightDraftAction.DISCARD, actor_id=actor.account_id, at=at)


def learn_weights(*, association_id: UUID, role: str, actor: Actor) -> WeightSuggestion | TooFewDecisions | None:
    """Suggest weights of one role from the association's decisions; None where nothing weighs in this role.

    Raises NotFoundError or PermissionDeniedError.
    """
    session = db.session()
    association = get_association_by_public_id(session, association_id)
    require(actor, Permission.WEIGHTS_MANAGE, association)
    current = read_current_measure(session, association.id).weights
    past = list_past_decisions(session, association.id)
    if not sum(current.get(role, {}).values()):
        return None
    return decision_bridge.suggest_weights(past, current, role)


def read_current_measure(session: Session, association_id: int) -> Measure:
    """Give what the next run would match by; before the first run, the engine's own."""
    return matcher_bridge.read_measure(find_weight_version(session, association_id))


def fail_silent_replays(*, at: datetime) -> int:
    """Fail the replays whose worker has given no sign of life for a while. May run twice, or twice at once."""
    return sum(_fail_if_silent(one, at=at) for one in list_silent_drafts(db.session(), seen_before=at - SILENCE))


def _require_usable(weights: Weights) -> None:
    try:
        decision_bridge.check_weights(weights)
    except EngineError as error:
        raise InvalidInputError(**{**error.facts, "field": "weights"}) from error


def _publish(session: Session, draft: WeightDraft, *, note: str, actor: Actor, at: datetime) -> WeightVersion:
    version = WeightVersion(
        association_id=draft.association_id,
        number=next_number(session, draft.association_id),
        weights=draft.weights,
        aim=draft.aim,
        note=note,
        published_at=at,
        published_by_id=actor.account_id,
    )
    # Read before the flush: after a failed one nothing can be read any more.
    public_id = draft.public_id
    session.add(version)
    try:
        session.flush()
    except IntegrityError as error:
        raise WeightsChangedError(draft_id=public_id) from error  # somebody published at the same moment
    return version


@retried
def _start(draft_id: UUID, *, at: datetime) -> tuple[int, Measure, Measure]:
    with transaction() as session:
        draft = lock_draft(session, get_draft(session, draft_id).id)
        values: dict[str, Any] = {"seen_at": at}
        move(session, draft, WeightDraftAction.START, actor_id=None, at=at, **values)
        old = matcher_bridge.read_measure(session.get_one(WeightVersion, draft.based_on_id))
        return draft.id, old, Measure(weights=draft.weights, aim=draft.aim)


def _read(draft_id: int, *, weights: Weights, at: datetime) -> decision_bridge.ReplayWork:
    """Read everybody, then let go of the database while the engine works."""
    session = db.session()
    try:
        association_id = session.get_one(WeightDraft, draft_id).association_id
        is_lending = lends(session.get_one(Association, association_id).network)
        past = list_past_decisions(session, association_id)
        pool = read_pool(session, association_id)
        return decision_bridge.build_work(pool, past, weights=weights, lends=is_lending, at=at)
    finally:
        session.rollback()


@retried
def _end(draft_id: int, action: WeightDraftAction, *, at: datetime, reason: str | None = None, **values: Any) -> None:
    with transaction() as session:
        move(session, lock_draft(session, draft_id), action, actor_id=None, at=at, reason=reason, **values)


@retried
def _fail_if_silent(draft_id: UUID, *, at: datetime) -> bool:
    with transaction() as session:
        draft = lock_draft(session, get_draft(session, draft_id).id)
        silent = draft.state is WeightDraftState.RUNNING and draft.seen_at is not None and draft.seen_at < at - SILENCE
        if silent:
            values: dict[str, Any] = {"failure": WORKER_LOST}
            move(session, draft, WeightDraftAction.FAIL, actor_id=None, at=at, reason=WORKER_LOST, **values)
    return silent
