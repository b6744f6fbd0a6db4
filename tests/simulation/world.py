"""The world of the simulation: an app on a database of its own, invented people, and instants of working days."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from flask import Flask
from sqlalchemy import event, select, update

from models.associations import Association
from models.db import Model, db, transaction
from seeds.demo import seed_database
from tests.databases import build_settings
from webapp.app import create_app
from webapp.clock import PARIS

# Associations with more people than supporters come back to those who wait every other month.
FOLLOW_UP_DAYS = 60


def instant(day: date, hour: int, minute: int = 0) -> datetime:
    """Give the instant at which a clock in France shows this time."""
    return datetime.combine(day, time(hour, minute), PARIS).astimezone(UTC)


@contextmanager
def open_world(folder: Path, *, start: date, seed: int) -> Iterator[Flask]:
    """Give an app with three associations, 300 people, 100 supporters and their first workshops.

    The database belongs to the simulation alone and is thrown away: it need not wait for the disk.
    """
    app = create_app(build_settings(f"sqlite:///{folder / 'year.db'}", folder))
    with app.app_context(), patch("matcher.recruitment_brief", _write_no_brief):
        event.listen(db.engine, "connect", _do_not_wait_for_the_disk)
        Model.metadata.create_all(db.engine)
        seed_database(size="small", seed=seed, today=start, story=False)
        with transaction() as session:
            session.execute(update(Association).values(follow_up_days=FOLLOW_UP_DAYS))
        yield app
        db.session.remove()
        db.engine.dispose()


def list_associations() -> list[Association]:
    """Give the associations of the world, in the order in which they were made."""
    return list(db.session.scalars(select(Association).order_by(Association.id)))


def _write_no_brief(*_args: Any, **_kwargs: Any) -> SimpleNamespace:
    """Recruit nobody: the brief changes nothing for the people of the year, and takes half the time of a run."""
    return SimpleNamespace(options=(), sequence=())


def _do_not_wait_for_the_disk(connection, _record):
    connection.execute("PRAGMA synchronous=OFF")
