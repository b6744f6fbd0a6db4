"""What a choice would mean for the others: told of those whose suggestion is open, and of nobody else."""

import pytest

from models.db import transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import NotEligibleError, NotFoundError, PermissionDeniedError
from models.states import EntrepreneurState
from models.supporters import SupporterRole
from tests.factories import make_entrepreneur, make_supporter
from tests.office import Office, refused, take_snapshot
from tests.webapp.services.test_suggestions import change
from webapp.services.weighing import weigh_others


def weigh(office, at, person=0):
    return weigh_others(
        entrepreneur_id=office.people[person].public_id, role=SupporterRole.MENTOR, actor=office.coordinator, at=at
    )


@pytest.fixture
def office(any_app):
    """Two people, each with an open suggestion; the second speaks only the language of her supporter."""
    office = Office(people=2, supporters=2, supporter={"capacity": 1})
    with transaction() as session:
        session.get(Entrepreneur, office.people[1].id).languages[0].language = "tr"
        office.turk = make_supporter(session, office.association, languages=("fr", "tr"), capacity=1)
    return office


def test_taking_somebody_elses_only_supporter_makes_her_wait(office, now):
    before = take_snapshot()
    lines = {line.supporter_id: line for line in weigh(office, now)}
    assert take_snapshot() == before
    dear = lines[office.turk.public_id]
    assert (dear.waiting, dear.is_best, dear.losing) == (1, False, ())
    (other,) = dear.others
    assert (other.before, other.after, other.loses) == (f"{office.turk.first_name} {office.turk.last_name}", None, True)
    free = [lines[one.public_id] for one in office.supporters]
    assert [line.waiting for line in free] == [0, 0]
    assert sum(line.is_best for line in free) == 1
    assert all(not line.losing for line in free)


def test_who_is_served_or_waits_for_no_decision_is_nobody_s_rival(office, now):
    with transaction() as session:
        make_entrepreneur(session, office.association, languages=("tr",))  # waits for the next run
    served = office.propose(0, at=now)
    assert served.supporter_id == office.supporters[0].id
    assert weigh(office, now) == ()
    lines = {line.supporter_id: line for line in weigh(office, now, person=1)}
    assert list(lines) == [office.turk.public_id]
    assert (lines[office.turk.public_id].is_best, lines[office.turk.public_id].others) == (True, ())


def test_only_a_coordinator_weighs_and_only_for_a_ready_file(office, now):
    asked = {"entrepreneur_id": office.people[0].public_id, "role": SupporterRole.MENTOR, "at": now}
    stranger = Office()
    with refused(NotFoundError):
        weigh_others(actor=stranger.coordinator, **asked)
    with refused(PermissionDeniedError):
        weigh_others(actor=office.as_person(), **asked)
    change(Entrepreneur, office.people[0], state=EntrepreneurState.INCOMPLETE)
    with refused(NotEligibleError, rule="not_ready"):
        weigh_others(actor=office.coordinator, **asked)
