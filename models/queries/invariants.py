"""What must hold in the database at every moment, each as a count of the rows that break it.

The laws lie in `laws/`, by subject: a new one goes there.
"""

from collections.abc import Container
from dataclasses import dataclass

from sqlalchemy import Select
from sqlalchemy.orm import Session

from models.queries.laws import care, circles, events, follow_up, introductions, matching, pairings, programme
from models.queries.laws.law import Law

_SUBJECTS = (pairings, follow_up, matching, programme, circles, introductions, care, events)


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
    return [
        InvariantCheck(name=name, rows=_count(session, looked_at), broken=_count(session, build()))
        for name, looked_at, build in _list_laws()
        if names is None or name in names
    ]


def _list_laws() -> list[Law]:
    return [law for subject in _SUBJECTS for law in subject.list_laws()]


def _count(session: Session, counting: Select[int]) -> int:
    return session.scalar(counting) or 0
