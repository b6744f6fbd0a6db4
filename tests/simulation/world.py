"""The world of the simulation: an app on a database of its own, invented people, and instants of working days."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from flask import Flask
from sqlalchemy import Date, Select, bindparam, event, select, update

from models.accounts import Account, Coordinator
from models.associations import Association
from models.correspondence import MailPreference, MailWay
from models.db import Model, UtcDateTime, db, transaction
from seeds.demo import add_people
from seeds.loader import load_reference
from tests.databases import create_test_app
from webapp.clock import PARIS
from webapp.permissions import Actor
from webapp.services import charters

# Associations with more people than supporters come back to those who wait every other month.
FOLLOW_UP_DAYS = 60
# The people of a small population live in these; France has 35,000 communes.
DEPARTMENTS = ("09", "13", "31", "81", "82", "93")
AT, TODAY = bindparam("at", type_=UtcDateTime()), bindparam("today", type_=Date())


def instant(day: date, hour: int, minute: int = 0) -> datetime:
    """Give the instant at which a clock in France shows this time."""
    return datetime.combine(day, time(hour, minute), PARIS).astimezone(UTC)


def rows_of(*columns: Any, where: Sequence[Any]) -> Select[Any]:
    """Write once what is read every day of one association: of its rows by number, those for which all holds.

    The first column says which table; `AT` and `TODAY` stand for the instant and the day of reading.
    """
    table = columns[0].class_
    return select(*columns).where(table.association_id == bindparam("association"), *where).order_by(table.id)


def ids_of(table: Any, *conditions: Any) -> Select[Any]:
    """Write once how the public numbers of such rows are read."""
    return rows_of(table.public_id, where=conditions)


def as_person(entrepreneur_id: int) -> Actor:
    """Act as the person of a file."""
    return Actor(account_id=None, entrepreneur_ids=frozenset({entrepreneur_id}))


def as_supporter(supporter_id: int) -> Actor:
    """Act as a volunteer."""
    return Actor(account_id=None, supporter_ids=frozenset({supporter_id}))


def read_account(account_id: int) -> Account:
    """Give an account by its row number."""
    return db.session.get_one(Account, account_id)


@contextmanager
def open_world(folder: Path, *, start: date, seed: int) -> Iterator[Flask]:
    """Give an app with three associations, 300 people, 100 supporters and their first workshops."""
    app = create_test_app(f"sqlite:///{folder / 'year.db'}", folder)
    without_brief = patch("matcher.recruitment_brief", _write_no_brief)
    without_paper = patch.object(charters, "build_document", _print_nothing)
    with app.app_context(), without_brief, without_paper, _collect_seldom():
        event.listen(db.engine, "connect", _stay_in_memory)
        Model.metadata.create_all(db.engine)
        with transaction() as session:
            load_reference(session, departments=DEPARTMENTS)
        add_people(size="small", seed=seed, today=start)
        with transaction() as session:
            session.execute(update(Association).values(follow_up_days=FOLLOW_UP_DAYS))
            # One coordinator asks for each mail; the others leave everything as usual.
            asks = session.scalars(select(Coordinator.account_id).order_by(Coordinator.id)).first()
            session.add(MailPreference(account_id=asks, desk_way=MailWay.EACH, updated_at=instant(start, 0)))
        gc.freeze()
        yield app
        db.session.remove()
        db.engine.dispose()


def list_associations() -> list[Association]:
    """Give the associations of the world, in the order in which they were made."""
    return list(db.session.scalars(select(Association).order_by(Association.id)))


def _write_no_brief(*_args: Any, **_kwargs: Any) -> SimpleNamespace:
    """Recruit nobody: the brief changes nothing for the people of the year, and takes half the time of a run."""
    return SimpleNamespace(options=(), sequence=())


def _print_nothing(**_values: Any) -> bytes:
    """Print no charter: the year lives on its three signatures, and the paper takes a twentieth of its time."""
    return b"%PDF"


def _stay_in_memory(connection, _record):
    """Nobody else reads this database, and it is thrown away."""
    for pragma in ("journal_mode=MEMORY", "temp_store=MEMORY", "locking_mode=EXCLUSIVE"):
        connection.execute(f"PRAGMA {pragma}").fetchall()


@contextmanager
def _collect_seldom() -> Iterator[None]:
    """Spare the collector what lives as long as the year: it would look through all of the app again and again."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
