"""Migrations make the same database as the tables in the code, and go up and down with data, on both databases."""

import re
import uuid

import pytest
from alembic import command
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from models.db import Model, db, transaction
from tests import postgresql
from tests.databases import lend_app
from tests.factories import make_association, make_booking, make_entrepreneur, make_workshop_session
from webapp.commands.databases import migration_config

OWN_TABLES = sorted(Model.metadata.tables)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty_app(request, tmp_path):
    """An app on a database without any table."""
    if request.param == "sqlite":
        with lend_app(f"sqlite:///{tmp_path / 'empty.db'}", tmp_path) as app:
            yield app
        return
    server = request.getfixturevalue("postgresql_server")
    name = f"empty_{uuid.uuid4().hex[:12]}"
    with lend_app(postgresql.create_database(server, name), tmp_path) as app:
        yield app
    postgresql.drop_database(server, name)


def describe(engine):
    """Columns, keys, indexes and checks of every table, as the database tells them."""
    inspector = inspect(engine)
    told = {}
    for table in OWN_TABLES:
        told[table] = {
            "columns": sorted((c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(table)),
            "checks": sorted(
                (c["name"], re.sub(r"\s+", " ", c["sqltext"])) for c in inspector.get_check_constraints(table)
            ),
            "foreign": sorted(
                (
                    f["name"],
                    tuple(f["constrained_columns"]),
                    f["referred_table"],
                    tuple(f["referred_columns"]),
                    str(f["options"]),
                )
                for f in inspector.get_foreign_keys(table)
            ),
            "unique": sorted((u["name"], tuple(u["column_names"])) for u in inspector.get_unique_constraints(table)),
            "indexes": sorted(
                (
                    i["name"],
                    tuple(i["column_names"]),
                    bool(i["unique"]),
                    sorted((k, str(v)) for k, v in i.get("dialect_options", {}).items()),
                )
                for i in inspector.get_indexes(table)
            ),
        }
    return told


def test_migrations_make_the_tables_of_the_code(empty_app):
    command.upgrade(migration_config(), "head")
    migrated = describe(db.engine)
    command.check(migration_config())
    command.downgrade(migration_config(), "base")
    Model.metadata.create_all(db.engine)
    assert describe(db.engine) == migrated


def test_the_way_down_and_up_again_works_with_data(empty_app):
    command.upgrade(migration_config(), "head")
    fill()
    command.downgrade(migration_config(), "base")
    assert not set(inspect(db.engine).get_table_names()) & set(OWN_TABLES)
    command.upgrade(migration_config(), "head")
    fill()
    assert db.session.scalar(text("SELECT count(*) FROM bookings")) == 1
    with pytest.raises(IntegrityError), transaction() as session:  # what migrated still checks what rows point to
        session.execute(text("UPDATE bookings SET session_id = 0"))


def fill():
    """A person with a booking; the closed lists that she needs are written by hand."""
    with transaction() as session:
        for statement in (
            "INSERT INTO topics VALUES ('cash_flow', 1, 'Trésorerie', 'Cash flow')",
            "INSERT INTO languages VALUES ('fr', 1, 'français', 'French')",
            "INSERT INTO workshop_themes VALUES ('financial_management', 1, 'a', 'b', 'c', 'd', '[]', false)",
        ):
            session.execute(text(statement))
        association = make_association(session)
        entrepreneur = make_entrepreneur(session, association, activity_code=None, commune_code=None)
        make_booking(session, make_workshop_session(session, association, commune_code=None), entrepreneur)
