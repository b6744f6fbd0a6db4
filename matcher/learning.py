"""Weights suggested from past decisions: drawn to those that hold now, with ranges, and never from too few.

What differs between people, their territory for one, can make their pairs be refused without a word about fit; parts
that go with it (the distance, say) would then seem to matter. So each part's mean over a person's decisions stands
beside the part itself, apart from what is suggested (Mundlak 1978, doi:10.2307/1913646): what counts is how supporters
for the same person differ. List length, popularity and whose answer it is stand apart in the same way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from scipy.special import log_expit

from matcher.acceptance import SPREAD, AcceptanceModel, Penalty, Split, fit_parts, split_folds
from matcher.calibration import DRAWS, Calibration, Range, measure_calibration, predict_held_out, range_of
from matcher.checks import read_member
from matcher.decisions import NUISANCES, Columns, Decision, DecisionTable, tabulate
from matcher.records import Role
from matcher.settings import MAX_TEXT_SHARE, check_role_weights
from matcher.threads import one_thread_per_product

POINTS_TO_SHARE = 100
"""What suggested weights add up to."""

LEAST_FOR, LEAST_AGAINST, LEAST_IN_ALL = 20, 20, 80
"""Whole decisions per role from which weights are suggested: of each answer, and in all. With seven parts drawn to the
present weights, fewer leave ranges about as wide as before any decision (see the tests on invented decisions)."""

FOLDS = 10
"""Folds on which suggested and present weights are compared."""

NO_SLOPE = 1e-6
"""Sum of coefficients, in logits, below which decisions do not follow any part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TooFewDecisions:
    """Why nothing is suggested for a role: the decisions that say something about fit, and those that are needed.

    Decisions count by what they say: one that says half as much counts half.
    """

    role: Role
    decisions_for: float
    decisions_against: float
    needed_for: int = LEAST_FOR
    needed_against: int = LEAST_AGAINST
    needed_in_all: int = LEAST_IN_ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightSuggestion:
    """Weights for one role, and how far decisions bear them.

    Parameters
    ----------
    role : Role
        The role.
    weights : Mapping of str to float
        Whole points that add up to 100, text at most 25; a component that weighs nothing now weighs nothing here, since
        to open one is a choice of principle.
    ranges : Mapping of str to Range
        The same before rounding, each with its range.
    current : Mapping of str to float
        The present weights, out of 100.
    decisions : int
        Decisions that say something about fit.
    effective : float
        The same, each by what it says: the effective number of decisions.
    compared : int
        How many of them stand beside another decision for the same person: only these separate fit from what else makes
        a person's pairs be refused.
    versions : tuple of int
        Versions of the weights under which decisions were taken.
    gain : Range
        By how much more likely, in logits per decision, held-out answers are under the suggested weights than under the
        present ones; below 0 they do worse.
    nuisances : Mapping of str to Range
        What predicts an answer without meaning fit, in logits: per doubling of the list and of the supporter's earlier
        proposals, and the supporter's own answers and endings compared with a coordinator's. Never part of the weights.
    calibration : Calibration
        Whether the probabilities of the acceptance model keep their word on held-out folds.
    """

    role: Role
    weights: Mapping[str, float]
    ranges: Mapping[str, Range]
    current: Mapping[str, float]
    decisions: int
    effective: float
    compared: int
    versions: tuple[int, ...]
    gain: Range
    nuisances: Mapping[str, Range]
    calibration: Calibration

    @property
    def is_clear(self) -> bool:
        """Whether held-out decisions bear the suggestion: the whole range of the gain is above 0."""
        return self.gain.low > 0


def suggest_weights(
    decisions: Sequence[Decision], current: Mapping[str, float], role: Role, *, rng: np.random.Generator
) -> WeightSuggestion | TooFewDecisions:
    """Suggest weights of one role from past decisions.

    Parameters
    ----------
    decisions : sequence of Decision
        Of any role, in any order.
    current : Mapping of str to float
        Weights that hold now.
    role : Role
        For which weights are suggested.
    rng : numpy.random.Generator
        Draws the ranges; the suggestion itself does not depend on it.

    Returns
    -------
    suggestion : WeightSuggestion or TooFewDecisions
        The second when fewer than `LEAST_FOR`, `LEAST_AGAINST` or `LEAST_IN_ALL` whole decisions say something.

    Raises
    ------
    InvalidSettingsError
        If no component weighs anything now, one is unknown, below 0 or infinite, or text holds more than its share.

    Notes
    -----
    The parts' coefficients are drawn to a multiple of the present weights by a ridge of `SPREAD` logit: with few
    decisions the suggestion stays near, with many it follows them. Ranges come from a weighted Bayesian bootstrap over
    people, the centre of the ridge drawn too, so that they stay wide where decisions say little (Newton, Polson, Xu
    2021, doi:10.1002/cjs.11570). About 1.5 s for 1,000 decisions.

    Examples
    --------
    >>> from matcher import Outcome
    >>> def answer(at):
    ...     parts = {"needs": at % 7 / 6, "place": at % 5 / 4}
    ...     outcome = Outcome.ACCEPTED if at % 7 > 3 else Outcome.DECLINED_OTHER_EXPERTISE
    ...     return Decision(role=Role.MENTOR, components=parts, outcome=outcome, case=at)
    >>> present, rng = {"needs": 50, "place": 50}, np.random.default_rng(0)
    >>> suggestion = suggest_weights([answer(at) for at in range(210)], present, Role.MENTOR, rng=rng)
    >>> suggestion.weights["needs"] > suggestion.weights["place"], suggestion.is_clear
    (True, True)
    >>> suggest_weights([answer(at) for at in range(30)], present, Role.MENTOR, rng=rng).decisions_for
    12.0
    """
    check_role_weights("current", current)
    role = read_member("role", role, Role)
    table = tabulate(decisions, current, role)
    for_, against = (float(table.weight[table.fits == answer].sum()) for answer in (1, 0))
    if for_ < LEAST_FOR or against < LEAST_AGAINST or for_ + against < LEAST_IN_ALL:
        return TooFewDecisions(role=role, decisions_for=for_, decisions_against=against)
    shares = np.array([current[name] for name in table.names], dtype=np.float64)
    study = _Study(table, shares / shares.sum())
    with one_thread_per_product():
        coefficients, draws = study.fit(), study.draw(rng)
        gain = study.compare(rng)
    points = share_points(coefficients[: len(shares)], table.names, study.shares)
    return WeightSuggestion(
        role=role,
        weights=MappingProxyType(dict(zip(table.names, round_points(points), strict=True))),
        ranges=_points_by_part(study, points, draws),
        current=MappingProxyType(dict(zip(table.names, (study.shares * POINTS_TO_SHARE).tolist(), strict=True))),
        nuisances=_nuisances(study, coefficients, draws),
        decisions=len(table),
        effective=for_ + against,
        compared=int((np.bincount(table.cases)[table.cases] > 1).sum()),
        versions=tuple(sorted({one.weight_version for one in decisions if one.role is role})),
        gain=gain,
        calibration=_calibrate(study, rng),
    )


class _Study:
    """One role's decisions with the columns of the fit: parts, nuisances, and each part's mean over the person's."""

    def __init__(self, table: DecisionTable, shares: Columns) -> None:
        self.table, self.shares = table, shares
        counts = np.bincount(table.cases)
        means = np.stack([np.bincount(table.cases, part) / counts for part in table.components.T], axis=1)
        self.columns = np.hstack([table.components, table.nuisances, means[table.cases]])
        self.fits = table.fits.astype(np.float64)
        self.centre = Penalty(direction=shares, shift=np.zeros(len(shares)), spread=SPREAD)

    def fit(self) -> Columns:
        return fit_parts(self.columns, self.fits, self.table.weight, self.centre)

    def draw(self, rng: np.random.Generator) -> Columns:
        """Coefficients of draws, shape (n_draws, n_columns + 1)."""
        return np.stack([self._draw_one(rng) for _ in range(DRAWS)])

    def _draw_one(self, rng: np.random.Generator) -> Columns:
        weight = self.table.weight * rng.exponential(size=self.table.cases.max() + 1)[self.table.cases]
        shifted = replace(self.centre, shift=rng.normal(scale=SPREAD, size=len(self.shares)))
        return fit_parts(self.columns, self.fits, weight, shifted)

    def compare(self, rng: np.random.Generator) -> Range:
        """Gain in log likelihood per decision on held-out folds, of free parts over the present score."""
        score = np.hstack([self.table.components @ self.shares[:, None], self.columns[:, len(self.shares) :]])
        one = Penalty(direction=np.ones(1), shift=np.zeros(1), spread=SPREAD)
        splits = split_folds(self.table.fits, self.table.cases, FOLDS)
        ahead = self._held_out(splits, self.columns, self.centre) - self._held_out(splits, score, one)
        cases, weight = self.table.cases, self.table.weight
        draws = [weight * rng.exponential(size=cases.max() + 1)[cases] for _ in range(DRAWS)]
        means = [float(np.average(ahead, weights=drawn)) for drawn in draws]
        return range_of(float(np.average(ahead, weights=weight)), means)

    def _held_out(self, splits: list[Split], columns: Columns, penalty: Penalty) -> Columns:
        """Log likelihood of each answer by a fit that has not seen it; 0 where folds cannot be made."""
        likelihood = np.zeros(len(self.fits))
        for learned, held_out in splits:
            found = fit_parts(columns[learned], self.fits[learned], self.table.weight[learned], penalty)
            logits = columns[held_out] @ found[:-1] + found[-1]
            likelihood[held_out] = log_expit(np.where(self.fits[held_out] > 0, logits, -logits))
        return likelihood


def _points_by_part(study: _Study, points: Columns, draws: Columns) -> Mapping[str, Range]:
    names = study.table.names
    drawn = np.stack([share_points(draw[: len(names)], names, study.shares) for draw in draws])
    return MappingProxyType({name: range_of(points[at], drawn[:, at].tolist()) for at, name in enumerate(names)})


def _nuisances(study: _Study, coefficients: Columns, draws: Columns) -> Mapping[str, Range]:
    """Say what stands apart, where decisions differ in it."""
    first = len(study.table.names)
    return MappingProxyType(
        {
            name: range_of(coefficients[first + at], draws[:, first + at].tolist())
            for at, name in enumerate(NUISANCES)
            if np.ptp(study.table.nuisances[:, at]) > 0
        }
    )


def share_points(coefficients: Columns, names: Sequence[str], shares: Columns) -> Columns:
    """Turn coefficients into points out of 100, text at most a quarter; without any slope, the present shares.

    Parameters
    ----------
    coefficients : ndarray of float64 of shape (n,)
        Of the parts, 0 or more.
    names : sequence of str
        Their names.
    shares : ndarray of float64 of shape (n,)
        The present weights, adding up to 1.

    Returns
    -------
    points : ndarray of float64 of shape (n,)
        Adding up to 100.

    Examples
    --------
    >>> share_points(np.array([1.0, 3.0]), ("needs", "text"), np.array([0.8, 0.2])).tolist()
    [75.0, 25.0]
    """
    total = coefficients.sum()
    found = coefficients / total if total > NO_SLOPE else shares
    text = np.array([name == "text" for name in names])
    if found[text].sum() > MAX_TEXT_SHARE:
        others = np.where(text, 0.0, found if found[~text].sum() > NO_SLOPE else shares)
        found = np.where(text, MAX_TEXT_SHARE, others / others.sum() * (1 - MAX_TEXT_SHARE))
    return np.asarray(found * POINTS_TO_SHARE)


def round_points(points: Columns) -> list[float]:
    """Round to whole points that still add up, those with the largest rest upwards.

    Parameters
    ----------
    points : ndarray of float64 of shape (n,)
        Adding up to a whole number.

    Returns
    -------
    rounded : list of float
        Whole numbers with the same total.

    Examples
    --------
    >>> round_points(np.array([33.4, 33.3, 33.3]))
    [34.0, 33.0, 33.0]
    """
    whole = np.floor(points)
    rest = round(points.sum() - whole.sum())
    whole[np.argsort(-(points - whole), kind="stable")[:rest]] += 1
    return [float(point) for point in whole]


def _calibrate(study: _Study, rng: np.random.Generator) -> Calibration:
    table = study.table
    columns = np.hstack([table.components, table.nuisances])
    model = AcceptanceModel(shares=tuple(study.shares.tolist()))
    said = predict_held_out(model, columns, table.fits, table.weight, table.cases)
    return measure_calibration(said, table.fits, table.weight, table.cases, rng)
