"""Compositions of circles by a worker: one at a time, nothing lost, and a failure is told."""

from datetime import timedelta

import pytest

from models.circles import CircleComposition
from models.db import db, transaction
from models.exceptions import AlreadyServedError, NotFoundError
from models.queries.circles import find_composition
from models.states import CircleState
from tests.factories import make_circle_composition
from tests.office import broken_laws
from tests.webapp.services.test_circles import CircleOffice
from webapp import jobs
from webapp.circle_bridge import CircleSizes
from webapp.clock import utc_now
from webapp.permissions import Actor
from webapp.services import circle_compositions
from webapp.services.circle_compositions import SILENCE, ask_for_circles, execute_composition, list_waiting


@pytest.fixture
def office(any_app):
    return CircleOffice()


@pytest.fixture
def few_at_once(monkeypatch):
    """Seven people are too many for a page to wait for."""
    monkeypatch.setattr(circle_compositions, "MOST_AT_ONCE", 6)


def ask(office, at, **sizes):
    return ask_for_circles(
        association_id=office.association.public_id, sizes=CircleSizes(**sizes), actor=office.coordinator, at=at
    )


def waiting(office):
    db.session.rollback()
    return find_composition(db.session(), office.association_id)


def fail_with(monkeypatch, error):
    def propose(**_):
        raise error

    monkeypatch.setattr(circle_compositions, "propose_circles", propose)


def test_few_wishes_are_composed_at_once(office, now, monkeypatch):
    monkeypatch.setattr(circle_compositions, "MOST_AT_ONCE", 7)
    assert ask(office, now)
    assert waiting(office) is None
    assert [circle.taken for circle in office.circles()] == [7]


def test_many_wishes_wait_for_a_worker_who_acts_for_who_asked(office, now, few_at_once):
    assert not ask(office, now, quorum=3)
    assert office.circles() == []
    assert list_waiting(at=now) == [office.association_id]
    jobs.enqueue_composition(office.association_id)
    (circle,) = office.circles(CircleState.PROPOSED)
    assert (circle.taken, circle.quorum) == (7, 3)
    made_by = db.session.connection().exec_driver_sql("SELECT composed_by_id FROM circle_rounds").scalar()
    assert made_by == office.coordinator.account_id
    assert waiting(office) is None
    assert not execute_composition(association_id=office.association_id, at=now), "there is nothing left to make"
    assert broken_laws() == []


def test_who_asks_while_one_is_under_way_gets_that_one(office, now, few_at_once):
    ask(office, now, quorum=3)
    assert not ask(office, now + timedelta(minutes=1), quorum=5)
    row = waiting(office)
    assert (row.sizes["quorum"], row.requested_at) == (3, now)


def test_what_no_worker_was_told_of_is_made_by_the_next_tick(office, now, few_at_once):
    ask(office, now)
    jobs.tick()
    assert [circle.taken for circle in office.circles()] == [7]


def test_a_failure_is_kept_until_somebody_asks_again(office, now, few_at_once, monkeypatch):
    ask(office, now)
    with monkeypatch.context() as patch:
        fail_with(patch, AlreadyServedError(record="circle"))
        assert not execute_composition(association_id=office.association_id, at=now)
    assert waiting(office).failure == "already_served"
    assert list_waiting(at=now + timedelta(days=1)) == []
    ask(office, now + timedelta(minutes=5))
    row = waiting(office)
    assert (row.failure, row.attempts, row.requested_at) == (None, 0, now + timedelta(minutes=5))


def test_what_nobody_foresaw_is_a_failure_too(office, now, few_at_once, monkeypatch):
    ask(office, now)
    fail_with(monkeypatch, ZeroDivisionError())
    assert not execute_composition(association_id=office.association_id, at=now)
    assert waiting(office).failure == "unexpected"


def test_a_failure_is_forgotten_when_few_ask_again(office, now):
    with transaction() as session:
        make_circle_composition(session, office.association, failure="unexpected", started_at=now)
    assert ask(office, now)
    assert waiting(office) is None


def test_a_worker_leaves_alone_what_another_has_and_takes_what_it_lost(office, now):
    with transaction() as session:
        make_circle_composition(session, office.association, started_at=now, attempts=1)
    assert list_waiting(at=now + SILENCE) == []
    assert not execute_composition(association_id=office.association_id, at=now + SILENCE)
    late = now + SILENCE + timedelta(seconds=1)
    assert list_waiting(at=late) == [office.association_id]
    assert execute_composition(association_id=office.association_id, at=late)
    assert [circle.taken for circle in office.circles()] == [7]


def test_what_two_workers_were_lost_on_is_not_tried_for_ever(office):
    with transaction() as session:
        make_circle_composition(session, office.association, started_at=utc_now() - timedelta(hours=1), attempts=2)
    jobs.tick()
    assert waiting(office).failure == "worker_lost"
    assert office.circles() == []


def test_only_who_runs_the_association_may_ask(office, now):
    with pytest.raises(NotFoundError):
        ask_for_circles(
            association_id=office.association.public_id, sizes=CircleSizes(), actor=Actor(account_id=None), at=now
        )
    assert db.session.query(CircleComposition).count() == 0
