"""The database: base class, column types, and the one door to commit."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from uuid import UUID, uuid4

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Integer,
    MetaData,
    PoolProxiedConnection,
    Uuid,
    event,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.types import TypeDecorator

from models.exceptions import BusyError, NestedTransactionError

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
# PostgreSQL's codes for a serialization failure, a deadlock and a lock not given in time.
RETRYABLE = frozenset({"40001", "40P01"})
LOCK_NOT_AVAILABLE = "55P03"
ATTEMPTS = 4
FIRST_PAUSE_SECONDS = 0.02

# How the next transaction begins on SQLite: one that writes takes the lock at once.
_begin: ContextVar[str] = ContextVar("begin", default="BEGIN")

RowId = BigInteger().with_variant(Integer(), "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Refuses naive values; gives aware UTC values on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC; SQLite keeps it without the zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Model(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=NAMING)


class PublicRecord:
    """A record that has an address of its own; the row number never leaves the house."""

    id: Mapped[int] = mapped_column(RowId, primary_key=True, sort_order=-2)
    public_id: Mapped[UUID] = mapped_column(Uuid, unique=True, default=uuid4, sort_order=-1)


db = SQLAlchemy(metadata=Model.metadata, disable_autonaming=True, session_options={"expire_on_commit": False})


def enum_type(members: type[StrEnum], name: str) -> Enum:
    """Text with a named CHECK over the values of a StrEnum."""
    return Enum(
        members,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda chosen: [member.value for member in chosen],
    )


def configure_engine(engine: Engine) -> None:
    """Give each SQLite connection foreign keys, WAL, full sync, and explicit BEGINs."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver must not open transactions of its own
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    # A listener to "begin" would lead every statement of the engine through its events.
    engine.dialect.do_begin = _begin_sqlite  # type: ignore[method-assign, assignment]


def _begin_sqlite(connection: PoolProxiedConnection) -> None:
    cursor = connection.cursor()
    cursor.execute(_begin.get())
    cursor.close()


@contextmanager
def transaction() -> Iterator[Session]:
    """Open the one writing transaction of a decision, and commit it at the end.

    What was read before is dropped first, so that nothing is decided on an old snapshot: on SQLite the write lock is
    taken at once, on PostgreSQL the transaction is READ COMMITTED. It does not nest.

    Raises
    ------
    NestedTransactionError
        If a transaction is already open.
    BusyError
        If a lock was not given in time.
    """
    session = db.session()
    if session.info.get("writing"):
        raise NestedTransactionError("transaction() does not nest")
    session.rollback()
    session.info["writing"] = True
    try:
        _begin_to_write(session)
        yield session
        session.commit()
    except OperationalError as error:
        session.rollback()
        if _is_lock_timeout(error):
            raise BusyError from error
        raise
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("writing", None)


def _begin_to_write(session: Session) -> None:
    usual = _begin.set("BEGIN IMMEDIATE")
    try:
        session.connection()
    finally:
        _begin.reset(usual)


P = ParamSpec("P")
R = TypeVar("R")


def retried(decision: Callable[P, R]) -> Callable[P, R]:
    """Run a decision again, a few times, when PostgreSQL broke its transaction off for another's sake.

    The decision must own its transaction and leave nothing behind outside it.

    Raises
    ------
    BusyError
        If it was broken off every time.
    """

    @wraps(decision)
    def attempt(*args: P.args, **kwargs: P.kwargs) -> R:
        for number in range(ATTEMPTS):
            try:
                return decision(*args, **kwargs)
            except OperationalError as error:
                if getattr(error.orig, "sqlstate", None) not in RETRYABLE:
                    raise
                if number == ATTEMPTS - 1:
                    raise BusyError from error
                time.sleep(FIRST_PAUSE_SECONDS * 2**number)
        raise AssertionError("unreachable")  # pragma: no cover

    return attempt


def _is_lock_timeout(error: OperationalError) -> bool:
    return getattr(error.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE or "database is locked" in str(error.orig)
