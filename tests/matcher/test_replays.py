"""Replay: who gains, loses or changes a supporter, in numbers that add up, and how past decisions fare."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from matcher import (
    DEFAULT_WEIGHTS,
    Decision,
    Entrepreneur,
    Expertise,
    Need,
    Outcome,
    Role,
    Stage,
    Supporter,
    Verdict,
    compare_with_verdicts,
    evaluate_pair,
    match,
    prepare,
    replay,
    shift_scores,
)
from matcher import Settings as MatchSettings
from matcher.errors import InvalidSettingsError
from tests.matcher.people import entrepreneur, supporter
from tests.matcher.strategies import RELAXED, pools

BY_NEEDS = {Role.MENTOR: {"needs": 1.0}}
BY_STAGE = {Role.MENTOR: {"stage": 1.0}}


def crossed() -> tuple[list[Entrepreneur], list[Supporter]]:
    """Needs pair e0 with s0 and e1 with s1; stages pair them crosswise."""
    first, second = Need(topic="sales", priority=3), Need(topic="cash_flow", priority=3)
    people = [
        entrepreneur("e0", needs=(first,), stage=Stage.IDEA),
        entrepreneur("e1", needs=(second,), stage=Stage.GROWTH),
    ]
    helpers = [
        supporter("s0", expertise=(Expertise(topic="sales", level=3),), stages=(Stage.GROWTH,)),
        supporter("s1", expertise=(Expertise(topic="cash_flow", level=3),), stages=(Stage.IDEA,)),
    ]
    return people, helpers


def test_who_changes_is_named_and_scores_are_compared_under_both_weights() -> None:
    report = replay(prepare(*crossed()), BY_NEEDS, BY_STAGE)
    assert [(one.entrepreneur_id, one.before, one.after) for one in report.changes] == [
        ("e0", "s0", "s1"),
        ("e1", "s1", "s0"),
    ]
    (role,) = report.roles
    assert (role.matched_before, role.matched_after, role.gained, role.lost, role.changed, role.kept) == (
        2,
        2,
        0,
        0,
        2,
        0,
    )
    assert (role.old_by_old, role.new_by_new) == (1.0, 1.0)
    assert role.new_by_old == 0.0
    assert role.old_by_new is not None
    assert role.old_by_new < 1


def test_who_gains_and_who_loses_is_told_apart() -> None:
    people, helpers = crossed()
    report = replay(prepare(people, helpers[:1]), BY_NEEDS, BY_STAGE)
    assert [(one.entrepreneur_id, one.before, one.after) for one in report.changes] == [
        ("e0", "s0", None),
        ("e1", None, "s0"),
    ]
    (role,) = report.roles
    assert (role.gained, role.lost, role.changed, role.kept) == (1, 1, 0, 0)


def test_another_aim_is_compared_like_other_weights_and_tells_its_price() -> None:
    people, helpers = crossed()
    # Both know her topic a little: the total gives e0 the best, fairness gives it to e1.
    helpers[0] = replace(helpers[0], expertise=(*helpers[0].expertise, Expertise(topic="cash_flow", level=1)))
    helpers[1] = replace(helpers[1], expertise=(Expertise(topic="sales", level=1),))
    same = {**BY_NEEDS, Role.MENTOR: {"needs": 1.0}}
    report = replay(prepare(people, helpers), same, same, aim_new="fairest")
    (role,) = report.roles
    assert (report.before.reports[0].aim, report.after.reports[0].aim) == ("most_served", "fairest")
    assert role.lowest_old is not None
    assert role.lowest_new is not None
    assert role.lowest_new > role.lowest_old == 0
    assert role.fairness_price == pytest.approx(2 * (role.old_by_old - role.new_by_old))
    assert role.fairness_price > 0


def test_nobody_served_gives_no_mean() -> None:
    report = replay(prepare([entrepreneur()], []), BY_NEEDS, BY_STAGE)
    (role,) = report.roles
    assert (role.matched_before, role.old_by_old, role.new_by_new) == (0, None, None)


@given(pools())
@settings(RELAXED, max_examples=40)
def test_a_replay_is_two_matchings_and_its_numbers_add_up(pool: tuple[list[Entrepreneur], list[Supporter]]) -> None:
    report = replay(prepare(*pool), DEFAULT_WEIGHTS, BY_STAGE)
    assert report.before == match(*pool)
    assert report.after == match(*pool, settings=MatchSettings(weights=BY_STAGE))
    for role in report.roles:
        assert role.matched_after == role.matched_before + role.gained - role.lost
        assert role.matched_before == role.kept + role.changed + role.lost
        changes = [one for one in report.changes if one.role is role.role]
        assert len(changes) == role.gained + role.lost + role.changed
        # Most people served comes first, whatever the weights: nobody's gain is fewer people's help.
        assert role.matched_after == role.matched_before


@given(pools())
@settings(RELAXED, max_examples=20)
def test_the_same_weights_change_nothing(pool: tuple[list[Entrepreneur], list[Supporter]]) -> None:
    report = replay(prepare(*pool), DEFAULT_WEIGHTS, DEFAULT_WEIGHTS)
    assert report.changes == ()
    assert report.before == report.after


def test_progress_goes_from_nothing_to_everything() -> None:
    told: list[float] = []
    replay(prepare(*crossed()), BY_NEEDS, BY_STAGE, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1)


def test_weights_that_cannot_be_used_are_refused() -> None:
    with pytest.raises(InvalidSettingsError):
        replay(prepare(*crossed()), BY_NEEDS, {Role.MENTOR: {"needs": -1.0}})


def test_decided_pairs_are_counted_by_their_last_verdict() -> None:
    report = replay(prepare(*crossed()), BY_NEEDS, BY_STAGE)
    verdicts = [
        Verdict(entrepreneur_id="e0", supporter_id="s0", role=Role.MENTOR, fits=False),
        Verdict(entrepreneur_id="e0", supporter_id="s0", role=Role.MENTOR, fits=True),
        Verdict(entrepreneur_id="e1", supporter_id="s0", role=Role.MENTOR, fits=False),
        Verdict(entrepreneur_id="gone", supporter_id="s0", role=Role.MENTOR, fits=True),
    ]
    (standing,) = compare_with_verdicts(report, verdicts)
    assert (standing.approved, standing.approved_before, standing.approved_after) == (2, 1, 0)
    assert (standing.rejected, standing.rejected_before, standing.rejected_after) == (1, 0, 1)
    assert compare_with_verdicts(report, []) == ()


def decided(outcome: Outcome, **parts: float) -> Decision:
    return Decision(role=Role.MENTOR, components=parts, outcome=outcome, case=0)


def test_scores_of_decided_pairs_move_as_their_parts_say() -> None:
    decisions = [
        decided(Outcome.APPROVED, needs=1.0, stage=0.0),
        decided(Outcome.CHOSEN_KNOWN_FIT, needs=0.0, stage=0.5),
        decided(Outcome.REJECTED_NEEDS_DIFFER, needs=0.2, stage=0.4),
        decided(Outcome.EXPIRED, needs=1.0, stage=1.0),
        decided(Outcome.APPROVED),
    ]
    (shift,) = shift_scores(decisions, BY_NEEDS, {Role.MENTOR: {"needs": 1.0, "stage": 3.0}})
    assert shift.decisions == 3
    assert shift.for_old == pytest.approx((1.0 + 0.5 * 0.0) / 1.5)
    assert shift.for_new == pytest.approx((0.25 + 0.5 * 0.375) / 1.5)
    assert shift.against_old == pytest.approx(0.2)
    assert shift.against_new == pytest.approx(0.35)
    (only,) = shift_scores(decisions[:1], BY_NEEDS, BY_STAGE)
    assert (only.against_old, only.against_new) == (None, None)
    assert shift_scores([], BY_NEEDS, BY_STAGE) == ()


def test_scores_of_past_decisions_take_weights_as_a_run_takes_them() -> None:
    decisions = [Decision(role=Role.MENTOR, components={"needs": 0.8, "stage": 0.2}, outcome=Outcome.ACCEPTED, case=1)]
    assert shift_scores(decisions, {}, {}) == shift_scores(decisions, DEFAULT_WEIGHTS, DEFAULT_WEIGHTS)
    for wrong in ({"nonsense": 1.0}, {"needs": -1.0}, {}, {"text": 1.0}):
        with pytest.raises(InvalidSettingsError):
            shift_scores(decisions, BY_NEEDS, {Role.MENTOR: wrong})


def test_a_pair_s_parts_score_as_the_pair_did() -> None:
    person, helper = entrepreneur(text="vendre du pain"), supporter(text="la vente", stages=(Stage.IDEA,))
    looked_at = evaluate_pair(person, helper)
    parts = {part.name: part.value for part in looked_at.components}
    decision = Decision(role=Role.MENTOR, components=parts, outcome=Outcome.APPROVED, case=0)
    (shift,) = shift_scores([decision], DEFAULT_WEIGHTS, DEFAULT_WEIGHTS)
    assert shift.for_old == pytest.approx(looked_at.score, abs=1e-5)
