"""Who competes for too few places: a group that cannot all have what it needs, and of which nobody can be left out."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.candidates import Pairs, Points, all_pairs
from matcher.encoding import BoolArray, IntArray
from matcher.flow import Places, solve_flow
from matcher.tables import Blocks, RestPoints, read_scores, whole_numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Bottleneck:
    """A group that needs more places than can be had.

    Parameters
    ----------
    entrepreneurs : tuple of int
        Rows who compete.
    supporters : tuple of int
        Columns: all whom at least one of them may have.
    missing : int
        Places that they need beyond those that these supporters can give them.
    """

    entrepreneurs: tuple[int, ...]
    supporters: tuple[int, ...]
    missing: int


@dataclass(frozen=True)
class Contest:
    """Needs on one side, room on the other: pairs carry one place each, their rows need and their columns give."""

    pairs: Pairs
    need: IntArray
    room: IntArray

    def find_group(self) -> IntArray:
        """Find a group of rows that needs more than all columns can give it, none of whom can be left out.

        Returns
        -------
        group : ndarray of int
            Rows, ascending; empty if every need can be met.

        Notes
        -----
        One row that is short by itself is looked for first. Else rows join in order of how many columns they reach,
        until they cannot all be served; where the last one's need is a single place, the rows reached from her by
        exchanges are the only group among them of which no part is short of places. Greater needs are then checked row
        by row. Other groups may have fewer rows: to find the fewest is NP-hard (the girth of a transversal matroid).
        """
        within = np.bincount(self.pairs.rows[self.room[self.pairs.columns] > 0], minlength=len(self.need))
        alone = np.flatnonzero(self.need > within)
        if len(alone):
            return alone[:1]
        order = np.lexsort((np.arange(len(self.need)), np.bincount(self.pairs.rows, minlength=len(self.need))))
        if self.missing(order) == 0:
            return order[:0]
        low, high = 0, len(order)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self.missing(order[:middle]) else (middle, high)
        group = self._reach(order[:high])
        if (self.need[group] > 1).any():
            for row in group.tolist():
                rest = group[group != row]
                group = rest if self.missing(rest) else group
        return np.sort(group)

    def missing(self, group: IntArray) -> int:
        """Places that a group of rows cannot have."""
        return int(self.need[group].sum()) - int(np.count_nonzero(self._serve(group)))

    def reached(self, group: IntArray) -> tuple[int, ...]:
        """Columns that at least one row of a group may have."""
        found: list[int] = np.unique(self.pairs.columns[np.isin(self.pairs.rows, group)]).tolist()
        return tuple(found)

    def _serve(self, group: IntArray) -> BoolArray:
        need = np.zeros_like(self.need)
        need[group] = self.need[group]
        gain = Pairs(self.pairs.rows, self.pairs.columns, np.ones(len(self.pairs), dtype=np.int64))
        return solve_flow(gain, need, np.zeros_like(need), Places.free(self.room))

    def _reach(self, group: IntArray) -> IntArray:
        """Take the rows that a row in want could take places from, these rows' rivals, and so on."""
        used = self._serve(group)
        rows, columns = self.pairs.rows, self.pairs.columns
        got = np.bincount(rows[used], minlength=len(self.need))
        asks, asked = np.zeros(len(self.need), dtype=bool), np.zeros(len(self.room), dtype=bool)
        asks[group] = got[group] < self.need[group]
        while True:
            asked[columns[asks[rows] & ~used]] = True
            rivals = np.unique(rows[used & asked[columns]])
            if asks[rivals].all():
                return np.flatnonzero(asks)
            asks[rivals] = True


def find_bottleneck(
    scores: Points | Blocks | NDArray[Any],
    capacity: IntArray,
    *,
    demand: int | IntArray = 1,
    allowed: NDArray[Any] | None = None,
) -> Bottleneck | None:
    """Name a group of entrepreneurs who compete for too few places, of which nobody can be left out.

    Parameters
    ----------
    scores : Points, Blocks or array_like of float of shape (n_entrepreneurs, n_supporters)
        As for `assign`; only which pairs are allowed counts.
    capacity : ndarray of int of shape (n_supporters,)
        Places of each supporter, 0 or more.
    demand : int or ndarray of int of shape (n_entrepreneurs,)
        Supporters whom each entrepreneur needs.
    allowed : ndarray of bool of shape (n_entrepreneurs, n_supporters), optional
        False where a pair is taken out.

    Returns
    -------
    bottleneck : Bottleneck or None
        The group, of which nobody can be left out; None if everybody can have all that she needs.

    Raises
    ------
    InvalidScoreError, InvalidCapacityError, InvalidShapeError
        As for `assign`.

    Notes
    -----
    Hall's theorem: all can be served unless such a group exists. Its members, whoever else is served, are short of
    `missing` places: only new places with the supporters named, or more supporters possible for one of them, help.
    Lists all allowed pairs (24 bytes each) and solves some dozen flows on them.

    References
    ----------
    Hall, P. (1935). On representatives of subsets. Journal of the London Mathematical Society s1-10(1), 26-30.
    doi:10.1112/jlms/s1-10.37.26

    Examples
    --------
    >>> two_for_one = np.array([[0.9, np.nan], [0.4, np.nan], [0.7, 0.8]])
    >>> find_bottleneck(two_for_one, np.array([1, 1]))
    Bottleneck(entrepreneurs=(0, 1), supporters=(0,), missing=1)
    """
    table = read_scores(scores)
    n, m = table.shape
    need, room = whole_numbers("demand", demand, n), whole_numbers("capacity", capacity, m)
    pairs = all_pairs(table if allowed is None else RestPoints(table, allowed))
    contest = Contest(pairs, need, room)
    group = contest.find_group()
    if not len(group):
        return None
    return Bottleneck(
        entrepreneurs=tuple(group.tolist()), supporters=contest.reached(group), missing=contest.missing(group)
    )
