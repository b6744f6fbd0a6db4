"""Answers level by level of points, the worst first: pairs of each level are given up by exchanges in circles.

Where a level cannot be left with fewer pairs, whom the search has reached says why: on which side of this cut people
and supporters stand is what all answers that are as good have in common.
"""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from matcher.candidates import BLOCK_PAIRS, Pairs
from matcher.encoding import BoolArray
from matcher.faces import Face

LOWEST = int(np.iinfo(np.int64).min)
"""Below all points."""

NOBODY = -1
"""Where somebody is who has none of the open pairs, and what the first of a search was reached from."""


class Levels:
    """The answers of a face, narrowed level by level to those that use as few pairs as can be of the worst levels.

    A pair of the level at hand costs 1, pairs above it nothing; what lies below was settled or is forbidden. Nodes are
    entrepreneurs, then supporters, then one outside, through which loads and demands that leave room may change.
    Changes are arcs: from an entrepreneur to a supporter whom she could take, back from a supporter to those he has.
    Each node has a potential, 0 when a level begins. An arc may be passed where its cost and the potential of its start
    do not exceed that of its end.

    Parameters
    ----------
    face : Face
        The answers to begin with; everybody has one open pair at most.

    Attributes
    ----------
    left : int
        Pairs in use whose level is not settled.

    Notes
    -----
    Lexicographic bottleneck assignment (Burkard and Rendl) by the out-of-kilter method (Fulkerson), with the costs of
    one level at a time: each used pair of the level is looked at once. Either arcs that may be passed lead from its
    entrepreneur to its supporter: everybody on the way moves on, and the pair is given up. Or the potential of all that
    was reached sinks by 1, and the pair may stay. By complementary slackness the answers with as few pairs of the level
    are then just those that do nothing against the potentials: only these are kept.

    Supporters in sets are bits of whole numbers: one operation looks at all pairs of a person. Time: one search for
    each pair given up and for each that stays, usually one to four for each person, through the part of the market that
    exchanges could reach. Where scores are products of two ranks each exchange wins little: 2 s for 400 x 100, 15 s for
    800 x 200. Memory: a bit for each entrepreneur and supporter, and 24 bytes for each open pair of the face.

    References
    ----------
    Burkard, R. E., Rendl, F. (1991). Lexicographic bottleneck problems. Operations Research Letters 10(5), 303-308.
    doi:10.1016/0167-6377(91)90018-K
    Fulkerson, D. R. (1961). An out-of-kilter method for minimal-cost flow problems. Journal of the Society for
    Industrial and Applied Mathematics 9(1), 18-27. doi:10.1137/0109002
    """

    def __init__(self, face: Face) -> None:
        n, m = len(face.rows), len(face.columns)
        self._face, self._n, self._outside, self._every = face, n, n + m, (1 << m) - 1
        self._keys = face.pairs.rows * max(1, m) + face.pairs.columns
        self._order = np.argsort(face.pairs.points, kind="stable")
        self._sorted = face.pairs.points[self._order]
        self._done, self._level = 0, LOWEST
        self._must, self._least, self._most = face.must.tolist(), face.least.tolist(), face.most.tolist()
        self._seats, self._points, self._heap = [NOBODY] * n, [0] * n, list[tuple[int, int]]()
        self._people = [dict[int, None]() for _ in range(m)]
        self._open, self._tied, self._holders = _write_bits(face), dict[int, int](), set[int]()
        self._potentials, self._masks = dict[int, int](), {0: self._every}
        self.left = 0
        for at in np.flatnonzero(face.used).tolist():
            self._sit(int(face.pairs.rows[at]), int(face.pairs.columns[at]))

    def settle(self) -> None:
        """Settle the worst level that is left: there must be one."""
        for row in self._next_level():
            goal = self._n + self._seats[row]
            if row in self._holders and self._is_even_with(row, goal):
                origins, unseen = self._search(row, goal)
                if goal in origins:
                    self._move(origins, row, goal)
                else:
                    self._sink(origins, self._every ^ unseen)
        self._narrow()

    def face(self) -> Face:
        """Give the answers that are left."""
        pairs = self._face.pairs
        used: BoolArray = np.array(self._seats, dtype=np.int64)[pairs.rows] == pairs.columns
        least, most = (np.array(loads, dtype=np.int64) for loads in (self._least, self._most))
        face = replace(self._face, must=np.array(self._must, dtype=bool), least=least, most=most)
        return face.keep(used | _read_bits(self._open, pairs, len(self._people)), used)

    def _next_level(self) -> list[int]:
        """Forbid the unused pairs below the worst used one, tell apart those of its level, and give who has these."""
        heap, rows = self._heap, dict[int, None]()
        while heap and (not rows or heap[0][0] == self._level):
            points, row = heapq.heappop(heap)
            if self._seats[row] != NOBODY and self._points[row] == points:
                self._level, rows[row] = points, None
        self._holders, self.left = set(rows), self.left - len(rows)
        below, last = (int(np.searchsorted(self._sorted, self._level, side)) for side in ("left", "right"))
        for row, bit in self._list_open(self._done, below):
            self._open[row] ^= bit
        for row, bit in self._list_open(below, last):
            self._open[row] ^= bit
            self._tied[row] = self._tied.get(row, 0) | bit
        self._done = last
        return list(rows)

    def _list_open(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """Give the open pairs that nobody uses among some in the order of their points: a row, and a column's bit."""
        rows, columns = np.divmod(self._keys[self._order[first:last]], max(1, len(self._people)))
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            if self._open[row] >> column & 1:
                yield row, 1 << column

    def _search(self, start: int, goal: int) -> tuple[dict[int, int], int]:
        """Pass arcs until the goal is reached; give what each node was reached from, and the supporters not reached."""
        origins, unseen, edge = {start: NOBODY}, self._every, [start]
        for node in edge:
            found, others = self._step(node)
            found &= unseen
            unseen ^= found
            for other in (*others, *(self._n + column for column in _columns(found))):
                if other not in origins:
                    origins[other] = node
                    edge.append(other)
            if goal in origins:
                break
        return origins, unseen

    def _step(self, node: int) -> tuple[int, Iterable[int]]:
        """Give the supporters and the other nodes to which arcs lead from a node that may be passed."""
        if node < self._n:
            leaves = not self._must[node] and self._is_even_with(node, self._outside)
            return self._takeable(node), (self._outside,) if leaves else ()
        if node < self._outside:
            column = node - self._n
            has_room = len(self._people[column]) < self._most[column] and self._is_even_with(node, self._outside)
            return 0, (*self._people[column], self._outside) if has_room else self._people[column]
        spare = sum(
            1 << column
            for column, people in enumerate(self._people)
            if len(people) > self._least[column] and self._is_even_with(node, self._n + column)
        )
        idle = (row for row, seat in enumerate(self._seats) if seat == NOBODY and self._is_even_with(node, row))
        return spare, idle

    def _takeable(self, row: int) -> int:
        """Give the supporters whom somebody may take at the potentials there are."""
        potential = self._potentials.get(row, 0)
        tied = self._tied.get(row, 0) & self._masks.get(potential + 1, 0)
        return self._open[row] & self._masks.get(potential, 0) | tied

    def _is_even_with(self, node: int, other: int) -> bool:
        return self._potentials.get(node, 0) == self._potentials.get(other, 0)

    def _move(self, origins: dict[int, int], start: int, goal: int) -> None:
        """Let everybody on the way from somebody to her supporter move on, so that she leaves him."""
        moves, node = dict[int, int](), goal
        while node != start:
            before = origins[node]
            if before < self._n:
                moves[before] = node - self._n if node < self._outside else NOBODY
            node = before
        for row in moves:
            self._leave(row)
        for row, column in moves.items():
            if column != NOBODY:
                self._sit(row, column)

    def _leave(self, row: int) -> None:
        """Take somebody away from her supporter, if she has one."""
        column = self._seats[row]
        if column == NOBODY:
            return
        del self._people[column][row]
        self._seats[row] = NOBODY
        if row in self._holders:
            self._holders.remove(row)
            self._tied[row] = self._tied.get(row, 0) | 1 << column
        else:
            self._open[row] |= 1 << column
            self.left -= self._points[row] > self._level

    def _sit(self, row: int, column: int) -> None:
        """Give somebody a supporter."""
        bit, tied = 1 << column, self._tied.get(row, 0)
        self._seats[row], self._people[column][row] = column, None
        self._points[row] = int(self._face.pairs.points[np.searchsorted(self._keys, row * len(self._people) + column)])
        if tied & bit:
            self._tied[row] = tied ^ bit
            self._holders.add(row)
        else:
            self._open[row] &= ~bit
            if self._points[row] > self._level:
                self.left += 1
                heapq.heappush(self._heap, (self._points[row], row))

    def _sink(self, reached: Iterable[int], columns: int) -> None:
        """Lower the potential of all that was reached by 1."""
        for node in reached:
            self._potentials[node] = self._potentials.get(node, 0) - 1
        masks = dict[int, int]()
        for potential, mask in self._masks.items():
            for level, some in ((potential, mask & ~columns), (potential - 1, mask & columns)):
                if some:
                    masks[level] = masks.get(level, 0) | some
        self._masks = masks

    def _narrow(self) -> None:
        """Keep the answers that do nothing against the potentials, and begin again with potentials of 0."""
        if self._outside in self._potentials or len(self._masks) > 1:
            self._narrow_rows(range(self._n))
            self._narrow_columns()
        elif self._potentials:
            self._narrow_rows({*self._tied, *self._potentials})
        self._tied, self._potentials, self._masks = {}, {}, {0: self._every}

    def _narrow_rows(self, rows: Iterable[int]) -> None:
        outside = self._potentials.get(self._outside, 0)
        for row in rows:
            potential = self._potentials.get(row, 0)
            self._open[row] = self._takeable(row)
            self._must[row] |= potential > outside

    def _narrow_columns(self) -> None:
        outside = self._potentials.get(self._outside, 0)
        for column, people in enumerate(self._people):
            potential = self._potentials.get(self._n + column, 0)
            if potential > outside:
                self._most[column] = len(people)
            elif potential < outside:
                self._least[column] = len(people)


def _columns(mask: int) -> Iterator[int]:
    """List the bits of a mask, ascending."""
    while mask:
        bit = mask & -mask
        mask ^= bit
        yield bit.bit_length() - 1


def _write_bits(face: Face) -> list[int]:
    """Write the open pairs of each entrepreneur that are not in use as a whole number with a bit for each supporter."""
    (n, m), pairs, bits = (len(face.rows), len(face.columns)), face.pairs, list[int]()
    size = max(1, BLOCK_PAIRS // max(1, m))
    for start in range(0, n, size):
        table = np.zeros((min(size, n - start), m), dtype=bool)
        part = slice(*np.searchsorted(pairs.rows, (start, start + size)))
        table[pairs.rows[part] - start, pairs.columns[part]] = ~face.used[part]
        packed = np.packbits(table, axis=1, bitorder="little")
        bits.extend(int.from_bytes(line.tobytes(), "little") for line in packed)
    return bits


def _read_bits(bits: list[int], pairs: Pairs, m: int) -> BoolArray:
    """Tell which of some pairs have their bit."""
    size = m // 8 + 1
    table = np.frombuffer(b"".join(row.to_bytes(size, "little") for row in bits), dtype=np.uint8).reshape(-1, size)
    there: BoolArray = (table[pairs.rows, pairs.columns >> 3] >> (pairs.columns & 7)) & 1 > 0
    return there
