"""Match runs: one under way, progress, an answer stored in one go, and whatever goes wrong said."""

import json
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from matcher.errors import InvalidSettingsError
from models.associations import WeightVersion
from models.db import db, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import BusyError, InvalidTransitionError, NotFoundError, RunUnderWayError
from models.match_runs import MatchRun, RejectReason, Suggestion, UnmatchedNeed
from models.messages import Message
from models.pairings import ChoiceReason, DeclineReason, EndReason, WithdrawReason
from models.queries.match_runs import list_queued_runs
from models.states import EntrepreneurState, MatchRunState, SuggestionState, SupporterState
from models.supporters import Supporter, SupporterRole
from tests.factories import (
    make_coordinator,
    make_entrepreneur,
    make_match_run,
    make_suggestion,
    make_supporter,
    make_weight_version,
)
from tests.office import NOBODY, Office, broken_laws, refused, take_snapshot
from webapp import matcher_bridge
from webapp.permissions import SYSTEM
from webapp.services import match_answers, match_runs
from webapp.services.match_runs import (
    execute_run,
    fail_run,
    fail_silent_runs,
    request_run,
)
from webapp.services.pairings import accept_pairing, decline_pairing, end_pairing, expire_each, withdraw_pairing
from webapp.services.suggestions import choose_supporter, reject_suggestion
from webapp.services.supporters import pause_supporter


def request(office, at, actor=None):
    return request_run(association_id=office.association.public_id, actor=actor or office.coordinator, at=at)


def run(office, at):
    return execute_run(run_id=request(office, at), at=at)


def get_run(run_id):
    db.session.rollback()
    return db.session.scalars(select(MatchRun).where(MatchRun.public_id == run_id)).one()


def suggested(office, state=SuggestionState.OPEN):
    """Couples of (person's number, supporter's number) in this state."""
    db.session.rollback()
    people = {person.id: number for number, person in enumerate(office.people)}
    supporters = {supporter.id: number for number, supporter in enumerate(office.supporters)}
    rows = db.session.execute(
        select(Suggestion.entrepreneur_id, Suggestion.supporter_id).where(Suggestion.state == state)
    )
    return {(people[person], supporters.get(supporter)) for person, supporter in rows}


def test_a_run_is_asked_for_with_the_weights_that_hold_now(any_app, now):
    office = Office(suggested=False)
    first = get_run(request(office, now))
    version = db.session.get_one(WeightVersion, first.weight_version_id)
    assert (version.number, version.association_id) == (1, None)
    assert version.weights == matcher_bridge.default_weights()
    assert (first.state, first.progress, first.requested_by_id) == (MatchRunState.QUEUED, 0, office.account.id)
    fail_run(run_id=first.public_id, failure="stopped", at=now)
    assert get_run(request(office, now)).weight_version_id == version.id
    with transaction() as session:
        own = make_weight_version(session, association_id=office.association.id, number=3)
    second = db.session.scalars(select(MatchRun.public_id).where(MatchRun.state == MatchRunState.QUEUED)).one()
    fail_run(run_id=second, failure="stopped", at=now)
    assert get_run(request(office, now)).weight_version_id == own.id


def test_one_run_at_most_is_under_way_per_association(any_app, now):
    office, other = Office(suggested=False), Office(suggested=False)
    run_id = request(office, now)
    with refused(RunUnderWayError):
        request(office, now)
    request(other, now)
    execute_run(run_id=run_id, at=now)
    request(office, now)


def test_only_the_associations_coordinators_ask_for_a_run(any_app, now):
    office, other = Office(suggested=False), Office(suggested=False)
    for actor in (other.coordinator, office.as_person(), office.as_supporter(), NOBODY):
        with refused(NotFoundError):
            request(office, now, actor=actor)
    with refused(NotFoundError):
        request_run(association_id=uuid4(), actor=office.coordinator, at=now)
    request(office, now, actor=SYSTEM)


def test_a_run_opens_the_best_suggestion_and_keeps_the_next_behind_it(any_app, now):
    office = Office(people=2, supporters=3, suggested=False)
    outcome = run(office, now)
    assert (outcome.state, outcome.suggested, outcome.unmatched) == (MatchRunState.DONE, 2, 0)
    assert [office.states(number) for number in range(2)] == [["open", "alternative", "alternative"]] * 2
    suggestion = office.suggestion(0)
    assert suggestion.deadline_at == now + timedelta(days=7)
    assert office.suggestion(0, rank=2).deadline_at is None
    assert sum(part["contribution"] for part in suggestion.components) == pytest.approx(suggestion.score, abs=1e-9)
    assert "needs_covered" in {reason["code"] for reason in suggestion.reasons}
    kept = get_run(outcome.run_id)
    assert (kept.state, kept.progress, kept.failure) == (MatchRunState.DONE, 100, None)
    assert kept.started_at == now
    assert now <= kept.ended_at < now + timedelta(minutes=1)
    assert office.messages() == [("suggestions_waiting", office.account.email)]
    assert broken_laws() == []
    assert office.events("match_run") == [
        ("request", None, "queued", None),
        ("start", "queued", "running", None),
        ("finish", "running", "done", None),
    ]


def test_the_report_says_what_was_reached_and_proves_it(any_app, now):
    office = Office(people=3, supporters=1, suggested=False, supporter={"capacity": 2})
    kept = get_run(run(office, now).run_id)
    (role,) = kept.report["roles"]
    assert {name: role[name] for name in ("role", "entrepreneurs", "supporters", "places", "matched", "unmatched")} == {
        "role": "mentor",
        "entrepreneurs": 3,
        "supporters": 1,
        "places": 2,
        "matched": 2,
        "unmatched": 1,
    }
    assert role["gap"] == 0
    assert role["objective"] == role["upper_bound"]
    assert kept.report["unmatched"] == 1
    assert json.loads(json.dumps(kept.report)) == kept.report


def test_every_coordinator_is_told_once_how_many_wait(any_app, now):
    office = Office(people=2, suggested=False)
    with transaction() as session:
        make_coordinator(session, office.association, email="autre@example.org")
    run(office, now)
    assert sorted(recipient for _, recipient in office.messages()) == sorted(
        ["autre@example.org", office.account.email]
    )
    facts = db.session.scalars(select(Message.facts)).first()
    assert facts == {
        "count": 2,
        "association": office.association.name,
        "deadline_at": (now + timedelta(days=7)).isoformat(),
    }


def test_who_finds_nobody_is_told_why_and_gets_a_day_to_follow_up(any_app, now):
    office = Office(people=1, supporters=2, suggested=False, supporter={"languages": ("tr",)})
    with transaction() as session:
        make_supporter(session, office.association, availability=1)
        make_supporter(session, office.association, taken=2)
    outcome = run(office, now)
    assert (outcome.suggested, outcome.unmatched) == (0, 1)
    row = db.session.scalars(select(UnmatchedNeed)).one()
    assert (row.role, row.refusals, row.possible) == (
        SupporterRole.MENTOR,
        {"language": 2, "time": 1, "capacity": 1},
        0,
    )
    assert office.people[0].follow_up_on == date(2026, 12, 7)
    assert office.messages() == []


def test_who_lost_the_last_place_is_unmatched_with_somebody_possible(any_app, now):
    office = Office(people=2, supporters=1, suggested=False, supporter={"capacity": 1})
    run(office, now)
    row = db.session.scalars(select(UnmatchedNeed)).one()
    assert (row.refusals, row.possible) == ({}, 1)


def test_a_newer_run_sets_the_older_suggestions_aside(any_app, now):
    office = Office(people=2, supporters=2)
    run(office, now)
    for number in range(2):
        assert office.states(number) == ["superseded", "superseded", "open", "alternative"]
    assert [event[3] for event in office.events("suggestion")] == ["newer_run"] * 4
    assert broken_laws() == []


@pytest.mark.parametrize("pairs", [{(0, 0), (1, 1)}, {(0, 1), (1, 0)}])
def test_a_newer_run_keeps_whom_people_were_shown_where_answers_are_equal(any_app, now, pairs):
    office = Office(people=2, supporters=2, suggested=False, supporter={"capacity": 2})
    with transaction() as session:
        before = make_match_run(session, office.association)
        for person, supporter in pairs:
            make_suggestion(session, before, office.people[person], office.supporters[supporter])
    run(office, now)
    assert suggested(office) == pairs


def test_alternatives_behind_a_proposal_outlive_a_newer_run(any_app, now):
    office = Office(people=2, supporters=3)
    pairing = office.propose(0, at=now)
    run(office, now)
    assert office.states(0) == ["approved", "alternative", "alternative"]
    assert office.states(1)[:3] == ["superseded"] * 3
    outcome = decline_pairing(
        pairing_id=pairing.public_id, reason=DeclineReason.OTHER, actor=office.as_supporter(), at=now
    )
    assert outcome.next_suggestion_id is not None
    assert broken_laws() == []


def test_who_is_served_in_every_role_is_left_out(any_app, now):
    office = Office(people=2, supporters=2)
    office.propose(0, at=now)
    kept = get_run(run(office, now).run_id)
    assert kept.report["roles"][0]["entrepreneurs"] == 1
    assert {person for person, _ in suggested(office)} == {1}


def test_files_that_are_not_ready_and_supporters_who_are_not_active_are_left_out(any_app, now):
    office = Office(people=2, supporters=3, suggested=False)
    with transaction() as session:
        session.execute(
            update(Entrepreneur)
            .where(Entrepreneur.id == office.people[0].id)
            .values(state=EntrepreneurState.INCOMPLETE)
        )
        session.execute(
            update(Supporter)
            .where(Supporter.id == office.supporters[0].id)
            .values(state=SupporterState.PAUSED, back_on=now.date())
        )
        session.execute(
            update(Supporter).where(Supporter.id == office.supporters[1].id).values(state=SupporterState.LEFT)
        )
    run(office, now)
    assert suggested(office) == {(1, 2)}
    assert suggested(office, SuggestionState.ALTERNATIVE) == set()


def test_two_associations_never_see_each_others_people(any_app, now):
    office, other = Office(people=1, supporters=1, suggested=False), Office(people=3, supporters=3, suggested=False)
    run(office, now)
    assert suggested(office) == {(0, 0)}
    before = take_snapshot()["suggestions"]
    run(other, now)
    assert take_snapshot()["suggestions"][: len(before)] == before


def test_who_declined_or_was_rejected_for_a_conflict_is_not_suggested_again(any_app, now):
    office = Office(people=2, supporters=2)
    pairing = office.propose(0, at=now)
    decline_pairing(pairing_id=pairing.public_id, reason=DeclineReason.NO_TIME, actor=office.as_supporter(0), at=now)
    reject_suggestion(
        suggestion_id=office.suggestion(1).public_id,
        reason=RejectReason.CONFLICT_OF_INTEREST,
        actor=office.coordinator,
        at=now,
    )
    run(office, now)
    assert suggested(office) == {(0, 1), (1, 0)}
    assert suggested(office, SuggestionState.ALTERNATIVE) == set()


def test_an_expiry_keeps_two_apart_and_a_rejection_for_another_reason_does_not(any_app, now):
    office = Office(people=2, supporters=2)
    office.propose(0, at=now)
    list(expire_each(at=now + timedelta(days=10)))
    reject_suggestion(
        suggestion_id=office.suggestion(1).public_id, reason=RejectReason.NOT_NOW, actor=office.coordinator, at=now
    )
    run(office, now + timedelta(days=11))
    assert suggested(office) | suggested(office, SuggestionState.ALTERNATIVE) == {(0, 1), (1, 0), (1, 1)}


@pytest.mark.parametrize(
    ("reason", "again"), [(WithdrawReason.PERSON_CHANGED_MIND, False), (WithdrawReason.OTHER_CHOICE, True)]
)
def test_whom_she_did_not_want_is_not_suggested_again(any_app, now, reason, again):
    office = Office(people=1, supporters=1)
    pairing = office.propose(0, at=now)
    withdraw_pairing(pairing_id=pairing.public_id, reason=reason, actor=office.coordinator, at=now)
    run(office, now)
    assert ((0, 0) in suggested(office)) is again


@pytest.mark.parametrize(
    ("reason", "again"),
    [(EndReason.GOAL_REACHED, True), (EndReason.TERM_REACHED, True), (EndReason.NOT_A_FIT, False)],
)
def test_two_who_came_to_their_end_may_meet_again_and_two_who_broke_off_do_not(any_app, now, reason, again):
    office = Office(people=1, supporters=1)
    pairing = office.propose(0, at=now)
    accept_pairing(pairing_id=pairing.public_id, actor=office.as_supporter(), at=now)
    end_pairing(pairing_id=pairing.public_id, reason=reason, actor=office.coordinator, at=now)
    run(office, now)
    assert ((0, 0) in suggested(office)) is again


def test_a_coach_needs_consent_and_hours_for_a_whole_path(any_app, now):
    office = Office(people=0, supporters=0, suggested=False)
    with transaction() as session:
        wanted = {"wanted_roles": ["coach"]}
        consents = {"coaching_consent_at": now, "after_liquidation": "yes"}
        office.people = [
            make_entrepreneur(session, office.association, **wanted, confided=consents),
            make_entrepreneur(session, office.association, **wanted, confided=consents),
            make_entrepreneur(session, office.association, **wanted, confided={"after_liquidation": "yes"}),
            make_entrepreneur(session, office.association, **wanted),
        ]
        office.supporters = [
            make_supporter(session, office.association, role=SupporterRole.COACH, capacity=20, taken=7)
        ]
    outcome = run(office, now)
    assert (outcome.suggested, outcome.unmatched) == (1, 3)
    refusals = {row.entrepreneur_id: row.refusals for row in db.session.scalars(select(UnmatchedNeed))}
    assert refusals[office.people[2].id] == refusals[office.people[3].id] == {"consent": 1}


def test_what_was_confided_leaves_no_trace_in_what_is_stored(any_app, now):
    told = {"coaching_consent_at": now, "after_liquidation": "CONFIDED-WORDS"}
    office = Office(people=2, suggested=False, person={"wanted_roles": ["mentor", "coach"], "confided": told})
    with transaction() as session:
        make_supporter(session, office.association, role=SupporterRole.COACH, capacity=21)
    run(office, now)
    everything = str(take_snapshot())
    assert "CONFIDED-WORDS" not in everything
    assert "liquidation" not in everything


def test_somebody_served_while_the_engine_worked_is_skipped(any_app, now, monkeypatch):
    office = Office(people=2, supporters=2, suggested=False)
    find_matches = matcher_bridge.find_matches

    def serve_meanwhile(records, *, progress):
        result = find_matches(records, progress=progress)
        choose_supporter(
            entrepreneur_id=office.people[0].public_id,
            supporter_id=office.supporters[1].public_id,
            role=SupporterRole.MENTOR,
            reason=ChoiceReason.ASKED_FOR,
            actor=office.coordinator,
            at=now,
        )
        return result

    monkeypatch.setattr(matcher_bridge, "find_matches", serve_meanwhile)
    outcome = run(office, now)
    assert (outcome.state, outcome.suggested) == (MatchRunState.DONE, 1)
    assert {person for person, _ in suggested(office)} == {1}
    assert get_run(outcome.run_id).report["skipped"] == 2
    assert broken_laws() == []


def test_a_supporter_who_paused_while_the_engine_worked_is_skipped_and_the_next_is_opened(any_app, now, monkeypatch):
    office = Office(people=1, supporters=2, suggested=False)
    find_matches = matcher_bridge.find_matches

    def pause_meanwhile(records, *, progress):
        result = find_matches(records, progress=progress)
        first = int(result.suggestions[0].supporter_id)
        paused = next(supporter for supporter in office.supporters if supporter.id == first)
        pause_supporter(supporter_id=paused.public_id, actor=office.coordinator, at=now)
        return result

    monkeypatch.setattr(matcher_bridge, "find_matches", pause_meanwhile)
    run(office, now)
    assert office.states() == ["open"]
    assert office.suggestion(rank=2).deadline_at == now + timedelta(days=7)
    assert broken_laws() == []


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RuntimeError("boom"), "unexpected"),
        (InvalidSettingsError(field="choices", value=0, expected="1 or more"), "engine_refused"),
    ],
)
def test_a_run_that_fails_says_why_and_another_can_start(any_app, now, monkeypatch, error, code):
    office = Office(people=2)
    before = take_snapshot()["suggestions"]

    def fail(*_arguments, **_values):
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(matcher_bridge, "find_matches", fail)
        outcome = run(office, now)
    assert (outcome.state, outcome.failure) == (MatchRunState.FAILED, code)
    kept = get_run(outcome.run_id)
    assert (kept.state, kept.failure) == (MatchRunState.FAILED, code)
    assert take_snapshot()["suggestions"] == before
    assert office.messages() == []
    assert run(office, now).state is MatchRunState.DONE
    assert broken_laws() == []


def test_a_failure_while_storing_stores_nothing(any_app, now, monkeypatch):
    office = Office(people=2)
    before = take_snapshot()["suggestions"]

    def fail(*_arguments, **_values):
        raise RuntimeError("boom")

    monkeypatch.setattr(match_answers, "_tell_coordinators", fail)
    outcome = run(office, now)
    assert outcome.state is MatchRunState.FAILED
    assert take_snapshot()["suggestions"] == before
    assert db.session.scalar(select(func.count()).select_from(UnmatchedNeed)) == 0


def test_a_run_is_executed_once(any_app, now):
    office = Office(suggested=False)
    run_id = request(office, now)
    execute_run(run_id=run_id, at=now)
    with refused(InvalidTransitionError, record="match_run", state="done"):
        execute_run(run_id=run_id, at=now)
    with refused(NotFoundError):
        execute_run(run_id=uuid4(), at=now)


def test_progress_is_written_as_the_engine_goes(any_app, now, monkeypatch):
    office = Office(suggested=False)
    monkeypatch.setattr(match_runs, "PROGRESS_EVERY_SECONDS", 0)
    find_matches = matcher_bridge.find_matches
    seen = []

    def watch(records, *, progress):
        for share in (0.0, 0.5, 1.0):
            progress(share)
            seen.append(get_run(run_id).progress)
        return find_matches(records)

    monkeypatch.setattr(matcher_bridge, "find_matches", watch)
    run_id = request(office, now)
    shares = []
    execute_run(run_id=run_id, at=now, tell=shares.append)
    assert shares == [0.0, 0.5, 1.0]
    assert seen == [0, 48, 95]
    assert get_run(run_id).progress == 100


def test_progress_is_not_written_more_often_than_people_can_see(any_app, now, monkeypatch):
    office = Office(suggested=False)
    written = []

    def hurry(_records, *, progress):
        for step in range(1000):
            progress(step / 1000)
        raise RuntimeError("enough seen")

    monkeypatch.setattr(match_runs._Progress, "_write", lambda _self, percent: written.append(percent))
    monkeypatch.setattr(matcher_bridge, "find_matches", hurry)
    run(office, now)
    assert 1 <= len(written) <= 3


def test_a_run_without_a_sign_of_life_is_failed_and_its_answer_is_not_stored(any_app, now, monkeypatch):
    office = Office(people=2)
    before = take_snapshot()["suggestions"]
    find_matches = matcher_bridge.find_matches

    def outlive(records, *, progress):
        assert fail_silent_runs(at=now + timedelta(minutes=14)) == 0
        assert fail_silent_runs(at=now + timedelta(minutes=16)) == 1
        assert fail_silent_runs(at=now + timedelta(minutes=16)) == 0
        return find_matches(records)

    monkeypatch.setattr(matcher_bridge, "find_matches", outlive)
    outcome = run(office, now)
    assert (outcome.state, outcome.failure) == (MatchRunState.FAILED, "worker_lost")
    assert get_run(outcome.run_id).failure == "worker_lost"
    assert take_snapshot()["suggestions"] == before
    assert broken_laws() == []


def test_a_worker_that_was_given_up_stops_at_its_next_sign_of_life(any_app, now, monkeypatch):
    office = Office(people=2)
    reached = []

    def outlive(records, *, progress):
        fail_silent_runs(at=now + timedelta(hours=1))
        progress(0.5)
        reached.append("too far")

    monkeypatch.setattr(matcher_bridge, "find_matches", outlive)
    assert run(office, now).failure == "worker_lost"
    assert reached == []


def test_queued_runs_are_found_the_oldest_first(any_app, now):
    offices = [Office(suggested=False) for _ in range(2)]
    ids = [request(office, now) for office in offices]
    assert list(list_queued_runs(db.session())) == ids
    execute_run(run_id=ids[0], at=now)
    assert list(list_queued_runs(db.session())) == ids[1:]


def test_only_a_run_under_way_can_be_declared_failed(any_app, now):
    office = Office(suggested=False)
    outcome = run(office, now)
    with refused(InvalidTransitionError, state="done"):
        fail_run(run_id=outcome.run_id, failure="stopped", at=now)


def test_an_answer_waits_for_a_busy_database(any_app, now, monkeypatch):
    office = Office(suggested=False)
    store, tries = match_runs._store, []

    def busy_at_first(*arguments, **values):
        tries.append(1)
        if len(tries) < match_runs.STORE_ATTEMPTS:
            raise BusyError
        return store(*arguments, **values)

    monkeypatch.setattr(match_runs, "_store", busy_at_first)
    assert run(office, now).state is MatchRunState.DONE
    assert office.states() == ["open", "alternative"]


def test_a_database_that_stays_busy_fails_the_run_and_says_so(any_app, now, monkeypatch):
    office = Office(suggested=False)

    def busy(*_arguments, **_values):
        raise BusyError

    monkeypatch.setattr(match_runs, "_store", busy)
    assert run(office, now).failure == "busy"


def test_an_error_after_the_run_was_given_up_is_quiet(any_app, now, monkeypatch):
    office = Office(suggested=False)

    def outlive(_records, *, progress):
        fail_silent_runs(at=now + timedelta(hours=1))
        raise RuntimeError("boom")

    monkeypatch.setattr(matcher_bridge, "find_matches", outlive)
    outcome = run(office, now)
    assert outcome.state is MatchRunState.FAILED
    assert get_run(outcome.run_id).failure == "worker_lost"
