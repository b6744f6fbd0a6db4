"""Run migrations on the app's engine: our types rendered plainly, other programs' tables left alone."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import BigInteger, Connection

from models.db import Model, UtcDateTime, db
from models.encryption import EncryptedText

PLAIN = {UtcDateTime: "sa.DateTime(timezone=True)", EncryptedText: "sa.Text()"}
FOREIGN_PREFIXES = ("huey_",)


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our column types as the plain types they are stored as."""
    if kind != "type":
        return False
    if isinstance(item, BigInteger):
        return 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'
    return PLAIN.get(type(item)) or False


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """Leave out tables that are not ours."""
    return kind != "table" or name is None or not name.startswith(FOREIGN_PREFIXES)


def _leave_foreign_keys_aside(connection: Connection) -> None:
    """Say it to the driver: through the engine a transaction would begin first, in which SQLite ignores it.

    For the same reason it cannot be taken back at the end: whoever comes next gets another connection of the pool.
    """
    driver_connection: Any = connection.connection.driver_connection
    driver_connection.execute("PRAGMA foreign_keys=OFF")
    connection.detach()


def run() -> None:
    """Migrate in one transaction; SQLite copies a table to change it, with foreign keys checked at the end."""
    with db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            _leave_foreign_keys_aside(connection)
        context.configure(
            connection=connection,
            target_metadata=Model.metadata,
            render_item=render_item,
            include_name=include_name,
            render_as_batch=sqlite,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
            if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                raise RuntimeError("a migration left a row that points to nothing")


run()
