"""Apps and databases for tests: filled once, copied for each test, quick to throw away."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.fernet import Fernet
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import event
from sqlalchemy.engine import make_url

from models.db import Model, db, transaction
from models.encryption import set_encryption_keys
from seeds.loader import load_reference
from tests import browsing
from tests.correlation import refuse_uncorrelated
from webapp.app import create_app
from webapp.config import Settings

DEPARTMENTS = ("13", "31", "75", "93")
ENCRYPTION_KEY = Fernet.generate_key().decode()


class CompiledTemplates(BytecodeCache):
    """What templates compile to, kept by this process for each app that it makes; the key follows a template's text."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a template's bucket, if it was compiled before."""
        if (code := self._kept.get(bucket.key + bucket.checksum)) is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what a template was compiled to."""
        self._kept[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


COMPILED_TEMPLATES = CompiledTemplates()


def create_test_app(url: str, folder: Path) -> Flask:
    """Make an app whose templates are compiled once per process, and whose SQLite file may be lost in a power cut."""
    app = create_app(build_settings(url, folder))
    app.test_client_class = browsing.Browser
    app.jinja_env.bytecode_cache = COMPILED_TEMPLATES
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _do_not_wait_for_the_disk)
    return app


def _do_not_wait_for_the_disk(connection, _record):
    connection.execute("PRAGMA synchronous=OFF")


_LENT: dict[str, Flask] = {}


@contextmanager
def lend_app(url: str, folder: Path) -> Iterator[Flask]:
    """Give this process's app for a kind of database, its context pushed, over the database at this address.

    Making an app takes longer than most tests: one is made, and each test finds it as new, with its own database,
    settings and extensions. A test that adds to an app, such as routes, makes its own with `create_test_app`.
    """
    kind = make_url(url).get_backend_name()
    app = _LENT.get(kind)
    if app is None:
        app = _LENT[kind] = create_test_app(url, folder)
        with app.app_context():
            event.listen(db.engine, "do_connect", _lead_to_the_database_of_the_test)
            event.listen(db.engine, "before_cursor_execute", refuse_uncorrelated)
    config, extensions, client_class = dict(app.config), dict(app.extensions), app.test_client_class
    settings = app.config["SETTINGS"] = build_settings(url, folder)
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    set_encryption_keys(settings.encryption_keys)
    with app.app_context():
        db.engine.dialect.lent_url = make_url(url)
        # A page of the test before may have come late, and opened a connection to the database of that test.
        db.engine.dispose()
        yield app
        db.session.remove()
        db.engine.dispose()
    for mapping, before in ((app.config, config), (app.extensions, extensions)):
        mapping.clear()
        mapping.update(before)
    app.test_client_class = client_class


def _lead_to_the_database_of_the_test(dialect, _record, positional, named):
    found, options = dialect.create_connect_args(dialect.lent_url)
    positional[:] = found
    named.update(options)


def build_settings(url: str, data_dir: Path, **values: object) -> Settings:
    """Settings of a test app; child processes get the key from the environment, to read the same rows."""
    return Settings(
        data_dir=data_dir,
        database_url=url,
        secret_key="only for tests",
        encryption_keys=(os.environ.get("MAILLAGE_TEST_KEY", ENCRYPTION_KEY),),
        testing=True,
        **values,
    )


def fill_template(url: str, data_dir: Path) -> None:
    """Create the tables and load the closed lists, and the places of four departments."""
    app = create_test_app(url, data_dir)
    with app.app_context():
        Model.metadata.create_all(db.engine)
        with transaction() as session:
            load_reference(session, departments=DEPARTMENTS)
        db.session.remove()
        db.engine.dispose()


def copy_sqlite(template: Path, target: Path) -> str:
    """Copy a closed database file."""
    with sqlite3.connect(template) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(template, target)
    return f"sqlite:///{target}"
