"""Decisions that cross on PostgreSQL, one about to commit while the other begins: neither is told something untrue."""

import pytest

from models.db import db, transaction
from models.entrepreneurs import Entrepreneur
from models.states import EntrepreneurState
from tests.crossing import cross
from tests.factories import make_account, make_sentinel, make_session_proposal
from tests.office import Office, broken_laws
from webapp.permissions import SYSTEM
from webapp.services.account_closing import close_account
from webapp.services.assisted_calls import begin_call
from webapp.services.entrepreneurs import close_entrepreneur
from webapp.services.handovers import ask_for_call
from webapp.services.sentinels import end_sentinel
from webapp.services.session_proposals import decline_session_proposal

pytestmark = pytest.mark.parametrize(
    "any_url", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)


def end_training(sentinel_id, _account_id, *, at):
    end_sentinel(sentinel_id=sentinel_id, actor=SYSTEM, at=at)


def close_her_account(_sentinel_id, account_id, *, at):
    close_account(account_id=account_id, successor_id=None, actor=SYSTEM, at=at)


def test_a_file_closes_though_what_she_proposed_is_answered_at_that_moment(any_app, now):
    office = Office()
    with transaction() as session:
        proposal_id = make_session_proposal(session, office.people[0]).public_id
    actor, person_id = office.coordinator, office.people[0].public_id
    answers = cross(
        any_app,
        lambda: decline_session_proposal(proposal_id=proposal_id, word="Pas cette fois", actor=actor, at=now),
        lambda: close_entrepreneur(entrepreneur_id=person_id, actor=actor, at=now),
    )
    assert answers == ("done", "done")
    assert db.session.get_one(Entrepreneur, office.people[0].id).state is EntrepreneurState.CLOSED
    assert broken_laws() == []


@pytest.mark.parametrize("ends", [end_training, close_her_account])
def test_nobody_waits_for_the_call_of_who_is_a_sentinel_no_more(any_app, now, ends):
    office = Office(suggested=False)
    with transaction() as session:
        accounts = [make_account(session) for _ in range(2)]
        sentinels = [make_sentinel(session, office.association, account) for account in accounts]
    person_id, actor = office.people[0].public_id, office.as_person()
    values = {"sentinel_id": None, "reach": "06 12 34 56 78", "tells_name": False, "agrees": True}
    answers = cross(
        any_app,
        lambda: ends(sentinels[0].public_id, accounts[0].public_id, at=now),
        lambda: ask_for_call(entrepreneur_id=person_id, actor=actor, at=now, **values),
    )
    assert answers == ("done", "done")
    assert broken_laws() == []


def test_two_calls_that_a_coordinator_begins_at_once_are_one_after_the_other(any_app, now):
    office = Office(people=2, suggested=False)
    actor, people = office.coordinator, [person.public_id for person in office.people]
    two = [lambda one=one: begin_call(entrepreneur_id=one, agreed=True, actor=actor, at=now) for one in people]
    assert cross(any_app, *two) == ("done", "done")
    assert broken_laws() == []
