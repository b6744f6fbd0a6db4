"""Decisions: what each answer says about fit, and that nothing about who somebody is can be among them."""

import dataclasses

import numpy as np
import pytest

from matcher import Decision, DecisionKind, Entrepreneur, Outcome, Role, Supporter
from matcher.decisions import EVIDENCE, NUISANCES, tabulate
from matcher.errors import InvalidRecordError

WEIGHTS = {"needs": 40.0, "stage": 20.0, "place": 40.0, "activity": 0.0}


def decision(**changes: object) -> Decision:
    basis = Decision(
        role=Role.MENTOR, components={"needs": 0.5, "stage": 1.0, "place": 0.0}, outcome=Outcome.APPROVED, case=1
    )
    return dataclasses.replace(basis, **changes)  # type: ignore[arg-type]


def test_every_answer_is_evidence_or_is_said_to_be_none() -> None:
    assert set(EVIDENCE) == set(Outcome)
    assert all(0 <= evidence.weight <= 1 for evidence in EVIDENCE.values())


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome.DECLINED_NO_TIME,
        Outcome.REJECTED_BETTER_KNOWN,
        Outcome.REJECTED_NOT_NOW,
        Outcome.REJECTED_CONFLICT_OF_INTEREST,
        Outcome.EXPIRED,
        Outcome.ENDED_MOVED,
        Outcome.CHOSEN_SPREAD_LOAD,
    ],
)
def test_want_of_time_somebody_better_known_and_silence_say_nothing_about_fit(outcome: Outcome) -> None:
    assert EVIDENCE[outcome].weight == 0
    assert len(tabulate([decision(outcome=outcome)], WEIGHTS, Role.MENTOR)) == 0


@pytest.mark.parametrize(
    ("outcome", "kind", "fits"),
    [
        (Outcome.APPROVED, DecisionKind.COORDINATOR, True),
        (Outcome.REJECTED_TOO_FAR, DecisionKind.COORDINATOR, False),
        (Outcome.ACCEPTED, DecisionKind.SUPPORTER, True),
        (Outcome.DECLINED_OTHER_EXPERTISE, DecisionKind.SUPPORTER, False),
        (Outcome.ENDED_GOAL_REACHED, DecisionKind.COURSE, True),
        (Outcome.ENDED_NOT_A_FIT, DecisionKind.COURSE, False),
    ],
)
def test_answers_about_fit_count_whole(outcome: Outcome, kind: DecisionKind, fits: bool) -> None:
    evidence = decision(outcome=outcome).evidence
    assert (evidence.kind, evidence.fits, evidence.weight) == (kind, fits, 1)


def test_a_reason_untold_counts_less() -> None:
    table = tabulate([decision(outcome=Outcome.DECLINED_OTHER), decision()], WEIGHTS, Role.MENTOR)
    assert table.weight.tolist() == [0.25, 1.0]


def test_no_column_is_about_who_somebody_is() -> None:
    fields = {field.name for field in dataclasses.fields(Decision)}
    assert fields == {"role", "components", "outcome", "case", "list_length", "popularity", "weight_version"}
    personal = {field.name for record in (Entrepreneur, Supporter) for field in dataclasses.fields(record)}
    assert fields & personal == {"role"}  # what the supporter is asked for, not who she is
    assert NUISANCES == ("list_length", "popularity", "answered_by_supporter", "answered_by_course")
    with pytest.raises(InvalidRecordError):
        decision(components={"territory": 1.0})
    with pytest.raises(TypeError):
        decision(gender="f")


def test_which_number_a_request_has_changes_nothing() -> None:
    mine = [decision(case=4), decision(case=9), decision(case=4)]
    other = [decision(case=71), decision(case=3), decision(case=71)]
    first, second = (tabulate(decisions, WEIGHTS, Role.MENTOR) for decisions in (mine, other))
    assert first.cases.tolist() == second.cases.tolist() == [0, 1, 0]
    assert (first.components == second.components).all()
    assert (first.nuisances == second.nuisances).all()


def test_what_does_not_apply_counts_as_the_mean_of_what_does() -> None:
    told = decision(components={"needs": 0.6, "stage": 0.3})
    table = tabulate([told], WEIGHTS, Role.MENTOR)
    assert table.names == ("needs", "stage", "place")
    np.testing.assert_allclose(table.components, [[0.6, 0.3, 0.5]])
    shares = np.array([0.4, 0.2, 0.4])
    np.testing.assert_allclose(table.components @ shares, (0.6 * 0.4 + 0.3 * 0.2) / 0.6)


def test_other_roles_and_what_nothing_weighs_are_left_out() -> None:
    others = [decision(role=Role.COACH), decision(components={}), decision(components={"activity": 1.0})]
    table = tabulate(others, WEIGHTS, Role.MENTOR)
    assert table.components.shape == (0, 3)
    assert table.nuisances.shape == (0, len(NUISANCES))


def test_lists_and_popularity_count_by_doublings_and_who_answered_is_known() -> None:
    answers = [
        decision(list_length=4, popularity=7),
        decision(outcome=Outcome.ACCEPTED),
        decision(outcome=Outcome.ENDED_NOT_A_FIT),
    ]
    table = tabulate(answers, WEIGHTS, Role.MENTOR)
    assert table.nuisances.tolist() == [[2, 3, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]


@pytest.mark.parametrize(
    "changes",
    [
        {"components": {"needs": 1.5}},
        {"components": {"needs": float("nan")}},
        {"list_length": 0},
        {"popularity": -1},
        {"weight_version": "1"},
    ],
)
def test_impossible_decisions_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(InvalidRecordError):
        decision(**changes)
