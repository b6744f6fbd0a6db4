"""What a law is made of: its name, the rows it looks at, and how those that break it are counted."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, Select, func, select

Law = tuple[str, Select[int], Callable[[], Select[int]]]


def count_all(table: type, *conditions: ColumnElement[bool]) -> Select[int]:
    """Count the rows of a table for which every condition holds."""
    return select(func.count()).select_from(table).where(*conditions)
