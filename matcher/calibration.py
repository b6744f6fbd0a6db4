"""Whether probabilities keep their word: of the cases given 70 %, do seven in ten say yes? On held-out folds."""

from dataclasses import dataclass

import numpy as np
from sklearn.base import clone

from matcher.acceptance import AcceptanceModel, split_folds
from matcher.decisions import Columns
from matcher.encoding import IntArray

BINS = 10
"""Bins of the calibration error, each with as many answers as the others."""

DRAWS = 100
"""Draws of a range: its ends, the 5th and 95th percentiles, then rest on five draws beyond each."""

RANGE = (0.05, 0.95)
"""Percentiles at the ends of a range: it holds nine tenths of the draws."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A figure with the range that holds nine tenths of the draws."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How far probabilities on held-out folds are from what was answered.

    Parameters
    ----------
    decisions : int
        Answers looked at.
    brier : Range
        Mean squared difference between probability and answer; 0 is perfect.
    brier_of_the_rate : float
        What always saying the mean rate would reach: a model above it is of no use.
    error : Range
        Expected calibration error: mean distance between probability and rate over bins of equal size.
    error_by_chance : float
        What this error would be on as many answers if the probabilities were exactly right; it is never 0.
    """

    decisions: int
    brier: Range
    brier_of_the_rate: float
    error: Range
    error_by_chance: float


def brier_score(probability: Columns, fits: Columns, weight: Columns) -> float:
    """Mean squared difference between probability and answer (Brier 1950).

    Parameters
    ----------
    probability, fits, weight : ndarray of float64 of shape (n,)
        Of yes, in [0, 1]; 1 or 0; how much each counts, 0 or more, not all 0.

    Returns
    -------
    score : float
        0 is perfect, 1 the worst; no unit.

    Examples
    --------
    >>> brier_score(np.array([1.0, 0.5]), np.array([1.0, 0.0]), np.ones(2))
    0.125
    """
    return float(np.average((probability - fits) ** 2, weights=weight))


def calibration_error(probability: Columns, fits: Columns, weight: Columns, bins: int = BINS) -> float:
    """Measure how far probabilities are from rates: the expected calibration error, over bins of equal size.

    Parameters
    ----------
    probability, fits, weight : ndarray of float64 of shape (n,)
        As in `brier_score`.
    bins : int
        Number of bins; fewer where there are fewer answers.

    Returns
    -------
    error : float
        Mean distance between mean probability and rate of yes, bins counting by their weight.

    References
    ----------
    Naeini, M. P., Cooper, G. F., Hauskrecht, M. (2015). Obtaining well calibrated probabilities using Bayesian binning.
    AAAI 29. doi:10.1609/aaai.v29i1.9602

    Examples
    --------
    >>> halves = np.full(4, 0.5)
    >>> calibration_error(halves, np.array([0.0, 1.0, 0.0, 1.0]), np.ones(4), bins=1)
    0.0
    >>> calibration_error(halves, np.ones(4), np.ones(4), bins=2)
    0.5
    """
    order = np.argsort(probability, kind="stable")
    of_bin = np.arange(len(order)) * bins // len(order)
    surplus = np.bincount(of_bin, (weight * (probability - fits))[order])
    return float(np.abs(surplus).sum() / weight.sum())


def predict_held_out(
    model: AcceptanceModel, columns: Columns, fits: IntArray, weight: Columns, groups: IntArray
) -> Columns:
    """Give each answer the probability said by a model that has not seen it, nor its group.

    Parameters
    ----------
    model : AcceptanceModel
        Copied for each fold.
    columns : ndarray of float64 of shape (n, n_columns)
        See `AcceptanceModel.fit`.
    fits : ndarray of int of shape (n,)
        1 or 0.
    weight : ndarray of float64 of shape (n,)
        How much each counts.
    groups : ndarray of int of shape (n,)
        Rows with the same number are held out together.

    Returns
    -------
    probability : ndarray of float64 of shape (n,)
        Of yes; the rate of yes where folds cannot be made.
    """
    probability = np.full(len(fits), np.average(fits, weights=weight))
    for learned, held_out in split_folds(fits, groups, model.folds):
        fitted = clone(model).fit(columns[learned], fits[learned], weight[learned], groups[learned])
        probability[held_out] = fitted.predict_proba(columns[held_out])[:, 1]
    return probability


def measure_calibration(
    probability: Columns, fits: IntArray, weight: Columns, groups: IntArray, rng: np.random.Generator
) -> Calibration:
    """Measure probabilities that were said without having seen the answer.

    Parameters
    ----------
    probability : ndarray of float64 of shape (n,)
        From `predict_held_out`.
    fits, weight, groups : ndarray of shape (n,)
        As there.
    rng : numpy.random.Generator
        Draws whole groups for the ranges, and answers for the error by chance.

    Returns
    -------
    calibration : Calibration
        The figures with their ranges.
    """
    answers = fits.astype(np.float64)
    draws = [weight * rng.exponential(size=groups.max() + 1)[groups] for _ in range(DRAWS)]
    luck = (rng.random((DRAWS, len(answers))) < probability).astype(np.float64)
    rate = np.full(len(answers), np.average(answers, weights=weight))
    return Calibration(
        decisions=len(answers),
        brier=range_of(
            brier_score(probability, answers, weight), [brier_score(probability, answers, drawn) for drawn in draws]
        ),
        brier_of_the_rate=brier_score(rate, answers, weight),
        error=range_of(
            calibration_error(probability, answers, weight),
            [calibration_error(probability, answers, drawn) for drawn in draws],
        ),
        error_by_chance=float(np.mean([calibration_error(probability, drawn, weight) for drawn in luck])),
    )


def range_of(value: float, draws: list[float]) -> Range:
    """Put a figure and its draws together; the figure is always within.

    Parameters
    ----------
    value : float
        The figure.
    draws : list of float
        The same figure on draws.

    Returns
    -------
    range : Range
        With the percentiles of `RANGE`.

    Examples
    --------
    >>> range_of(2.0, [1.0, 2.0, 3.0]).low
    1.1
    """
    low, high = np.quantile(draws, RANGE)
    return Range(value=float(value), low=min(float(low), float(value)), high=max(float(high), float(value)))
