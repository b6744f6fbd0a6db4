"""What a coordinator decides about suggestions; every refusal leaves every row as it was."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from models.db import db, transaction
from models.entrepreneurs import Entrepreneur, EntrepreneurConfided
from models.exceptions import (
    AlreadyServedError,
    CapacityReachedError,
    InvalidTransitionError,
    NotEligibleError,
    NotFoundError,
    PermissionDeniedError,
)
from models.match_runs import RejectReason
from models.messages import Message
from models.pairings import ChoiceReason, DeclineReason, Pairing
from models.queries.match_runs import read_pool
from models.states import EntrepreneurState, PairingState, SupporterState
from models.supporters import Supporter, SupporterRole
from tests.factories import make_account, make_pairing, make_supporter
from tests.office import NOBODY, Office, broken_laws, refused, take_snapshot
from webapp.permissions import SYSTEM
from webapp.services.pairings import decline_pairing, expire_each
from webapp.services.suggestions import (
    approve_suggestion,
    approve_suggestions,
    choose_supporter,
    compare_supporters,
    reject_suggestion,
)


def change(table, record, **values):
    with transaction() as session:
        session.execute(update(table).where(table.id == record.id).values(**values))


def test_approving_takes_a_place_and_proposes_to_the_supporter(any_app, now):
    office = Office()
    suggestion = office.suggestion()
    outcome = approve_suggestion(suggestion_id=suggestion.public_id, actor=office.coordinator, at=now)
    pairing = office.pairing(outcome.pairing_id)
    assert outcome.state is PairingState.PROPOSED
    assert (pairing.state, pairing.cost, pairing.role) == (PairingState.PROPOSED, 1, SupporterRole.MENTOR)
    assert (pairing.entrepreneur_id, pairing.supporter_id) == (office.people[0].id, office.supporters[0].id)
    assert (pairing.proposed_at, pairing.deadline_at) == (now, now + timedelta(days=10))
    assert (pairing.suggestion_id, pairing.proposed_by_id) == (suggestion.id, office.account.id)
    assert office.taken(0) == 1
    assert office.states() == ["approved", "alternative"]
    assert office.events("suggestion") == [("approve", "open", "approved", None)]
    assert office.events("pairing") == [("propose", None, "proposed", None)]
    assert office.messages() == [("pairing_proposed", office.supporters[0].email)]
    assert broken_laws() == []


def test_the_proposal_tells_what_a_supporter_needs_and_nothing_confided(any_app, now):
    office = Office()
    pairing = office.propose(at=now)
    facts = dict(db.session.scalars(select(Message.facts)).one())
    assert facts.pop("tap").startswith("/tap/")
    assert facts == {
        "pairing_id": str(pairing.public_id),
        "association": office.association.name,
        "entrepreneur": office.people[0].first_name,  # nothing more of her name before she is accepted
        "coordinator": "Nadia Lopez",
        "deadline_at": (now + timedelta(days=10)).isoformat(),
        "as_mentor": True,
    }


def test_the_delay_to_answer_is_the_associations(any_app, now):
    office = Office(association={"reminder_days": 2, "expiry_days": 4})
    assert office.propose(at=now).deadline_at == now + timedelta(days=4)


def test_approving_beyond_capacity_is_refused_and_changes_nothing(any_app, now):
    office = Office(people=2, supporters=1, supporter={"capacity": 1})
    office.propose(0, at=now)
    with refused(CapacityReachedError, capacity=1, taken=1):
        approve_suggestion(suggestion_id=office.suggestion(1).public_id, actor=office.coordinator, at=now)


def test_approving_twice_has_one_effect(any_app, now):
    office = Office(supporter={"capacity": 1})
    suggestion_id = office.suggestion().public_id
    approve_suggestion(suggestion_id=suggestion_id, actor=office.coordinator, at=now)
    with refused(InvalidTransitionError, state="approved", action="approve"):
        approve_suggestion(suggestion_id=suggestion_id, actor=office.coordinator, at=now)
    assert office.taken(0) == 1


def test_an_alternative_can_be_approved_and_closes_the_open_one(any_app, now):
    office = Office(supporters=3)
    office.propose(rank=2, at=now)
    assert office.states() == ["superseded", "approved", "alternative"]
    assert [office.taken(number) for number in range(3)] == [0, 1, 0]
    assert broken_laws() == []


def test_somebody_who_is_served_in_this_role_is_not_proposed_again(any_app, now):
    office = Office(supporters=3)
    office.propose(at=now)
    with refused(AlreadyServedError, role="mentor"):
        approve_suggestion(suggestion_id=office.suggestion(rank=2).public_id, actor=office.coordinator, at=now)


@pytest.mark.parametrize("state", [SupporterState.PAUSED, SupporterState.LEFT])
def test_a_supporter_who_is_not_there_is_not_proposed(any_app, now, state):
    office = Office()
    change(Supporter, office.supporters[0], state=state, back_on=now.date() if state is SupporterState.PAUSED else None)
    with refused(NotEligibleError, rule="not_active", state=str(state)):
        approve_suggestion(suggestion_id=office.suggestion().public_id, actor=office.coordinator, at=now)


def test_a_file_that_was_closed_or_reopened_is_not_proposed(any_app, now):
    office = Office()
    change(Entrepreneur, office.people[0], state=EntrepreneurState.CLOSED, closed_at=now)
    with refused(NotEligibleError, rule="not_ready", state="closed"):
        approve_suggestion(suggestion_id=office.suggestion().public_id, actor=office.coordinator, at=now)


@pytest.mark.parametrize(
    ("table", "values", "rule"),
    [
        (Supporter, {"availability": 1}, "time"),
        (Supporter, {"latitude": 43.3, "longitude": 5.4, "accepts_remote": False}, "distance"),
        (Entrepreneur, {"wanted_roles": ["coach"]}, "not_wanted"),
        (Entrepreneur, {"household": "same"}, "conflict"),
    ],
)
def test_hard_rules_are_checked_again_on_the_rows_as_they_are(any_app, now, table, values, rule):
    office = Office(supporter={"household": "same"} if rule == "conflict" else None)
    change(table, office.people[0] if table is Entrepreneur else office.supporters[0], **values)
    with refused(NotEligibleError, rule=rule):
        approve_suggestion(suggestion_id=office.suggestion().public_id, actor=office.coordinator, at=now)


def test_a_competitor_is_refused_even_when_suggested(any_app, now):
    office = Office(supporter={"activity_codes": ["56.10A"], "in_business": True})
    with refused(NotEligibleError, rule="competitor"):
        approve_suggestion(suggestion_id=office.suggestion().public_id, actor=office.coordinator, at=now)


def test_no_coach_is_proposed_to_somebody_who_withdrew_her_consent(any_app, now):
    coach = {"role": SupporterRole.COACH, "capacity": 14}
    consent = {"coaching_consent_at": now, "after_liquidation": "yes"}
    office = Office(person={"wanted_roles": ["coach"], "confided": consent}, supporter=coach)
    with transaction() as session:
        session.execute(update(EntrepreneurConfided).values(coaching_consent_at=None))
    with refused(NotEligibleError, rule="consent"):
        approve_suggestion(suggestion_id=office.suggestion().public_id, actor=office.coordinator, at=now)


def test_a_coach_gives_seven_hours_per_path(any_app, now):
    coach = {"role": SupporterRole.COACH, "capacity": 20}
    office = Office(
        people=3,
        supporters=1,
        person={"wanted_roles": ["coach"], "confided": {"coaching_consent_at": now}},
        supporter=coach,
    )
    office.propose(0, at=now)
    office.propose(1, at=now)
    assert office.taken(0) == 14
    with refused(CapacityReachedError, capacity=20, taken=14):
        approve_suggestion(suggestion_id=office.suggestion(2).public_id, actor=office.coordinator, at=now)
    assert broken_laws() == []


def test_only_the_associations_coordinators_decide(any_app, now):
    office, other = Office(), Office()
    suggestion_id = office.suggestion().public_id
    for actor, error in (
        (other.coordinator, NotFoundError),
        (NOBODY, NotFoundError),
        (office.as_person(), PermissionDeniedError),
        (office.as_supporter(), PermissionDeniedError),
    ):
        with refused(error):
            approve_suggestion(suggestion_id=suggestion_id, actor=actor, at=now)
        with refused(error):
            reject_suggestion(suggestion_id=suggestion_id, reason=RejectReason.OTHER, actor=actor, at=now)
    with refused(NotFoundError):
        approve_suggestion(suggestion_id=uuid4(), actor=office.coordinator, at=now)


def test_several_are_approved_each_on_its_own(any_app, now):
    office = Office(people=3, supporters=1, supporter={"capacity": 2})
    ids = [office.suggestion(number).public_id for number in range(3)]
    outcomes = approve_suggestions(suggestion_ids=[*ids, ids[0]], actor=office.coordinator, at=now)
    assert [outcome.suggestion_id for outcome in outcomes] == ids
    assert [type(outcome.error) for outcome in outcomes] == [type(None), type(None), CapacityReachedError]
    assert [outcome.pairing_id is None for outcome in outcomes] == [False, False, True]
    assert office.taken(0) == 2
    assert broken_laws() == []


def test_rejecting_keeps_the_reason_and_presents_the_next_with_a_new_deadline(any_app, now):
    office = Office(supporters=3)
    suggestion = office.suggestion()
    outcome = reject_suggestion(
        suggestion_id=suggestion.public_id,
        reason=RejectReason.TOO_FAR,
        note=" Deux heures de bus ",
        actor=office.coordinator,
        at=now,
    )
    rejected, presented = office.suggestion(rank=1), office.suggestion(rank=2)
    assert (rejected.reject_reason, rejected.note) == (RejectReason.TOO_FAR, "Deux heures de bus")
    assert (rejected.decided_at, rejected.decided_by_id) == (now, office.account.id)
    assert outcome.next_suggestion_id == presented.public_id
    assert presented.deadline_at == now + timedelta(days=7)
    assert office.states() == ["rejected", "open", "alternative"]
    assert office.events("suggestion") == [
        ("reject", "open", "rejected", "too_far"),
        ("present", "alternative", "open", None),
    ]
    assert [office.taken(number) for number in range(3)] == [0, 0, 0]
    assert broken_laws() == []


def test_rejecting_the_last_one_sets_the_day_to_follow_up(any_app, now):
    office = Office(supporters=1)
    outcome = reject_suggestion(
        suggestion_id=office.suggestion().public_id, reason=RejectReason.OTHER, actor=office.coordinator, at=now
    )
    assert outcome.next_suggestion_id is None
    db.session.rollback()
    assert office.people[0].follow_up_on == now.date() + timedelta(days=14)


def test_an_earlier_day_to_follow_up_stays(any_app, now):
    office = Office(supporters=1, person={"follow_up_on": now.date() + timedelta(days=2)})
    reject_suggestion(
        suggestion_id=office.suggestion().public_id, reason=RejectReason.OTHER, actor=office.coordinator, at=now
    )
    db.session.rollback()
    assert office.people[0].follow_up_on == now.date() + timedelta(days=2)


def test_the_next_one_is_somebody_who_is_there_and_has_a_place(any_app, now):
    office = Office(supporters=3)
    change(Supporter, office.supporters[1], taken=2)
    outcome = reject_suggestion(
        suggestion_id=office.suggestion().public_id, reason=RejectReason.NOT_NOW, actor=office.coordinator, at=now
    )
    assert outcome.next_suggestion_id == office.suggestion(rank=3).public_id
    assert office.states() == ["rejected", "alternative", "open"]


def test_an_alternative_cannot_be_rejected_nor_anything_twice(any_app, now):
    office = Office()
    with refused(InvalidTransitionError, state="alternative"):
        reject_suggestion(
            suggestion_id=office.suggestion(rank=2).public_id,
            reason=RejectReason.OTHER,
            actor=office.coordinator,
            at=now,
        )
    suggestion_id = office.suggestion().public_id
    reject_suggestion(suggestion_id=suggestion_id, reason=RejectReason.OTHER, actor=office.coordinator, at=now)
    with refused(InvalidTransitionError, state="rejected"):
        reject_suggestion(suggestion_id=suggestion_id, reason=RejectReason.OTHER, actor=office.coordinator, at=now)


def choose(office, supporter, at, *, person=0, actor=None, role=SupporterRole.MENTOR):
    return choose_supporter(
        entrepreneur_id=office.people[person].public_id,
        supporter_id=supporter.public_id,
        role=role,
        reason=ChoiceReason.KNOWN_FIT,
        note="Se connaissent du marché",
        actor=actor or office.coordinator,
        at=at,
    )


def test_choosing_somebody_else_keeps_the_reason_and_closes_the_open_suggestion(any_app, now):
    office = Office(supporters=2)
    with transaction() as session:
        other = make_supporter(session, office.association)
    pairing = office.pairing(choose(office, other, now).pairing_id)
    assert (pairing.supporter_id, pairing.suggestion_id) == (other.id, None)
    assert (pairing.choice_reason, pairing.note) == (ChoiceReason.KNOWN_FIT, "Se connaissent du marché")
    assert office.states() == ["superseded", "alternative"]
    assert office.events("pairing") == [("propose", None, "proposed", "known_fit")]
    assert office.messages() == [("pairing_proposed", other.email)]
    assert broken_laws() == []


def test_who_left_a_proposal_unanswered_is_named_again_by_a_coordinator_only(any_app, now):
    office = Office(supporters=2)
    silent = office.propose(at=now).supporter_id
    assert len(list(expire_each(at=now + timedelta(days=10)))) == 1
    later = now + timedelta(days=20)
    excluded = read_pool(db.session(), office.association_id).excluded
    assert excluded == {office.people[0].id: frozenset({silent})}
    again = office.pairing(choose(office, office.supporters[0], later).pairing_id)
    assert (again.supporter_id, again.state) == (silent, PairingState.PROPOSED)
    assert broken_laws() == []


def test_choosing_somebody_who_was_suggested_approves_that_suggestion(any_app, now):
    office = Office(supporters=2)
    pairing = office.pairing(choose(office, office.supporters[1], now).pairing_id)
    assert pairing.suggestion_id == office.suggestion(rank=2).id
    assert office.states() == ["superseded", "approved"]


@pytest.mark.parametrize(("values", "rule"), [({"languages": ("tr",)}, "language"), ({"availability": 1}, "time")])
def test_choosing_a_forbidden_supporter_names_the_rule(any_app, now, values, rule):
    office = Office()
    with transaction() as session:
        other = make_supporter(session, office.association, **values)
    with refused(NotEligibleError, rule=rule):
        choose(office, other, now)


def test_choosing_somebody_full_or_away_or_who_said_no_is_refused(any_app, now):
    office = Office(people=2, supporters=3)
    with transaction() as session:
        full = make_supporter(session, office.association, capacity=1, taken=1)
        away = make_supporter(session, office.association, state=SupporterState.PAUSED)
    with refused(CapacityReachedError):
        choose(office, full, now)
    with refused(NotEligibleError, rule="not_active"):
        choose(office, away, now)
    pairing = office.propose(at=now)
    decline_pairing(pairing_id=pairing.public_id, reason=DeclineReason.NO_TIME, actor=office.as_supporter(0), at=now)
    with refused(NotEligibleError, rule="conflict"):
        choose(office, office.supporters[0], now)


def test_choosing_across_associations_or_roles_finds_nobody(any_app, now):
    office, other = Office(), Office()
    with refused(NotFoundError, record="Supporter"):
        choose(office, other.supporters[0], now)
    with refused(NotFoundError, record="Supporter"):
        choose(office, office.supporters[0], now, role=SupporterRole.EXPERT)
    with refused(NotFoundError):
        choose(office, office.supporters[0], now, actor=other.coordinator)
    with refused(PermissionDeniedError):
        choose(office, office.supporters[0], now, actor=office.as_person())


def test_choosing_for_somebody_who_is_served_is_refused(any_app, now):
    office = Office(supporters=2)
    office.propose(at=now)
    with refused(AlreadyServedError):
        choose(office, office.supporters[1], now)


def test_the_table_refuses_a_second_live_pairing_even_if_the_check_missed_it(any_app, now, monkeypatch):
    office = Office(supporters=2)
    office.propose(at=now)
    monkeypatch.setattr("webapp.services.suggestions.find_live_pairing", lambda *_: None)
    with refused(AlreadyServedError):
        choose(office, office.supporters[1], now)


def test_supporters_side_by_side_say_how_good_they_are_or_which_rule_forbids(any_app, now):
    office = Office(supporters=1)
    with transaction() as session:
        best = make_supporter(session, office.association, expertise={"cash_flow": 3}, stages=["launch"])
        worse = make_supporter(session, office.association, expertise={"sales": 1})
        mute = make_supporter(session, office.association, languages=("tr",))
        full = make_supporter(session, office.association, capacity=2, taken=2)
        make_supporter(session, office.association, state=SupporterState.PAUSED)
        make_supporter(session, office.association, role=SupporterRole.EXPERT)
    before = take_snapshot()
    lines = compare_supporters(
        entrepreneur_id=office.people[0].public_id, role=SupporterRole.MENTOR, actor=office.coordinator, at=now
    )
    assert take_snapshot() == before
    allowed = [line.supporter_id for line in lines if line.allowed]
    assert set(allowed) == {office.supporters[0].public_id, best.public_id, worse.public_id}
    assert allowed.index(best.public_id) < allowed.index(worse.public_id)
    rules = {line.supporter_id: line.rule for line in lines if not line.allowed}
    assert rules == {mute.public_id: "language", full.public_id: "capacity"}
    assert [line.allowed for line in lines] == [True, True, True, False, False]
    for line in lines:
        assert 0 <= line.score <= 1
        assert sum(part["contribution"] for part in line.components) == pytest.approx(line.score, abs=1e-9)
    assert {line.free_places for line in lines} == {0, 2}


def test_a_suggested_supporter_shows_the_same_score_as_on_her_suggestion(any_app, now):
    office = Office(supporters=2)
    lines = compare_supporters(
        entrepreneur_id=office.people[0].public_id, role=SupporterRole.MENTOR, actor=office.coordinator, at=now
    )
    assert {line.score for line in lines} == {0.8}


def test_only_a_coordinator_compares_and_only_for_a_ready_file(any_app, now):
    office, other = Office(), Office()
    asked = {"entrepreneur_id": office.people[0].public_id, "role": SupporterRole.MENTOR, "at": now}
    with refused(NotFoundError):
        compare_supporters(actor=other.coordinator, **asked)
    with refused(PermissionDeniedError):
        compare_supporters(actor=office.as_person(), **asked)
    change(Entrepreneur, office.people[0], state=EntrepreneurState.INCOMPLETE)
    with refused(NotEligibleError, rule="not_ready"):
        compare_supporters(actor=office.coordinator, **asked)


def test_an_ended_pairing_keeps_the_two_apart(any_app, now):
    office = Office(supporters=2)
    with transaction() as session:
        make_pairing(
            session,
            session.get_one(Entrepreneur, office.people[0].id),
            session.get_one(Supporter, office.supporters[0].id),
            state=PairingState.ENDED,
            end_reason="not_a_fit",
        )
    with refused(NotEligibleError, rule="conflict"):
        approve_suggestion(suggestion_id=office.suggestion().public_id, actor=office.coordinator, at=now)
    assert db.session.scalars(select(Pairing.state)).all() == [PairingState.ENDED]


def test_a_proposal_by_the_house_itself_names_somebody_to_turn_to(any_app, now):
    office = Office(people=2)
    with transaction() as session:
        referent = make_account(session, first_name="Samir", last_name="Benali")
        session.execute(
            update(Entrepreneur).where(Entrepreneur.id == office.people[1].id).values(referent_id=referent.id)
        )
    for number in range(2):
        approve_suggestion(suggestion_id=office.suggestion(number).public_id, actor=SYSTEM, at=now)
    told = [facts["coordinator"] for facts in db.session.scalars(select(Message.facts).order_by(Message.id))]
    assert told == ["Nadia Lopez", "Samir Benali"]
