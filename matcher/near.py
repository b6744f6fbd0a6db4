"""Pairs that may matter, and what is known of all the others.

One walk keeps, for every entrepreneur, the pairs that are worth the most beyond a guess of the prices, and one number:
no other pair of hers is worth more than that. When true prices are known, this number tells which of the others could
matter at all, and only these are looked at.
"""

from dataclasses import dataclass, replace

import numpy as np

from matcher.candidates import FORBIDDEN, Pairs, Points, Scan, entries, narrow, rank_in_runs
from matcher.encoding import BoolArray, FloatArray, IntArray

NOTHING = np.iinfo(np.int64).min // 4
"""Bound of an entrepreneur all of whose pairs are kept; differences with prices still fit."""

BEYOND = np.float32(2.0**60)
"""No difference of points and prices lies further from 0."""

MANY = 4
"""Columns level with the last one kept, in numbers of those kept, from which each row keeps others of them."""

GOLDEN = 2654435769
"""The golden ratio as a part of 2**32."""

SPARE_ROWS = 4
"""Entrepreneurs kept for a supporter beyond the number of her places."""


@dataclass(frozen=True)
class Near:
    """What one walk kept.

    Parameters
    ----------
    pairs : Pairs
        The pairs kept.
    first : ndarray of bool of shape (n_pairs,)
        Those that the flow is given.
    guess : ndarray of int of shape (m,)
        Prices by which they were chosen.
    bounds : ndarray of int of shape (n,)
        `points - guess` of every other pair of an entrepreneur is at most this.
    """

    pairs: Pairs
    first: BoolArray
    guess: IntArray
    bounds: IntArray

    @classmethod
    def find(cls, table: Points, guess: IntArray, count: int, first: int, places: IntArray, scan: Scan) -> "Near":
        """Keep the best pairs of each entrepreneur, then more for supporters who are in too few.

        Parameters
        ----------
        table : Points
            All pairs.
        guess : ndarray of int of shape (m,)
            Prices, in points.
        count : int
            Pairs kept per entrepreneur.
        places : ndarray of int of shape (m,)
            Places of each supporter; as many pairs and some more are kept for her, if so many are allowed.
        scan : Scan
            How to walk.
        """
        guess = guess.astype(np.float32).astype(np.int64)
        found = list(scan.over(table, _BestOfRows(guess, count, first)))
        pairs, marks = Pairs.chain([part.pairs for part in found]), np.concatenate([part.first for part in found])
        bounds, best = (np.concatenate([getattr(part, name) for part in found]) for name in ("bounds", "best"))
        wanted = np.minimum(places + SPARE_ROWS, table.shape[0]) * ((places > 0) & (guess > 0))
        thin = np.flatnonzero(np.bincount(pairs.columns[marks], minlength=table.shape[1]) < wanted)
        near = cls(pairs, marks, guess, bounds)
        if len(thin):
            work = _BestOfColumns(guess[thin], wanted[thin], np.where(np.isfinite(best), best, 0).astype(np.int64))
            near = near.add(_best_of_columns(table, thin, work, scan))
        return near

    @classmethod
    def every(cls, pairs: Pairs, shape: tuple[int, int], first: int) -> "Near":
        """Keep all pairs, so that no prices have to be guessed; the best of each side are marked.

        Parameters
        ----------
        pairs : Pairs
            All allowed pairs.
        shape : tuple of int
            Number of entrepreneurs and of supporters.
        first : int
            Pairs marked per entrepreneur and per supporter; all of those that equal the last of them.
        """
        n, m = shape
        points = np.full(shape, FORBIDDEN)
        points[pairs.rows, pairs.columns] = pairs.points
        best_of_rows = -np.partition(-points, min(first, m) - 1, axis=1)[:, min(first, m) - 1]
        best_of_columns = -np.partition(-points, min(first, n) - 1, axis=0)[min(first, n) - 1]
        marked = (pairs.points >= best_of_rows[pairs.rows]) | (pairs.points >= best_of_columns[pairs.columns])
        return cls(pairs, marked, np.zeros(m, dtype=np.int64), np.full(n, NOTHING))

    @property
    def known(self) -> Pairs:
        """The pairs marked."""
        return self.pairs.take(self.first)

    def mark(self, more: BoolArray) -> "Near":
        """Mark more of the pairs kept."""
        return replace(self, first=self.first | more)

    def add(self, pairs: Pairs) -> "Near":
        """Keep some pairs more, and mark them."""
        m = len(self.guess)
        old = self.pairs.rows * m + self.pairs.columns
        pairs = Pairs.collect([pairs])
        new = pairs.rows * m + pairs.columns
        at = np.searchsorted(old, new)
        there = at < len(old)
        there[there] = old[at[there]] == new[there]
        first = self.first.copy()
        first[at[there]] = True
        pairs, at = pairs.take(~there), at[~there]
        every = Pairs(
            np.insert(self.pairs.rows, at, pairs.rows),
            np.insert(self.pairs.columns, at, pairs.columns),
            np.insert(self.pairs.points, at, pairs.points),
        )
        return replace(self, pairs=every, first=np.insert(first, at, True))

    def reaching(self, table: Points, asked: IntArray, prices: IntArray, count: int, scan: Scan) -> Pairs:
        """Find the pairs not kept that are worth what both ends ask, or more.

        Parameters
        ----------
        table : Points
            All pairs.
        asked : ndarray of int of shape (n,)
            What each entrepreneur asks, in points; may be negative.
        prices : ndarray of int of shape (m,)
            What each supporter asks.
        count : int
            Pairs found per entrepreneur and part looked at, those that exceed it the most.
        scan : Scan
            How to walk.

        Returns
        -------
        pairs : Pairs
            Some of the pairs with `points >= asked + price`, kept ones among them; whoever has any has one here.
        """
        # Points are at most bound + guess, so only supporters whose price fell by this much below the guess matter.
        fall, needed = self.guess - prices, asked - self.bounds
        order = np.argsort(-fall, kind="stable")
        columns = np.searchsorted(-fall[order], -needed, side="right")
        parts, most = [], len(prices)
        while most:
            least = most // 2
            rows = np.flatnonzero((columns > least) & (columns <= most))
            if len(rows):
                chosen = np.sort(order[:most])
                work = _Reaching(asked, prices[chosen], count)
                found = Pairs.chain(list(scan.over(narrow(table, chosen), work, rows)))
                parts.append(Pairs(found.rows, chosen[found.columns], found.points))
            most = least
        return Pairs.collect(parts)

    def share(self, asked: IntArray, prices: IntArray) -> float:
        """Give the share of all pairs that `reaching` would look at."""
        fall = np.sort(self.guess - prices)
        return float(1 - np.searchsorted(fall, asked - self.bounds).mean() / max(1, len(fall)))


@dataclass(frozen=True)
class _Kept:
    """What was kept of one block: pairs, which come first, the bound of the others, and the best of each row."""

    pairs: Pairs
    first: BoolArray
    bounds: IntArray
    best: FloatArray


@dataclass(frozen=True)
class _BestOfRows:
    """Keep the best pairs of each row beyond the prices; the first ones are marked."""

    guess: IntArray
    count: int
    first: int

    def __call__(self, points: FloatArray, rows: IntArray) -> _Kept:
        nets = points - self.guess.astype(points.dtype)
        n, m = nets.shape
        if m <= self.count:
            best = nets.max(axis=1, initial=FORBIDDEN)
            pairs = entries(points, points > FORBIDDEN, rows)
            return _Kept(pairs, np.ones(len(pairs), dtype=bool), np.full(n, NOTHING), best)
        order = np.argpartition(nets, m - self.count - 1, axis=1)[:, m - self.count - 1 :]
        every = np.arange(n)[:, None]
        last = nets[every[:, 0], order[:, 0]]
        many = np.flatnonzero(((nets == last[:, None]).sum(axis=1) > MANY * self.count) & (last > FORBIDDEN))
        if len(many):
            order[many, 1:] = _spread(nets[many], last[many, None], rows[many], self.count)
        # Differences may be rounded: one step up is surely not below the true one.
        above = np.ceil(np.nextafter(np.maximum(last, -BEYOND), np.inf, dtype=points.dtype)).astype(np.int64)
        bounds = np.where(last > FORBIDDEN, above, NOTHING)
        columns = np.sort(order[:, 1:], axis=1)
        kept, won = points[every, columns], nets[every, columns]
        best = won.max(axis=1)
        bar = np.partition(won, -self.first, axis=1)[:, -self.first] if self.first < self.count else won.min(axis=1)
        chosen = kept > FORBIDDEN
        at = np.nonzero(chosen)[0]
        pairs = Pairs(rows[at], columns[chosen], kept[chosen].astype(np.int64))
        return _Kept(pairs, (won >= bar[:, None])[chosen], bounds, best)


def _spread(nets: FloatArray, last: FloatArray, rows: IntArray, count: int) -> IntArray:
    """Choose the best columns of each row, and of those level with the last one a stretch.

    Were these the same in all rows, they could not serve so many: each row's stretch begins elsewhere. The beginnings
    are multiples of the golden ratio, which lie evenly however many rows there are.
    """
    level = nets == last
    ties = level.sum(axis=1, keepdims=True)
    begin = (rows[:, None] * GOLDEN % (1 << 32)) * ties >> 32
    turned = (np.cumsum(level, axis=1) - 1 - begin) % ties
    rank = np.where(nets > last, -1, np.where(level, turned, nets.shape[1]))
    return np.argpartition(rank, count - 1, axis=1)[:, :count]


@dataclass(frozen=True)
class _BestOfColumns:
    """Keep the best rows of each column: those that lose least when they take it; of equal ones the first."""

    guess: IntArray
    room: IntArray
    best: IntArray

    def __call__(self, points: FloatArray, rows: IntArray) -> Pairs:
        nets = points - self.guess.astype(points.dtype) - self.best[rows, None].astype(points.dtype)
        most = int(self.room.max())
        if len(rows) <= most:
            return entries(points, points > FORBIDDEN, rows)
        bar = np.partition(nets, len(rows) - most, axis=0)[len(rows) - most]
        return self.close(entries(points, (nets >= bar) & (points > FORBIDDEN), rows))

    def close(self, pairs: Pairs) -> Pairs:
        """Forget all but the best."""
        nets = pairs.points - self.guess[pairs.columns] - self.best[pairs.rows]
        pairs = pairs.take(np.lexsort((pairs.rows, -nets, pairs.columns)))
        return pairs.take(rank_in_runs(pairs.columns) < self.room[pairs.columns])


def _best_of_columns(table: Points, columns: IntArray, work: _BestOfColumns, scan: Scan) -> Pairs:
    found = Pairs.chain([])
    for part in scan.over(narrow(table, columns), work):
        found = Pairs.chain([found, part])
        if len(found) > 4 * work.room.sum():
            found = work.close(found)
    found = work.close(found)
    return Pairs(found.rows, columns[found.columns], found.points)


@dataclass(frozen=True)
class _Reaching:
    """Find pairs worth what both ends ask, or more."""

    asked: IntArray
    prices: IntArray
    count: int

    def __call__(self, points: FloatArray, rows: IntArray) -> Pairs:
        # A bar that rounding can only put too low finds all; whole numbers then tell which are meant.
        middle = int(np.median(self.prices)) if len(self.prices) else 0
        bar = np.add.outer(_below(self.asked[rows] + middle, points), _below(self.prices - middle, points))
        found = entries(points, points >= bar, rows)
        margin = found.points - self.asked[found.rows] - self.prices[found.columns]
        found, margin = found.take(margin >= 0), margin[margin >= 0]
        order = np.lexsort((found.columns, -margin, found.rows))
        return found.take(order[rank_in_runs(found.rows[order]) < self.count])


def _below(values: IntArray, points: FloatArray) -> FloatArray:
    """Write whole numbers in the type of the points, two steps lower: rounding then puts no sum above the true one."""
    lowest = points.dtype.type(-np.inf)
    return np.nextafter(np.nextafter(values.astype(points.dtype), lowest), lowest)
