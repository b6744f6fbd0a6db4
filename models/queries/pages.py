"""Pages of a list: the same select gives the number of lines and the lines, so the two never disagree."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

PAGE_SIZE = 50
"""Lines on one page of a list."""

Line = TypeVar("Line")
Other = TypeVar("Other")
Record = TypeVar("Record")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Line]):
    """Some lines of a list, with how many there are in all."""

    lines: tuple[Line, ...]
    total: int
    number: int = 1
    size: int = PAGE_SIZE

    @property
    def last(self) -> int:
        """Number of the last page; an empty list has one."""
        return max(1, -(-self.total // self.size))

    @property
    def first_line(self) -> int:
        """Place of the first line shown, counted from 1; 0 when nothing is shown."""
        return (self.number - 1) * self.size + 1 if self.lines else 0

    @property
    def last_line(self) -> int:
        """Place of the last line shown."""
        return self.first_line + len(self.lines) - 1 if self.lines else 0

    def with_lines(self, lines: Sequence[Other]) -> "Page[Other]":
        """Give the same page with its lines dressed otherwise."""
        return Page(lines=tuple(lines), total=self.total, number=self.number, size=self.size)


def count_lines(session: Session, chosen: Select[Any]) -> int:
    """Count what a select gives."""
    return session.scalar(select(func.count()).select_from(chosen.order_by(None).subquery())) or 0


def fetch_page(session: Session, chosen: Select[Record], number: int, *, size: int = PAGE_SIZE) -> Page[Record]:
    """Give one page of records; a number beyond the end gives the last page."""
    total = count_lines(session, chosen)
    last = max(1, -(-total // size))
    number = min(max(1, number), last)
    records = session.scalars(chosen.limit(size).offset((number - 1) * size)).unique().all() if total else []
    return Page(lines=tuple(records), total=total, number=number, size=size)
