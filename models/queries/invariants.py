"""What must hold in the database at every moment, each as a count of the rows that break it.

The laws lie in `laws/`, by subject: a new one goes there.
"""

from collections.abc import Container
from dataclasses import dataclass
from functools import cache, lru_cache

from sqlalchemy import Dialect, select
from sqlalchemy.orm import Session

from models.queries.laws import care, circles, erasures, events, follow_up, introductions, matching, pairings, programme

_SUBJECTS = (events, pairings, follow_up, matching, programme, circles, introductions, care, erasures)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvariantCheck:
    """One law: how many rows were looked at, and how many break it."""

    name: str
    rows: int
    broken: int

    @property
    def holds(self) -> bool:
        """Say whether no row breaks it."""
        return self.broken == 0


def check_invariants(session: Session, *, names: Container[str] | None = None) -> list[InvariantCheck]:
    """Check every law, or those named, in one fixed order."""
    connection = session.connection()
    counts = connection.exec_driver_sql(_write_counts(connection.dialect)).one()
    laws = zip(_list_names(), counts[::2], counts[1::2], strict=True)
    return [
        InvariantCheck(name=name, rows=rows, broken=broken)
        for name, rows, broken in laws
        if names is None or name in names
    ]


@lru_cache(maxsize=2)
def _write_counts(dialect: Dialect) -> str:
    """Write, once, the statement that counts all: all laws are held against one and the same moment.

    What they compare with is written into it: whenever such a value is bound, SQLite plans the whole statement anew.
    """
    counts = [
        count.scalar_subquery()
        for subject in _SUBJECTS
        for _name, looked_at, build in subject.list_laws()
        for count in (looked_at, build())
    ]
    return str(select(*counts).compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


@cache
def _list_names() -> tuple[str, ...]:
    return tuple(name for subject in _SUBJECTS for name, _looked_at, _build in subject.list_laws())
