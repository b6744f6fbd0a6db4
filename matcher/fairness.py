"""Fairness: how groups of people fare, with ranges, and without showing a group so small that it shows a person.

Groups are labels that the caller gives beside the outcomes. They exist nowhere else in the engine: no record holds
them, so no score, rule or rank can read them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from matcher.encoding import BoolArray, IntArray
from matcher.errors import InvalidOutcomeError, InvalidSettingsError, InvalidShapeError

SMALLEST_GROUP = 5
"""People that a group needs to be shown."""

Z95 = 1.959963984540054
"""Standard deviations that hold 95 % of a normal distribution."""

RESAMPLES = 999
"""Draws of a bootstrap: enough for the two ends of a 95 % range to be steady in their second digit."""

_TAILS = (0.025, 0.975)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """What became of n people, one entry each; see `fairness_report`.

    Parameters
    ----------
    served : ndarray of bool of shape (n,)
        Whether she has somebody.
    waiting_days : ndarray of int of shape (n,)
        Days that she has waited, until served or until now; 0 or more.
    score : ndarray of float of shape (n,)
        Score of what was found for her, in [0, 1]; NaN where nothing was.
    proposals, refusals : ndarray of int of shape (n,)
        Proposals made to supporters for her, and how many of them they refused.

    Raises
    ------
    InvalidShapeError
        If the arrays differ in length.
    InvalidOutcomeError
        If they hold impossible values.
    """

    served: BoolArray
    waiting_days: IntArray
    score: NDArray[np.float64]
    proposals: IntArray
    refusals: IntArray

    def __post_init__(self) -> None:
        for field in fields(self):
            shape = getattr(self, field.name).shape
            if shape != self.served.shape[:1]:
                raise InvalidShapeError(name=field.name, shape=shape, expected=self.served.shape[:1])
        known = self.score[~np.isnan(self.score)]
        _require("waiting_days", self.waiting_days, self.waiting_days >= 0, "days, 0 or more")
        _require("score", known, (known >= 0) & (known <= 1), "a number from 0 to 1, or NaN")
        _require("refusals", self.refusals, self.refusals >= 0, "0 or more")
        _require("refusals", self.refusals, self.refusals <= self.proposals, "no more than the proposals")

    def __len__(self) -> int:
        return len(self.served)

    def take(self, rows: BoolArray) -> "Outcomes":
        """Keep some people, marked by a mask."""
        return Outcomes(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


def _require(name: str, values: NDArray[np.generic], fits: BoolArray, expected: str) -> None:
    if not fits.all():
        raise InvalidOutcomeError(field=name, value=values[~fits][0].item(), expected=expected)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """`count` of `of`: the share `value`, and the 95 % range that such a sample leaves open; all in [0, 1]."""

    count: int
    of: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """Mean over `of` people, and the 95 % range that such a sample leaves open; in the unit of the values."""

    of: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFigures:
    """How one group fares.

    Parameters
    ----------
    label : str or None
        The group; None for people without a label.
    people : int
        How many they are.
    served : Share or None
        Share who have somebody; None where it is kept back.
    refused : Share or None
        Share of the proposals made for them that supporters refused; None where they were made for too few, or kept
        back.
    waiting_days, score : Mean or None
        Days waited, and score of what was found; None over too few people, or kept back.
    """

    label: str | None
    people: int
    served: Share | None
    refused: Share | None
    waiting_days: Mean | None
    score: Mean | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """One way to group people.

    Parameters
    ----------
    name : str
        Name of the labels.
    groups : tuple of GroupFigures
        Those shown: the largest first, people without a label last.
    hidden_groups : int
        Groups that are not shown: too small, or kept back so that a small one cannot be worked out.
    hidden_people : int
        People in them together; never fewer than the smallest group, unless nobody else is left.
    """

    name: str
    groups: tuple[GroupFigures, ...]
    hidden_groups: int
    hidden_people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FairnessReport:
    """How everybody fares, and each group of each dimension; `smallest` is the size under which groups are hidden."""

    everybody: GroupFigures
    dimensions: tuple[Dimension, ...]
    smallest: int


def fairness_report(
    outcomes: Outcomes,
    labels: Mapping[str, Sequence[str | None]],
    *,
    rng: np.random.Generator,
    smallest: int = SMALLEST_GROUP,
    guarded: Collection[str] = (),
) -> FairnessReport:
    """Compare how groups of people fare.

    Parameters
    ----------
    outcomes : Outcomes
        What became of n people.
    labels : Mapping of str to sequence of str or None
        For each dimension the n labels; None where unknown or not said.
    rng : numpy.random.Generator
        Chance of the bootstrap; the same state gives the same report.
    smallest : int
        People that a group needs to be shown, 2 or more.
    guarded : collection of str
        Dimensions that people told in confidence. Of these, how many are served is shown only where `smallest` people
        are, and as many are not: else whoever knows who is served could tell who belongs to the group.

    Returns
    -------
    report : FairnessReport
        Everybody, then each dimension in the order given.

    Raises
    ------
    InvalidShapeError
        If a dimension does not have one label per person.
    InvalidSettingsError
        If `smallest` is below 2.

    Notes
    -----
    Since the total is known, one hidden group could be worked out from those shown: with it the smallest of the others
    is hidden, until two groups or more and `smallest` people are (complementary suppression). Score and refusals
    concern only those for whom somebody was found or asked: each is shown over `smallest` of these or more, and kept
    back in further groups until what is left of the total covers as many. Each dimension is safe by itself; who knows
    how two of them overlap can still compare them. Ranges: Wilson's score interval for shares, which keeps
    its coverage in small groups and near 0 and 1; the percentile bootstrap for means. Twenty groups give one range on
    average that misses by chance alone. Time: `RESAMPLES` draws per person, mean and dimension.

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. Journal of the American
    Statistical Association 22(158), 209-212. doi:10.1080/01621459.1927.10502953
    Efron, B. (1979). Bootstrap methods: another look at the jackknife. The Annals of Statistics 7(1), 1-26.
    doi:10.1214/aos/1176344552
    Sweeney, L. (2002). k-anonymity: a model for protecting privacy. International Journal of Uncertainty, Fuzziness
    and Knowledge-Based Systems 10(5), 557-570. doi:10.1142/S0218488502001648

    Examples
    --------
    >>> n = np.arange(12)
    >>> outcomes = Outcomes(served=n < 8, waiting_days=n, score=np.full(12, 0.5), proposals=n, refusals=n * 0)
    >>> report = fairness_report(outcomes, {"stage": ["idea"] * 7 + ["launch"] * 5}, rng=np.random.default_rng(0))
    >>> [(group.label, group.people, group.served.count) for group in report.dimensions[0].groups]
    [('idea', 7, 7), ('launch', 5, 1)]
    """
    if smallest < 2:
        raise InvalidSettingsError(field="smallest", value=smallest, expected="2 or more")
    for name, marks in labels.items():
        if len(marks) != len(outcomes):
            raise InvalidShapeError(name=name, shape=(len(marks),), expected=(len(outcomes),))
    return FairnessReport(
        everybody=_measure(None, outcomes, rng=rng, smallest=smallest),
        dimensions=tuple(
            _compare(name, outcomes, marks, rng=rng, smallest=smallest, is_guarded=name in guarded)
            for name, marks in labels.items()
        ),
        smallest=smallest,
    )


def wilson(count: int, of: int) -> Share:
    """Give a share with Wilson's 95 % score interval.

    Parameters
    ----------
    count : int
        Successes, 0 to `of`.
    of : int
        Trials, 1 or more.

    Returns
    -------
    share : Share
        With its range.

    References
    ----------
    Wilson (1927), see `fairness_report`.

    Examples
    --------
    >>> share = wilson(8, 10)
    >>> share.value, round(share.low, 3), round(share.high, 3)
    (0.8, 0.49, 0.943)
    """
    value, square = count / of, Z95 * Z95
    middle = (value + square / (2 * of)) / (1 + square / of)
    half = Z95 / (1 + square / of) * float(np.sqrt(value * (1 - value) / of + square / (4 * of * of)))
    # The ends lie on either side of the share; rounding must not let them cross it where it is 0 or 1.
    low, high = max(0.0, min(value, middle - half)), min(1.0, max(value, middle + half))
    return Share(count=count, of=of, value=value, low=low, high=high)


def hide_groups(
    parts: Mapping[str | None, tuple[int, ...]], smallest: int, start: Collection[str | None] = ()
) -> frozenset[str | None]:
    """Choose the groups to hide: the small ones, and enough others that none can be worked out from the total.

    Parameters
    ----------
    parts : Mapping of str or None to tuple of int
        Counts of each group that must not be small: its people, or those served and those not.
    smallest : int
        Least count that may be shown, and least of what is hidden together.
    start : collection of str or None
        Groups that are hidden already.

    Returns
    -------
    hidden : frozenset of str or None
        None where nothing is small or hidden already; else with `smallest` or more in each count together, where there
        are as many: hence two groups or more, unless one hidden already is as large.

    Examples
    --------
    >>> sorted(hide_groups({"north": (3,), "south": (6,), "west": (20,)}, 5))
    ['north', 'south']
    """
    hidden = {label for label, counts in parts.items() if min(counts) < smallest or label in start}
    others = sorted(
        (label for label in parts if label not in hidden), key=lambda label: (sum(parts[label]), label or "")
    )
    together = np.array([parts[label] for label in hidden]).sum(axis=0)
    while hidden and others and together.min() < smallest:
        together = together + parts[others[0]]
        hidden.add(others.pop(0))
    return frozenset(hidden)


def _compare(
    name: str,
    outcomes: Outcomes,
    marks: Sequence[str | None],
    *,
    rng: np.random.Generator,
    smallest: int,
    is_guarded: bool,
) -> Dimension:
    masks = {label: np.array([mark == label for mark in marks], dtype=bool) for label in dict.fromkeys(marks)}
    sizes = {label: int(np.count_nonzero(mask)) for label, mask in masks.items()}
    hidden = hide_groups({label: (size,) for label, size in sizes.items()}, smallest)
    silent = _keep_back(outcomes, masks, hidden, smallest, is_guarded=is_guarded)
    shown = sorted((label for label in sizes if label not in hidden), key=lambda at: (at is None, -sizes[at], at or ""))
    groups = (_measure(label, outcomes.take(masks[label]), rng=rng, smallest=smallest) for label in shown)
    return Dimension(
        name=name,
        groups=tuple(
            replace(
                group,
                served=None if group.label in silent["served"] else group.served,
                score=None if group.label in silent["score"] else group.score,
                refused=None if group.label in silent["refused"] else group.refused,
            )
            for group in groups
        ),
        hidden_groups=len(hidden),
        hidden_people=sum(sizes[label] for label in hidden),
    )


def _keep_back(
    outcomes: Outcomes,
    masks: Mapping[str | None, BoolArray],
    hidden: frozenset[str | None],
    smallest: int,
    *,
    is_guarded: bool,
) -> dict[str, frozenset[str | None]]:
    """Choose for each figure the groups that keep it back: size and waiting concern everybody, the others some only."""
    ends = {
        label: tuple(int(np.count_nonzero(outcomes.served[mask] == end)) for end in (True, False))
        for label, mask in masks.items()
    }
    silent = {"served": hide_groups(ends, smallest) if is_guarded else hidden}
    # Score and refusals of who has somebody would tell how many are served.
    for figure, counts in (("score", ~np.isnan(outcomes.score)), ("refused", outcomes.proposals > 0)):
        of = {label: (int(np.count_nonzero(counts[mask])),) for label, mask in masks.items()}
        told = {label: parts for label, parts in of.items() if parts != (0,)}
        silent[figure] = silent["served"] | hide_groups(told, smallest, silent["served"] | hidden)
    return silent


def _measure(label: str | None, group: Outcomes, *, rng: np.random.Generator, smallest: int) -> GroupFigures:
    proposals, asked = int(group.proposals.sum()), np.count_nonzero(group.proposals)
    return GroupFigures(
        label=label,
        people=len(group),
        served=wilson(int(np.count_nonzero(group.served)), len(group)) if len(group) else None,
        refused=wilson(int(group.refusals.sum()), proposals) if asked >= smallest else None,
        waiting_days=_mean(group.waiting_days.astype(np.float64), rng, smallest),
        score=_mean(group.score[~np.isnan(group.score)], rng, smallest),
    )


def _mean(values: NDArray[np.float64], rng: np.random.Generator, smallest: int) -> Mean | None:
    if len(values) < smallest:
        return None
    # Sorted first, so that the order of the people does not matter.
    drawn = np.sort(values)[rng.integers(len(values), size=(RESAMPLES, len(values)))].mean(axis=1)
    low, high = np.quantile(drawn, _TAILS).tolist()
    return Mean(of=len(values), value=float(values.mean()), low=low, high=high)
