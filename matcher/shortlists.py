"""What is known of the pairs of one row or one column: the few that come close, and a bound on all the others.

A pair comes close when its points, less what its other end asks, are large. The list of a row is worked out once, at
prices of that moment that are kept beside it (its anchor); what it says stays true at any later prices, only less
sharply. So a change of a few prices needs no new walk over all pairs: a list is made anew, longer and at the prices of
the day, when a search has really come to its end.
"""

from bisect import bisect_left
from collections.abc import Callable, Collection
from dataclasses import dataclass
from operator import neg

import numpy as np

from matcher.candidates import FORBIDDEN
from matcher.encoding import FloatArray, IntArray

Fetch = Callable[[IntArray], FloatArray]

LOWEST = -(1 << 62)
"""Below every key."""

FIRST_LOOK = 16
"""Pairs kept when a list is first made: in measured markets a search looks at one to five of them."""

WIDER = 4
"""Times as long that a list becomes when a search has come to its end: most of the work is to score the row at all."""

MOST_ANCHORS = 32
"""Anchors kept; lists of older ones are made anew when they are next needed."""

SUNK = 20_000
"""Points that the price of one other end may fall before it is put into the lists anew: a bound that holds for all
other ends is only as sharp as the one that fell most."""

MOST_SUNK = 64
"""Other ends put into the lists anew after one change; where more have fallen, lists are made anew when needed."""


@dataclass(slots=True)
class Shortlist:
    """The pairs of one row that come closest, best first.

    Parameters
    ----------
    anchor : int
        Which prices the list was made at.
    others : list of int
        The other ends.
    points : list of int
        Whole points of the pairs.
    keys : list of int
        Points less the anchor's price, never rising along the list.
    is_whole : bool
        Whether every allowed pair is listed; if not, no other pair has a larger key than the last one.
    """

    anchor: int
    others: list[int]
    points: list[int]
    keys: list[int]
    is_whole: bool

    def put(self, other: int, points: int, key: int) -> None:
        """Put one pair where its key belongs."""
        if other in self.others:
            at = self.others.index(other)
            del self.others[at], self.points[at], self.keys[at]
        at = bisect_left(self.keys, -key, key=neg)
        self.others.insert(at, other)
        self.points.insert(at, points)
        self.keys.insert(at, key)


class Shortlists:
    """Lists of close pairs, made when they are asked for; whatever it holds is true of the scores for ever.

    Parameters
    ----------
    fetch : callable
        Rows → points of shape `(len(rows), size)`, `FORBIDDEN` where a pair is not allowed.
    across : callable
        The same points, asked for by their other ends.
    shape : tuple of int
        Number of rows and of other ends.

    Notes
    -----
    Memory: 16 pairs per row that was ever asked for, more where searches went on. Used for rows and, with the table
    turned round, for columns. Not to be shared by threads.
    """

    def __init__(self, fetch: Fetch, across: Fetch, shape: tuple[int, int]) -> None:
        self._fetch = fetch
        self._across = across
        self._size = shape[1]
        self._bars = np.full(shape[0], -LOWEST)
        self._lists: dict[int, Shortlist] = {}
        self._anchors: dict[int, IntArray] = {}
        self._newest = -1

    def find(self, row: int) -> Shortlist | None:
        """Give what is known of a row, None if nothing or if its anchor was let go."""
        near = self._lists.get(row)
        return near if near is not None and near.anchor in self._anchors else None

    def fall(self, anchor: int, prices: IntArray) -> int:
        """Give how far the price that fell most has come down since an anchor: 0 or less."""
        return min(0, int((prices - self._anchors[anchor]).min(initial=0)))

    def look(self, rows: list[int], prices: IntArray, count: int = FIRST_LOOK) -> None:
        """Make the lists of some rows, at these prices."""
        anchor = self._anchor(prices)
        chosen = np.asarray(rows, dtype=np.int64)
        found = self._fetch(chosen)
        allowed = found > FORBIDDEN
        points = np.where(allowed, found, 0).astype(np.int64)
        keys = np.where(allowed, points - self._anchors[anchor], LOWEST)
        kept = min(count, self._size)
        if kept < self._size:
            columns = np.argpartition(-keys, kept - 1, axis=1)[:, :kept]
        else:
            columns = np.broadcast_to(np.arange(self._size), keys.shape)
        best = np.take_along_axis(keys, columns, axis=1)
        order = np.lexsort((columns, -best), axis=1)
        columns, best = np.take_along_axis(columns, order, axis=1), np.take_along_axis(best, order, axis=1)
        ends = (best > LOWEST).sum(axis=1).tolist()
        points = np.take_along_axis(points, columns, axis=1)
        for at, row in enumerate(rows):
            end = ends[at]
            self._lists[row] = Shortlist(
                anchor=anchor,
                others=columns[at, :end].tolist(),
                points=points[at, :end].tolist(),
                keys=best[at, :end].tolist(),
                is_whole=end < kept or kept == self._size,
            )
            near = self._lists[row]
            self._bars[row] = LOWEST if near.is_whole else near.keys[-1]

    def widen(self, row: int, prices: IntArray) -> Shortlist:
        """Make the list of a row anew at these prices, some times as long."""
        self.look([row], prices, WIDER * len(self._lists[row].others))
        return self._lists[row]

    def lower(self, others: Collection[int], prices: IntArray) -> None:
        """Put those whose price has fallen far into the lists anew, at their price of now."""
        newest = self._anchors.get(self._newest)
        sunk = [] if newest is None else [one for one in others if prices[one] < newest[one] - SUNK]
        if not 0 < len(sunk) <= MOST_SUNK:
            return
        for other, found in zip(sunk, self._across(np.array(sunk)), strict=True):
            price, allowed = int(prices[other]), found > FORBIDDEN
            points = np.where(allowed, found, 0).astype(np.int64)
            for anchor in self._anchors.values():
                anchor[other] = price
            rows = np.flatnonzero(allowed & (points - price > self._bars))
            for row, worth in zip(rows.tolist(), points[rows].tolist(), strict=True):
                self._lists[row].put(other, worth, worth - price)

    def _anchor(self, prices: IntArray) -> int:
        if self._newest < 0 or self.fall(self._newest, prices) < -SUNK:
            self._newest += 1
            self._anchors[self._newest] = prices.copy()
            self._anchors.pop(self._newest - MOST_ANCHORS, None)
        return self._newest
