"""Match runs: asked for by a coordinator, executed by a worker, stored in one go."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CursorResult, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.associations import WeightVersion
from models.db import db, retried, transaction
from models.exceptions import BusyError, DomainError, InvalidTransitionError, RunLostError, RunUnderWayError
from models.match_runs import MatchRun
from models.moves import move, write_event
from models.queries.associations import get_association_by_public_id
from models.queries.match_runs import (
    find_version_of_last_run,
    find_weight_version,
    get_match_run,
    list_silent_runs,
    lock_match_run,
    read_pool,
)
from models.queries.programme import Programme, read_programme
from models.states import (
    MatchRunAction,
    MatchRunState,
)
from webapp import matcher_bridge, session_bridge
from webapp.insight_bridge import LookBack, look_back
from webapp.matcher_bridge import EngineError, Measure
from webapp.permissions import Actor, Permission, require
from webapp.services.match_answers import store_answer
from webapp.session_bridge import PlanResult

logger = logging.getLogger(__name__)

# A page that polls every second sees each step, and the database is not kept busy by watching.
PROGRESS_EVERY_SECONDS = 0.3
# Progress while the engine works; the rest is reading before and storing after.
MATCHED_PERCENT = 95
# A worker writes a sign of life at least with each part of its work; the longest part takes seconds.
SILENCE = timedelta(minutes=15)
# Half a year: whoever had a seat in a workshop since then lets others go first.
LATELY = timedelta(days=182)
STORE_ATTEMPTS = 4
WORKER_LOST = "worker_lost"
ENGINE_REFUSED = "engine_refused"
UNEXPECTED = "unexpected"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOutcome:
    """What a run reached; `failure` names why it failed."""

    run_id: UUID
    state: MatchRunState
    suggested: int = 0
    unmatched: int = 0
    failure: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    id: int
    run_id: UUID
    association_id: int
    measure: Measure
    started_at: datetime


class _Watch:
    """The instant a run is at: where it started plus what a stopwatch says. No rule reads the clock."""

    def __init__(self, at: datetime) -> None:
        self._at, self._start = at, time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._start

    def now(self) -> datetime:
        return self._at + timedelta(seconds=self.seconds)


@retried
def request_run(*, association_id: UUID, actor: Actor, at: datetime) -> UUID:
    """Ask for a match run of an association with the weights that hold now. A worker takes it from there.

    Raises NotFoundError, PermissionDeniedError or RunUnderWayError.
    """
    with transaction() as session:
        association = get_association_by_public_id(session, association_id)
        require(actor, Permission.ASSOCIATION_RUN, association)
        run = MatchRun(
            public_id=uuid4(),
            association_id=association.id,
            state=MatchRunState.QUEUED,
            progress=0,
            weight_version_id=current_version(session, association.id, at=at).id,
            requested_by_id=actor.account_id,
            requested_at=at,
        )
        session.add(run)
        try:
            session.flush()
        except IntegrityError as error:
            raise RunUnderWayError(association_id=association_id) from error
        write_event(session, run, "request", to_state=MatchRunState.QUEUED, actor_id=actor.account_id, at=at)
    logger.info("match run requested", extra={"run_id": str(run.public_id), "actor_id": actor.account_id})
    return run.public_id


def execute_run(*, run_id: UUID, at: datetime, tell: Callable[[float], None] | None = None) -> RunOutcome:
    """Do the work of a queued run, writing its progress as it goes; whatever goes wrong, the run says so.

    `tell` is called with the share of the work done, besides, for a command that shows a bar.
    Raises NotFoundError, or InvalidTransitionError when another worker has taken it.
    """
    watch = _Watch(at)
    job = _start(run_id, at=at)
    try:
        records, programme = _read(job, at=at)
        matched = matcher_bridge.find_matches(records, progress=_Progress(job.id, watch, tell))
        plans = session_bridge.find_plans(records, programme, matched, at=at)
        outcome = _store_patiently(job, plans, look_back(records, plans.matched), watch=watch)
    except RunLostError:
        db.session.rollback()
        logger.warning("match run lost", extra={"run_id": str(run_id)})
        return RunOutcome(run_id=run_id, state=MatchRunState.FAILED, failure=WORKER_LOST)
    except Exception as error:
        db.session.rollback()
        logger.exception("match run failed", extra={"run_id": str(run_id)})
        failure = _failure_code(error)
        with suppress(InvalidTransitionError):  # a clock has already declared it failed
            fail_run(run_id=run_id, failure=failure, at=watch.now())
        return RunOutcome(run_id=run_id, state=MatchRunState.FAILED, failure=failure)
    logger.info("match run done", extra={"run_id": str(run_id), "seconds": round(watch.seconds, 3)})
    return outcome


@retried
def fail_run(*, run_id: UUID, failure: str, at: datetime) -> None:
    """Declare a run failed, whatever its worker does; another can be asked for at once.

    Raises NotFoundError or InvalidTransitionError.
    """
    with transaction() as session:
        run = lock_match_run(session, get_match_run(session, run_id).id)
        values: dict[str, Any] = {"ended_at": at, "failure": failure}
        move(session, run, MatchRunAction.FAIL, actor_id=None, at=at, reason=failure, **values)


def fail_silent_runs(*, at: datetime) -> int:
    """Fail the runs whose worker has given no sign of life for a while. May run twice, or twice at once."""
    failed = 0
    for run_id in list_silent_runs(db.session(), seen_before=at - SILENCE):
        failed += _fail_if_silent(run_id, at=at)
    return failed


def _failure_code(error: Exception) -> str:
    """Name the cause: a refusal of ours by its code, one of the engine's as such, anything else as unexpected."""
    if isinstance(error, DomainError):
        return error.code
    return ENGINE_REFUSED if isinstance(error, EngineError) else UNEXPECTED


@retried
def _fail_if_silent(run_id: UUID, *, at: datetime) -> bool:
    with transaction() as session:
        run = lock_match_run(session, get_match_run(session, run_id).id)
        silent = run.state is MatchRunState.RUNNING and run.seen_at is not None and run.seen_at < at - SILENCE
        if silent:
            values: dict[str, Any] = {"ended_at": at, "failure": WORKER_LOST}
            move(session, run, MatchRunAction.FAIL, actor_id=None, at=at, reason=WORKER_LOST, **values)
    return silent


def current_version(session: Session, association_id: int, *, at: datetime) -> WeightVersion:
    """Give the weights that hold now; the first time the engine's own become the national version 1."""
    version = find_weight_version(session, association_id)
    if version is not None:
        return version
    try:
        with session.begin_nested():
            version = WeightVersion(
                number=1, weights=matcher_bridge.default_weights(), note="", published_at=at, published_by_id=None
            )
            session.add(version)
    except IntegrityError:
        version = find_weight_version(session, association_id)
        assert version is not None  # somebody published the first version a moment ago
    return version


def read_last_measure(session: Session, association_id: int) -> Measure:
    """Give what the last run matched by, so that scores compare with those that it stored; newer weights wait."""
    version = find_version_of_last_run(session, association_id) or find_weight_version(session, association_id)
    return matcher_bridge.read_measure(version)


@retried
def _start(run_id: UUID, *, at: datetime) -> _Job:
    with transaction() as session:
        run = lock_match_run(session, get_match_run(session, run_id).id)
        values: dict[str, Any] = {"started_at": at, "seen_at": at}
        move(session, run, MatchRunAction.START, actor_id=None, at=at, **values)
        return _Job(
            id=run.id,
            run_id=run_id,
            association_id=run.association_id,
            measure=matcher_bridge.read_measure(session.get_one(WeightVersion, run.weight_version_id)),
            started_at=at,
        )


def _read(job: _Job, *, at: datetime) -> tuple[matcher_bridge.RunRecords, Programme]:
    """Read everybody and the workshops, then let go of the database while the engine works."""
    session = db.session()
    try:
        programme = read_programme(session, job.association_id, at=at, since=at - LATELY)
        pool = read_pool(session, job.association_id)
        measure = job.measure
        return matcher_bridge.build_records(pool, weights=measure.weights, aim=measure.aim, at=at), programme
    finally:
        session.rollback()


class _Progress:
    """Write how far the engine is, now and then, and stop it when nobody waits for the answer any more."""

    def __init__(self, id: int, watch: _Watch, tell: Callable[[float], None] | None) -> None:
        self._id, self._watch, self._tell = id, watch, tell
        self._written_at = -PROGRESS_EVERY_SECONDS

    def __call__(self, share: float) -> None:
        if self._tell is not None:
            self._tell(share)
        if self._watch.seconds - self._written_at < PROGRESS_EVERY_SECONDS:
            return
        self._written_at = self._watch.seconds
        try:
            self._write(round(min(max(share, 0.0), 1.0) * MATCHED_PERCENT))
        except BusyError:
            logger.info("progress not written, the database is busy", extra={"run": self._id})

    def _write(self, percent: int) -> None:
        with transaction() as session:
            written: CursorResult[Any] = session.execute(  # type: ignore[assignment]
                update(MatchRun)
                .where(MatchRun.id == self._id, MatchRun.state == MatchRunState.RUNNING)
                .values(progress=percent, seen_at=self._watch.now())
            )
            if written.rowcount != 1:
                raise RunLostError


def _store_patiently(job: _Job, plans: PlanResult, told: LookBack, *, watch: _Watch) -> RunOutcome:
    """Store the answer; work of minutes is not thrown away because somebody held a lock for seconds."""
    for _ in range(STORE_ATTEMPTS - 1):
        with suppress(BusyError):
            return _store(job, plans, told, watch=watch)
    return _store(job, plans, told, watch=watch)


def _store(job: _Job, plans: PlanResult, told: LookBack, *, watch: _Watch) -> RunOutcome:
    stored = store_answer(
        run_id=job.id, plans=plans, told=told, at=job.started_at, ended_at=watch.now(), seconds=watch.seconds
    )
    return RunOutcome(run_id=job.run_id, state=MatchRunState.DONE, suggested=stored.opened, unmatched=stored.unmatched)
