"""Questions before deciding, pauses, and what an end changes for the person who goes on."""

from contextlib import nullcontext
from datetime import timedelta

import pytest

from models.db import db, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import InvalidInputError, InvalidTransitionError, NotEligibleError, PermissionDeniedError
from models.pairings import ChoiceReason
from models.queries.pairings import list_excluded
from models.states import PairingState
from tests.office import Office, broken_laws, refused
from webapp.services.pairing_pauses import answer_question, ask_question, pause_pairing, resume_pairing
from webapp.services.pairings import accept_pairing, end_pairing, expire_each, withdraw_pairing
from webapp.services.suggestions import choose_supporter


@pytest.fixture
def office(any_app):
    return Office()


@pytest.fixture
def proposed(office, now):
    return office.propose(at=now)


@pytest.fixture
def pair(office, proposed, now):
    accept_pairing(pairing_id=proposed.public_id, actor=office.as_supporter(), at=now)
    return office.pairing(proposed.public_id)


def ask(office, proposed, at):
    ask_question(pairing_id=proposed.public_id, question="Où en est le prêt ?", actor=office.as_supporter(), at=at)
    return office.pairing(proposed.public_id)


def test_a_question_keeps_the_place_and_gives_the_coordinator_five_days(office, proposed, now):
    asked = ask(office, proposed, now + timedelta(days=1))
    assert (asked.state, office.taken()) == (PairingState.ASKED, 1)
    assert asked.question_due_at == now + timedelta(days=6)
    assert ("pairing_asked", office.account.email) in office.messages()
    assert broken_laws() == []


def test_a_proposal_with_a_question_does_not_expire(office, proposed, now):
    ask(office, proposed, now + timedelta(days=9))
    assert list(expire_each(at=now + timedelta(days=30))) == []
    assert office.pairing(proposed.public_id).state is PairingState.ASKED


def test_the_answer_makes_the_time_to_decide_longer_by_what_it_took(office, proposed, now):
    ask(office, proposed, now + timedelta(days=4))
    before = proposed.deadline_at
    answer_question(
        pairing_id=proposed.public_id, answer="Il est accordé.", actor=office.coordinator, at=now + timedelta(days=7)
    )
    answered = office.pairing(proposed.public_id)
    assert (answered.state, answered.question_answer) == (PairingState.PROPOSED, "Il est accordé.")
    assert answered.deadline_at == before + timedelta(days=3)
    assert ("pairing_question_answered", office.supporters[0].email) in office.messages()


def test_who_asked_on_the_last_evening_has_three_days_after_the_answer(office, proposed, now):
    ask(office, proposed, proposed.deadline_at - timedelta(hours=2))
    at = proposed.deadline_at - timedelta(hours=1)
    answer_question(pairing_id=proposed.public_id, answer="Oui.", actor=office.coordinator, at=at)
    assert office.pairing(proposed.public_id).deadline_at == at + timedelta(days=3)


def test_who_asked_may_decide_without_waiting_for_the_answer(office, proposed, now):
    ask(office, proposed, now)
    accept_pairing(pairing_id=proposed.public_id, actor=office.as_supporter(), at=now)
    assert office.pairing(proposed.public_id).state is PairingState.ACTIVE
    assert broken_laws() == []


def test_a_question_can_be_taken_back_with_its_proposal(office, proposed, now):
    ask(office, proposed, now)
    withdraw_pairing(pairing_id=proposed.public_id, reason="other_choice", actor=office.coordinator, at=now)
    assert (office.pairing(proposed.public_id).state, office.taken()) == (PairingState.WITHDRAWN, 0)


def test_questions_are_asked_and_answered_by_whom_they_concern(office, proposed, now):
    with refused(InvalidInputError):
        ask_question(pairing_id=proposed.public_id, question="  ", actor=office.as_supporter(), at=now)
    with refused(PermissionDeniedError):
        ask_question(pairing_id=proposed.public_id, question="Quoi ?", actor=office.coordinator, at=now)
    ask(office, proposed, now)
    with refused(PermissionDeniedError):
        answer_question(pairing_id=proposed.public_id, answer="Oui", actor=office.as_supporter(), at=now)


def test_a_pause_keeps_the_place_and_sets_a_day_to_ask(office, pair, now):
    pause_pairing(pairing_id=pair.public_id, actor=office.as_person(), at=now)
    paused = office.pairing(pair.public_id)
    assert (paused.state, paused.pause_until, office.taken()) == (PairingState.PAUSED, now + timedelta(days=30), 1)
    assert [kind for kind, _ in office.messages()].count("pairing_paused") == 3
    assert broken_laws() == []
    with refused(InvalidTransitionError):
        pause_pairing(pairing_id=pair.public_id, actor=office.as_person(), at=now)


def test_going_on_asks_for_a_date(office, pair, now):
    pause_pairing(pairing_id=pair.public_id, actor=office.as_person(), at=now)
    later = now + timedelta(days=20)
    resume_pairing(pairing_id=pair.public_id, actor=office.as_supporter(), at=later)
    resumed = office.pairing(pair.public_id)
    assert (resumed.state, resumed.pause_until) == (PairingState.ACTIVE, None)
    assert resumed.next_meeting_due_at == later + timedelta(days=10)


def test_a_pause_may_end_in_an_end(office, pair, now):
    pause_pairing(pairing_id=pair.public_id, actor=office.as_person(), at=now)
    end_pairing(pairing_id=pair.public_id, reason="moved", actor=office.as_person(), at=now)
    assert (office.pairing(pair.public_id).state, office.taken()) == (PairingState.ENDED, 0)
    assert broken_laws() == []


def person_of(office):
    db.session.rollback()
    return db.session.get_one(Entrepreneur, office.people[0].id, populate_existing=True)


@pytest.mark.parametrize(("wish", "roles"), [(True, ["mentor"]), (None, ["mentor"]), (False, [])])
def test_the_wish_at_the_end_decides_whether_somebody_is_looked_for(office, pair, now, wish, roles):
    later = now + timedelta(days=300)
    end_pairing(pairing_id=pair.public_id, reason="not_a_fit", wants_other=wish, actor=office.as_person(), at=later)
    person, ended = person_of(office), office.pairing(pair.public_id)
    assert person.wanted_roles == roles
    assert ended.wants_other is wish
    assert ended.closing_due_at == later + timedelta(days=14)
    assert (person.waiting_since == later.date()) is (wish is not False)
    assert broken_laws() == []


def test_who_waits_for_another_role_keeps_her_turn(office, pair, now):
    with transaction() as session:
        person = session.get_one(Entrepreneur, office.people[0].id)
        person.wanted_roles = ["mentor", "expert"]
        since = person.waiting_since
    end_pairing(pairing_id=pair.public_id, reason="moved", wants_other=True, actor=office.as_person(), at=now)
    assert person_of(office).waiting_since == since


@pytest.mark.parametrize(
    ("reason", "by_itself", "by_hand"),
    [
        ("goal_reached", True, True),
        ("term_reached", True, True),
        ("moved", False, True),
        ("unavailable", False, True),
        ("project_stopped", False, True),
        ("need_changed", False, True),
        ("not_a_fit", False, False),
        ("other", False, False),
    ],
)
def test_two_who_came_to_their_end_may_meet_again(office, pair, now, reason, by_itself, by_hand):
    end_pairing(pairing_id=pair.public_id, reason=reason, actor=office.as_person(), at=now)
    who = (db.session(), office.association_id, office.people[0].id)
    for may, how in ((by_itself, False), (by_hand, True)):
        excluded = list_excluded(*who, by_hand=how).get(office.people[0].id, frozenset())
        assert (office.supporters[0].id not in excluded) is may
    asked = {"entrepreneur_id": office.people[0].public_id, "supporter_id": office.supporters[0].public_id}
    asked |= {"role": pair.role, "reason": ChoiceReason.ASKED_FOR, "actor": office.coordinator, "at": now}
    with nullcontext() if by_hand else refused(NotEligibleError, rule="conflict"):
        assert choose_supporter(**asked).state is PairingState.PROPOSED
