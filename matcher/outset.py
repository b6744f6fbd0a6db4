"""Where small changes of an assignment begin: the answer as it came, checked, and laid out for moves."""

from dataclasses import dataclass
from typing import cast

import numpy as np

from matcher.assignment import Assignment
from matcher.candidates import BLOCK_PAIRS, FORBIDDEN, Points, walk
from matcher.chains import Board
from matcher.encoding import BoolArray, FloatArray, IntArray
from matcher.errors import ImpossibleChangeError, InvalidShapeError, SolveAnewError
from matcher.shortlists import Shortlists
from matcher.tables import points_of_pairs

DIGITS = 16
"""The base of two-digit costs is this many times the people and supporters there are: digits are sums of at most two
chains, each of which moves everybody once at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outset:
    """What no change changes: the scores, and the assignment that it all began with.

    Parameters
    ----------
    table : Points
        What was assigned.
    first : Assignment
        The answer.
    bonus : ndarray of int of shape (n_entrepreneurs,)
        Points won by serving each entrepreneur, besides those of the pair.
    """

    table: Points
    first: Assignment
    bonus: IntArray

    def check(self, capacity: IntArray, present: BoolArray, held: BoolArray) -> None:
        """Refuse an assignment that its prices do not prove, or that changes cannot be made to.

        Parameters
        ----------
        capacity : ndarray of int of shape (n_supporters,)
            Places.
        present, held : ndarray of bool of shape (n_entrepreneurs,)
            Who is there, and who is settled.

        Raises
        ------
        InvalidShapeError, SolveAnewError, ImpossibleChangeError
            See `rematch.Standing.begin`.
        """
        self._check_kind(present)
        self._check_prices(capacity, present, held)
        supporters = self.first.supporters[:, 0]
        for rows, why in (
            (held & (supporters < 0), "is held and has nobody"),
            (~present & (supporters >= 0), "is absent"),
        ):
            if rows.any():
                raise ImpossibleChangeError(why=why, row=int(rows.argmax()))
        self._check_points(held)

    def _check_kind(self, present: BoolArray) -> None:
        first, shape = self.first, self.table.shape
        answered = (len(first.entrepreneur_prices), len(first.supporter_prices))
        for name, found, expected in (("assignment", answered, shape), ("present", present.shape, shape[:1])):
            if found != expected:
                raise InvalidShapeError(name=name, shape=found, expected=expected)
        if first.supporters.shape[1:] != (1,):
            raise SolveAnewError(why="somebody has a demand of more than one")
        if first.fairness is not None:
            raise SolveAnewError(why="its aim is the fairest answer, which prices do not prove")
        if first.with_minimum:
            raise SolveAnewError(why="supporters have least loads, which changes do not keep")

    def _check_prices(self, capacity: IntArray, present: BoolArray, held: BoolArray) -> None:
        first, supporters = self.first, self.first.supporters[:, 0]
        load = np.bincount(supporters[supporters >= 0], minlength=len(capacity))
        people, prices = first.entrepreneur_prices, first.supporter_prices
        if first.gap or (people[~held] < 0).any() or (prices < 0).any() or (load > capacity).any():
            raise SolveAnewError(why="the prices are not those of an assignment with these places")
        if prices[load < capacity].any() or people[(supporters < 0) & present].any():
            raise SolveAnewError(why="a place left or a person who waits has a price")

    def _check_points(self, held: BoolArray) -> None:
        """Compare what pairs are worth with what their two ends keep: where they differ, other scores were assigned."""
        first, supporters = self.first, self.first.supporters[:, 0]
        rows = np.flatnonzero(supporters >= 0)
        points = points_of_pairs(self.table, rows, supporters[rows])
        kept = first.entrepreneur_prices[rows] + first.supporter_prices[supporters[rows]]
        same = held[rows] | (points == kept - self.bonus[rows] - first.unserved)
        if not (same & (points > FORBIDDEN)).all():
            raise SolveAnewError(why="its pairs are worth something else by these scores, unit and bonus")

    def lay_out(self, capacity: IntArray, present: BoolArray, held: BoolArray) -> Board:
        """Put the first assignment on a board.

        Parameters
        ----------
        capacity, present, held
            See `check`; the board takes them as its own.

        Returns
        -------
        board : Board
            The answer with its prices, ready for moves.
        """
        (n, m), first = self.table.shape, self.first
        supporters = first.supporters[:, 0].astype(np.int64)
        worth = self.bonus + first.unserved
        asked, prices = first.entrepreneur_prices - worth, first.supporter_prices.astype(np.int64)
        points = np.where(supporters >= 0, asked + np.append(prices, 0)[supporters], 0)
        settled = np.flatnonzero(held)
        # The prices of pairs that were fixed say nothing of their worth.
        points[settled] = points_of_pairs(self.table, settled, supporters[settled])
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
        """Make all lists of close pairs.

        Parameters
        ----------
        board : Board
            Made by `lay_out`.
        """
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
