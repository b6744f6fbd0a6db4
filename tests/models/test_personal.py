"""Every row that is about somebody is told or forgotten, or there is a reason: nothing new slips past the register."""

import pytest
from flask import Flask
from sqlalchemy import Table

from models.db import Model, db, transaction
from models.personal.register import NOT_ABOUT_SOMEBODY, REGISTER
from models.personal.ways import EVERY_ROOT, find_table, whose
from tests.whole_life import ADDRESSES, list_free_texts, live_a_whole_life
from webapp.words.own_data import COLUMN_WORDS, TABLE_WORDS

ROOTS = {str(root) for root in EVERY_ROOT}
LISTS = {"activities", "associations", "communes", "languages", "offers", "qpvs", "topics", "workshop_themes"}
# These only say where a row is: what others point at is looked at itself.
ANYWHERE = {"id", "public_id", "association_id"}


def parents(table: Table) -> set[str]:
    return {key.column.table.name for column in table.columns for key in column.foreign_keys}


def test_every_table_that_leads_to_somebody_is_entered_or_has_a_reason() -> None:
    about: set[str] = set(ROOTS)
    while grown := {
        table.name
        for table in Model.metadata.sorted_tables
        if table.name not in about | set(NOT_ABOUT_SOMEBODY) and parents(table) & about
    }:
        about |= grown
    assert about <= set(REGISTER)
    assert not set(NOT_ABOUT_SOMEBODY) & set(REGISTER)
    assert all(reason for reason in NOT_ABOUT_SOMEBODY.values())


@pytest.mark.parametrize("name", list(REGISTER))
def test_every_column_is_told_or_kept_back_for_a_reason(name: str) -> None:
    personal, table = REGISTER[name], find_table(name)
    told = {column for root in EVERY_ROOT for column in personal.columns_for(root)}
    pointing = {column.name for column in table.columns if column.foreign_keys and not parents_of(column) <= LISTS}
    unsaid = {column.name for column in table.columns} - told - set(personal.kept_back) - ANYWHERE - pointing
    assert unsaid == set()
    assert all(reason for reason in (*personal.kept_back.values(), *personal.untold.values()))
    assert told <= set(COLUMN_WORDS)
    assert name in TABLE_WORDS or set(personal.untold) == EVERY_ROOT or not told


def parents_of(column: object) -> set[str]:
    return {key.column.table.name for key in column.foreign_keys}  # type: ignore[attr-defined]


def test_a_way_leads_to_her_from_every_table(app: Flask) -> None:
    with transaction() as session:
        life = live_a_whole_life(session)
    found = {
        personal.table
        for personal in REGISTER.values()
        for subject in life.subjects
        if (condition := whose(personal, subject, REGISTER)) is not None
        and db.session.execute(find_table(personal.table).select().where(condition)).first()
    }
    assert set(REGISTER) - found == {"coordinators", "erasures"}
    silent = {
        (name, column)
        for name in REGISTER
        for column in set(list_free_texts(find_table(name))) - ADDRESSES
        if (name, column) not in life.canaries
    }
    assert silent == set()
