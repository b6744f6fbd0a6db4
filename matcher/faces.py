"""All equally good answers at once, and the choice among them: one aim after the other, none undoing an earlier one.

Prices tell which pairs an optimal answer may use, who must be served and how full each supporter must be; together
these conditions describe every optimal answer (complementary slackness). A further aim is optimised under them, which
gives new prices and narrower conditions, until one answer is left.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from matcher.candidates import Pairs
from matcher.encoding import BoolArray, IntArray
from matcher.flow import LARGEST_SUM, Places, solve_flow
from matcher.prices import Prices, find_prices


@dataclass(frozen=True)
class Face:
    """The optimal answers of an assignment: what all have in common, and what is still open.

    Parameters
    ----------
    pairs : Pairs
        Open pairs, numbered among `rows` and `columns`: each used by some of the answers, by none of them always.
    used : ndarray of bool of shape (n_pairs,)
        Those of one answer.
    demand : ndarray of int of shape (n_rows,)
        Open pairs that each entrepreneur uses at most.
    must : ndarray of bool of shape (n_rows,)
        Whether she uses as many as that in every answer.
    least, most : ndarray of int of shape (n_columns,)
        Open pairs that each supporter has in every answer at least, and at most.
    rows, columns : ndarray of int
        Entrepreneurs and supporters who have open pairs, ascending.
    decided : Pairs
        Pairs that all answers have in common.
    """

    pairs: Pairs
    used: BoolArray
    demand: IntArray
    must: BoolArray
    least: IntArray
    most: IntArray
    rows: IntArray
    columns: IntArray
    decided: Pairs

    @property
    def answer(self) -> Pairs:
        """One of the answers."""
        return Pairs.collect([self.decided, self._numbered(self.used)])

    @property
    def open(self) -> Pairs:
        """The open pairs, numbered among all entrepreneurs and supporters."""
        return self._numbered(np.ones(len(self.pairs), dtype=bool))

    def best(self, gains: IntArray, stairs: IntArray | None = None) -> "Face":
        """Keep the answers with the largest sum of gains.

        Parameters
        ----------
        gains : ndarray of int of shape (n_pairs,)
            Won by using each open pair.
        stairs : ndarray of int of shape (n_columns,), optional
            How high each supporter's load stands without the open pairs: what each of these adds to the sum of the
            squares of the loads counts against the gains. None where loads do not count.

        Returns
        -------
        face : Face
            The best among the answers of this face.

        Notes
        -----
        What all answers have in common (who must be served, least loads) is written as a prize larger than what any
        chain of exchanges can win otherwise: such a chain passes each entrepreneur and each supporter once.
        """
        places, worth = self._write(gains, stairs)
        valued = replace(self.pairs, points=gains)
        used = solve_flow(valued, self.demand, worth, places)
        prices = find_prices(valued, used, self.demand, worth, places)
        return replace(self, used=used)._narrow(gains + worth[self.pairs.rows], prices, places)

    def keep(self, chosen: BoolArray, used: BoolArray) -> "Face":
        """Keep the answers that use only some of the open pairs.

        Parameters
        ----------
        chosen : ndarray of bool of shape (n_pairs,)
            The pairs that may be used.
        used : ndarray of bool of shape (n_pairs,)
            One such answer.

        Returns
        -------
        face : Face
            These answers.
        """
        nothing = np.zeros(len(self.pairs), dtype=bool)
        return replace(self, used=used)._decide(nothing, chosen)._settle()

    def _write(self, gains: IntArray, stairs: IntArray | None) -> tuple[Places, IntArray]:
        """Write what all answers have in common as prizes of places and people."""
        room = np.minimum(self.most, np.bincount(self.pairs.columns, minlength=len(self.most)))
        highest = 0 if stairs is None else 2 * int((stairs + room).max())
        chain = min(len(self.rows), len(self.columns)) + 2
        prize = chain * (2 * int(np.abs(gains).max()) + highest + 1)
        least = np.minimum(self.least, room)
        places = Places.free(room, least, prize) if stairs is None else Places.stairs(stairs, least, room, prize)
        return places, np.where(self.must, prize, 0)

    def _narrow(self, wins: IntArray, prices: Prices, places: Places) -> "Face":
        """Keep what obeys the prices of an optimal answer, and decide what is no longer open."""
        slack = wins - prices.people[self.pairs.rows] - prices.places[self.pairs.columns]
        least, most = places.within(prices.places)
        face = replace(self, must=prices.people > 0, least=least, most=most)
        return face._decide(self.used & (slack > 0), slack == 0)._settle()

    def _settle(self) -> "Face":
        """Decide the pairs that no exchange reaches."""
        labels = self._find_circles()
        free = labels[self.pairs.rows] == labels[len(self.rows) + self.pairs.columns]
        return self._decide(self.used & ~free, free)._shrink()

    def _find_circles(self) -> IntArray:
        """Give one number to all entrepreneurs and supporters who can exchange in a circle.

        A pair may change if and only if it lies on a circle of possible changes: taking an unused pair, giving up a
        used one, and beginning or ending outside where loads and demands leave room.
        """
        n, m = len(self.rows), len(self.columns)
        rows, columns, outside = self.pairs.rows, n + self.pairs.columns, n + m
        count = np.bincount(rows[self.used], minlength=n)
        load = np.bincount(self.pairs.columns[self.used], minlength=m)
        more, fewer = np.flatnonzero(~self.must & (count < self.demand)), np.flatnonzero(~self.must & (count > 0))
        fill, clear = n + np.flatnonzero(load < self.most), n + np.flatnonzero(load > self.least)
        sources = [rows[~self.used], columns[self.used], np.full(len(more), outside), fewer, fill]
        targets = [columns[~self.used], rows[self.used], more, np.full(len(fewer), outside)]
        starts = np.concatenate([*sources, np.full(len(clear), outside)])
        ends = np.concatenate([*targets, np.full(len(fill), outside), clear])
        order = np.argsort(starts, kind="stable")
        runs = np.searchsorted(starts[order], np.arange(outside + 2))
        graph = sparse.csr_array((np.ones(len(starts)), ends[order], runs), shape=(outside + 1,) * 2)
        labels: IntArray = connected_components(graph, connection="strong")[1]
        return labels

    def _decide(self, sure: BoolArray, kept: BoolArray) -> "Face":
        """Move sure pairs to the decided ones and keep some of the others."""
        if not sure.any():
            return replace(self, pairs=self.pairs.take(kept), used=self.used[kept])
        rows, columns = self.pairs.rows[sure], self.pairs.columns[sure]
        n, m = len(self.rows), len(self.columns)
        load = np.bincount(columns, minlength=m)
        return replace(
            self,
            pairs=self.pairs.take(kept),
            used=self.used[kept],
            demand=self.demand - np.bincount(rows, minlength=n),
            least=np.maximum(self.least - load, 0),
            most=self.most - load,
            decided=Pairs.chain([self.decided, self._numbered(sure)]),
        )

    def _shrink(self) -> "Face":
        """Forget entrepreneurs and supporters without open pairs."""
        rows, row_of = _number(self.pairs.rows, len(self.rows))
        columns, column_of = _number(self.pairs.columns, len(self.columns))
        return replace(
            self,
            pairs=Pairs(row_of, column_of, self.pairs.points),
            demand=self.demand[rows],
            must=self.must[rows],
            least=self.least[columns],
            most=self.most[columns],
            rows=self.rows[rows],
            columns=self.columns[columns],
        )

    def _numbered(self, chosen: BoolArray) -> Pairs:
        pairs = self.pairs.take(chosen)
        return Pairs(self.rows[pairs.rows], self.columns[pairs.columns], pairs.points)


def _number(ends: IntArray, count: int) -> tuple[IntArray, IntArray]:
    """Give the ends that occur, ascending, and where each is among them: `np.unique` without sorting."""
    there = np.bincount(ends, minlength=count) > 0
    return np.flatnonzero(there), (np.cumsum(there) - 1)[ends]


def find_face(pairs: Pairs, wins: IntArray, used: BoolArray, prices: Prices, demand: IntArray, places: Places) -> Face:
    """Describe all answers that are as good as an optimal one.

    Parameters
    ----------
    pairs : Pairs
        All pairs that win what both ends ask, and others.
    wins : ndarray of int of shape (n_pairs,)
        What each pair wins.
    used : ndarray of bool of shape (n_pairs,)
        The optimal answer.
    prices : Prices
        Its proof.
    demand, places
        What it was made for: see `flow.solve_flow`.

    Returns
    -------
    face : Face
        These answers.
    """
    nothing = np.zeros(0, dtype=np.int64)
    n, m = len(demand), places.n_columns
    face = Face(
        pairs=pairs,
        used=used,
        demand=demand,
        must=np.zeros(n, dtype=bool),
        least=np.zeros(m, dtype=np.int64),
        most=places.most,
        rows=np.arange(n),
        columns=np.arange(m),
        decided=Pairs(nothing, nothing, nothing),
    )
    return face._narrow(wins, prices, places)


def choose(face: Face, previous: Pairs | None, load: IntArray) -> Pairs:
    """Choose one among equally good answers.

    Parameters
    ----------
    face : Face
        The answers.
    previous : Pairs or None
        Pairs of an earlier answer: as many as can be are kept.
    load : ndarray of int of shape (m,)
        People whom each supporter helps besides.

    Returns
    -------
    answer : Pairs
        Of the answers that keep most previous pairs those that fill most places, of these those with the smallest sum
        of squared loads, of these those with the largest sum of `(n - i) * (m - j)`, counted among open entrepreneurs
        i and supporters j in input order: earlier entrepreneurs come first and get earlier supporters. Should several
        be left, numbers drawn from the places of both ends decide.
    """
    if previous is not None and len(face.pairs):
        m = len(load)
        kept = np.isin(face.open.rows * m + face.open.columns, previous.rows * m + previous.columns)
        face = face.best(kept.astype(np.int64))
    if not face.must.all():
        face = face.best(np.ones(len(face.pairs), dtype=np.int64))
    if (face.least < face.most).any():
        loads = load + np.bincount(face.decided.columns, minlength=len(load))
        face = face.best(np.zeros(len(face.pairs), dtype=np.int64), stairs=loads[face.columns])
    if len(face.pairs):
        first, second = rank_in_order(len(face.rows), len(face.columns))
        face = face.best(first[face.pairs.rows] * second[face.pairs.columns])
    turn = 0
    while len(face.pairs):
        turn += 1
        face = face.best(draw(face.open.rows * len(load) + face.open.columns, turn))
    return face.answer


def rank_in_order(n: int, m: int) -> tuple[IntArray, IntArray]:
    """Rank entrepreneurs and supporters in input order, the first highest.

    Parameters
    ----------
    n, m : int
        How many there are.

    Returns
    -------
    first, second : ndarray of int of shapes (n,) and (m,)
        `n - i` and `m - j`, or as many classes as the solver's numbers can tell apart where there are very many.
    """
    most = math.isqrt(LARGEST_SUM // (4 * (n + m + 2) * (min(n, m) + 3)))
    first, second = ((size - np.arange(size)) * min(size, most) // size for size in (n, m))
    return first, second


def draw(keys: IntArray, turn: int) -> IntArray:
    """Draw a number below 2**24 for each pair.

    Parameters
    ----------
    keys : ndarray of int
        Number of each pair, row by row.
    turn : int
        Another turn draws other numbers.

    Returns
    -------
    drawn : ndarray of int, shaped like keys
        The same on every machine: the mixing of bits of Steele, Lea and Flood (2014). doi:10.1145/2660193.2660195
    """
    with np.errstate(over="ignore"):
        mixed = keys.astype(np.uint64) + np.uint64(turn * 0x9E3779B97F4A7C15 % 2**64)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    drawn: IntArray = (mixed >> np.uint64(40)).astype(np.int64)
    return drawn
