"""A nested select that looks at a table of the statement around it as if for the first time counts other rows.

SQLAlchemy correlates with the nearest statement only, and its own search for cartesian products sees such a pair of
tables as joined.
"""

import re
from collections.abc import Iterator
from functools import cache

PARTS = re.compile(r"[()]|\bFROM\s+([^()]*?)(?=\s(?:WHERE|GROUP|ORDER|LIMIT|UNION|FOR)\b|[()]|\Z)", re.DOTALL)


class UncorrelatedError(AssertionError):
    """A statement reads rows that its writer meant to be those of the statement around."""


def refuse_uncorrelated(_connection, _cursor, statement, *_rest):
    """Refuse to send such a statement; listens to an engine before each."""
    if found := _find_tables(statement):
        raise UncorrelatedError(f"{', '.join(found)} once more in a nested select: {statement}")


@cache
def _find_tables(statement: str) -> tuple[str, ...]:
    return tuple(_list_repeated(statement))


def _list_repeated(statement: str) -> Iterator[str]:
    around: list[set[str]] = [set()]
    nested: list[tuple[set[str], list[set[str]]]] = []
    for part in PARTS.finditer(statement):
        if part.group(0) == "(":
            around.append(set())
        elif part.group(0) == ")":
            around = around[:-1] or [set()]
        else:
            tables = {name.strip() for name in part.group(1).split(",")}
            around[-1] |= tables
            if len(tables) > 1:
                nested.append((tables, around[:-1]))
    # A select among the columns comes before the FROM of the statement around: all is known at the end only.
    for tables, outer in nested:
        yield from sorted(tables & set().union(*outer))
