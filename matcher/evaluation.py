"""What an answer is worth: how many are served, how well, and how the load is shared."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.encoding import IntArray
from matcher.errors import InvalidCapacityError, InvalidShapeError
from matcher.records import Entrepreneur, Role, Supporter
from matcher.results import MatchResult


def load_balance(assigned: IntArray, capacity: IntArray) -> float:
    """Share of capacity used by the busiest supporter.

    Parameters
    ----------
    assigned : ndarray of int of shape (n_supporters,)
        People helped by each supporter.
    capacity : ndarray of int of shape (n_supporters,)
        People each supporter agreed to help, at least 1.

    Returns
    -------
    load : float
        0 when nobody is assigned, 1 when someone is full; no unit.

    Raises
    ------
    InvalidShapeError
        If shapes differ.
    InvalidCapacityError
        If a capacity is below 1.

    Examples
    --------
    >>> load_balance(np.array([1, 0]), np.array([4, 2]))
    0.25
    """
    assigned, capacity = np.asarray(assigned), np.asarray(capacity)
    if assigned.shape != capacity.shape:
        raise InvalidShapeError(name="assigned", shape=assigned.shape, expected=capacity.shape)
    if (capacity < 1).any():
        raise InvalidCapacityError(name="capacity", value=capacity.tolist(), expected="1 or more")
    return float((assigned / capacity).max(initial=0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleQuality:
    """What one role's answer is worth.

    Parameters
    ----------
    role : Role
        The role.
    asked, served : int
        Entrepreneurs who asked for it, and who are served.
    coverage : float
        Share served, 0 where nobody asked.
    reachable : int
        People served, or for whom somebody was allowed: the most that more places could serve.
    mean_score, median_score, lowest_score : float or None
        Over people served; None where nobody is.
    need_coverage : float or None
        Mean of the component `needs` over people served who named needs; None where there are none.
    places, used : int
        Free places of the role and those used.
    load : float
        Share of capacity used by the busiest supporter.
    idle : int
        Supporters with a free place to whom nobody was assigned.
    """

    role: Role
    asked: int
    served: int
    coverage: float
    reachable: int
    mean_score: float | None
    median_score: float | None
    lowest_score: float | None
    need_coverage: float | None
    places: int
    used: int
    load: float
    idle: int


def evaluate_result(
    result: MatchResult, entrepreneurs: Sequence[Entrepreneur], supporters: Sequence[Supporter]
) -> tuple[RoleQuality, ...]:
    """Measure an answer, role by role.

    Parameters
    ----------
    result : MatchResult
        The answer.
    entrepreneurs, supporters : sequence
        The records that it answers.

    Returns
    -------
    qualities : tuple of RoleQuality
        One per role that somebody asks for or offers, in the order of `Role`.

    Examples
    --------
    >>> from matcher import Stage, match
    >>> people = [Entrepreneur(id=id, needs=(), stage=Stage.IDEA, languages=("fr",), availability=1,
    ...                        wanted_roles=frozenset({Role.MENTOR})) for id in ("ana", "bea")]
    >>> paul = Supporter(id="paul", role=Role.MENTOR, expertise=(), languages=("fr",), availability=1, capacity=1)
    >>> [mentors] = evaluate_result(match(people, [paul]), people, [paul])
    >>> mentors.coverage, mentors.reachable, mentors.load
    (0.5, 2, 1.0)
    """
    asked = Counter(role for person in entrepreneurs for role in person.wanted_roles)
    offered = {supporter.role for supporter in supporters}
    return tuple(
        _evaluate_role(result, role, asked[role], [s for s in supporters if s.role is role and s.capacity > 0])
        for role in Role
        if asked[role] or role in offered
    )


def _evaluate_role(result: MatchResult, role: Role, asked: int, open_: list[Supporter]) -> RoleQuality:
    served = [s for s in result.suggestions if s.role is role and s.rank == 1]
    waiting = sum(1 for person in result.unmatched if person.role is role and person.possible > 0)
    scores = np.array([s.score for s in served])
    needs = [part.value for s in served for part in s.components if part.name == "needs"]
    load = Counter(s.supporter_id for s in served)
    assigned = np.array([load[s.id] for s in open_], dtype=np.int64)
    capacity = np.array([s.capacity for s in open_], dtype=np.int64)
    return RoleQuality(
        role=role,
        asked=asked,
        served=len(served),
        coverage=len(served) / asked if asked else 0.0,
        reachable=len(served) + waiting,
        mean_score=float(scores.mean()) if served else None,
        median_score=float(np.median(scores)) if served else None,
        lowest_score=float(scores.min()) if served else None,
        need_coverage=float(np.mean(needs)) if needs else None,
        places=int(capacity.sum()),
        used=int(assigned.sum()),
        load=load_balance(assigned, capacity),
        idle=int(np.count_nonzero(assigned == 0)),
    )
