"""Replay before publishing: the same people matched with present and with other weights, and what changes for whom."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.decisions import Decision
from matcher.matching import Progress, match_pool
from matcher.pool import Pool
from matcher.records import Role
from matcher.results import MatchResult
from matcher.scoring import POINTS, share_out
from matcher.settings import COMPONENTS, Settings

Weights = Mapping[Role, Mapping[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayChange:
    """One person for whom the other weights change the supporter; `before` or `after` is None where there is nobody."""

    entrepreneur_id: str
    role: Role
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleReplay:
    """What the other weights change in one role.

    Parameters
    ----------
    role : Role
        The role.
    matched_before, matched_after : int
        People served with the old weights and with the new ones.
    gained, lost, changed, kept : int
        People who get somebody, who lose somebody, who get somebody else, who keep theirs.
    old_by_old, new_by_old, old_by_new, new_by_new : float or None
        Mean score of the old and of the new pairs, under the old and under the new weights: the two answers can only be
        compared under the same weights. None where there are no pairs.
    lowest_old, lowest_new : float or None
        Score of the person who is worst off, with the old and with the new pairs, both under the new weights.
    fairness_price : float or None
        What the fairest aim takes from the total of scores of the new answer; None where that is not its aim.
    """

    role: Role
    matched_before: int
    matched_after: int
    gained: int
    lost: int
    changed: int
    kept: int
    old_by_old: float | None
    new_by_old: float | None
    old_by_new: float | None
    new_by_new: float | None
    lowest_old: float | None
    lowest_new: float | None
    fairness_price: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayReport:
    """What other weights would change: by role, and person by person in the order of the pool."""

    roles: tuple[RoleReplay, ...]
    changes: tuple[ReplayChange, ...]
    before: MatchResult
    after: MatchResult


def replay(
    pool: Pool,
    weights_old: Weights,
    weights_new: Weights,
    *,
    aim_old: str = "most_served",
    aim_new: str = "most_served",
    progress: Progress | None = None,
) -> ReplayReport:
    """Match the same people twice, and compare.

    Parameters
    ----------
    pool : Pool
        Made by `prepare`; its own weights and aim are not read, its other settings hold for both.
    weights_old, weights_new : Mapping of Role to Mapping of str to float
        Weights to compare; see `Settings`.
    aim_old, aim_new : str
        Aims to compare; see `Settings`.
    progress : callable or None
        Called with the share of the work done.

    Returns
    -------
    report : ReplayReport
        Who gains, who loses and who changes.

    Raises
    ------
    InvalidSettingsError
        If weights or an aim cannot be used.

    Notes
    -----
    Twice the cost of `match_pool`; encoding is shared.

    Examples
    --------
    >>> from matcher import Entrepreneur, Expertise, Need, Stage, Supporter, prepare
    >>> ana = Entrepreneur(id="ana", needs=(Need(topic="sales"),), stage=Stage.IDEA, languages=("fr",), availability=1,
    ...                    wanted_roles=frozenset({Role.MENTOR}))
    >>> def mentor(id, topic, stages):
    ...     return Supporter(id=id, role=Role.MENTOR, expertise=(Expertise(topic=topic),), languages=("fr",),
    ...                      availability=1, capacity=1, stages=stages)
    >>> pool = prepare([ana], [mentor("paul", "sales", (Stage.GROWTH,)), mentor("lea", "taxes", (Stage.IDEA,))])
    >>> report = replay(pool, {Role.MENTOR: {"needs": 1.0}}, {Role.MENTOR: {"stage": 1.0}})
    >>> [(one.before, one.after) for one in report.changes]
    [('paul', 'lea')]
    """
    tell = progress or (lambda _share: None)
    old, new = (
        replace(pool, settings=replace(pool.settings, weights=weights, aim=aim))
        for weights, aim in ((weights_old, aim_old), (weights_new, aim_new))
    )
    before = match_pool(old, progress=lambda share: tell(share / 2))
    after = match_pool(new, progress=lambda share: tell(0.5 + share / 2))
    return ReplayReport(
        roles=tuple(_compare_role(old, new, report.role, before, after) for report in before.reports),
        changes=tuple(_changes(pool, before, after)),
        before=before,
        after=after,
    )


def _pairs(result: MatchResult, role: Role) -> dict[str, str]:
    return {one.entrepreneur_id: one.supporter_id for one in result.suggestions if one.rank == 1 and one.role is role}


def _changes(pool: Pool, before: MatchResult, after: MatchResult) -> Iterator[ReplayChange]:
    for role in Role:
        first, second = _pairs(before, role), _pairs(after, role)
        for id in pool.row_of:
            if first.get(id) != second.get(id):
                yield ReplayChange(entrepreneur_id=id, role=role, before=first.get(id), after=second.get(id))


def _compare_role(old: Pool, new: Pool, role: Role, before: MatchResult, after: MatchResult) -> RoleReplay:
    first, second = _pairs(before, role), _pairs(after, role)
    both = first.keys() & second.keys()
    kept = sum(first[id] == second[id] for id in both)
    return RoleReplay(
        role=role,
        matched_before=len(first),
        matched_after=len(second),
        gained=len(second.keys() - both),
        lost=len(first.keys() - both),
        changed=len(both) - kept,
        kept=kept,
        old_by_old=_score(old, first),
        new_by_old=_score(old, second),
        old_by_new=_score(new, first),
        new_by_new=_score(new, second),
        lowest_old=_score(new, first, np.min),
        lowest_new=_score(new, second, np.min),
        fairness_price=next(one.fairness_price for one in after.reports if one.role is role),
    )


def _score(
    pool: Pool, pairs: Mapping[str, str], summed_up: Callable[[NDArray[np.float64]], np.float64] = np.mean
) -> float | None:
    if not pairs:
        return None
    rows = np.array([pool.row_of[id] for id in pairs])
    columns = np.array([pool.column_of[id] for id in pairs.values()])
    return float(summed_up(pool.points(rows, columns).astype(np.float64)) / POINTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was decided about a pair: `fits` when people said yes to it, not when they said no."""

    entrepreneur_id: str
    supporter_id: str
    role: Role
    fits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictCount:
    """How decided pairs fare under two sets of weights.

    Parameters
    ----------
    role : Role
        The role.
    approved, rejected : int
        Pairs looked at, to which people said yes and no.
    approved_before, approved_after : int
        Of those approved, how many each set of weights proposes.
    rejected_before, rejected_after : int
        Of those rejected, how many each proposes: those that come back.
    """

    role: Role
    approved: int
    approved_before: int
    approved_after: int
    rejected: int
    rejected_before: int
    rejected_after: int


def compare_with_verdicts(report: ReplayReport, verdicts: Sequence[Verdict]) -> tuple[VerdictCount, ...]:
    """Count the decided pairs that each set of weights proposes again.

    Parameters
    ----------
    report : ReplayReport
        Of a pool in which these pairs are free to be found again.
    verdicts : sequence of Verdict
        What was decided; a pair counts once, by its last verdict.

    Returns
    -------
    counts : tuple of VerdictCount
        One per role with verdicts, in the order of `Role`.

    Examples
    --------
    >>> from matcher import Entrepreneur, Stage, Supporter, prepare
    >>> ana = Entrepreneur(id="ana", needs=(), stage=Stage.IDEA, languages=("fr",), availability=1,
    ...                    wanted_roles=frozenset({Role.MENTOR}))
    >>> paul = Supporter(id="paul", role=Role.MENTOR, expertise=(), languages=("fr",), availability=1, capacity=1)
    >>> report = replay(prepare([ana], [paul]), {}, {})
    >>> said = Verdict(entrepreneur_id="ana", supporter_id="paul", role=Role.MENTOR, fits=True)
    >>> [count] = compare_with_verdicts(report, [said])
    >>> count.approved, count.approved_before, count.approved_after
    (1, 1, 1)
    """
    last = {(one.entrepreneur_id, one.supporter_id, one.role): one.fits for one in verdicts}
    return tuple(_count_role(report, role, last) for role in Role if any(key[2] is role for key in last))


def _count_role(report: ReplayReport, role: Role, last: Mapping[tuple[str, str, Role], bool]) -> VerdictCount:
    before, after = _pairs(report.before, role), _pairs(report.after, role)
    decided = [(person, supporter, fits) for (person, supporter, of), fits in last.items() if of is role]

    def count(wanted: bool, pairs: Mapping[str, str] | None = None) -> int:
        return sum(fits is wanted and (pairs is None or pairs.get(person) == other) for person, other, fits in decided)

    return VerdictCount(
        role=role,
        approved=count(True),
        approved_before=count(True, before),
        approved_after=count(True, after),
        rejected=count(False),
        rejected_before=count(False, before),
        rejected_after=count(False, after),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreShift:
    """Mean scores of decided pairs, from their parts as they were, under two sets of weights; None without such pairs.

    Decisions count by what they say about fit. The wider apart for and against are, the better a score agrees with what
    people decided.
    """

    role: Role
    decisions: int
    for_old: float | None
    for_new: float | None
    against_old: float | None
    against_new: float | None


def shift_scores(decisions: Sequence[Decision], weights_old: Weights, weights_new: Weights) -> tuple[ScoreShift, ...]:
    """Score what was decided again, under two sets of weights.

    Parameters
    ----------
    decisions : sequence of Decision
        Of any role.
    weights_old, weights_new : Mapping of Role to Mapping of str to float
        Weights to compare; see `Settings`.

    Returns
    -------
    shifts : tuple of ScoreShift
        One per role with decisions that say something, in the order of `Role`.

    Raises
    ------
    InvalidSettingsError
        If weights cannot be used.

    Examples
    --------
    >>> from matcher import Outcome
    >>> answer = Decision(role=Role.MENTOR, components={"needs": 0.9, "place": 0.2}, outcome=Outcome.ACCEPTED, case=1)
    >>> [shift] = shift_scores([answer], {Role.MENTOR: {"place": 1.0}}, {Role.MENTOR: {"needs": 1.0}})
    >>> round(shift.for_old, 6), round(shift.for_new, 6)
    (0.2, 0.9)
    """
    old, new = (Settings(weights=weights).weights for weights in (weights_old, weights_new))
    told = [one for one in decisions if one.evidence.weight > 0 and one.components]
    return tuple(
        _shift(role, [one for one in told if one.role is role], old[role], new[role])
        for role in Role
        if any(one.role is role for one in told)
    )


def _shift(role: Role, told: list[Decision], old: Mapping[str, float], new: Mapping[str, float]) -> ScoreShift:
    weight = np.array([one.evidence.weight for one in told])
    fits = np.array([one.evidence.fits for one in told])
    first, second = _scores(told, old), _scores(told, new)
    return ScoreShift(
        role=role,
        decisions=len(told),
        for_old=_mean(first, weight * fits),
        for_new=_mean(second, weight * fits),
        against_old=_mean(first, weight * ~fits),
        against_new=_mean(second, weight * ~fits),
    )


def _scores(told: list[Decision], weights: Mapping[str, float]) -> NDArray[np.float64]:
    values = np.array([[one.components.get(name, 0.0) for name in COMPONENTS] for one in told])
    applies = np.array([[name in one.components for name in COMPONENTS] for one in told])
    shares = share_out(weights, applies, COMPONENTS)
    return np.asarray((values * shares).sum(axis=1) / POINTS)


def _mean(values: NDArray[np.float64], weight: NDArray[np.float64]) -> float | None:
    return float(np.average(values, weights=weight)) if weight.any() else None
