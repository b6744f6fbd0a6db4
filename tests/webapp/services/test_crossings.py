"""Decisions that cross on PostgreSQL, one about to commit while the other begins: neither is told something untrue."""

import pytest

from models.db import db, transaction
from models.entrepreneurs import Entrepreneur
from models.states import EntrepreneurState
from tests.crossing import cross
from tests.factories import make_session_proposal
from tests.office import Office, broken_laws
from webapp.services.entrepreneurs import close_entrepreneur
from webapp.services.session_proposals import decline_session_proposal

pytestmark = pytest.mark.parametrize(
    "any_url", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)


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
