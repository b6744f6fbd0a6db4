"""How groups fare: hand-worked ranges, and what a reader of the report must not be able to work out."""

from collections import Counter
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import Entrepreneur, Outcomes, Supporter, fairness_report, match
from matcher.errors import InvalidOutcomeError, InvalidSettingsError, InvalidShapeError
from matcher.fairness import Z95, GroupFigures, hide_groups, wilson
from tests.matcher.strategies import RELAXED, pools


def outcomes_of(served: list[bool], **changes: list[float]) -> Outcomes:
    n = len(served)
    columns = {
        "waiting_days": np.full(n, 30),
        "score": np.where(served, 0.6, np.nan),
        "proposals": np.array(served, dtype=np.int64),
        "refusals": np.zeros(n, dtype=np.int64),
    }
    columns.update({name: np.array(values) for name, values in changes.items()})
    return Outcomes(served=np.array(served, dtype=bool), **columns)


def report_of(served: list[bool], labels: list[str | None], guarded: tuple[str, ...] = ()) -> tuple[GroupFigures, ...]:
    report = fairness_report(outcomes_of(served), {"group": labels}, rng=np.random.default_rng(1), guarded=guarded)
    return report.dimensions[0].groups


def test_shares_and_means_are_those_of_the_hand() -> None:
    waiting = [10, 20, 30, 40, 50, 60, 0, 0, 0, 0, 0]
    outcomes = outcomes_of(
        [True, True, True, False, False, False, True, True, True, True, True],
        waiting_days=waiting,
        score=[0.2, 0.4, 0.6, 0.3, 0.5, np.nan, 0.5, 0.5, 0.5, 0.5, 1.0],
        proposals=[1, 1, 2, 0, 1, 1, 1, 1, 1, 1, 1],
        refusals=[0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0],
    )
    report = fairness_report(outcomes, {"where": ["north"] * 6 + ["south"] * 5}, rng=np.random.default_rng(1))
    north, south = report.dimensions[0].groups
    assert report.everybody.served is not None
    assert (report.everybody.people, report.everybody.served.count, report.smallest) == (11, 8, 5)
    assert north.served is not None
    assert (north.label, north.people, north.served.count, north.served.of, north.served.value) == (
        "north",
        6,
        3,
        6,
        0.5,
    )
    assert (round(north.served.low, 4), round(north.served.high, 4)) == (0.1876, 0.8124)
    assert north.refused is not None
    assert (north.refused.count, north.refused.of) == (2, 6)
    assert north.waiting_days is not None
    assert north.waiting_days.value == 35
    assert 10 < north.waiting_days.low < 35 < north.waiting_days.high < 60
    assert north.score is not None
    assert north.score.value == pytest.approx(0.4)
    assert south.score is not None
    assert south.score.value == pytest.approx(0.6)
    assert south.waiting_days is not None
    assert (south.waiting_days.value, south.waiting_days.low, south.waiting_days.high) == (0, 0, 0)


def test_a_bootstrap_range_is_close_to_the_one_of_the_normal_law_in_a_large_group() -> None:
    waiting = np.random.default_rng(7).normal(100, 20, size=400).round().clip(0)
    outcomes = outcomes_of([True] * 400, waiting_days=waiting.astype(int).tolist())
    mean = fairness_report(outcomes, {}, rng=np.random.default_rng(2)).everybody.waiting_days
    assert mean is not None
    half = Z95 * waiting.std() / 20
    assert mean.low == pytest.approx(waiting.mean() - half, abs=0.4)
    assert mean.high == pytest.approx(waiting.mean() + half, abs=0.4)


@given(st.integers(1, 500), st.integers(0, 500))
def test_wilsons_ends_are_where_the_score_test_just_accepts(of: int, count: int) -> None:
    count = min(count, of)
    share = wilson(count, of)
    assert 0 <= share.low <= share.value <= share.high <= 1
    for end in (share.low, share.high):
        if 0 < end < 1:
            assert (share.value - end) ** 2 == pytest.approx(Z95**2 * end * (1 - end) / of, abs=1e-9)


def test_a_small_group_takes_another_with_it() -> None:
    labels: list[str | None] = ["large"] * 20 + ["middle"] * 7 + ["small"] * 2
    report = fairness_report(outcomes_of([True] * 29), {"group": labels}, rng=np.random.default_rng(1))
    (dimension,) = report.dimensions
    assert [group.label for group in dimension.groups] == ["large"]
    assert (dimension.hidden_groups, dimension.hidden_people) == (2, 9)


def test_people_without_a_label_come_last_and_may_be_hidden_too() -> None:
    assert [group.label for group in report_of([True] * 15, [None] * 9 + ["said"] * 6)] == ["said", None]
    assert report_of([True] * 15, [None] * 2 + ["said"] * 13) == ()


names = st.sampled_from(("a", "b", "c", "d", None))


@given(st.lists(st.tuples(names, st.booleans()), max_size=60), st.integers(2, 6))
@settings(RELAXED)
def test_what_is_hidden_cannot_be_worked_out(people: list[tuple[str | None, bool]], smallest: int) -> None:
    labels, served = [label for label, _ in people], [one for _, one in people]
    report = fairness_report(
        outcomes_of(served),
        {"open": labels, "guarded": labels},
        rng=np.random.default_rng(1),
        smallest=smallest,
        guarded=("guarded",),
    )
    sizes, of_served = Counter(labels), Counter(label for label, one in people if one)
    for dimension in report.dimensions:
        shown = {group.label for group in dimension.groups}
        assert all(sizes[label] >= smallest for label in shown)
        assert sum(sizes[label] for label in shown) + dimension.hidden_people == len(people)
        assert len(shown) + dimension.hidden_groups == len(sizes)
        if shown and dimension.hidden_groups:
            assert dimension.hidden_groups >= 2
            assert dimension.hidden_people >= smallest
    told = {group.label for group in report.dimensions[1].groups if group.served is not None}
    silent = set(sizes) - told
    assert all(min(of_served[one], sizes[one] - of_served[one]) >= smallest for one in told)
    if told and silent:
        assert len(silent) >= 2
        assert sum(of_served[label] for label in silent) >= smallest
        assert sum(sizes[label] - of_served[label] for label in silent) >= smallest
    for group in report.dimensions[1].groups:
        assert group.label in told or (group.score, group.refused) == (None, None)


someone = st.tuples(names, st.sampled_from((None, None, 0.25, 0.75)), st.integers(0, 2))


@given(st.lists(someone, max_size=60), st.integers(2, 6))
@settings(RELAXED)
def test_no_score_and_no_refusal_of_a_few_is_left_when_the_groups_shown_are_taken_from_the_total(
    people: list[tuple[str | None, float | None, int]], smallest: int
) -> None:
    labels, scores = [one[0] for one in people], [one[1] for one in people]
    outcomes = outcomes_of(
        [score is not None for score in scores],
        score=[np.nan if score is None else score for score in scores],
        proposals=[one[2] for one in people],
    )
    groups = {"open": labels, "guarded": labels}
    chance = np.random.default_rng(1)
    report = fairness_report(outcomes, groups, rng=chance, smallest=smallest, guarded=("guarded",))
    of_score = Counter(label for label, score, _ in people if score is not None)
    of_refused = Counter(label for label, _, proposals in people if proposals)
    for dimension in report.dimensions:
        for figure, of in (("score", of_score), ("refused", of_refused)):
            told = {group.label for group in dimension.groups if getattr(group, figure) is not None}
            assert all(of[label] >= smallest for label in told)
            if told:
                left = sum(of.values()) - sum(of[label] for label in told)
                assert left == 0 or left >= smallest


def test_a_guarded_group_of_which_everybody_is_served_keeps_its_outcome_back() -> None:
    served = [True] * 10 + [True] * 5 + [False] * 5 + [True] * 8 + [False] * 8
    labels: list[str | None] = ["told"] * 10 + ["other"] * 10 + [None] * 16
    groups = {group.label: group for group in report_of(served, labels, guarded=("group",))}
    assert groups["told"].served is None
    assert groups["told"].waiting_days is not None
    assert groups["other"].served is None, "else the first could be worked out"
    assert groups[None].served is not None
    assert all(group.served is not None for group in report_of(served, labels))


@given(st.lists(st.tuples(names, st.booleans(), st.integers(0, 300)), max_size=40), st.randoms(use_true_random=False))
@settings(RELAXED, max_examples=30)
def test_the_order_of_the_people_does_not_matter(
    people: list[tuple[str | None, bool, int]], chance: st.DataObject
) -> None:
    shuffled = list(people)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    def read(rows: list[tuple[str | None, bool, int]]) -> dict[str | None, tuple[object, ...]]:
        outcomes = outcomes_of([row[1] for row in rows], waiting_days=[row[2] for row in rows])
        report = fairness_report(outcomes, {"group": sorted_labels(rows)}, rng=np.random.default_rng(3))
        return {one.label: (one.people, one.served) for one in (report.everybody, *report.dimensions[0].groups)}

    assert read(shuffled) == read(people)


def sorted_labels(rows: list[tuple[str | None, bool, int]]) -> list[str | None]:
    return [row[0] for row in rows]


@given(pools(), st.data())
@settings(RELAXED, max_examples=30)
def test_labels_never_reach_the_engine(pool: tuple[list[Entrepreneur], list[Supporter]], data: st.DataObject) -> None:
    people, helpers = pool
    before = match(people, helpers)
    served = {one.entrepreneur_id for one in before.suggestions}
    outcomes = outcomes_of([person.id in served for person in people])
    labels = data.draw(st.lists(names, min_size=len(people), max_size=len(people)))
    fairness_report(outcomes, {"gender": labels}, rng=np.random.default_rng(1), guarded=("gender",))
    assert match(people, helpers) == before
    assert not {field.name for field in fields(Entrepreneur)} & {"gender", "sex", "civility", "first_name", "qpv"}


def test_the_same_chance_gives_the_same_report() -> None:
    outcomes = outcomes_of([True, False] * 10, waiting_days=list(range(20)))
    one, same = (fairness_report(outcomes, {}, rng=np.random.default_rng(5)) for _ in range(2))
    assert one == same


def test_nobody_gives_an_empty_report() -> None:
    report = fairness_report(outcomes_of([]), {"stage": []}, rng=np.random.default_rng(1))
    assert (report.everybody.people, report.everybody.served, report.dimensions[0].groups) == (0, None, ())
    assert hide_groups({}, 5) == frozenset()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"waiting_days": [1, -1]}, InvalidOutcomeError),
        ({"score": [0.5, 1.5]}, InvalidOutcomeError),
        ({"refusals": [-1, 0]}, InvalidOutcomeError),
        ({"proposals": [1, 1], "refusals": [2, 0]}, InvalidOutcomeError),
        ({"score": [0.5]}, InvalidShapeError),
    ],
)
def test_impossible_outcomes_are_refused(changes: dict[str, list[float]], error: type[Exception]) -> None:
    with pytest.raises(error):
        outcomes_of([True, False], **changes)


def test_impossible_questions_are_refused() -> None:
    with pytest.raises(InvalidShapeError):
        fairness_report(outcomes_of([True]), {"stage": []}, rng=np.random.default_rng(1))
    with pytest.raises(InvalidSettingsError):
        fairness_report(outcomes_of([True]), {}, rng=np.random.default_rng(1), smallest=1)
