"""Fixtures of every test: an app on SQLite, the same on both databases, people, and signing in."""

import os
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings

from models.accounts import Account
from models.db import db
from tests import browsing, postgresql
from tests.clock import NOW
from tests.databases import ENCRYPTION_KEY, copy_sqlite, fill_template, lend_app

os.environ["MAILLAGE_TEST_KEY"] = ENCRYPTION_KEY
REQUIRED = frozenset(os.environ.get("MAILLAGE_REQUIRE", "").split())

# The same examples each time, however slow the machine; `--hypothesis-profile=default` draws others.
settings.register_profile("steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")

TESTS = Path(__file__).parent
LONG = ("simulation/", "crawl/", "load/", "stampede", "browser/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long files, so that no process is left alone with one of them at the end."""

    def turn(item: pytest.Item) -> int:
        path = item.path.relative_to(TESTS).as_posix()
        return next((at for at, part in enumerate(LONG) if part in path), len(LONG))

    items.sort(key=turn)


@pytest.fixture
def now() -> datetime:
    """A Monday morning; tests give time as an argument like everybody else."""
    return NOW


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with tables and reference data, to copy."""
    folder = tmp_path_factory.mktemp("template")
    fill_template(f"sqlite:///{folder / 'template.db'}", folder)
    return folder / "template.db"


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of this test process, with a template database."""
    try:
        running = postgresql.server()
        address = running.__enter__()
    except postgresql.NoServerError as error:
        if "postgresql" in REQUIRED:
            raise
        pytest.skip(str(error))
    url = postgresql.create_database(address, "template_maillage")
    fill_template(url, tmp_path_factory.mktemp("postgresql"))
    yield address
    running.__exit__(None, None, None)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh SQLite database."""
    return copy_sqlite(sqlite_template, tmp_path / "maillage.db")


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """A fresh PostgreSQL database."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    yield postgresql.create_database(postgresql_server, name, "template_maillage")
    postgresql.drop_database(postgresql_server, name)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def any_url(request: pytest.FixtureRequest) -> str:
    """A fresh database of each kind in turn."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
def app(sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An app on SQLite, its context pushed."""
    with lend_app(sqlite_url, tmp_path) as app:
        yield app


@pytest.fixture
def any_app(any_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The same app on each kind of database in turn."""
    with lend_app(any_url, tmp_path) as app:
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a sign-in. CSRF is on; the client sends the token as a form would."""
    return app.test_client()


@pytest.fixture
def sign_in() -> Callable[[FlaskClient, Account], FlaskClient]:
    """`sign_in(client, account)` signs an account in without its password."""
    return browsing.sign_in


@pytest.fixture
def statements(app: Flask) -> Callable[[], "StatementCounter"]:
    """Count the statements that a block sends to the database."""
    return StatementCounter


class StatementCounter:
    """`with StatementCounter() as counted:` then `counted.number`."""

    def __enter__(self) -> "StatementCounter":
        from sqlalchemy import event

        self.texts: list[str] = []
        self._engine = db.engine
        event.listen(self._engine, "before_cursor_execute", self._record)
        return self

    def __exit__(self, *_exception: object) -> None:
        from sqlalchemy import event

        event.remove(self._engine, "before_cursor_execute", self._record)

    def _record(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        self.texts.append(statement)

    @property
    def number(self) -> int:
        """Statements so far, BEGIN and COMMIT apart."""
        return sum(not text.startswith("BEGIN") for text in self.texts)
