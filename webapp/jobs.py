"""Work that pages do not wait for: match runs, the clocks, the outbox.

The queue is huey: a file of its own beside a SQLite database, tables of its own in a PostgreSQL one, none in tests.
An enqueue is no part of our transactions, so it comes after the commit, and what gets lost is found again: a tick looks
for runs that nobody took. Each task may run twice.
"""

import logging
import sys
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import psycopg
from flask import Flask, current_app
from huey import Huey, MemoryHuey, PostgresHuey, SqliteHuey, crontab
from sqlalchemy.engine import make_url

from models.db import db
from models.exceptions import DomainError
from models.queries.match_runs import list_queued_runs
from models.queries.weights import list_queued_drafts
from webapp.clock import utc_now
from webapp.config import Settings, SettingsError
from webapp.matcher_bridge import EngineError
from webapp.services import accounts, circle_compositions, clocks, match_runs, messages, rematch, weight_drafts
from webapp.transport import build_transport

logger = logging.getLogger(__name__)

QUEUE = "maillage"
EXTENSION = "maillage_jobs"
SENT_AT_ONCE = 200


class Jobs:
    """The queue of one app, and the tasks it knows."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self.queue = build_queue(app.config["SETTINGS"])
        self.rematch_declined = self.queue.task(name="rematch_declined")(self._in_context(rematch_declined))
        self.rematch_person = self.queue.task(name="rematch_person")(self._in_context(rematch_person))
        self.rematch_supporter = self.queue.task(name="rematch_supporter")(self._in_context(rematch_supporter))
        every_minute = crontab(minute="*")
        self.run_match = self.queue.task(name="run_match")(self._in_context(run_match))
        self.replay_draft = self.queue.task(name="replay_draft")(self._in_context(replay_draft))
        self.compose_circles = self.queue.task(name="compose_circles")(self._in_context(compose_circles))
        self.send_reset = self.queue.task(name="send_reset")(self._in_context(send_reset))
        self.tick = self.queue.periodic_task(every_minute, name="tick")(self._in_context(tick))
        self.send_messages = self.queue.periodic_task(every_minute, name="send_messages")(
            self._in_context(send_messages)
        )

    def _in_context(self, work: Callable[..., None]) -> Callable[..., None]:
        def in_context(*arguments: Any) -> None:
            # A context of its own has a database session of its own.
            with self._app.app_context():
                work(*arguments)

        return in_context


def current_jobs() -> Jobs:
    """Give the queue of the app in context; it is made at its first use."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return _jobs_of(app)


def enqueue_run(run_id: UUID) -> None:
    """Hand a run to a worker; call it after the commit. In tests it is executed at once."""
    current_jobs().run_match(str(run_id))


def enqueue_replay(draft_id: UUID) -> None:
    """Hand the replay of a draft to a worker; call it after the commit. In tests it is executed at once."""
    current_jobs().replay_draft(str(draft_id))


def enqueue_composition(association_id: int) -> None:
    """Hand a composition of circles to a worker; call it after the commit. In tests it is executed at once."""
    current_jobs().compose_circles(association_id)


def enqueue_rematch(pairing_id: UUID) -> None:
    """Have a worker find the best for whose proposal was declined; call it after the commit."""
    current_jobs().rematch_declined(str(pairing_id))


def enqueue_person(entrepreneur_id: UUID) -> None:
    """Have a worker look for whom a person lacks; call it after the commit."""
    current_jobs().rematch_person(str(entrepreneur_id))


def enqueue_supporter(supporter_id: UUID) -> None:
    """Have a worker look for whoever lacks somebody, as a supporter's places changed; call it after the commit."""
    current_jobs().rematch_supporter(str(supporter_id))


def enqueue_released(pairing_ids: Iterable[UUID], supporter_id: UUID) -> None:
    """Do both after a supporter gave back: for whoever was with her or proposed to her, then for whoever has nobody."""
    for pairing_id in pairing_ids:
        enqueue_rematch(pairing_id)
    enqueue_supporter(supporter_id)


def enqueue_reset(email: str) -> None:
    """Have a worker write to an address that asked for a new password: the page takes as long for everybody."""
    current_jobs().send_reset(email)


def run_consumer(app: Flask, *, workers: int = 1) -> None:
    """Work until told to stop: what the process of a worker does."""
    _jobs_of(app).queue.create_consumer(workers=workers, periodic=True).run()


def build_queue(settings: Settings) -> Huey:
    """Build the queue that fits the database; nothing is opened before its first use."""
    if settings.testing:
        return MemoryHuey(QUEUE, immediate=True, utc=True)
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        # The rollback journal: the driver underneath may be too old for a WAL file that several processes write.
        path = settings.data_dir / "jobs.db"
        return SqliteHuey(QUEUE, filename=str(path), journal_mode="delete", timeout=15, results=False, utc=True)
    return _build_postgresql_queue(url.set(drivername="postgresql").render_as_string(hide_password=False))


def _build_postgresql_queue(dsn: str) -> Huey:
    """Build the queue, whose tables come with its first use.

    Processes that start together make them one after the other: "if not exists" does not see what another one is about
    to commit, and refuses in more than one way.
    """
    with psycopg.connect(dsn) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [QUEUE])
        return PostgresHuey(QUEUE, dsn=dsn, results=False, utc=True)


def _jobs_of(app: Flask) -> Jobs:
    if EXTENSION not in app.extensions:
        app.extensions[EXTENSION] = Jobs(app)
    jobs: Jobs = app.extensions[EXTENSION]
    return jobs


def run_match(run_id: str) -> None:
    """Execute one run, then look for whom it could not know; a second worker that comes for it leaves it alone."""
    try:
        match_runs.execute_run(run_id=UUID(run_id), at=utc_now())
    except DomainError as error:
        logger.info("match run left alone", extra={"run_id": run_id, "code": error.code})
        return
    _look_again(lambda: rematch.rematch_missed(run_id=UUID(run_id), at=utc_now()), run_id=run_id)


def replay_draft(draft_id: str) -> None:
    """Replay one draft of weights; a second worker that comes for it leaves it alone."""
    try:
        weight_drafts.replay_draft(draft_id=UUID(draft_id), at=utc_now())
    except DomainError as error:
        logger.info("replay left alone", extra={"draft_id": draft_id, "code": error.code})


def compose_circles(association_id: int) -> None:
    """Make the composition that waits in an association; a second worker that comes for it leaves it alone."""
    circle_compositions.execute_composition(association_id=association_id, at=utc_now())


def rematch_declined(pairing_id: str) -> None:
    """Match once more for one person; if that cannot be now, the next of the run's own choices is shown already."""
    _look_again(lambda: rematch.rematch_declined(pairing_id=UUID(pairing_id), at=utc_now()), pairing_id=pairing_id)


def rematch_person(entrepreneur_id: str) -> None:
    """Look for whom a person lacks; if that cannot be now, the next run does."""
    _look_again(
        lambda: rematch.rematch_person(entrepreneur_id=UUID(entrepreneur_id), at=utc_now()),
        entrepreneur_id=entrepreneur_id,
    )


def rematch_supporter(supporter_id: str) -> None:
    """Look again for whoever lacks somebody; if that cannot be now, the next run does."""
    _look_again(
        lambda: rematch.rematch_supporter(supporter_id=UUID(supporter_id), at=utc_now()), supporter_id=supporter_id
    )


def _look_again(work: Callable[[], object], **ids: str) -> None:
    try:
        work()
    except (DomainError, EngineError) as error:
        logger.warning("not matched again", extra={**ids, "error": type(error).__name__})


def send_reset(email: str) -> None:
    """Send the link for a new password, if the address has an account."""
    accounts.request_reset(email=email, at=utc_now())


def tick() -> None:
    """Do what time has made due, and look for runs that no worker was told of."""
    clocks.tick(at=utc_now())
    for run_id in list_queued_runs(db.session()):
        enqueue_run(run_id)
    for draft_id in list_queued_drafts(db.session()):
        enqueue_replay(draft_id)
    for association_id in circle_compositions.list_waiting(at=utc_now()):
        enqueue_composition(association_id)


def send_messages() -> None:
    """Send what the outbox holds.

    Without a mail server messages stay there: in development they are read in the app, in production the log says so.
    """
    settings: Settings = current_app.config["SETTINGS"]
    if not (settings.smtp_host or settings.production):
        return
    try:
        transport = build_transport(settings, sys.stdout)
    except SettingsError:
        logger.exception("messages not sent")
        return
    messages.send_due_messages(at=utc_now(), transport=transport, limit=SENT_AT_ONCE)
