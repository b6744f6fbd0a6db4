"""How likely a pair is to be accepted: a logistic regression whose parts may only help, probabilities calibrated."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from matcher.decisions import Columns
from matcher.encoding import IntArray
from matcher.threads import one_thread_per_product

SPREAD = 1.0
"""How far, in logits, a component may stray from the current weights before the penalty reaches one half. A score's
whole range is worth about 8 logits where people follow it, so that one logit is about 12 points of 100."""

NUISANCE_SPREAD = 3.0
"""The same for what stands apart, around 0: wide, so that it takes up what it can before a part does."""

SLOPE_SPREAD = 10.0
"""The same for the slope of the score as a whole: keeps it finite where a few decisions are split without error."""

ISOTONIC_FROM = 1000
"""Decisions from which probabilities are corrected by any rising curve; below, by a sigmoid with two parameters."""

Split = tuple[IntArray, IntArray]


@dataclass(frozen=True)
class Penalty:
    """What a fit is drawn to, before it has seen a decision.

    Parameters
    ----------
    direction : ndarray of float64 of shape (n_parts,)
        Shares of the parts, adding up to 1: coefficients are drawn to a multiple of it, whichever fits.
    shift : ndarray of float64 of shape (n_parts,)
        Added to that multiple, in logits; zeros but in draws that measure ranges.
    spread : float
        Standard deviation around it, in logits.
    """

    direction: Columns
    shift: Columns
    spread: float


def fit_parts(columns: Columns, fits: Columns, weight: Columns, penalty: Penalty) -> Columns:
    """Fit a logistic regression of which the first coefficients may not be negative.

    Parameters
    ----------
    columns : ndarray of float64 of shape (n, n_columns)
        The parts first, then nuisance terms.
    fits : ndarray of float64 of shape (n,)
        1 or 0.
    weight : ndarray of float64 of shape (n,)
        How much each row counts, 0 or more.
    penalty : Penalty
        What the parts are drawn to; nuisance terms are drawn to 0.

    Returns
    -------
    coefficients : ndarray of float64 of shape (n_columns + 1,)
        In logits; the intercept, which is free, comes last.

    Notes
    -----
    Maximum of ``sum(weight * log likelihood) - |parts - slope * direction - shift|**2 / (2 spread**2) -
    |nuisances|**2 / (2 NUISANCE_SPREAD**2) - slope**2 / (2 SLOPE_SPREAD**2)`` over coefficients and slope, which is
    concave, by L-BFGS-B with bounds (Byrd, Lu, Nocedal, Zhu 1995, doi:10.1137/0916069). About 8 ms for 1,000 rows of 18
    columns.

    Examples
    --------
    >>> columns, fits = np.array([[0.1], [0.4], [0.6], [0.9]]), np.array([0.0, 1.0, 0.0, 1.0])
    >>> penalty = Penalty(direction=np.ones(1), shift=np.zeros(1), spread=1.0)
    >>> part, intercept = fit_parts(columns, fits, np.ones(4), penalty)
    >>> bool(part > 0)
    True
    >>> float(fit_parts(columns, 1 - fits, np.ones(4), penalty)[0])
    0.0
    """
    n_parts, n_columns = len(penalty.direction), columns.shape[1]
    rows = np.hstack([columns, np.ones((len(columns), 1))])
    precision, apart = penalty.spread**-2, NUISANCE_SPREAD**-2

    def loss(free: Columns) -> tuple[float, Columns]:
        slope, logits = free[-1], rows @ free[:-1]
        away = free[:n_parts] - slope * penalty.direction - penalty.shift
        nuisances = free[n_parts:n_columns]
        value = weight @ (np.logaddexp(0, logits) - fits * logits) + 0.5 * (slope / SLOPE_SPREAD) ** 2
        value += 0.5 * (precision * (away @ away) + apart * (nuisances @ nuisances))
        slopes = np.append(rows.T @ (weight * (expit(logits) - fits)), slope / SLOPE_SPREAD**2)
        slopes[:n_parts] += precision * away
        slopes[n_parts:n_columns] += apart * nuisances
        slopes[-1] -= precision * (penalty.direction @ away)
        return float(value), slopes

    bounds = [(0, None)] * n_parts + [(None, None)] * (n_columns - n_parts + 1) + [(0, None)]
    start = np.concatenate([penalty.direction, np.zeros(n_columns - n_parts + 1), [1.0]])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 2000, "gtol": 1e-6})
    return np.asarray(found.x[:-1])


class NonNegativeLogistic(ClassifierMixin, BaseEstimator):
    """Logistic regression whose first coefficients may not be negative and are drawn to given shares.

    Parameters
    ----------
    shares : sequence of float or None
        What the parts' coefficients are drawn to a multiple of, 0 or more, any total; its length is the number of
        parts, the first columns. None: every column is a part and all are alike.
    spread : float
        How far a coefficient strays before the penalty reaches one half, in logits.

    Attributes
    ----------
    classes_ : ndarray of shape (2,)
        The two answers; the second is the one whose probability parts raise.
    coef_ : ndarray of float64 of shape (1, n_columns)
        Coefficients in logits; those of parts are 0 or more.
    intercept_ : ndarray of float64 of shape (1,)
        The intercept.

    Examples
    --------
    >>> model = NonNegativeLogistic().fit([[0.1], [0.2], [0.8], [0.9]], ["no", "no", "yes", "yes"])
    >>> model.predict([[0.0], [1.0]]).tolist()
    ['no', 'yes']
    """

    def __init__(self, shares: Sequence[float] | None = None, spread: float = SPREAD) -> None:
        self.shares = shares
        self.spread = spread

    def __sklearn_tags__(self) -> Any:
        """Two classes only; where more of something means less, a part that may only help cannot follow."""
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.classifier_tags.poor_score = True
        return tags

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:  # noqa: N803 - scikit-learn's names
        """Learn from answers.

        Parameters
        ----------
        X : array of shape (n, n_columns)
            Parts first, then nuisance terms.
        y : array of shape (n,)
            Two kinds of answers.
        sample_weight : array of shape (n,) or None
            How much each counts; None: all alike.

        Returns
        -------
        self : NonNegativeLogistic
            Fitted.

        Raises
        ------
        ValueError
            If there are not two kinds of answers, or arrays do not fit together.
        """
        columns, answers = _check_answers(self, X, y)
        self.classes_, fits = np.unique(answers, return_inverse=True)
        weight = _check_sample_weight(sample_weight, columns, dtype=np.float64)
        given = np.ones(columns.shape[1]) if self.shares is None else np.asarray(self.shares, dtype=np.float64)
        penalty = Penalty(direction=given / given.sum(), shift=np.zeros(len(given)), spread=self.spread)
        with one_thread_per_product():
            found = fit_parts(columns, fits.astype(np.float64), weight, penalty)
        self.coef_, self.intercept_ = found[None, :-1], found[-1:]
        return self

    def decision_function(self, X: ArrayLike) -> Columns:  # noqa: N803
        """Logits of the second answer, shape (n,)."""
        check_is_fitted(self)
        columns = validate_data(self, X, dtype=np.float64, reset=False)
        return np.asarray(columns @ self.coef_[0] + self.intercept_[0])

    def predict_proba(self, X: ArrayLike) -> Columns:  # noqa: N803
        """Probability of each answer, shape (n, 2)."""
        second = expit(self.decision_function(X))
        return np.column_stack([1 - second, second])

    def predict(self, X: ArrayLike) -> NDArray[Any]:  # noqa: N803
        """Give the likelier answer, shape (n,)."""
        likelier = self.decision_function(X) > 0
        return np.asarray(self.classes_[likelier.astype(np.int64)])


class AcceptanceModel(ClassifierMixin, BaseEstimator):
    """How likely an answer is yes: a non-negative logistic regression, its probabilities corrected on held-out folds.

    Parameters
    ----------
    shares : sequence of float or None
        See `NonNegativeLogistic`: the weights that hold now, for as many first columns.
    spread : float
        See `NonNegativeLogistic`.
    folds : int
        Folds of the correction.

    Attributes
    ----------
    classes_ : ndarray of shape (2,)
        The two answers.
    calibration_ : {"none", "sigmoid", "isotonic"}
        How probabilities were corrected: not at all where a fold would lack one of the answers.
    model_ : estimator
        What gives the probabilities.

    Notes
    -----
    Rows of one request stay in one fold (`groups`), or the correction would be flattered. A sigmoid (Platt 1999) below
    1,000 answers, an isotonic curve above (Zadrozny and Elkan 2002, doi:10.1145/775047.775151; choice after
    Niculescu-Mizil and Caruana 2005, doi:10.1145/1102351.1102430). Costs `folds + 1` fits; see `fit_parts`.

    Of scikit-learn's checks one does not hold, `check_sample_weight_equivalence_on_dense_data`: a row given twice may
    fall into two folds of the correction, where a row of weight two falls into one.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> columns = rng.random((200, 2))
    >>> answers = rng.random(200) < expit(6 * columns[:, 0] - 3)
    >>> model = AcceptanceModel().fit(columns, answers)
    >>> model.calibration_, bool(model.predict_proba([[0.9, 0.5]])[0, 1] > 0.8)
    ('sigmoid', True)
    """

    def __init__(self, shares: Sequence[float] | None = None, spread: float = SPREAD, folds: int = 5) -> None:
        self.shares = shares
        self.spread = spread
        self.folds = folds

    def __sklearn_tags__(self) -> Any:
        """Two classes only; where more of something means less, a part that may only help cannot follow."""
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.classifier_tags.poor_score = True
        return tags

    def fit(
        self,
        X: ArrayLike,  # noqa: N803 - scikit-learn's names
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        groups: ArrayLike | None = None,
    ) -> Self:
        """Learn from answers.

        Parameters
        ----------
        X : array of shape (n, n_columns)
            Parts first, then nuisance terms.
        y : array of shape (n,)
            Two kinds of answers.
        sample_weight : array of shape (n,) or None
            How much each counts; None: all alike.
        groups : array of shape (n,) or None
            Rows with the same number stay together; None: each by itself.

        Returns
        -------
        self : AcceptanceModel
            Fitted.

        Raises
        ------
        ValueError
            If there are not two kinds of answers, or arrays do not fit together.
        """
        # Imported here: matching, which never learns, would wait a fifth of a second for it.
        from sklearn.calibration import CalibratedClassifierCV

        columns, answers = _check_answers(self, X, y)
        self.classes_, fits = np.unique(answers, return_inverse=True)
        weight = _check_sample_weight(sample_weight, columns, dtype=np.float64)
        together = np.arange(len(columns)) if groups is None else np.unique(groups, return_inverse=True)[1]
        splits = split_folds(fits, together, self.folds)
        self.calibration_ = "none" if not splits else "isotonic" if len(columns) >= ISOTONIC_FROM else "sigmoid"
        model = NonNegativeLogistic(shares=self.shares, spread=self.spread)
        if splits:
            model = CalibratedClassifierCV(model, method=self.calibration_, cv=splits, ensemble=False)
        self.model_ = model.fit(columns, fits, sample_weight=weight)
        return self

    def predict_proba(self, X: ArrayLike) -> Columns:  # noqa: N803
        """Probability of each answer, shape (n, 2)."""
        check_is_fitted(self)
        return np.asarray(self.model_.predict_proba(validate_data(self, X, dtype=np.float64, reset=False)))

    def predict(self, X: ArrayLike) -> NDArray[Any]:  # noqa: N803
        """Give the likelier answer, shape (n,)."""
        likelier = self.predict_proba(X)[:, 1] > 0.5
        return np.asarray(self.classes_[likelier.astype(np.int64)])


def split_folds(fits: IntArray, groups: IntArray, folds: int) -> list[Split]:
    """Cut rows into folds, the rows of a group together, both answers in every part.

    Parameters
    ----------
    fits : ndarray of int of shape (n,)
        0 or 1.
    groups : ndarray of int of shape (n,)
        Number of each row's group, from 0.
    folds : int
        Folds wished for; fewer where an answer is rarer than that.

    Returns
    -------
    splits : list of pairs of ndarray of int
        Rows to learn from and rows held out; empty where this is not possible.
    """
    # Imported here, as above.
    from sklearn.model_selection import StratifiedGroupKFold

    wanted = min(folds, int(np.bincount(fits, minlength=2).min()), len(np.unique(groups)))
    if wanted < 2:
        return []
    splits: list[Split] = list(StratifiedGroupKFold(wanted).split(fits[:, None], fits, groups))
    whole = all(len(np.unique(fits[rows])) == 2 for split in splits for rows in split)
    return splits if whole else []


def _check_answers(model: BaseEstimator, X: ArrayLike, y: ArrayLike) -> tuple[Columns, NDArray[Any]]:  # noqa: N803
    columns, answers = validate_data(model, X, y, dtype=np.float64)
    check_classification_targets(answers)
    kind = type_of_target(answers, input_name="y", raise_unknown=True)
    if kind != "binary":
        raise ValueError(f"Only binary classification is supported. The type of the target is {kind}.")
    if len(np.unique(answers)) < 2:
        raise ValueError("Two kinds of answers are needed to learn from; there is only one class.")
    return columns, answers
