"""Equally good answers where very many pairs tie: chosen among without listing the ties."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from matcher.candidates import BLOCK_PAIRS, FORBIDDEN, Pairs, Points
from matcher.encoding import BoolArray, FloatArray, IntArray
from matcher.faces import choose, draw, find_face, rank_in_order
from matcher.fixing import value_pairs
from matcher.flow import Places
from matcher.requests import Request
from matcher.rounds import Effort, Solution, solve_rounds

MOST_TIES = 1 << 20
"""Tying pairs that are listed to choose among equally good answers, 24 MB; beyond, they are worked out when needed."""

Gain = Callable[[IntArray, IntArray], IntArray]


def choose_answer(rest: Request, solution: Solution, effort: Effort) -> Pairs:
    """Choose among all answers as good as one that was found: see `faces.choose`.

    Parameters
    ----------
    rest : Request
        What was asked.
    solution : Solution
        A best answer and its proof.
    effort : Effort
        How to go about it.

    Returns
    -------
    answer : Pairs
        The one chosen, whatever way led to the solution.

    Notes
    -----
    Where more than `MOST_TIES` pairs win exactly what both ends ask, each aim is solved over all pairs as the first one
    was, on tables that show only the pairs that the aims before leave. Entrepreneurs and supporters are then counted
    among all, not only among open ones, and one draw decides last.
    """
    listed = _list_ties(rest.table, solution, rest.worth)
    if listed is None:
        return _choose_unlisted(rest, solution, effort)
    m = rest.table.shape[1]
    chosen = solution.pairs.take(solution.used)
    used = np.isin(listed.rows * m + listed.columns, chosen.rows * m + chosen.columns)
    face = find_face(listed, listed.points + rest.worth[listed.rows], used, solution.prices, rest.demand, rest.places)
    return choose(face, rest.previous, rest.load)


def _list_ties(table: Points, solution: Solution, worth: IntArray) -> Pairs | None:
    """Add the ties not listed yet; None if there are too many."""
    prices, rows = solution.prices, solution.unlisted
    parts, count = [solution.pairs], 0
    size = max(1, BLOCK_PAIRS // max(1, table.shape[1]))
    for start in range(0, len(rows), size):
        part = rows[start : start + size]
        points = table.points(part)
        at, columns = np.nonzero(points == _asked(prices.people - worth, prices.places, part).astype(points.dtype))
        parts.append(Pairs(part[at], columns, points[at, columns].astype(np.int64)))
        count += len(at)
        if count > MOST_TIES:
            return None
    return Pairs.collect(parts) if count else solution.pairs


def _asked(people: IntArray, places: IntArray, rows: slice | IntArray) -> FloatArray:
    asked: FloatArray = np.add(people[rows, None], places, dtype=np.float64)
    return asked


class _TiedPoints:
    """Of the pairs of a table those that win exactly what both ends ask, with other points."""

    def __init__(self, table: Points, people: IntArray, places: IntArray, gain: Gain, largest: int) -> None:
        self._table, self._people, self._places, self._gain = table, people, places, gain
        self.shape, self.largest = table.shape, largest

    def points(self, rows: slice | IntArray) -> FloatArray:
        """Give the points of some rows."""
        points = self._table.points(rows)
        ties = points == _asked(self._people, self._places, rows).astype(points.dtype)
        every = np.arange(self.shape[0])[rows]
        gains = self._gain(every[:, None], np.arange(self.shape[1])[None, :])
        valued: FloatArray = np.where(ties, gains, FORBIDDEN).astype(np.float64)
        return valued


@dataclass(frozen=True)
class _Unlisted:
    """Equally good answers, like `faces.Face`, with all their pairs worked out when asked for."""

    table: Points
    people: IntArray
    places: IntArray
    demand: IntArray
    must: BoolArray
    least: IntArray
    most: IntArray
    decided: Pairs
    answer: Pairs

    @classmethod
    def of(cls, table: Points, demand: IntArray, worth: IntArray, places: Places, solution: Solution) -> "_Unlisted":
        """Describe the answers as good as a best one."""
        pairs, prices, (n, m) = solution.pairs.take(solution.used), solution.prices, table.shape
        asked = prices.people[pairs.rows] + prices.places[pairs.columns]
        sure = pairs.take(pairs.points + worth[pairs.rows] > asked)
        load = np.bincount(sure.columns, minlength=m)
        least, most = places.within(prices.places)
        return cls(
            table=table,
            people=prices.people - worth,
            places=prices.places,
            demand=demand - np.bincount(sure.rows, minlength=n),
            must=prices.people > 0,
            least=np.maximum(least - load, 0),
            most=most - load,
            decided=sure,
            answer=pairs,
        )

    def best(self, gain: Gain, largest: int, effort: Effort, stairs: IntArray | None = None) -> "_Unlisted":
        """Keep the answers with the largest sum of gains: see `faces.Face.best`."""
        table = _TiedPoints(self.table, self.people, self.places, gain, largest)
        highest = 0 if stairs is None else 2 * int((stairs + self.most).max())
        prize = (min(table.shape) + 2) * (2 * largest + highest + 1)
        if stairs is None:
            places = Places.free(self.most, self.least, prize)
        else:
            places = Places.stairs(stairs, self.least, self.most, prize)
        worth = np.where(self.must, prize, 0)
        found = _Unlisted.of(table, self.demand, worth, places, solve_rounds(table, self.demand, worth, places, effort))
        decided, answer = (Pairs.collect([self.decided, part]) for part in (found.decided, found.answer))
        return replace(found, decided=decided, answer=answer)


def _choose_unlisted(rest: Request, solution: Solution, effort: Effort) -> Pairs:
    """Choose as `faces.choose` does."""
    n, m = rest.table.shape
    quiet = replace(effort, on_round=None)
    left = _Unlisted.of(rest.table, rest.demand, rest.worth, rest.places, solution)
    if rest.previous is not None:
        earlier = rest.previous.rows * m + rest.previous.columns
        left = left.best(lambda rows, columns: np.isin(rows * m + columns, earlier).astype(np.int64), 1, quiet)
    if not left.must.all():
        left = left.best(lambda rows, columns: 0 * rows * columns + 1, 1, quiet)
    if (left.least < left.most).any():
        stairs = rest.load + np.bincount(left.decided.columns, minlength=m)
        left = left.best(lambda rows, columns: 0 * rows * columns, 0, quiet, stairs)
    first, second = rank_in_order(n, m)
    left = left.best(lambda rows, columns: first[rows] * second[columns], int(first[0] * second[0]), quiet)
    left = left.best(lambda rows, columns: draw(rows * m + columns, 1), 1 << 24, quiet)
    return value_pairs(rest.table, left.answer)[0]
