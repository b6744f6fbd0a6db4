"""Who examines a file is never proposed to its person; naming her takes back what was, in one go."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.committees import CommitteeFile
from models.db import db, transaction
from models.exceptions import AlreadyTogetherError, NotEligibleError, NotFoundError, PermissionDeniedError
from models.match_runs import Suggestion
from models.pairings import ChoiceReason
from models.queries.match_runs import read_pool
from models.states import PairingState, SuggestionState
from models.supporters import SupporterRole
from tests.factories import make_account, make_committee_file, make_supporter
from tests.office import Office, broken_laws, take_snapshot
from webapp import matcher_bridge
from webapp.services.committees import name_examiner, release_examiner
from webapp.services.match_answers import store_answer
from webapp.services.match_runs import execute_run, request_run
from webapp.services.pairings import accept_pairing
from webapp.services.suggestions import approve_suggestion, choose_supporter, compare_supporters


def name(office, now, *, supporter=0, person=0):
    return name_examiner(
        entrepreneur_id=office.people[person].public_id,
        supporter_id=office.supporters[supporter].public_id,
        actor=office.coordinator,
        at=now,
    )


def choose(office, now, *, supporter=0):
    return choose_supporter(
        entrepreneur_id=office.people[0].public_id,
        supporter_id=office.supporters[supporter].public_id,
        role=SupporterRole.MENTOR,
        reason=ChoiceReason.ASKED_FOR,
        actor=office.coordinator,
        at=now,
    )


def test_naming_sets_her_suggestion_aside_and_presents_the_next(any_app, now):
    office = Office()
    public_id = name(office, now)
    line = db.session.scalars(select(CommitteeFile)).one()
    assert (line.public_id, line.since, line.until) == (public_id, now.date(), None)
    assert office.states() == ["superseded", "open"]
    assert ("name_examiner", None, None, None) in office.events("entrepreneur")
    assert broken_laws() == []
    assert name(office, now) == public_id
    assert len(db.session.scalars(select(CommitteeFile)).all()) == 1


def test_naming_takes_back_a_proposal_and_gives_the_place_back(any_app, now):
    office = Office()
    outcome = approve_suggestion(suggestion_id=office.suggestion().public_id, actor=office.coordinator, at=now)
    name(office, now)
    assert office.pairing(outcome.pairing_id).state is PairingState.WITHDRAWN
    assert office.taken(0) == 0
    assert office.states() == ["approved", "open"]
    assert office.messages()[-1][0] == "pairing_withdrawn"
    assert broken_laws() == []


def test_who_supports_a_person_cannot_examine_her_file(any_app, now):
    office = Office()
    outcome = approve_suggestion(suggestion_id=office.suggestion().public_id, actor=office.coordinator, at=now)
    accept_pairing(pairing_id=outcome.pairing_id, actor=office.as_supporter(), at=now)
    before = take_snapshot()
    with pytest.raises(AlreadyTogetherError):
        name(office, now)
    assert take_snapshot() == before


def test_she_cannot_be_chosen_while_she_examines_and_can_afterwards(any_app, now):
    office = Office(suggested=False)
    public_id = name(office, now)
    with pytest.raises(NotEligibleError) as refusal:
        choose(office, now)
    assert refusal.value.facts["rule"] == "conflict"
    compared = compare_supporters(
        entrepreneur_id=office.people[0].public_id, role=SupporterRole.MENTOR, actor=office.coordinator, at=now
    )
    assert {line.supporter_id: line.rule for line in compared}[office.supporters[0].public_id] == "conflict"
    later = now + timedelta(days=3)
    release_examiner(committee_file_id=public_id, actor=office.coordinator, at=later)
    release_examiner(committee_file_id=public_id, actor=office.coordinator, at=later + timedelta(days=9))
    db.session.rollback()
    assert db.session.scalars(select(CommitteeFile.until)).one() == later.date()
    assert choose(office, later).state is PairingState.PROPOSED


def test_a_run_leaves_the_examiner_out_of_her_file_only(any_app, now):
    office = Office(people=2, supporters=1, suggested=False, supporter={"capacity": 5})
    name(office, now)
    run_id = request_run(association_id=office.association.public_id, actor=office.coordinator, at=now)
    execute_run(run_id=run_id, at=now)
    db.session.rollback()
    assert db.session.scalars(select(Suggestion.entrepreneur_id)).all() == [office.people[1].id]


def test_the_engine_is_told_who_judges_whom_in_every_role_of_a_person(any_app, now):
    office = Office(suggested=False)
    with transaction() as session:
        account = make_account(session)
        both = [
            make_supporter(session, office.association, account_id=account.id, role=role)
            for role in (SupporterRole.MENTOR, SupporterRole.EXPERT)
        ]
        make_committee_file(session, office.people[0], both[0])
        make_committee_file(session, office.people[0], office.supporters[1], until=now.date())
    weights = matcher_bridge.default_weights()
    records = matcher_bridge.build_records(read_pool(db.session(), office.association_id), weights=weights, at=now)
    judges = {int(supporter.id): supporter.judges for supporter in records.supporters if supporter.judges}
    assert judges == {one.id: frozenset({str(office.people[0].id)}) for one in both}


def test_somebody_named_while_a_run_was_at_work_is_not_suggested_by_it(any_app, now, monkeypatch):
    office = Office(supporters=1, suggested=False)

    def name_meanwhile(**values):
        name(office, now)
        return store_answer(**values)

    monkeypatch.setattr("webapp.services.match_runs.store_answer", name_meanwhile)
    run_id = request_run(association_id=office.association.public_id, actor=office.coordinator, at=now)
    execute_run(run_id=run_id, at=now)
    db.session.rollback()
    waiting = select(Suggestion).where(Suggestion.state.in_((SuggestionState.OPEN, SuggestionState.ALTERNATIVE)))
    assert db.session.scalars(waiting).all() == []
    assert broken_laws() == []


def test_others_learn_nothing_and_change_nothing(any_app, now):
    office, other = Office(), Office()
    with pytest.raises(NotFoundError):
        name_examiner(
            entrepreneur_id=office.people[0].public_id,
            supporter_id=other.supporters[0].public_id,
            actor=office.coordinator,
            at=now,
        )
    public_id = name(office, now)
    before = take_snapshot()
    for actor in (other.coordinator, office.as_person(), office.as_supporter()):
        with pytest.raises((NotFoundError, PermissionDeniedError)):
            release_examiner(committee_file_id=public_id, actor=actor, at=now)
    assert take_snapshot() == before
