"""Accepting, declining, withdrawing, ending; reminders and expiry. A place is given back exactly once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from models.db import db, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import InvalidTransitionError, NotEligibleError, NotFoundError, PermissionDeniedError
from models.match_runs import RejectReason
from models.messages import Message, MessageKind
from models.moves import move
from models.pairings import DeclineReason, EndReason, Pairing, WithdrawReason
from models.queries.suggestions import lock_entrepreneur
from models.states import EntrepreneurAction, EntrepreneurState, MessageState, PairingState, SuggestionState
from models.supporters import Supporter, SupporterRole
from tests.factories import make_pairing
from tests.office import NOBODY, Office, broken_laws, refused
from webapp.services import pairings
from webapp.services.pairings import (
    accept_pairing,
    decline_pairing,
    end_pairing,
    expire_each,
    lock_partners,
    release_person,
    remind_due,
    withdraw_pairing,
)
from webapp.services.suggestions import reject_suggestion


def accept(office, pairing, at, supporter=0):
    return accept_pairing(pairing_id=pairing.public_id, actor=office.as_supporter(supporter), at=at)


def test_accepting_keeps_the_place_and_sets_the_alternatives_aside(any_app, now):
    office = Office(supporters=3)
    pairing = office.propose(at=now)
    outcome = accept(office, pairing, now + timedelta(days=1))
    kept = office.pairing(pairing.public_id)
    assert outcome.state is kept.state is PairingState.ACTIVE
    assert kept.answered_at == now + timedelta(days=1)
    assert office.taken(0) == 1
    assert office.states() == ["approved", "superseded", "superseded"]
    assert office.events("pairing")[1:] == [("accept", "proposed", "active", None)]
    assert sorted(office.messages()[1:]) == sorted(
        ("pairing_accepted", person.email) for person in (office.people[0], office.supporters[0], office.account)
    )
    assert broken_laws() == []


def test_accepting_twice_is_refused(any_app, now):
    office = Office()
    pairing = office.propose(at=now)
    accept(office, pairing, now)
    with refused(InvalidTransitionError, state="active", action="accept"):
        accept(office, pairing, now)


def test_a_proposal_for_a_closed_file_cannot_be_accepted(any_app, now):
    office = Office()
    pairing = office.propose(at=now)
    with transaction() as session:
        session.execute(update(Entrepreneur).values(state=EntrepreneurState.CLOSED, closed_at=now))
    with refused(NotEligibleError, rule="not_ready"):
        accept(office, pairing, now)


def test_only_the_supporter_answers(any_app, now):
    office, other = Office(), Office()
    pairing = office.propose(at=now)
    for actor, error in (
        (office.coordinator, PermissionDeniedError),
        (office.as_person(), PermissionDeniedError),
        (office.as_supporter(1), NotFoundError),
        (other.coordinator, NotFoundError),
        (NOBODY, NotFoundError),
    ):
        with refused(error):
            accept_pairing(pairing_id=pairing.public_id, actor=actor, at=now)
        with refused(error):
            decline_pairing(pairing_id=pairing.public_id, reason=DeclineReason.OTHER, actor=actor, at=now)
    with refused(NotFoundError):
        accept_pairing(pairing_id=uuid4(), actor=office.as_supporter(), at=now)


def test_declining_frees_the_place_and_brings_the_next_suggestion(any_app, now):
    office = Office(supporters=3)
    pairing = office.propose(at=now)
    later = now + timedelta(days=2)
    outcome = decline_pairing(
        pairing_id=pairing.public_id,
        reason=DeclineReason.NO_TIME,
        note=" Nouveau poste ",
        actor=office.as_supporter(),
        at=later,
    )
    declined, presented = office.pairing(pairing.public_id), office.suggestion(rank=2)
    assert outcome.state is declined.state is PairingState.DECLINED
    assert (declined.decline_reason, declined.answer_note) == (DeclineReason.NO_TIME, "Nouveau poste")
    assert (declined.answered_at, declined.ended_at) == (later, later)
    assert outcome.next_suggestion_id == presented.public_id
    assert presented.deadline_at == later + timedelta(days=7)
    assert office.states() == ["approved", "open", "alternative"]
    assert office.taken(0) == 0
    assert office.events("pairing")[1:] == [("decline", "proposed", "declined", "no_time")]
    assert office.messages()[1:] == [("pairing_declined", office.account.email)]
    assert broken_laws() == []


def test_declining_without_alternative_sets_the_day_to_follow_up(any_app, now):
    office = Office(supporters=1)
    pairing = office.propose(at=now)
    outcome = decline_pairing(
        pairing_id=pairing.public_id, reason=DeclineReason.OTHER, actor=office.as_supporter(), at=now
    )
    assert outcome.next_suggestion_id is None
    db.session.rollback()
    assert office.people[0].follow_up_on == now.date() + timedelta(days=14)


def test_who_said_no_is_not_the_next(any_app, now):
    office = Office(supporters=2)
    first = office.propose(rank=2, at=now)
    decline_pairing(pairing_id=first.public_id, reason=DeclineReason.TOO_FAR, actor=office.as_supporter(1), at=now)
    assert office.states() == ["superseded", "approved"]


def test_withdrawing_frees_the_place_and_tells_the_supporter(any_app, now):
    office = Office()
    pairing = office.propose(at=now)
    outcome = withdraw_pairing(
        pairing_id=pairing.public_id, reason=WithdrawReason.OTHER_CHOICE, actor=office.coordinator, at=now
    )
    assert outcome.state is office.pairing(pairing.public_id).state is PairingState.WITHDRAWN
    assert outcome.next_suggestion_id == office.suggestion(rank=2).public_id
    assert office.taken(0) == 0
    assert office.messages()[1:] == [("pairing_withdrawn", office.supporters[0].email)]
    assert broken_laws() == []
    with refused(InvalidTransitionError, state="withdrawn"):
        withdraw_pairing(pairing_id=pairing.public_id, reason=WithdrawReason.OTHER, actor=office.coordinator, at=now)


def test_only_a_coordinator_withdraws(any_app, now):
    office = Office()
    pairing = office.propose(at=now)
    for actor in (office.as_supporter(), office.as_person()):
        with refused(PermissionDeniedError):
            withdraw_pairing(pairing_id=pairing.public_id, reason=WithdrawReason.OTHER, actor=actor, at=now)


@pytest.mark.parametrize("who", ["supporter", "person", "coordinator"])
def test_either_side_or_the_coordinator_ends_a_pairing(any_app, now, who):
    office = Office()
    pairing = office.propose(at=now)
    accept(office, pairing, now)
    actor = {"supporter": office.as_supporter(), "person": office.as_person(), "coordinator": office.coordinator}[who]
    end_pairing(pairing_id=pairing.public_id, reason=EndReason.MOVED, note="À Lyon", actor=actor, at=now)
    ended = office.pairing(pairing.public_id)
    assert (ended.state, ended.end_reason, ended.answer_note) == (PairingState.ENDED, EndReason.MOVED, "À Lyon")
    assert office.taken(0) == 0
    told = {recipient for kind, recipient in office.messages() if kind == "pairing_ended"}
    both = {office.people[0].email, office.supporters[0].email}
    assert told == (both if who == "coordinator" else both | {office.account.email})
    assert office.people[0].follow_up_on == now.date() + timedelta(days=14)
    assert broken_laws() == []
    with refused(InvalidTransitionError, state="ended"):
        end_pairing(pairing_id=pairing.public_id, reason=EndReason.MOVED, actor=actor, at=now)


def test_the_private_note_of_an_end_is_in_no_message_and_no_event(any_app, now):
    from sqlalchemy import select

    from models.audit import AuditEvent
    from models.messages import Message

    office = Office()
    pairing = office.propose(at=now)
    accept(office, pairing, now)
    end_pairing(
        pairing_id=pairing.public_id, reason=EndReason.NOT_A_FIT, note="SECRET", actor=office.as_person(), at=now
    )
    told = [str(facts) for facts in db.session.scalars(select(Message.facts))]
    noted = list(db.session.scalars(select(AuditEvent.note)))
    assert not any("SECRET" in text for text in told + noted)


def test_a_proposal_is_not_ended_and_a_stranger_ends_nothing(any_app, now):
    office, other = Office(), Office()
    pairing = office.propose(at=now)
    with refused(InvalidTransitionError, state="proposed", action="end"):
        end_pairing(pairing_id=pairing.public_id, reason=EndReason.OTHER, actor=office.coordinator, at=now)
    accept(office, pairing, now)
    for actor in (other.coordinator, office.as_supporter(1), NOBODY):
        with refused(NotFoundError):
            end_pairing(pairing_id=pairing.public_id, reason=EndReason.OTHER, actor=actor, at=now)


def test_a_reminder_goes_out_once_at_the_associations_delay(any_app, now):
    office = Office(people=2, association={"reminder_days": 3, "expiry_days": 6})
    slow = Office(people=1)
    first, second = office.propose(0, at=now), office.propose(1, at=now + timedelta(days=1))
    slow.propose(at=now)
    assert remind_due(at=now + timedelta(days=3) - timedelta(seconds=1)) == 0
    assert remind_due(at=now + timedelta(days=3)) == 1
    assert remind_due(at=now + timedelta(days=3)) == 0
    assert office.pairing(first.public_id).reminded_at == now + timedelta(days=3)
    assert office.pairing(second.public_id).reminded_at is None
    reminders = [recipient for kind, recipient in office.messages() if kind == "pairing_reminder"]
    assert reminders == [office.supporters[0].email]
    assert remind_due(at=now + timedelta(days=5)) == 2


def test_nobody_is_reminded_of_what_is_answered_or_over(any_app, now):
    office = Office(people=2)
    accept(office, office.propose(0, at=now), now)
    office.propose(1, at=now)
    assert remind_due(at=now + timedelta(days=10)) == 0


def test_a_proposal_without_an_answer_expires_and_returns_to_the_coordinator(any_app, now):
    office = Office(supporters=2)
    pairing = office.propose(at=now)
    assert list(expire_each(at=now + timedelta(days=10) - timedelta(seconds=1))) == []
    assert len(list(expire_each(at=now + timedelta(days=10)))) == 1
    assert list(expire_each(at=now + timedelta(days=10))) == []
    expired = office.pairing(pairing.public_id)
    assert (expired.state, expired.ended_at) == (PairingState.EXPIRED, now + timedelta(days=10))
    assert office.taken(0) == 0
    assert office.states() == ["approved", "open"]
    assert sorted(office.messages()[1:]) == sorted(
        [("pairing_expired", office.account.email), ("pairing_expired", office.supporters[0].email)]
    )
    told = select(Message.recipient, Message.state).where(Message.kind == MessageKind.PAIRING_EXPIRED)
    states = {office.account.email: MessageState.HELD, office.supporters[0].email: MessageState.QUEUED}
    assert dict(db.session.execute(told).all()) == states
    assert office.events("pairing")[1:] == [("expire", "proposed", "expired", "no_answer")]
    assert broken_laws() == []


def test_what_has_expired_is_not_accepted_any_more(any_app, now):
    office = Office()
    pairing = office.propose(at=now)
    list(expire_each(at=now + timedelta(days=10)))
    with refused(InvalidTransitionError, state="expired"):
        accept(office, pairing, now + timedelta(days=10))


def test_an_answer_given_while_the_clock_looks_wins(any_app, now, monkeypatch):
    office = Office()
    pairing = office.propose(at=now)
    seen = pairings.list_due_for_expiry(db.session(), at=now + timedelta(days=10), after=0, limit=10)
    accept(office, pairing, now + timedelta(days=10))
    monkeypatch.setattr(pairings, "list_due_for_expiry", lambda *_args, **_values: seen)
    assert list(seen) == [pairing.id]
    assert list(expire_each(at=now + timedelta(days=10))) == []
    assert office.pairing(pairing.public_id).state is PairingState.ACTIVE
    assert office.taken(0) == 1


def test_clocks_work_through_more_than_one_batch(any_app, now, monkeypatch):
    monkeypatch.setattr(pairings, "CLOCK_BATCH", 2)
    office = Office(people=5, supporters=1, supporter={"capacity": 5})
    for number in range(5):
        office.propose(number, at=now)
    assert remind_due(at=now + timedelta(days=6)) == 5
    assert len(list(expire_each(at=now + timedelta(days=11)))) == 5
    assert office.taken(0) == 0
    assert broken_laws() == []


def test_a_person_who_stops_frees_everybody_and_nothing_new_is_presented(any_app, now):
    office = Office(people=2, supporters=3)
    pairing = office.propose(0, at=now)
    accept(office, office.propose(1, at=now), now, supporter=1)
    for person in office.people:
        with transaction() as session:
            lock_partners(session, person.id)
            entrepreneur = lock_entrepreneur(session, person.id)
            move(session, entrepreneur, EntrepreneurAction.CLOSE, actor_id=None, at=now, closed_at=now)
            release_person(session, entrepreneur, actor=office.coordinator, at=now)
    assert office.pairing(pairing.public_id).withdraw_reason is WithdrawReason.PERSON_CHANGED_MIND
    db.session.rollback()
    assert {p.state for p in db.session.query(Pairing)} == {PairingState.WITHDRAWN, PairingState.ENDED}
    assert [office.taken(number) for number in range(3)] == [0, 0, 0]
    for number in range(2):
        assert set(office.states(number)) == {"approved", "superseded"}
    assert broken_laws() == []


def test_giving_up_one_role_keeps_whom_she_has(any_app, now):
    office = Office(people=2, supporters=2)
    accept(office, office.propose(0, at=now), now)
    office.propose(1, at=now)
    for person in office.people:
        with transaction() as session:
            lock_partners(session, person.id)
            entrepreneur = lock_entrepreneur(session, person.id)
            entrepreneur.wanted_roles = []
            session.flush()
            release_person(session, entrepreneur, actor=office.coordinator, at=now, role=office.supporters[0].role)
    assert [office.taken(number) for number in range(2)] == [1, 0]
    assert SuggestionState.OPEN not in office.states(0) + office.states(1)
    assert broken_laws() == []


def test_a_coach_gets_all_the_hours_of_a_path_back(any_app, now):
    office = Office(
        supporters=1,
        person={"wanted_roles": ["coach"], "confided": {"coaching_consent_at": now}},
        supporter={"role": SupporterRole.COACH, "capacity": 14},
    )
    pairing = office.propose(at=now)
    assert office.taken(0) == 7
    decline_pairing(pairing_id=pairing.public_id, reason=DeclineReason.OTHER, actor=office.as_supporter(), at=now)
    assert office.taken(0) == 0


def test_a_second_clock_that_saw_the_same_proposal_does_not_remind_again(any_app, now, monkeypatch):
    office = Office()
    pairing = office.propose(at=now)
    at = now + timedelta(days=5)
    assert remind_due(at=at) == 1
    monkeypatch.setattr(pairings, "list_due_for_reminder", lambda *_args, **_values: [pairing.id])
    assert remind_due(at=at + timedelta(hours=1)) == 0
    assert office.pairing(pairing.public_id).reminded_at == at


def test_somebody_who_said_no_before_is_not_presented_even_if_she_waits_as_an_alternative(any_app, now):
    office = Office(supporters=3)
    with transaction() as session:
        make_pairing(
            session,
            session.get_one(Entrepreneur, office.people[0].id),
            session.get_one(Supporter, office.supporters[1].id),
            state=PairingState.DECLINED,
            decline_reason=DeclineReason.NO_TIME,
        )
    pairing = office.propose(at=now)
    decline_pairing(pairing_id=pairing.public_id, reason=DeclineReason.OTHER, actor=office.as_supporter(), at=now)
    assert office.states() == ["approved", "alternative", "open"]


def test_nothing_is_presented_to_somebody_who_is_served(any_app, now):
    office = Office(supporters=3)
    with transaction() as session:
        make_pairing(
            session,
            session.get_one(Entrepreneur, office.people[0].id),
            session.get_one(Supporter, office.supporters[2].id),
        )
    outcome = reject_suggestion(
        suggestion_id=office.suggestion().public_id, reason=RejectReason.OTHER, actor=office.coordinator, at=now
    )
    assert outcome.next_suggestion_id is None
    assert office.states() == ["rejected", "alternative", "alternative"]
