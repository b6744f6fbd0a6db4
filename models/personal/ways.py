"""Which rows are about somebody: how a table leads to her, what of it she is told, what of it goes when she asks.

A row is hers when one of its keys leads to her account, to a file of hers, or to another row of hers. Each table says
so once (`register.py`), for the file that she takes with her and for the day on which she is forgotten.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, case, false, null, or_, select

from models.db import Model

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Root(StrEnum):
    """Where a way to somebody ends: her account, a file of hers, or an address she is written to at."""

    ACCOUNT = "accounts"
    ENTREPRENEUR = "entrepreneurs"
    SUPPORTER = "supporters"
    ADDRESS = "address"


FILES = frozenset({Root.ENTREPRENEUR, Root.SUPPORTER})
EVERY_ROOT = frozenset({Root.ACCOUNT, *FILES})


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whose rows are asked for: one account, or one file, with the addresses that are written to for it."""

    root: Root
    row_id: int
    association_id: int | None = None
    addresses: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """What one table has to do with a person.

    `keys`: the columns that lead to her, and the table that each leads to. `told` to whoever a row is about;
    `more` by root, to one side only; `named`: columns told as the name of what they point at. `kept_back`: columns she
    is not told, and why. `untold`: the roots that are told nothing of this table, and why. `emptied`: what is written
    instead when she is forgotten, by root (`None`: whoever of them); `is_deleted`: the row goes whole. `known_in`: the
    states in which a row is known to who it is about; who `knows_all` is told the others too, without a name.
    """

    table: str
    keys: Mapping[str, str]
    told: tuple[str, ...] = ()
    more: Mapping[Root, tuple[str, ...]] = field(default_factory=dict)
    named: tuple[str, ...] = ()
    kept_back: Mapping[str, str] = field(default_factory=dict)
    untold: Mapping[Root, str] = field(default_factory=dict)
    emptied: Mapping[Root | None, Mapping[str, Any]] = field(default_factory=dict)
    is_deleted: bool = False
    known_in: frozenset[str] = frozenset()
    knows_all: frozenset[Root] = frozenset()

    def columns_for(self, root: Root) -> tuple[str, ...]:
        """Give the columns that are told to a side, in the order of the table."""
        chosen = {*self.told, *self.named, *self.more.get(root, ())}
        return tuple(column.name for column in find_table(self.table).columns if column.name in chosen)

    def emptied_for(self, root: Root) -> Mapping[str, Any]:
        """Give what is written into a row of hers when she is forgotten."""
        return {**self.emptied.get(None, NOTHING), **self.emptied.get(root, NOTHING)}


def find_table(name: str) -> Table:
    """Give a table by its name."""
    return Model.metadata.tables[name]


def select_rows(personal: Personal, subject: Subject, register: Mapping[str, Personal]) -> Select[Any] | None:
    """Select what she is told of a table, in the order in which it was written; None where nothing of it is told."""
    condition = whose(personal, subject, register)
    columns = [_tell(personal, name, subject.root) for name in personal.columns_for(subject.root)]
    if condition is None or not columns or subject.root in personal.untold:
        return None
    table = find_table(personal.table)
    if personal.known_in and subject.root not in personal.knows_all:
        condition = and_(condition, table.c.state.in_(personal.known_in))
    return select(*columns).where(condition).order_by(*table.primary_key.columns)


def _tell(personal: Personal, name: str, root: Root) -> ColumnElement[Any]:
    """Give a column as it is told: of what points at another row, how that is called."""
    column = find_table(personal.table).c[name]
    if name not in personal.named:
        return column
    pointed = next(iter(column.foreign_keys)).column
    target = pointed.table
    called: ColumnElement[Any] = select(_name_of(target)).where(pointed == column).scalar_subquery()
    if personal.known_in:
        called = case((find_table(personal.table).c.state.in_(personal.known_in), called))
    return null().label(name) if target.name == root else called.label(name)


def _name_of(target: Table) -> ColumnElement[Any]:
    if "last_name" in target.c:
        return target.c.first_name + " " + target.c.last_name
    return next(target.c[name] for name in ("name", "title", "starts_at") if name in target.c)


def whose(personal: Personal, subject: Subject, register: Mapping[str, Personal]) -> ColumnElement[bool] | None:
    """Give the condition under which a row of a table is hers; None where no way leads from it to this root."""
    table = find_table(personal.table)
    if personal.table == subject.root:
        return table.c.id == subject.row_id
    ways = [_follow(table, column, parent, subject, register) for column, parent in personal.keys.items()]
    found = [way for way in ways if way is not None]
    return or_(*found) if found else None


def _follow(
    table: Table, column: str, parent: str, subject: Subject, register: Mapping[str, Personal]
) -> ColumnElement[bool] | None:
    if parent == Root.ADDRESS:
        return _is_written_to(table, column, subject)
    if parent == subject.root:
        return table.c[column] == subject.row_id
    if parent in set(EVERY_ROOT):
        return None
    condition = whose(register[parent], subject, register)
    return None if condition is None else table.c[column].in_(select(_key_of(parent)).where(condition))


def _is_written_to(table: Table, column: str, subject: Subject) -> ColumnElement[bool]:
    """Say whether a row is for an address of hers; of a file, among what its own association writes."""
    if not subject.addresses:
        return false()
    is_hers = table.c[column].in_(subject.addresses)
    if subject.association_id is None:
        return is_hers
    return and_(is_hers, table.c.association_id == subject.association_id)


def _key_of(parent: str) -> ColumnElement[Any]:
    """Give the column that other tables point at."""
    table = find_table(parent)
    return table.c.id if "id" in table.c else next(iter(table.primary_key.columns))
