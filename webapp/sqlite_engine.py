"""Which SQLite engine is used: one that cannot lose what several processes write."""

import importlib
import sqlite3
from types import ModuleType

# SQLite 3.7.0 to 3.51.2 has a race between a WAL checkpoint and a writer of another process that can corrupt the file.
SAFE_VERSION = (3, 51, 3)


class UnsafeSqliteError(SystemExit):
    """No SQLite engine here is safe for several processes."""


def sqlite_module() -> ModuleType:
    """Give the system's driver when its engine is new enough, else the bundled one.

    Raises
    ------
    UnsafeSqliteError
        If neither is new enough.
    """
    if sqlite3.sqlite_version_info >= SAFE_VERSION:
        return sqlite3
    try:
        bundled = importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        bundled = None
    if bundled is not None and bundled.sqlite_version_info >= SAFE_VERSION:
        return bundled
    raise UnsafeSqliteError(
        f"SQLite {sqlite3.sqlite_version} can damage a file that several processes write. "
        "Install pysqlite3 0.6.1 or newer, or set MAILLAGE_DATABASE_URL to a PostgreSQL database."
    )
