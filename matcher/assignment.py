"""The exact assignment with capacities over all allowed pairs, and its proof.

A minimum-cost flow on few candidate pairs gives an answer and, through its residual graph, prices. A walk over all
pairs looks for any worth more than its two ends ask; these join the candidates, and the flow is solved again. When
none is left, the prices prove that no assignment over all pairs is better.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from matcher.candidates import FORBIDDEN, Points
from matcher.encoding import FloatArray, IntArray
from matcher.errors import InvalidCapacityError, InvalidScoreError, InvalidShapeError
from matcher.flow import Places
from matcher.rounds import Effort, solve_rounds
from matcher.scoring import POINTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Who is assigned to whom, and the proof that nothing is better; all numbers are whole points of 0.000001.

    Parameters
    ----------
    supporters : ndarray of int of shape (n_entrepreneurs, 1)
        Column of the supporter, -1 for nobody.
    served : int
        People who have one: as many as can be.
    total : int
        Sum of points and bonuses of the people served.
    upper_bound : int
        What no assignment that serves as many can exceed.
    gap : int
        `upper_bound - total`: 0.
    entrepreneur_prices : ndarray of int of shape (n_entrepreneurs,)
        What each person served adds to the answer, `unserved` included; 0 for those who are not.
    supporter_prices : ndarray of int of shape (n_supporters,)
        What one more place of each supporter would add at least; 0 where a place is left.
    unserved : int
        What leaving somebody unserved counts in the prices: more than all that rearranging can win.
    rounds : int
        Times that the flow was solved.
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


class ArrayPoints:
    """Points of scores given as one array.

    Parameters
    ----------
    scores : array_like of float of shape (n_entrepreneurs, n_supporters)
        Scores in [0, 1], NaN where the pair is not allowed; counted to the sixth decimal.

    Raises
    ------
    InvalidScoreError
        If a score lies outside [0, 1].
    """

    def __init__(self, scores: NDArray[Any]) -> None:
        array = np.asarray(scores, dtype=np.float64)
        if array.ndim != 2:
            raise InvalidShapeError(name="scores", shape=array.shape, expected=(-1, -1))
        allowed = ~np.isnan(array)
        wrong = allowed & ~((array >= 0) & (array <= 1))
        if wrong.any():
            raise InvalidScoreError(
                value=float(array[wrong][0]), expected="a number from 0 to 1, or NaN for not allowed"
            )
        self._points = np.where(allowed, np.rint(array * POINTS), FORBIDDEN).astype(np.float32)
        self.shape: tuple[int, int] = (array.shape[0], array.shape[1])
        self.largest = POINTS

    def points(self, rows: slice | IntArray) -> FloatArray:
        """Give the whole points of some rows."""
        return self._points[rows]


def assign(
    scores: Points | NDArray[Any],
    capacity: IntArray,
    *,
    bonus: IntArray | None = None,
    candidates: int = 12,
    block_size: int | None = None,
    n_jobs: int = 1,
    on_round: Callable[[int], None] | None = None,
) -> Assignment:
    """Assign supporters to entrepreneurs: as many people served as can be, then the largest total.

    Parameters
    ----------
    scores : Points or array_like of float of shape (n_entrepreneurs, n_supporters)
        Scores in [0, 1] with NaN where a pair is not allowed, or an object that works out whole points block by block.
    capacity : ndarray of int of shape (n_supporters,)
        Free places of each supporter, in people, 0 or more.
    bonus : ndarray of int of shape (n_entrepreneurs,), optional
        Points, 0 or more, won by serving each entrepreneur besides the score: decides who is served when places lack.
    candidates : int
        Supporters per entrepreneur to start with; changes speed, never the total.
    block_size : int or None
        Entrepreneurs scored at once; None chooses. Changes memory and speed, never the answer.
    n_jobs : int
        Threads, as joblib counts them; changes speed, never the answer.
    on_round : callable or None
        Called with the number of the round that begins.

    Returns
    -------
    assignment : Assignment
        The answer with its proof; `gap` is 0.

    Raises
    ------
    InvalidScoreError, InvalidCapacityError, InvalidShapeError
        If the arrays hold impossible values or do not fit together.

    Notes
    -----
    Leaving somebody unserved costs `M = (min(n, m) + 1) * (POINTS + 1)` points. That is enough to serve as many as
    can be: take an answer that serves fewer. Some chain of moves serves one person more and nobody less. The shortest
    one passes each full supporter at most once, so it moves at most `min(n, m)` people, each of whom loses at most
    `POINTS` (a bonus moves along with its owner). Serving one more therefore wins at least
    `M - min(n, m) * POINTS > 0`.

    Time: one walk over all pairs to choose the candidates, one per round to check the prices; usually 3 to 6 rounds.
    Memory: the candidates and one block per thread. Among equally good answers the solver's choice is taken, always
    the same for the same input.

    References
    ----------
    Goldberg, A. V. (1997). An efficient implementation of a scaling minimum-cost flow algorithm. Journal of Algorithms
    22(1), 1-29. doi:10.1006/jagm.1995.0805
    Volgenant, A. (1996). Linear and semi-assignment problems: a core oriented approach. Computers & Operations Research
    23(10), 917-932. doi:10.1016/0305-0548(96)00010-X

    Examples
    --------
    >>> both_want_the_first = np.array([[0.9, 0.8], [0.9, np.nan]])
    >>> answer = assign(both_want_the_first, np.array([1, 1]))
    >>> answer.supporters.tolist(), answer.total, answer.gap
    ([[1], [0]], 1700000, 0)
    """
    table = cast(Points, scores) if hasattr(scores, "points") else ArrayPoints(scores)
    n, m = table.shape
    capacity = _whole("capacity", capacity, (m,))
    bonus = np.zeros(n, dtype=np.int64) if bonus is None else _whole("bonus", bonus, (n,))
    unserved = (min(n, m) + 1) * (POINTS + 1)
    worth, demand, places = bonus + unserved, np.ones(n, dtype=np.int64), Places.free(np.minimum(capacity, n))
    effort = Effort(candidates=candidates, block_size=block_size, n_jobs=n_jobs, on_round=on_round)
    solution = solve_rounds(table, demand, worth, places, effort)
    used, prices = solution.used, solution.prices
    rows, columns = solution.pairs.rows[used], solution.pairs.columns[used]
    supporters = np.full((n, 1), -1, dtype=np.int64)
    supporters[rows, 0] = columns
    total = int((solution.pairs.points[used] + bonus[rows]).sum())
    upper_bound = prices.bound(solution.pairs, used, demand, worth, places) - unserved * len(rows)
    return Assignment(
        supporters=supporters,
        served=len(rows),
        total=total,
        upper_bound=upper_bound,
        gap=upper_bound - total,
        entrepreneur_prices=prices.people,
        supporter_prices=prices.places,
        unserved=unserved,
        rounds=solution.rounds,
    )


def _whole(name: str, values: NDArray[Any], shape: tuple[int, ...]) -> IntArray:
    array = np.asarray(values)
    if array.shape != shape:
        raise InvalidShapeError(name=name, shape=array.shape, expected=shape)
    whole = array.astype(np.int64)
    if (whole != array).any() or (whole < 0).any():
        raise InvalidCapacityError(name=name, value=array.tolist(), expected="whole numbers, 0 or more")
    return whole
