"""The acceptance model: an estimator like others, parts that only help, probabilities that keep their word."""

import numpy as np
import pytest
from scipy.special import expit
from sklearn.utils.estimator_checks import parametrize_with_checks

from matcher import AcceptanceModel
from matcher.acceptance import NUISANCE_SPREAD, NonNegativeLogistic, Penalty, fit_parts, split_folds
from matcher.calibration import brier_score, measure_calibration, predict_held_out


def excused(estimator: object) -> dict[str, str]:
    if isinstance(estimator, AcceptanceModel):
        reason = "a repeated row may fall into another fold of the correction than the row itself"
        return {"check_sample_weight_equivalence_on_dense_data": reason}
    return {}


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
@parametrize_with_checks([NonNegativeLogistic(), AcceptanceModel()], expected_failed_checks=excused)
def test_it_is_an_estimator_like_others(estimator: object, check: object) -> None:
    check(estimator)  # type: ignore[operator]


def answers(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    columns = rng.random((n, 3))
    return columns, (rng.random(n) < expit(columns @ [4.0, 2.0, -3.0] - 1.5)).astype(np.int64)


def test_a_part_never_counts_against_and_a_nuisance_may() -> None:
    columns, fits = answers(np.random.default_rng(1), 2000)
    all_parts = NonNegativeLogistic(spread=10).fit(columns, fits)
    assert all_parts.coef_[0, 2] == 0
    two_parts = NonNegativeLogistic(shares=(0.5, 0.5), spread=10).fit(columns, fits)
    np.testing.assert_allclose(two_parts.coef_[0], [4, 2, -3], atol=0.6)


def test_without_decisions_parts_lie_in_the_given_direction_and_with_many_they_follow_them() -> None:
    columns, fits = answers(np.random.default_rng(2), 4000)
    few = NonNegativeLogistic(shares=(1.0, 9.0, 0.0), spread=0.01).fit(columns[:30], fits[:30]).coef_[0]
    np.testing.assert_allclose(few[0] * 9, few[1], atol=0.1)
    many = NonNegativeLogistic(shares=(1.0, 9.0, 0.0)).fit(columns, fits).coef_[0]
    assert many[0] > many[1]


def test_the_fit_is_where_the_loss_is_smallest() -> None:
    rng = np.random.default_rng(3)
    columns, fits = answers(rng, 60)
    penalty = Penalty(direction=np.array([0.7, 0.3]), shift=np.zeros(2), spread=1.0)

    def loss(found: np.ndarray) -> float:
        logits = columns @ found[:3] + found[3]
        likelihood = (np.logaddexp(0, logits) - fits * logits).sum()
        slope = penalty.direction @ found[:2] / (penalty.direction @ penalty.direction + 0.01)
        away = found[:2] - slope * penalty.direction
        return float(likelihood + 0.5 * (away @ away + (found[2] / NUISANCE_SPREAD) ** 2) + 0.5 * slope**2 / 100)

    found = fit_parts(columns, fits.astype(float), np.ones(60), penalty)
    for _ in range(200):
        near = found + rng.normal(scale=0.05, size=4)
        near[:2] = np.maximum(near[:2], 0)
        assert loss(found) <= loss(near) + 1e-9


@pytest.mark.parametrize(("n", "how"), [(300, "sigmoid"), (3000, "isotonic")])
def test_probabilities_keep_their_word_on_answers_not_seen(n: int, how: str) -> None:
    rng = np.random.default_rng(4)
    columns, fits = answers(rng, n)
    model = AcceptanceModel(shares=(1.0, 1.0)).fit(columns, fits)
    assert model.calibration_ == how
    new, truth = answers(rng, 5000)
    said = model.predict_proba(new)[:, 1]
    for low, high in ((0.0, 0.3), (0.3, 0.6), (0.6, 1.0)):
        inside = (said >= low) & (said < high)
        assert abs(said[inside].mean() - truth[inside].mean()) < 0.1
    assert brier_score(said, truth.astype(float), np.ones(5000)) < 0.9 * truth.mean() * (1 - truth.mean())


def test_calibration_is_measured_on_held_out_folds_and_tells_good_from_bad() -> None:
    rng = np.random.default_rng(5)
    columns, fits = answers(rng, 800)
    weight, groups = np.ones(800), np.arange(800) // 2
    said = predict_held_out(AcceptanceModel(shares=(1.0, 1.0)), columns, fits, weight, groups)
    good = measure_calibration(said, fits, weight, groups, np.random.default_rng(0))
    sure = measure_calibration((said > 0.5) * 0.98 + 0.01, fits, weight, groups, np.random.default_rng(0))
    assert good.brier.high < good.brier_of_the_rate
    assert good.brier.high < sure.brier.low
    assert good.error.value < 2 * good.error_by_chance
    assert sure.error.low > 5 * sure.error_by_chance
    assert good.error.low <= good.error.value <= good.error.high
    assert good.decisions == 800


def test_a_group_is_never_on_both_sides() -> None:
    fits = np.array([0, 1] * 20)
    groups = np.arange(40) // 4
    splits = split_folds(fits, groups, 5)
    assert len(splits) == 5
    for learned, held_out in splits:
        assert not set(groups[learned]) & set(groups[held_out])


def test_where_folds_would_lack_an_answer_probabilities_are_left_as_they_are() -> None:
    columns, fits = np.array([[0.1], [0.2], [0.9]]), np.array([0, 0, 1])
    assert split_folds(fits, np.arange(3), 5) == []
    model = AcceptanceModel().fit(columns, fits)
    assert model.calibration_ == "none"
    said = predict_held_out(AcceptanceModel(), columns, fits, np.ones(3), np.arange(3))
    np.testing.assert_allclose(said, 1 / 3)
    # Two groups that each hold one answer cannot be held out in turn.
    assert split_folds(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 1]), 2) == []
