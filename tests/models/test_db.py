"""The door to commit, the column types, and what the database refuses, on both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import create_engine, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from models.associations import Association
from models.db import db, transaction
from models.exceptions import InvalidTransitionError, NestedTransactionError
from models.moves import move
from models.pairings import Pairing
from models.states import EntrepreneurAction, PairingAction, PairingState
from models.supporters import Supporter
from tests.factories import (
    make_association,
    make_booking,
    make_coordinator,
    make_entrepreneur,
    make_match_run,
    make_message,
    make_pairing,
    make_suggestion,
    make_supporter,
    make_unmatched_need,
    make_workshop_session,
)
from webapp.sqlite_engine import sqlite_module


def test_every_factory_makes_a_row_that_the_database_accepts(any_app, now):
    with transaction() as session:
        association = make_association(session)
        make_coordinator(session, association)
        entrepreneur = make_entrepreneur(session, association, confided={"after_liquidation": "yes"})
        supporter = make_supporter(session, association)
        run = make_match_run(session, association)
        make_suggestion(session, run, entrepreneur, supporter)
        make_unmatched_need(session, run, entrepreneur)
        make_pairing(session, entrepreneur, supporter)
        make_booking(session, make_workshop_session(session, association), entrepreneur)
        make_message(session)
    assert db.session.scalar(select(Supporter.taken)) == 1


def test_a_transaction_inside_another_is_refused(any_app):
    with transaction(), pytest.raises(NestedTransactionError), transaction():
        pass


def test_on_sqlite_a_decision_holds_the_write_lock_from_its_start_and_a_reader_keeps_its_snapshot(app, sqlite_url):
    other = create_engine(sqlite_url, module=sqlite_module(), connect_args={"timeout": 0})
    with transaction(), other.connect() as beside, pytest.raises(OperationalError, match="locked"):
        beside.exec_driver_sql("BEGIN IMMEDIATE")
    make_association(db.session, slug="before")
    db.session.commit()
    slugs = select(Association.slug)
    read = db.session.scalars(slugs).all()
    with other.begin() as beside:
        beside.exec_driver_sql("UPDATE associations SET slug = 'after'")
    assert db.session.scalars(slugs).all() == read
    db.session.rollback()
    assert db.session.scalars(slugs).all() == ["after"] != read
    other.dispose()


def test_what_a_failed_transaction_wrote_is_gone(any_app):
    with pytest.raises(ZeroDivisionError), transaction() as session:
        make_association(session, slug="lost")
        raise ZeroDivisionError
    assert db.session.scalar(select(Association).where(Association.slug == "lost")) is None


def test_an_instant_without_a_zone_is_refused(app):
    with pytest.raises(StatementError, match="time zone"), transaction() as session:
        make_association(session, created_at=datetime(2026, 1, 1))


def test_an_instant_comes_back_aware_and_equal(any_app):
    there = datetime(2026, 6, 1, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    with transaction() as session:
        make_association(session, slug="time", created_at=there)
    found = db.session.scalar(select(Association.created_at).where(Association.slug == "time"))
    assert found == there
    assert found.tzinfo is UTC


def test_what_was_confided_is_not_readable_in_the_table(any_app):
    with transaction() as session:
        make_entrepreneur(session, make_association(session), confided={"after_liquidation": "a long story"})
    stored = db.session.scalar(text("SELECT after_liquidation FROM entrepreneur_confided"))
    assert "long story" not in stored


def test_a_second_live_pairing_of_one_role_is_refused(any_app):
    with pytest.raises(IntegrityError), transaction() as session:
        association = make_association(session)
        entrepreneur = make_entrepreneur(session, association)
        make_pairing(session, entrepreneur, make_supporter(session, association))
        make_pairing(session, entrepreneur, make_supporter(session, association))


def test_a_pairing_across_associations_is_refused(any_app):
    with pytest.raises(IntegrityError), transaction() as session:
        entrepreneur = make_entrepreneur(session, make_association(session))
        make_pairing(session, entrepreneur, make_supporter(session, make_association(session)))


@pytest.mark.parametrize(
    "values", [{"taken": 3}, {"taken": -1}, {"capacity": 0}, {"availability": 2**21}, {"longitude": None}]
)
def test_an_impossible_supporter_is_refused(any_app, values):
    with transaction() as session:
        supporter = make_supporter(session, make_association(session), capacity=2, taken=1)
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(update(Supporter).where(Supporter.id == supporter.id).values(values))


def test_a_move_writes_state_and_event_together(any_app, now):
    with transaction() as session:
        entrepreneur = make_entrepreneur(session, make_association(session))
        move(session, entrepreneur, EntrepreneurAction.REOPEN, actor_id=None, at=now, reason="test")
    row = db.session.execute(text("SELECT record, from_state, to_state, reason FROM audit_events")).one()
    assert tuple(row) == ("entrepreneur", "ready", "incomplete", "test")


def test_a_move_from_a_state_that_changed_meanwhile_is_refused(any_app, now):
    with transaction() as session:
        association = make_association(session)
        pairing = make_pairing(session, make_entrepreneur(session, association), make_supporter(session, association))
        session.execute(
            update(Pairing)
            .values(state=PairingState.ACTIVE, answered_at=now, next_meeting_due_at=now, ends_on=now.date())
            .execution_options(synchronize_session=False)
        )
        with pytest.raises(InvalidTransitionError):
            move(session, pairing, PairingAction.EXPIRE, actor_id=None, at=now)
