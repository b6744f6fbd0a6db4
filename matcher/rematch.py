"""Small changes to an assignment, answered at once: exact again, proven again, and few people moved.

Somebody arrives or leaves, a pair is refused, a place appears or goes, a pair is settled. Each is one or two chains of
moves on the prices that prove the standing answer; nothing is solved anew.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.assignment import Assignment
from matcher.candidates import FORBIDDEN, Points
from matcher.chains import ABSENT, Board
from matcher.checks import check_setting, whole
from matcher.encoding import BoolArray, FloatArray
from matcher.errors import ImpossibleChangeError
from matcher.moves import Forgone, Move
from matcher.outset import Outset
from matcher.tables import Blocks, points_of_pairs, read_scores, whole_numbers


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


class Standing:
    """An exact assignment that stands, ready for small changes. Nothing in it changes: each change gives a new one.

    Made by `Standing.begin`. Whom it is about is present or absent, waits or is served, and may be held: settled with
    a supporter, not to be moved by any other change. Every question about a row or a column that is not there raises
    InvalidSettingsError.

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

    def __init__(self, *, outset: Outset, board: Board) -> None:
        self._outset = outset
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
            If the assignment is not one that changes can be made to, its prices do not prove it for this capacity, or
            its pairs are worth something else by these scores, unit and bonus.
        ImpossibleChangeError
            If somebody is held who has nobody, or served who is absent.
        InvalidShapeError, InvalidCapacityError, InvalidSettingsError
            If the arguments do not fit together, or somebody is held who is not there.

        Notes
        -----
        Time: proportional to people and supporters, where the scores have `points_of_pairs` or are an array; else one
        walk over the pairs of everybody served. With `warm`, two walks more over all pairs.
        """
        table = read_scores(scores, unit)
        n, m = table.shape
        outset = Outset(table=table, first=assignment, bonus=whole_numbers("bonus", 0 if bonus is None else bonus, n))
        places = whole_numbers("capacity", capacity, m)
        here = np.ones(n, dtype=bool) if present is None else np.array(present, dtype=bool)
        settled = np.zeros(n, dtype=bool)
        for row in held:
            settled[_known("held", row, n)] = True
        outset.check(places, here, settled)
        board = outset.lay_out(places, here, settled)
        if warm:
            outset.look_around(board)
        return cls(outset=outset, board=board)

    @cached_property
    def assignment(self) -> Assignment:
        """The answer with its proof, as `assign` gives it; `gap` is worked out from the prices, and is 0."""
        first, board = self._outset.first, self._board
        served = board.supporters >= 0
        own_price = np.append(board.prices, 0)[board.supporters]
        people = np.where(board.held, board.worth + board.points - own_price, board.asked + board.worth)
        people[~board.present] = 0
        number = int(np.count_nonzero(served))
        total = int((board.points + self._outset.bonus)[served].sum())
        upper_bound = int(people.sum() + board.capacity @ board.prices) - first.unserved * number
        return replace(
            first,
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
        self._find(row=row)
        _require(not self.present[row], "is there already", row=row)
        board = self._board.copy()
        board.before[row] = ABSENT
        board.seat(row)
        return self._close(board, row)

    def leave(self, row: int) -> Rearrangement:
        """Let somebody go, held or not; raises ImpossibleChangeError if she is absent."""
        self._find(row=row)
        _require(bool(self.present[row]), "is absent", row=row)
        board = self._board.copy()
        board.vacate(row)
        return self._close(board, row)

    def refuse(self, row: int, column: int) -> Rearrangement:
        """Rule a pair out for ever, held or not; if it stands, she gets the best that is left."""
        self._find(row=row, column=column)
        board = self._board.copy()
        board.refused |= {(row, column)}
        if self.supporters[row] == column:
            board.vacate(row)
            board.seat(row)
        return self._close(board, row)

    def open_place(self, column: int) -> Rearrangement:
        """Give a supporter one place more."""
        self._find(column=column)
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
        self._find(column=column)
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
        self._find(row=row, column=column)
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
        self._find(row=row, column=column)
        points = self._allowed_points(row, column)
        change = self.hold(row, column)
        return Forgone(
            row=row,
            column=column,
            points=points,
            served=-change.served,
            total=-change.total,
            # The prices of a held pair say nothing of its worth; it stands, so it costs nothing.
            at_least=0 if self.held[row] else int(self._board.asked[row] + self._board.prices[column]) - points,
            price=-change.total - self._outset.first.unserved * change.served,
            moves=change.moves,
        )

    def points_of(self, row: int) -> FloatArray:
        """Give the whole points of one entrepreneur with every supporter, `FORBIDDEN` where not allowed or refused."""
        self._find(row=row)
        points = np.array(self._outset.table.points(np.array([row]))[0])
        points[[column for one, column in self.refused if one == row]] = FORBIDDEN
        return points

    def _find(self, **places: int) -> None:
        """Refuse a row or a column that is not there."""
        for name, place in places.items():
            _known(name, place, len(self.present if name == "row" else self.capacity))

    def _allowed_points(self, row: int, column: int) -> int:
        points = points_of_pairs(self._outset.table, np.array([row]), np.array([column]))[0]
        is_allowed = bool(points > FORBIDDEN) and (row, column) not in self.refused
        _require(is_allowed, "is not allowed", row=row, column=column)
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
            standing=Standing(outset=self._outset, board=board),
            moves=tuple(sorted(moves, key=lambda move: move.row != about)),
            served=int(gained.sum()),
            total=int((gained * self._outset.bonus[rows] + board.points[rows] - before.points[rows]).sum()),
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


def _known(name: str, place: int, count: int) -> int:
    """Refuse a place that is not there: counted from the end, a number below 0 would name somebody else."""
    check_setting(name, place, whole(0, count - 1)(place), f"a whole number from 0, below {count}")
    return int(place)


def _require(holds: bool, why: str, *, row: int | None = None, column: int | None = None) -> None:
    if not holds:
        raise ImpossibleChangeError(why=why, row=row, column=column)
