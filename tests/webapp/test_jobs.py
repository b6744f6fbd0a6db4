"""Background work: the queue that fits the database, tasks in a context of their own, nothing lost."""

from datetime import timedelta

from huey import MemoryHuey, PostgresHuey, SqliteHuey
from sqlalchemy import select
from sqlalchemy.engine import make_url

from models.db import db, transaction
from models.match_runs import MatchRun
from models.messages import Message
from models.states import MatchRunState, MessageState
from tests.databases import build_settings
from tests.factories import make_match_run
from tests.office import Office
from tests.processes import run_together
from webapp import jobs
from webapp.clock import utc_now
from webapp.config import Settings
from webapp.services.match_runs import request_run


def settings(url, folder, **values):
    made = build_settings(url, folder)
    return Settings(
        data_dir=folder,
        database_url=url,
        secret_key=made.secret_key,
        encryption_keys=made.encryption_keys,
        **values,
    )


def request(office, at):
    return request_run(association_id=office.association.public_id, actor=office.coordinator, at=at)


def states():
    db.session.rollback()
    return list(db.session.scalars(select(MatchRun.state).order_by(MatchRun.id)))


def test_a_run_is_executed_by_the_queue_in_a_context_of_its_own(any_app, now):
    office = Office(suggested=False)
    run_id = request(office, now)
    kept = db.session.scalars(select(MatchRun)).one()
    jobs.enqueue_run(run_id)
    assert kept in db.session
    assert states() == [MatchRunState.DONE]
    jobs.enqueue_run(run_id)
    assert states() == [MatchRunState.DONE]


def test_a_run_that_nobody_was_told_of_is_found_by_the_next_tick(app, now):
    office = Office(suggested=False)
    request(office, now)
    jobs.tick()
    assert states() == [MatchRunState.DONE]


def test_processes_that_start_together_share_the_tables_of_the_queue(app, postgresql_url, tmp_path):
    answers = run_together(postgresql_url, tmp_path, build_own_queue, [(postgresql_url, tmp_path)] * 8)
    assert answers == [("done", "PostgresHuey")] * 8


def build_own_queue(url, folder):
    """What each process of a server does when it first asks for work to be done."""
    queue = jobs.build_queue(settings(url, folder))
    queue.storage.close()
    return type(queue).__name__


def test_a_tick_of_the_queue_moves_the_clocks(app):
    office = Office(suggested=False)
    with transaction() as session:
        seen_at = utc_now() - timedelta(minutes=20)
        make_match_run(
            session, office.association, state=MatchRunState.RUNNING, progress=5, ended_at=None, seen_at=seen_at
        )
    jobs.current_jobs().tick()
    assert states() == [MatchRunState.FAILED]


class Postbox:
    """A transport that keeps what it is given."""

    keeps_links = False

    def __init__(self):
        self.recipients = []

    def deliver(self, message):
        self.recipients.append(message.recipient)

    def close(self):
        """Nothing was opened."""


def test_messages_are_sent_by_the_queue(app, tmp_path, now, monkeypatch):
    # By day: at night a message waits for the morning.
    monkeypatch.setattr(jobs, "utc_now", lambda: now)
    office, postbox = Office(), Postbox()
    office.propose(at=now)
    url = app.config["SETTINGS"].database_url
    monkeypatch.setattr(jobs, "build_transport", lambda _settings, _stream: postbox)
    jobs.send_messages()
    assert postbox.recipients == []
    monkeypatch.setitem(app.config, "SETTINGS", settings(url, tmp_path, smtp_host="mail.example.org"))
    jobs.send_messages()
    db.session.rollback()
    assert list(db.session.scalars(select(Message.state))) == [MessageState.SENT]
    assert postbox.recipients == [office.supporters[0].email]


def test_without_a_mail_server_production_keeps_its_messages(app, tmp_path, monkeypatch):
    office = Office()
    office.propose(at=utc_now())
    production = settings(app.config["SETTINGS"].database_url, tmp_path, production=True)
    monkeypatch.setitem(app.config, "SETTINGS", production)
    jobs.send_messages()
    db.session.rollback()
    assert list(db.session.scalars(select(Message.state))) == [MessageState.QUEUED]


def test_each_database_has_its_queue(postgresql_url, tmp_path):
    assert isinstance(jobs.build_queue(build_settings("sqlite:///x.db", tmp_path)), MemoryHuey)
    queue = jobs.build_queue(settings("sqlite:///x.db", tmp_path))
    assert isinstance(queue, SqliteHuey)
    assert (tmp_path / "jobs.db").exists()
    queue.storage.close()
    url = make_url(postgresql_url).set(password="secret").render_as_string(hide_password=False)
    queue = jobs.build_queue(settings(url, tmp_path))
    assert isinstance(queue, PostgresHuey)
    assert queue.storage.dsn.startswith("postgresql://tests:secret@/")
    queue.storage.close()


def test_a_queue_on_a_file_keeps_a_task_for_another_process(app, tmp_path, now):
    office = Office(suggested=False)
    run_id = request(office, now)
    file_settings = settings(app.config["SETTINGS"].database_url, tmp_path)
    app.config["SETTINGS"] = file_settings
    jobs.enqueue_run(run_id)
    assert states() == [MatchRunState.QUEUED]
    app.extensions.pop(jobs.EXTENSION).queue.storage.close()
    other = jobs.current_jobs().queue
    other.execute(other.dequeue())
    assert states() == [MatchRunState.DONE]
    other.storage.close()


def test_a_queue_in_postgresql_keeps_a_task(postgresql_url, tmp_path):
    queue = jobs.build_queue(settings(postgresql_url, tmp_path))
    task = queue.task(name="note")(print)
    task("something")
    assert queue.pending_count() == 1
    queue.storage.close()
