"""What was decided becomes evidence: each reason has its meaning, and nothing about a person goes along."""

from dataclasses import fields
from enum import StrEnum

import pytest
from sqlalchemy import select

from matcher import Decision, DecisionKind, Outcome
from models.associations import WeightVersion
from models.db import db, transaction
from models.entrepreneurs import Entrepreneur
from models.match_runs import RejectReason
from models.pairings import ChoiceReason, DeclineReason, EndReason, WithdrawReason
from models.queries.match_runs import read_pool
from models.queries.weights import list_past_decisions
from models.states import PairingState, SuggestionState
from tests.factories import (
    make_association,
    make_entrepreneur,
    make_match_run,
    make_pairing,
    make_suggestion,
    make_supporter,
)
from tests.factories.sequence import MADE_AT
from tests.webapp.weights.history import make_history
from webapp.decision_bridge import build_decisions, build_work, outcome_of, replay, suggest_weights
from webapp.matcher_bridge import Measure, default_weights


@pytest.mark.parametrize(
    ("answer", "reasons"),
    [("rejected", RejectReason), ("chosen", ChoiceReason), ("declined", DeclineReason), ("ended", EndReason)],
)
def test_every_reason_that_can_be_given_has_a_meaning_of_its_own(answer: str, reasons: type[StrEnum]) -> None:
    assert [str(outcome_of(answer, reason)) for reason in reasons] == [f"{answer}_{reason}" for reason in reasons]


def test_a_reason_that_the_engine_does_not_know_counts_as_untold() -> None:
    assert outcome_of("declined", "newly_invented") is Outcome.DECLINED_OTHER


class Past:
    """One association with one decided suggestion after the other."""

    def __init__(self) -> None:
        with transaction() as session:
            self.association = make_association(session)
            self.run = make_match_run(session, self.association)
            self.supporter = make_supporter(session, self.association, capacity=50)

    def decide(self, state: SuggestionState = SuggestionState.APPROVED, pairing: dict | None = None, **values: object):
        with transaction() as session:
            person = make_entrepreneur(session, self.association)
            supporter = session.merge(self.supporter)
            decided = {"state": state, "decided_at": MADE_AT, "deadline_at": None, **values}
            suggestion = make_suggestion(session, self.run, person, supporter, **decided)
            make_suggestion(
                session,
                self.run,
                person,
                make_supporter(session, self.association),
                rank=2,
                state=SuggestionState.SUPERSEDED,
            )
            if pairing is not None:
                kept = {"suggestion_id": suggestion.id, "choice_reason": None, **pairing}
                make_pairing(session, person, supporter, **kept)

    def outcomes(self) -> list[Outcome]:
        return [one.outcome for one in self.decisions()]

    def decisions(self) -> tuple[Decision, ...]:
        db.session.rollback()
        return build_decisions(list_past_decisions(db.session(), self.association.id))


@pytest.fixture
def past(app: object) -> Past:
    return Past()


@pytest.mark.parametrize(
    ("pairing", "outcomes"),
    [
        (None, [Outcome.APPROVED]),
        ({"state": PairingState.PROPOSED}, [Outcome.APPROVED]),
        ({"choice_reason": ChoiceReason.CLOSER}, [Outcome.CHOSEN_CLOSER]),
        ({"state": PairingState.ACTIVE}, [Outcome.APPROVED, Outcome.ACCEPTED]),
        (
            {"state": PairingState.DECLINED, "decline_reason": DeclineReason.NO_TIME},
            [Outcome.APPROVED, Outcome.DECLINED_NO_TIME],
        ),
        ({"state": PairingState.EXPIRED, "answered_at": None}, [Outcome.APPROVED]),
        (
            {"state": PairingState.WITHDRAWN, "withdraw_reason": WithdrawReason.OTHER, "answered_at": None},
            [Outcome.APPROVED],
        ),
        (
            {"state": PairingState.ENDED, "end_reason": EndReason.GOAL_REACHED},
            [Outcome.APPROVED, Outcome.ACCEPTED, Outcome.ENDED_GOAL_REACHED],
        ),
    ],
)
def test_the_coordinator_the_supporter_and_the_end_are_heard_in_turn(
    past: Past, pairing: dict | None, outcomes: list[Outcome]
) -> None:
    past.decide(pairing=pairing)
    assert past.outcomes() == outcomes


def test_a_rejection_is_heard_with_its_reason_and_what_waits_is_not(past: Past) -> None:
    past.decide(state=SuggestionState.REJECTED, reject_reason=RejectReason.TOO_FAR)
    past.decide(state=SuggestionState.OPEN, decided_at=None, deadline_at=MADE_AT)
    assert past.outcomes() == [Outcome.REJECTED_TOO_FAR]


def test_what_goes_along_is_the_parts_the_list_and_how_often_she_was_asked(past: Past) -> None:
    past.decide(pairing={"state": PairingState.ACTIVE, "proposed_at": MADE_AT})
    past.decide(state=SuggestionState.REJECTED, reject_reason=RejectReason.OTHER, decided_at=MADE_AT.replace(year=2027))
    first, accepted, rejected = past.decisions()
    assert first.components == {"needs": 0.8}
    assert (first.list_length, first.popularity, rejected.popularity) == (2, 0, 1)
    assert first.case == accepted.case != rejected.case
    assert first.weight_version == db.session.scalars(select(WeightVersion.id)).one()
    assert accepted.evidence.kind is DecisionKind.SUPPORTER
    assert {field.name for field in fields(first)} == {
        "role", "components", "outcome", "case", "list_length", "popularity", "weight_version",
    }  # fmt: skip


def test_other_associations_decisions_are_not_learned_from(past: Past) -> None:
    past.decide()
    assert list_past_decisions(db.session(), past.association.id + 1) == []


def test_who_somebody_is_changes_nothing_of_what_is_suggested(app: object) -> None:
    """The same decisions about people in hard times, elsewhere, of another name: the same weights to the last digit."""
    told = []
    for changes in ({}, {"first_name": "Fatoumata", "stage": "rebound", "latitude": -20.9, "longitude": 55.4}):
        with transaction() as session:
            association = make_association(session)
            make_history(session, association, 60)
            for person in session.scalars(select(Entrepreneur).where(Entrepreneur.association_id == association.id)):
                for name, value in changes.items():
                    setattr(person, name, value)
        past = list_past_decisions(db.session(), association.id)
        found = suggest_weights(past, default_weights(), "mentor")
        told.append((found.weights, found.ranges, found.gain, found.calibration))
        db.session.rollback()
    assert told[0] == told[1]


def test_past_decisions_are_replayed_as_if_none_had_been_taken(app: object, now: object) -> None:
    with transaction() as session:
        association = make_association(session)
        make_history(session, association, 6)
        # She already has somebody, and would not be looked at by a run.
        pool = read_pool(session, association.id)
        assert pool.live_roles
    session = db.session()
    past = list_past_decisions(session, association.id)
    weights = default_weights()
    work = build_work(read_pool(session, association.id), past, weights=weights, lends=False, at=now)
    assert len(work.decided.entrepreneurs) == 6
    assert len(work.records.entrepreneurs) < 6
    assert all(person.excluded == frozenset() for person in work.decided.entrepreneurs)
    told = replay(work, old=Measure(weights=weights), new=Measure(weights={**weights, "mentor": {"stage": 1.0}}))
    (standing,) = told["standings"]
    assert standing["approved"] + standing["rejected"] == 12
    assert set(told) == {
        "people", "supporters", "roles", "changes", "change_count", "standings", "shifts", "groups", "seconds",
    }  # fmt: skip
