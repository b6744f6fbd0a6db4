"""The world of the simulation: an app on a database of its own, invented people, and instants of working days."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from flask import Flask
from sqlalchemy import select, update

from models.associations import Association
from models.db import Model, db, transaction
from seeds.demo import seed_database
from tests.databases import create_test_app
from webapp.clock import PARIS

# Associations with more people than supporters come back to those who wait every other month.
FOLLOW_UP_DAYS = 60


def instant(day: date, hour: int, minute: int = 0) -> datetime:
    """Give the instant at which a clock in France shows this time."""
    return datetime.combine(day, time(hour, minute), PARIS).astimezone(UTC)


@contextmanager
def open_world(folder: Path, *, start: date, seed: int) -> Iterator[Flask]:
    """Give an app with three associations, 300 people, 100 supporters and their first workshops."""
    app = create_test_app(f"sqlite:///{folder / 'year.db'}", folder)
    with app.app_context(), patch("matcher.recruitment_brief", _write_no_brief):
        Model.metadata.create_all(db.engine)
        seed_database(size="small", seed=seed, today=start, until=instant(start, 0), story=False)
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
