"""What must hold of who is forgotten: a row of hers counts, and says nothing."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import CTE, ColumnElement, Double, Select, String, Table, exists, func, literal, or_, select

from models.accounts import Account
from models.encryption import EncryptedText
from models.entrepreneurs import Entrepreneur
from models.erasures import ERASED_FIRST_NAME, ERASED_LAST_NAME, Erasure
from models.personal.register import REGISTER
from models.personal.ways import EVERY_ROOT, Personal, Root, find_table
from models.queries.laws.law import Law, count_all
from models.search import fold
from models.states import ErasureState
from models.supporters import Supporter


def list_laws() -> list[Law]:
    """List the laws, as the check names them."""
    forgotten = _add(select(func.count()).select_from(_list_forgotten(root)) for root in sorted(EVERY_ROOT))
    return [
        ("forgotten_row_has_no_name", forgotten, _named),
        ("forgotten_row_has_no_word", forgotten, _with_words),
        ("carried_out_erasure_has_erased", count_all(Erasure, _is_done()), _done_without_effect),
    ]


@cache
def _list_forgotten(root: str) -> CTE:
    """Read the numbers of who is forgotten: few, and asked for by every table that leads to them."""
    people = find_table(root)
    found = select(people.c.id).where(people.c.erased_at.is_not(None))
    return found.cte(f"forgotten_{root}").prefix_with("MATERIALIZED")


def _is_forgotten(column: ColumnElement[Any], root: str) -> ColumnElement[bool]:
    return column.in_(select(_list_forgotten(root).c.id))


def _is_done() -> ColumnElement[bool]:
    return Erasure.state == ErasureState.DONE


def _add(counts: Iterator[Select[int]]) -> Select[int]:
    total: ColumnElement[int] = literal(0)
    for count in counts:
        total = total + count.scalar_subquery()
    return select(total)


def _named() -> Select[int]:
    """Count who is forgotten and still called by a name, found by one, or known by a reference of her association's."""
    neutral = fold(ERASED_FIRST_NAME, ERASED_LAST_NAME)

    def is_named(people: Table) -> ColumnElement[bool]:
        columns = people.c
        called = or_(columns.first_name != ERASED_FIRST_NAME, columns.last_name != ERASED_LAST_NAME)
        if people.name == Root.ACCOUNT:
            return or_(called, columns.email.not_like("erased-%"))
        return or_(called, columns.search_name != neutral, columns.reference.not_like("erased-%"))

    return _add(
        select(func.count()).select_from(people).where(_is_forgotten(people.c.id, people.name), is_named(people))
        for people in map(find_table, sorted(EVERY_ROOT))
    )


def _with_words() -> Select[int]:
    """Count rows of who is forgotten that should have gone, or have a text that should be empty."""
    return _add(
        select(func.count()).select_from(find_table(personal.table)).where(_of_forgotten(personal), kept)
        for personal in REGISTER.values()
        if _ways(personal) and (kept := _keeps(personal)) is not None
    )


def _of_forgotten(personal: Personal) -> ColumnElement[bool]:
    """Say that a row leads to somebody who is forgotten, by a key of its own."""
    table = find_table(personal.table)
    return or_(*(_is_forgotten(table.c[column], parent) for column, parent in _ways(personal)))


def _ways(personal: Personal) -> list[tuple[str, str]]:
    return [(column, parent) for column, parent in personal.keys.items() if parent in set(EVERY_ROOT)]


def _keeps(personal: Personal) -> ColumnElement[bool] | None:
    """Say that a row keeps something; None for tables of which every row may stay as it is.

    What is encrypted can be told from nothing alone.
    """
    table = find_table(personal.table)
    if personal.is_deleted:
        return literal(True)
    plain = [
        table.c[name].is_not(None) if value is None else table.c[name] != value
        for name, value in personal.emptied.get(None, {}).items()
        if isinstance(table.c[name].type, String | Double | EncryptedText)
        and (value is None or not isinstance(table.c[name].type, EncryptedText))
    ]
    return or_(*plain) if plain else None


def _done_without_effect() -> Select[int]:
    """Count wishes said to be carried out whose account or file is as it was."""
    left = or_(
        exists().where(Account.id == Erasure.account_id, Account.erased_at.is_(None)),
        exists().where(Entrepreneur.id == Erasure.entrepreneur_id, Entrepreneur.erased_at.is_(None)),
        exists().where(Supporter.id == Erasure.supporter_id, Supporter.erased_at.is_(None)),
    )
    return count_all(Erasure, _is_done(), left)
