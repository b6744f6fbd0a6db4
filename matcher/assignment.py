"""The exact assignment with capacities over all allowed pairs, and its proof: a small library of its own.

`assign` reads the request, takes fixed pairs out, has the rest solved (`rounds`, or `fairest`), chooses among equally
good answers (`faces`) and reports the answer with its bound. What cannot be met is named by `bottleneck`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.bottleneck import Bottleneck, Contest, find_bottleneck
from matcher.candidates import Pairs, Points, all_pairs
from matcher.encoding import IntArray
from matcher.errors import InfeasibleError, InvalidCapacityError, InvalidSettingsError
from matcher.fairest import Fairness, find_fairest
from matcher.fixing import find_refused, keep_possible, read_pairs, read_supporters, value_pairs
from matcher.prices import Solution
from matcher.requests import Request
from matcher.rounds import Effort, count_on, solve_rounds
from matcher.tables import ArrayPoints, Blocks, RestPoints, read_scores, whole_numbers
from matcher.ties import choose_answer

__all__ = [
    "AIMS",
    "ArrayPoints",
    "Assignment",
    "Bottleneck",
    "Fairness",
    "InfeasibleError",
    "assign",
    "find_bottleneck",
]

AIMS = ("total", "most_served", "fairest")
"""What an assignment may aim at."""

LARGEST_ANSWER = 1 << 26
"""Entrepreneurs times the largest demand: the answer has a number for each, half a gigabyte."""

LARGEST_LOAD = 1 << 31
"""Loads from before are at most this: their squares are compared in 64 bits."""

LARGEST_MINIMUM = 1 << 20
"""Least loads are at most this: more than people that an association could have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Who is assigned to whom, and the proof that nothing is better; points are whole numbers of the unit.

    Parameters
    ----------
    supporters : ndarray of int of shape (n_entrepreneurs, largest demand)
        Columns of the supporters, ascending, then -1 for nobody.
    served : int
        People who have at least one.
    total : int
        Sum of points and bonuses of all pairs, fixed ones included.
    upper_bound : int
        What no answer to the same request can exceed: one that fills as many places where the aim is to fill as many
        as can be, one that is as fair where it is the fairest.
    gap : int
        `upper_bound - total`: 0, but where the fairest answer with demands above one was not proven.
    entrepreneur_prices : ndarray of int of shape (n_entrepreneurs,)
        What each person keeps per supporter that she gets, `unserved` included; 0 for those who get fewer than they
        demand. Of the fairest aim: of the answer with the largest total.
    supporter_prices : ndarray of int of shape (n_supporters,)
        What one more place of each supporter would add at least; 0 where a place is left, below 0 where a minimum
        costs.
    unserved : int
        What a place left empty counts in the prices: more than all that rearranging can win; 0 where the aim is the
        total.
    rounds : int
        Times that the flow was solved before the answer was proven.
    fairness : Fairness or None
        Where the aim is the fairest: what the worst off has, and what it costs.
    with_minimum : bool
        Whether least loads were asked for; the prices alone do not tell.
    """

    supporters: IntArray
    served: int
    total: int
    upper_bound: int
    gap: int
    entrepreneur_prices: IntArray
    supporter_prices: IntArray
    unserved: int
    rounds: int
    fairness: Fairness | None = None
    with_minimum: bool = False


def assign(
    scores: Points | Blocks | NDArray[Any],
    capacity: NDArray[Any],
    *,
    minimum: NDArray[Any] | None = None,
    demand: int | NDArray[Any] = 1,
    allowed: NDArray[Any] | None = None,
    fixed: NDArray[Any] | None = None,
    aim: str = "total",
    previous: NDArray[Any] | None = None,
    load: NDArray[Any] | None = None,
    bonus: NDArray[Any] | None = None,
    unit: float = 1e-6,
    candidates: int = 12,
    block_size: int | None = None,
    n_jobs: int = 1,
    on_round: Callable[[int], None] | None = None,
) -> Assignment:
    """Assign supporters to entrepreneurs, provably as well as can be over all allowed pairs.

    Parameters
    ----------
    scores : Points, Blocks or array_like of float of shape (n_entrepreneurs, n_supporters)
        Scores of any sign with NaN where a pair is not allowed; or an object with `shape` and `block(rows)` that gives
        them for some rows; or one that gives whole points (`candidates.Points`).
    capacity : array_like of int of shape (n_supporters,)
        Places of each supporter, in people, 0 or more.
    minimum : array_like of int of shape (n_supporters,), optional
        Places of each supporter that must be filled, at most the capacity. Holds jointly with all else.
    demand : int or array_like of int of shape (n_entrepreneurs,)
        Different supporters that each entrepreneur may have, 0 or more.
    allowed : array_like of bool of shape (n_entrepreneurs, n_supporters), optional
        False where a pair is not allowed, whatever its score.
    fixed : array_like of int of shape (n_fixed, 2), optional
        Pairs (row, column) that the answer must contain.
    aim : str
        `"total"`: the largest sum of points, nobody is forced; `"most_served"`: as many places filled as can be, then
        the total; `"fairest"`: as many people served as can be, then with a demand of one the worst off first, then
        the next, and so on (leximin), then the total; with greater demands as many places filled as can be, then the
        largest sum of points of the worst off among the people served, then the total.
    previous : array_like of int of shape (n_entrepreneurs, any), optional
        Supporters of an earlier answer, -1 for nobody: among equally good answers one that keeps most is taken.
    load : array_like of int of shape (n_supporters,), optional
        People whom each supporter helps already: equally good answers spread the load evenly. It takes no capacity.
    bonus : array_like of int of shape (n_entrepreneurs,), optional
        Points, 0 or more, won with every place that each entrepreneur gets, besides the score.
    unit : float
        What one point is worth: scores are counted to the nearest.
    candidates : int
        Supporters per entrepreneur to start with where there are many pairs; changes speed, never the total, and which
        of equally good answers is chosen only where more than `ties.MOST_TIES` pairs tie.
    block_size : int or None
        Entrepreneurs scored at once; None chooses. Changes memory and speed, never the answer.
    n_jobs : int
        Threads, as joblib counts them; changes speed, never the answer.
    on_round : callable or None
        Called with the number of the round that begins; of the fairest aim also for each step that settles levels.

    Returns
    -------
    assignment : Assignment
        The answer with its proof.

    Raises
    ------
    InvalidScoreError, InvalidCapacityError, InvalidShapeError, InvalidSettingsError
        If the arguments hold impossible values, do not fit together, or spread too far for 64-bit numbers.
    InfeasibleError
        If minimum or fixed pairs cannot be met: it names a group that shows it and of which nobody can be left
        out, how many places lack, and holds the best partial answer.

    Notes
    -----
    Let L be the largest absolute value of points. A place left empty counts `M = (min(n, m) + 1) * (2 * L + 1)`
    where as many as can be are to be filled, and each place of a minimum wins `B = (min(n, m) + 2) * (2 * L + 1)`.
    That is enough. Take an answer that fills fewer places than can be filled. By the theorem of augmenting paths some
    chain of moves fills one place more: an entrepreneur takes a supporter, one of whose people takes another, until a
    free place is reached. The shortest one passes each entrepreneur and each supporter once, so it has at most
    `min(n, m)` moves from one pair to another, each of which loses at most 2 L, and one new pair, which loses at most
    L (a bonus is never lost: nobody gets fewer). No load of a supporter sinks. So one place more wins at least
    `M - 2 * L * min(n, m) - L > 0`. Likewise, where a minimum is short although it could be less so, a chain leads
    from a free place of it to an entrepreneur who could have one supporter more, or to a supporter above her minimum:
    again at most `min(n, m) + 1` pairs change, and nobody gets fewer. Both are therefore reached together.

    Of several equally good answers the one is taken that keeps most previous pairs; then fills most places; then has
    the smallest sum of squared loads; then follows the input order (`faces.choose` says exactly how). Where
    the aim is the fairest and somebody may have several supporters, the solver chooses among them instead, always the
    same for the same input: `previous` and `load` then change nothing.

    Time and memory: where everybody demands one supporter, up to 131,072 entrepreneurs times places are solved on a
    table (`dense`), up to 262,144 pairs are listed: milliseconds where scores differ, half a second at worst for the
    largest table when all are alike. Beyond, one walk over all pairs chooses candidates,
    one per round (usually 3 to 6) checks the prices; memory holds the candidates and one block per thread.
    The fairest aim lists all allowed pairs, some 100 bytes each at its peak. Where everybody demands one it makes
    exchanges (`levels`), which took 4 to 19 times as long as the largest total: 0.1 to 0.3 s for 1,000 x 250, 1 to 3 s
    for 3,200 x 800. With larger demands it is a mixed-integer programme over 100,000 allowed pairs at most, which takes
    up to some minutes (`floors`).

    References
    ----------
    Ahuja, R. K., Magnanti, T. L., Orlin, J. B. (1993). Network Flows. Prentice Hall. ISBN 0-13-617549-X
    Burkard, R., Dell'Amico, M., Martello, S. (2009). Assignment Problems. SIAM. doi:10.1137/1.9781611972238
    Volgenant, A. (1996). Linear and semi-assignment problems: a core oriented approach. Computers & Operations Research
    23(10), 917-932. doi:10.1016/0305-0548(96)00010-X

    Examples
    --------
    >>> both_want_the_first = np.array([[0.9, 0.8], [0.9, np.nan]])
    >>> answer = assign(both_want_the_first, np.array([1, 1]))
    >>> answer.supporters.tolist(), answer.total, answer.gap
    ([[1], [0]], 1700000, 0)

    Each wants two supporters; nobody is forced to a pair that costs.

    >>> assign(np.array([[0.9, -0.2, 0.5]]), np.array([1, 1, 1]), demand=2).supporters.tolist()
    [[0, 2]]
    """
    if aim not in AIMS:
        raise InvalidSettingsError(field="aim", value=aim, expected=f"one of {', '.join(AIMS)}")
    table = read_scores(scores, unit)
    n, m = table.shape
    table = table if allowed is None else RestPoints(table, allowed)
    request = Request(
        table=table,
        capacity=whole_numbers("capacity", capacity, m),
        minimum=whole_numbers("minimum", 0 if minimum is None else minimum, m, LARGEST_MINIMUM),
        demand=whole_numbers("demand", demand, n, LARGEST_ANSWER // max(1, n)),
        bonus=whole_numbers("bonus", 0 if bonus is None else bonus, n),
        load=whole_numbers("load", 0 if load is None else load, m, LARGEST_LOAD),
        previous=None if previous is None else read_supporters("previous", previous, table.shape),
        aim=aim,
        unit=unit,
    )
    if (request.minimum > request.capacity).any():
        raise InvalidCapacityError(name="minimum", value=request.minimum.tolist(), expected="at most the capacity")
    wanted = Pairs.chain([]) if fixed is None else read_pairs("fixed", fixed, table.shape)
    effort = Effort(candidates=candidates, block_size=block_size, n_jobs=n_jobs, on_round=on_round)
    return _answer(request, wanted, effort)


def _answer(request: Request, wanted: Pairs, effort: Effort) -> Assignment:
    """Answer a request, or say why it cannot be met."""
    wanted, allowed = value_pairs(request.table, wanted)
    cause, among, over = find_refused(wanted, allowed, request.demand, request.capacity)
    fixed = keep_possible(wanted, allowed, request.demand, request.capacity) if cause else wanted
    rest = request.without(fixed)
    solution = solve_rounds(rest.table, rest.demand, rest.worth, rest.places, effort)
    short = rest.missing(solution.pairs.columns[solution.used])
    answer = _report(request, fixed, rest, solution, effort.on_round)
    if cause:
        refused = wanted.take(among)
        raise InfeasibleError(
            cause=cause,
            entrepreneurs=tuple(np.unique(refused.rows).tolist()),
            supporters=tuple(np.unique(refused.columns).tolist()),
            missing=over,
            partial=answer,
        )
    if short:
        raise _name_group(rest, answer)
    return answer


def _report(
    request: Request, fixed: Pairs, rest: Request, solution: Solution, on_round: Callable[[int], None] | None
) -> Assignment:
    """Choose one of the best answers and put everything together."""
    pairs, used = solution.pairs, solution.used
    short = rest.missing(pairs.columns[used])
    bound = solution.prices.bound(pairs, used, rest.demand, rest.worth, rest.places)
    bound -= rest.unserved * int(used.sum()) + rest.prize * (int(rest.minimum.sum()) - short)
    if request.aim == "fairest" and not short:
        fair = find_fairest(rest, fixed, pairs.take(used), count_on(on_round, solution.rounds))
        chosen, bound = fair.pairs, fair.bound
    else:
        fair, chosen = None, choose_answer(rest, solution)
    answer = Pairs.collect([fixed, chosen]) if len(fixed) else chosen
    total, base = (int((part.points + request.bonus[part.rows]).sum()) for part in (answer, fixed))
    return Assignment(
        supporters=_arrange(answer, request.demand),
        served=int(np.count_nonzero(np.bincount(answer.rows))),
        total=total,
        upper_bound=bound + base,
        gap=bound + base - total,
        entrepreneur_prices=solution.prices.people,
        supporter_prices=solution.prices.places,
        unserved=rest.unserved,
        rounds=solution.rounds,
        fairness=fair.fairness if fair else None,
        with_minimum=bool(request.minimum.any()),
    )


def _arrange(pairs: Pairs, demand: IntArray) -> IntArray:
    """Write supporters row by row."""
    supporters = np.full((len(demand), int(demand.max(initial=1))), -1, dtype=np.int64)
    supporters[pairs.rows, np.arange(len(pairs)) - np.searchsorted(pairs.rows, pairs.rows)] = pairs.columns
    return supporters


def _name_group(rest: Request, partial: Assignment) -> InfeasibleError:
    """Name a group of supporters whose minimum cannot be met, of which none can be left out."""
    pairs = all_pairs(rest.table)
    contest = Contest(Pairs(pairs.columns, pairs.rows, pairs.points), rest.minimum, rest.demand)
    group = contest.find_group()
    return InfeasibleError(
        cause="minimum",
        entrepreneurs=contest.reached(group),
        supporters=tuple(group.tolist()),
        missing=contest.missing(group),
        partial=partial,
    )
