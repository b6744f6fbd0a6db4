"""Every table has a factory or is a closed list, every state a table of moves, every enum its CHECK."""

import inspect
from enum import StrEnum

import pytest
from sqlalchemy import CheckConstraint, Enum

from models import states, tables
from models.db import Model
from models.moves import RECORD_NAMES
from tests import factories

CLOSED_LISTS = {"topics", "languages", "workshop_themes", "activities", "offers", "communes", "qpvs"}
MADE_WITH_THEIR_PARENT = {
    "audit_events", "charter_signatures", "coordinators", "entrepreneur_confided", "entrepreneur_languages",
    "entrepreneur_needs", "entrepreneur_offers", "supporter_expertise", "supporter_languages",
}  # fmt: skip
MADE_BY_ONE_SERVICE = {
    "association_clocks", "form_keys", "login_sessions", "one_taps", "one_time_links", "qpv_checks", "registrations",
    "sign_in_attempts",
}  # fmt: skip


def list_enum_columns():
    return [
        pytest.param(table, column, id=f"{table.name}.{column.name}")
        for table in Model.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Enum)
    ]


def test_every_table_module_is_in_the_register():
    assert {name for name, member in vars(tables).items() if inspect.ismodule(member)} == set(tables.__all__)


def test_every_table_has_a_factory_or_a_reason_to_have_none():
    made = {name.removeprefix("make_").replace("entry", "entries") for name in factories.__all__}
    for table in set(Model.metadata.tables) - CLOSED_LISTS - MADE_WITH_THEIR_PARENT - MADE_BY_ONE_SERVICE:
        assert table.rstrip("s") in {name.rstrip("s") for name in made}, f"{table} has no factory"


@pytest.mark.parametrize(("table", "column"), list_enum_columns())
def test_every_enum_column_has_its_check(table, column):
    checks = {constraint.name for constraint in table.constraints if isinstance(constraint, CheckConstraint)}
    assert any(column.type.name in str(name) for name in checks)
    assert set(column.type.enums) == {member.value for member in column.type.enum_class}


@pytest.mark.parametrize("record", list(states.MOVES))
def test_every_move_starts_and_ends_in_a_state_of_its_record(record):
    table = next(table for table, name in RECORD_NAMES.items() if name == record)
    allowed = set(table.__table__.c.state.type.enum_class)
    for (start, action), end in states.MOVES[record].items():
        assert {start, end} <= allowed
        assert isinstance(action, StrEnum)


def test_every_table_says_what_one_row_means():
    for mapper in Model.registry.mappers:
        assert mapper.class_.__doc__, mapper.class_
