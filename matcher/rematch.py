"""Small changes to an assignment, answered at once: exact again, proven again, and few people moved.

Somebody arrives or leaves, a pair is refused, a place appears or goes, a pair is settled. Each is one or two chains of
moves on the prices that prove the standing answer; nothing is solved anew.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from matcher.assignment import Assignment
from matcher.candidates import BLOCK_PAIRS, FORBIDDEN, Points, walk
from matcher.chains import ABSENT, Board
from matcher.encoding import BoolArray, FloatArray, IntArray
from matcher.errors import ImpossibleChangeError, SolveAnewError
from matcher.shortlists import Shortlists
from matcher.tables import Blocks, read_scores, whole_numbers

DIGITS = 16
"""The base of two-digit costs is this many times the people and supporters there are: digits are sums of at most two
chains, each of which moves everybody once at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One entrepreneur whose supporter changed.

    Parameters
    ----------
    row : int
        Who.
    before, after : int
        Columns of the supporters, -1 for nobody.
    """

    row: int
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rearrangement:
    """What a change led to.

    Parameters
    ----------
    standing : Standing
        The answer after it.
    moves : tuple of Move
        Everybody whose supporter is another one now, or nobody, or no longer nobody: whom the change was about first,
        then in input order.
    served : int
        People served more than before; negative if fewer.
    total : int
        Points more than before; negative if fewer.
    """

    standing: "Standing"
    moves: tuple[Move, ...]
    served: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgone:
    """What choosing a pair would cost.

    Parameters
    ----------
    row, column : int
        The pair.
    points : int
        What it is worth by itself, without bonus.
    served : int
        People served less, in all, if it were chosen: 0 or more when the answer serves as many as can be.
    total : int
        Points less, in all; may be negative where fewer are served.
    at_least : int
        What its two ends ask above its worth, at today's prices: a lower bound of the price, read without any search.
    price : int
        The exact price in the units of the proof, `unserved` included for whoever is served no more.
    moves : tuple of Move
        Who would change: the entrepreneur herself first, then the others in input order.
    """

    row: int
    column: int
    points: int
    served: int
    total: int
    at_least: int
    price: int
    moves: tuple[Move, ...]


class Standing:
    """An exact assignment that stands, ready for small changes. Nothing in it changes: each change gives a new one.

    Made by `Standing.begin`. Whom it is about is present or absent, waits or is served, and may be held: settled with
    a supporter, not to be moved by any other change.

    Attributes
    ----------
    supporters : ndarray of int of shape (n_entrepreneurs,)
        Column of the supporter, -1 for nobody.
    present, held : ndarray of bool of shape (n_entrepreneurs,)
        Who is there, and who is settled.
    capacity : ndarray of int of shape (n_supporters,)
        Places.
    refused : frozenset of tuple of int
        Pairs that were refused since the beginning.

    Notes
    -----
    Exact: the standing prices are feasible over all allowed pairs and tight on the pairs chosen. Every change is one
    or two augmentations along a shortest path of the residual graph, which keeps both (Ahuja, Magnanti and Orlin,
    successive shortest paths; the idea of repairing an assignment so is Mills-Tettey, Stentz and Dias's). Dijkstra's
    method looks at a pair only where a bound does not already rule it out, see `matcher.shortlists`.

    Few changes: among all optimal answers of the changed problem, the one found keeps as many pairs of the standing
    one as can be. Proof: give every present pair (waiting counts as one) a bonus smaller than any difference of points.
    The standing answer is optimal for these scores too, with prices that differ by one bonus per person. Successive
    shortest paths on the bonus scores therefore end at an optimum of the bonus scores, which is that answer. Both
    augmentations of one change use the bonus of the answer before it.

    Time: the part of the market that the chain could have passed, usually tens of supporters; at worst all pairs.
    Memory: `matcher.shortlists`, shared by all standings that come from one another.

    References
    ----------
    Ahuja, R. K., Magnanti, T. L., Orlin, J. B. (1993). Network Flows, chapter 9. Prentice Hall. ISBN 0-13-617549-X
    Mills-Tettey, G. A., Stentz, A., Dias, M. B. (2007). The dynamic Hungarian algorithm for the assignment problem with
    changing costs. Technical report CMU-RI-TR-07-27, Carnegie Mellon University.

    Examples
    --------
    >>> from matcher.assignment import assign
    >>> scores, capacity = np.array([[0.9, 0.8], [0.9, np.nan]]), np.array([1, 1])
    >>> standing = Standing.begin(scores, assign(scores, capacity), capacity)
    >>> standing.leave(1).moves
    (Move(row=1, before=0, after=-1), Move(row=0, before=1, after=0))
    """

    def __init__(self, *, market: "_Market", board: Board) -> None:
        self._market = market
        self._board = board
        self.supporters = board.supporters
        self.present = board.present
        self.held = board.held
        self.capacity = board.capacity
        self.refused = board.refused

    @classmethod
    def begin(
        cls,
        scores: Points | Blocks | NDArray[Any],
        assignment: Assignment,
        capacity: NDArray[Any],
        *,
        bonus: NDArray[Any] | None = None,
        unit: float = 1e-6,
        held: Iterable[int] = (),
        present: BoolArray | None = None,
        warm: bool = False,
    ) -> "Standing":
        """Take an assignment as it came from `assign`.

        Parameters
        ----------
        scores : Points, Blocks or array_like of float of shape (n_entrepreneurs, n_supporters)
            What was assigned.
        assignment : Assignment
            The answer: a demand of one, no minimum loads, aim `total` or `most_served`.
        capacity : array_like of int of shape (n_supporters,)
            Places that it was made with.
        bonus : array_like of int of shape (n_entrepreneurs,), optional
            As it was made with.
        unit : float
            As it was made with.
        held : iterable of int
            Entrepreneurs who stay with the supporter they have, whatever comes; pairs that were fixed must be held.
        present : ndarray of bool of shape (n_entrepreneurs,), optional
            Who is there; the others were solved as rows without an allowed pair, and may `arrive`. None for everybody.
        warm : bool
            Whether to look at all pairs now, so that first changes are as fast as later ones.

        Returns
        -------
        standing : Standing
            The same answer, ready for changes.

        Raises
        ------
        SolveAnewError
            If the assignment is not one that changes can be made to, or its prices do not prove it for this capacity.
        ImpossibleChangeError
            If somebody is held who has nobody, or served who is absent.

        Notes
        -----
        Time: proportional to people and supporters; with `warm`, two walks over all pairs.
        """
        table = read_scores(scores, unit)
        n, m = table.shape
        market = _Market(table=table, first=assignment, bonus=whole_numbers("bonus", 0 if bonus is None else bonus, n))
        capacity = whole_numbers("capacity", capacity, m)
        here = np.ones(n, dtype=bool) if present is None else np.array(present, dtype=bool)
        settled = np.zeros(n, dtype=bool)
        settled[list(held)] = True
        _check(market, capacity, here, settled)
        board = market.lay_out(capacity, here, settled)
        if warm:
            market.look_around(board)
        return cls(market=market, board=board)

    @cached_property
    def assignment(self) -> Assignment:
        """The answer with its proof, as `assign` gives it; `gap` is worked out from the prices, and is 0."""
        market, board = self._market, self._board
        served = board.supporters >= 0
        own_price = np.append(board.prices, 0)[board.supporters]
        people = np.where(board.held, board.worth + board.points - own_price, board.asked + board.worth)
        people[~board.present] = 0
        number = int(np.count_nonzero(served))
        total = int((board.points + market.bonus)[served].sum())
        upper_bound = int(people.sum() + board.capacity @ board.prices) - market.first.unserved * number
        return replace(
            market.first,
            supporters=board.supporters[:, None],
            served=number,
            total=total,
            upper_bound=upper_bound,
            gap=upper_bound - total,
            entrepreneur_prices=people,
            supporter_prices=board.prices,
            rounds=0,
        )

    def arrive(self, row: int) -> Rearrangement:
        """Let somebody in who was absent; raises ImpossibleChangeError if she is there."""
        _require(not self.present[row], "is there already", row=row)
        board = self._board.copy()
        board.before[row] = ABSENT
        board.seat(row)
        return self._close(board, row)

    def leave(self, row: int) -> Rearrangement:
        """Let somebody go, held or not; raises ImpossibleChangeError if she is absent."""
        _require(bool(self.present[row]), "is absent", row=row)
        board = self._board.copy()
        board.vacate(row)
        return self._close(board, row)

    def refuse(self, row: int, column: int) -> Rearrangement:
        """Rule a pair out for ever, held or not; if it stands, she gets the best that is left."""
        board = self._board.copy()
        board.refused |= {(row, column)}
        if self.supporters[row] == column:
            board.vacate(row)
            board.seat(row)
        return self._close(board, row)

    def open_place(self, column: int) -> Rearrangement:
        """Give a supporter one place more."""
        board = self._board.copy()
        board.capacity[column] += 1
        board.fill(column)
        return self._close(board)

    def close_place(self, column: int) -> Rearrangement:
        """Take one place away from a supporter.

        Raises
        ------
        ImpossibleChangeError
            If he has none.
        NoRoomError
            If everybody there is held.
        """
        _require(self.capacity[column] > 0, "has no place", column=column)
        board = self._board.copy()
        board.capacity[column] -= 1
        if len(board.people[column]) > board.capacity[column]:
            board.make_room(column)
        return self._close(board)

    def hold(self, row: int, column: int) -> Rearrangement:
        """Settle a pair, whether it stands or not: it is chosen, and no later change moves it.

        Raises
        ------
        ImpossibleChangeError
            If she is absent or held elsewhere, the pair is not allowed, or the supporter has no place at all.
        NoRoomError
            If every place of the supporter is held.
        """
        _require(bool(self.present[row]), "is absent", row=row, column=column)
        stands = bool(self.supporters[row] == column)
        _require(stands or not self.held[row], "is held elsewhere", row=row, column=column)
        _require(stands or self.capacity[column] > 0, "has no place", row=row, column=column)
        board = self._board.copy()
        if not stands:
            points = self._allowed_points(row, column)
            board.vacate(row)
            board.present[row] = True
            board.attach(row, column, points)
        board.held[row] = True
        if len(board.people[column]) > board.capacity[column]:
            board.make_room(column)
        return self._close(board, row)

    def weigh(self, row: int, column: int) -> Forgone:
        """Work out what choosing a pair would cost; see `why_not`."""
        points = self._allowed_points(row, column)
        change = self.hold(row, column)
        return Forgone(
            row=row,
            column=column,
            points=points,
            served=-change.served,
            total=-change.total,
            at_least=int(self._board.asked[row] + self._board.prices[column]) - points,
            price=-change.total - self._market.first.unserved * change.served,
            moves=change.moves,
        )

    def points_of(self, row: int) -> FloatArray:
        """Give the whole points of one entrepreneur with every supporter, `FORBIDDEN` where not allowed or refused."""
        points = np.array(self._market.table.points(np.array([row]))[0])
        points[[column for one, column in self.refused if one == row]] = FORBIDDEN
        return points

    def _allowed_points(self, row: int, column: int) -> int:
        points = self.points_of(row)[column]
        _require(bool(points > FORBIDDEN), "is not allowed", row=row, column=column)
        return int(points)

    def _close(self, board: Board, about: int | None = None) -> Rearrangement:
        before = self._board
        board.refresh_lists()
        rows = np.flatnonzero(before.supporters != board.supporters)
        moves = [
            Move(row=row, before=int(before.supporters[row]), after=int(board.supporters[row])) for row in rows.tolist()
        ]
        now, then = board.supporters[rows] >= 0, before.supporters[rows] >= 0
        gained = now.astype(np.int64) - then
        return Rearrangement(
            standing=Standing(market=self._market, board=board),
            moves=tuple(sorted(moves, key=lambda move: move.row != about)),
            served=int(gained.sum()),
            total=int((gained * self._market.bonus[rows] + board.points[rows] - before.points[rows]).sum()),
        )


def why_not(standing: Standing, row: int, column: int) -> Forgone:
    """Say what choosing a pair would cost all others together.

    Parameters
    ----------
    standing : Standing
        The answer.
    row, column : int
        An allowed pair, chosen or not.

    Returns
    -------
    forgone : Forgone
        The best answer less the best answer with this pair in it, exactly, and who would change in between.

    Raises
    ------
    ImpossibleChangeError, NoRoomError
        As `Standing.hold`.

    Notes
    -----
    `at_least` is the pair's reduced cost: no answer with this pair is nearer to the best one (linear programming
    duality). The exact price is the length of the shortest alternating cycle through the pair: where her place goes,
    and where whoever makes room finds another. It is found as two shortest paths one after the other. Time: as for a
    change.

    Examples
    --------
    >>> from matcher.assignment import assign
    >>> scores, capacity = np.array([[0.9, 0.8], [0.9, 0.3]]), np.array([1, 1])
    >>> forgone = why_not(Standing.begin(scores, assign(scores, capacity), capacity), 0, 0)
    >>> forgone.points, forgone.total, len(forgone.moves)
    (900000, 500000, 2)
    """
    return standing.weigh(row, column)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Market:
    """What no change changes: the scores, and the assignment that it all began with."""

    table: Points
    first: Assignment
    bonus: IntArray

    def lay_out(self, capacity: IntArray, present: BoolArray, held: BoolArray) -> Board:
        """Put the first assignment on a board."""
        (n, m), first = self.table.shape, self.first
        supporters = first.supporters[:, 0].astype(np.int64)
        worth = self.bonus + first.unserved
        asked, prices = first.entrepreneur_prices - worth, first.supporter_prices.astype(np.int64)
        points = np.where(supporters >= 0, asked + np.append(prices, 0)[supporters], 0)
        settled = np.flatnonzero(held)
        # The prices of pairs that were fixed say nothing of their worth.
        points[settled] = self.table.points(settled)[np.arange(len(settled)), supporters[settled]]
        order = np.argsort(supporters, kind="stable")
        ends = np.cumsum(np.bincount(supporters[supporters >= 0], minlength=m))
        groups = np.split(order[np.count_nonzero(supporters < 0) :], ends[:-1]) if m else []
        return Board(
            row_lists=Shortlists(self.table.points, self._points_of_columns, (n, m)),
            column_lists=Shortlists(self._points_of_columns, self.table.points, (m, n)),
            refused=frozenset(),
            worth=worth,
            before=supporters,
            supporters=supporters,
            points=points,
            present=present,
            held=held,
            people=[tuple(group.tolist()) for group in groups],
            capacity=capacity,
            prices=prices,
            asked=asked,
            unit=1 << (DIGITS * (n + m + 1)).bit_length(),
        )

    def look_around(self, board: Board) -> None:
        """Make all lists of close pairs."""
        for lists, size, prices in (
            (board.row_lists, self.table.shape[0], board.prices),
            (board.column_lists, self.table.shape[1], board.asked),
        ):
            step = max(1, BLOCK_PAIRS // max(1, len(prices)))
            for start in range(0, size, step):
                lists.look(list(range(start, min(size, start + step))), prices)

    def _points_of_columns(self, columns: IntArray) -> FloatArray:
        """Give the points of some columns, shape `(len(columns), n_entrepreneurs)`."""
        if hasattr(self.table, "points_of_columns"):
            return cast(FloatArray, self.table.points_of_columns(columns)).T
        blocks = walk(
            self.table.shape,
            lambda start, stop: self.table.points(slice(start, stop))[:, columns],
            block_size=None,
            n_jobs=1,
        )
        return np.concatenate(list(blocks)).T


def _check(market: _Market, capacity: IntArray, present: BoolArray, held: BoolArray) -> None:
    """Refuse an assignment that the prices do not prove, or that changes cannot be made to."""
    first = market.first
    if first.supporters.shape[1:] != (1,):
        raise SolveAnewError(why="somebody has a demand of more than one")
    if first.fairness is not None:
        raise SolveAnewError(why="its aim is the fairest answer, which prices do not prove")
    supporters = first.supporters[:, 0]
    load = np.bincount(supporters[supporters >= 0], minlength=len(capacity))
    people, prices = first.entrepreneur_prices, first.supporter_prices
    if first.gap or (people[~held] < 0).any() or (prices < 0).any() or (load > capacity).any():
        raise SolveAnewError(why="the prices are not those of an assignment with these places")
    if prices[load < capacity].any() or people[(supporters < 0) & present].any():
        raise SolveAnewError(why="a place left or a person who waits has a price")
    for rows, why in ((held & (supporters < 0), "is held and has nobody"), (~present & (supporters >= 0), "is absent")):
        if rows.any():
            raise ImpossibleChangeError(why=why, row=int(rows.argmax()))


def _require(holds: bool, why: str, *, row: int | None = None, column: int | None = None) -> None:
    if not holds:
        raise ImpossibleChangeError(why=why, row=row, column=column)
