"""Chains of moves: the best way to make room for one person more, or to use one place more, and the prices after it.

Both are shortest paths over supporters, by Dijkstra's method on reduced costs. A chain costs points first; among chains
that cost the same, the one that leaves most people where they were before the change counts as shorter.
"""

import heapq
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from matcher.encoding import BoolArray, IntArray
from matcher.errors import NoRoomError
from matcher.shortlists import Shortlist, Shortlists

NOBODY = -1
"""Where somebody is who is not served."""

ABSENT = -2
"""Where somebody was who was not there."""

FAR = 1 << 200
"""Longer than any chain."""

Step = tuple[int, int, int]
"""Somebody who moves, her new supporter (or nobody), and the points of the pair."""


@dataclass(slots=True, kw_only=True)
class Board:
    """An assignment on which moves are made, with the prices that prove it; lives as long as one change.

    Costs are whole numbers of two digits in base `unit`: points, then people moved. A person's first digit is what
    she asks (`asked`: what she keeps, less what serving her is worth besides the points of the pair), a supporter's is
    his price; `person_digit` and `price_digit` hold second digits that are not 0.

    Parameters
    ----------
    row_lists, column_lists : Shortlists
        Close pairs of entrepreneurs, and of supporters.
    refused : frozenset of tuple of int
        Pairs that may not be used although the scores allow them.
    worth : ndarray of int of shape (n,)
        Points won by serving each entrepreneur besides those of the pair.
    before : ndarray of int of shape (n,)
        Where everybody was before the change.
    supporters, points : ndarray of int of shape (n,)
        Where everybody is now, and the points of that pair.
    present, held : ndarray of bool of shape (n,)
        Who is there, and who may not be moved.
    people : list of tuple of int
        Everybody at each supporter.
    capacity, prices : ndarray of int of shape (m,)
        Places and prices.
    asked : ndarray of int of shape (n,)
        What each entrepreneur asks.
    unit : int
        Base of the two digits: more than four times all the people that could move.
    """

    row_lists: Shortlists
    column_lists: Shortlists
    refused: frozenset[tuple[int, int]]
    worth: IntArray
    before: IntArray
    supporters: IntArray
    points: IntArray
    present: BoolArray
    held: BoolArray
    people: list[tuple[int, ...]]
    capacity: IntArray
    prices: IntArray
    asked: IntArray
    unit: int
    person_digit: dict[int, int] = field(default_factory=dict)
    price_digit: dict[int, int] = field(default_factory=dict)

    def copy(self) -> "Board":
        """Give a board for the next change: all that moves is copied, and the second digits begin again."""
        return replace(
            self,
            before=self.supporters.copy(),
            supporters=self.supporters.copy(),
            points=self.points.copy(),
            present=self.present.copy(),
            held=self.held.copy(),
            people=self.people.copy(),
            capacity=self.capacity.copy(),
            prices=self.prices.copy(),
            asked=self.asked.copy(),
            person_digit={},
            price_digit={},
        )

    def attach(self, row: int, column: int, points: int) -> None:
        """Put somebody at a supporter, or at nobody."""
        self.supporters[row], self.points[row] = column, points
        if column >= 0:
            self.people[column] = (*self.people[column], row)

    def detach(self, row: int) -> int:
        """Take somebody away from her supporter, and give his column."""
        column = int(self.supporters[row])
        if column >= 0:
            self.people[column] = tuple(one for one in self.people[column] if one != row)
        self.supporters[row], self.points[row] = NOBODY, 0
        return column

    def vacate(self, row: int) -> None:
        """Take somebody away, and let others use her place; until she is seated or attached she is absent."""
        self.present[row] = self.held[row] = False
        column = self.detach(row)
        if column >= 0:
            self.fill(column)
            self.refresh_lists()

    def seat(self, row: int) -> None:
        """Find the best place for somebody who has none, moving others where that is better."""
        self.present[row] = True
        self.asked[row] = -self.worth[row]
        self.person_digit.pop(row, None)
        search = Outward(self)
        search.leave(row, 0)
        search.run()
        self._raise_person(row, -search.limit)
        self._settle(search, 1)

    def make_room(self, column: int) -> None:
        """Move somebody away from a supporter with one person too many.

        Raises
        ------
        NoRoomError
            If everybody there is held.
        """
        search = Outward(self)
        search.come(column, 0)
        search.run()
        if search.limit == FAR:
            raise NoRoomError(column=column)
        self._settle(search, 1)

    def fill(self, column: int) -> None:
        """Use a place that became free, if anything is won by it."""
        if self.price(column) > 0:
            search = Inward(self)
            search.come(column, 0)
            search.run()
            self._settle(search, -1)

    def refresh_lists(self) -> None:
        """Tell the lists of close pairs who asks for much less than before."""
        self.row_lists.lower(self.price_digit.keys(), self.prices)
        self.column_lists.lower(self.person_digit.keys(), self.asked)

    def price(self, column: int) -> int:
        """Give both digits of a price."""
        return int(self.prices[column]) * self.unit + self.price_digit.get(column, 0)

    def _settle(self, search: "_Search", sign: int) -> None:
        """Change the prices that the search has passed, then make its moves."""
        for column, distance in search.best.items():
            if distance < search.limit:
                step = sign * (search.limit - distance)
                self._raise_price(column, step)
                for row in self.people[column]:
                    if not self.held[row]:
                        self._raise_person(row, -step)
        for row, column, points in search.list_moves():
            self.detach(row)
            self.attach(row, column, points)

    def _raise_price(self, column: int, step: int) -> None:
        digits = self.price_digit.get(column, 0) + step
        whole = (digits + self.unit // 2) // self.unit
        self.prices[column] += whole
        self.price_digit[column] = digits - whole * self.unit

    def _raise_person(self, row: int, step: int) -> None:
        digits = self.person_digit.get(row, 0) + step
        whole = (digits + self.unit // 2) // self.unit
        self.asked[row] += whole
        self.person_digit[row] = digits - whole * self.unit


class _Search(ABC):
    """Dijkstra's method over supporters, one close pair after the other, never further than the answer needs.

    `best` holds the shortest way to each supporter reached, `limit` the shortest whole chain so far. Beside supporters
    the queue holds readers: rows (or columns) whose list of close pairs was read up to a place that lies no nearer
    than the distance they wait at. Nodes below `readers` are supporters, the others readers.
    """

    def __init__(self, board: Board, lists: Shortlists, others: IntArray, digits: dict[int, int]) -> None:
        self.board = board
        self.lists = lists
        self.others = others
        self.now = memoryview(others.data)
        self.digits = digits
        self.lowest_digit = min([0, *digits.values()]) - 1
        self.readers = len(board.people)
        self.best: dict[int, int] = {}
        self.via: dict[int, Step] = {}
        self.limit = FAR
        self.end: Step | int = NOBODY
        self._queue: list[tuple[int, int]] = []
        self._reading: dict[int, tuple[Shortlist, int, int]] = {}
        self._falls: dict[int, int] = {}

    def run(self) -> None:
        """Search until nothing in the queue can be part of a shorter chain."""
        queue = self._queue
        while queue and queue[0][0] < self.limit:
            distance, node = heapq.heappop(queue)
            if node >= self.readers:
                self._read_on(node - self.readers)
            elif distance == self.best[node]:
                self.scan(node, distance)

    @abstractmethod
    def scan(self, column: int, distance: int) -> None:
        """Look at a supporter whose distance is final."""

    @abstractmethod
    def pass_by(self, reader: int, other: int, points: int, distance: int) -> None:
        """Look at one close pair; what its other end asks is counted in the distance."""

    @abstractmethod
    def list_moves(self) -> list[Step]:
        """Give the moves of the shortest chain."""

    def _trace(self, lead: Callable[[Step], int]) -> list[Step]:
        """Follow the chain back from its end; `lead` gives the supporter whom a move continues from."""
        moves = [self.end] if isinstance(self.end, tuple) else []
        at = lead(self.end) if isinstance(self.end, tuple) else self.end
        while at in self.via:
            moves.append(self.via[at])
            at = lead(self.via[at])
        return moves

    def come(self, column: int, distance: int) -> bool:
        """Reach a supporter, if that is nearer than before."""
        if distance >= self.best.get(column, self.limit):
            return False
        self.best[column] = distance
        heapq.heappush(self._queue, (distance, column))
        return True

    def open(self, reader: int, start: int) -> None:
        """Begin to read the list of a row or column; `start` is the distance of a pair less both ends' part."""
        known = self.lists.find(reader)
        if known is None:
            self.lists.look([reader], self.others)
            known = self.lists.find(reader)
            assert known is not None
        self._reading[reader] = (known, 0, start)
        self._read_on(reader)

    def _read_on(self, reader: int) -> None:
        near, at, start = self._reading[reader]
        if at > len(near.keys):
            near, at = self.lists.widen(reader, self.others), 0
        unit, queue, digits, now = self.board.unit, self._queue, self.digits, self.now
        lowest = start + unit * self._fall(near.anchor) + self.lowest_digit
        keys, others, points = near.keys, near.others, near.points
        while at < len(keys):
            bound = lowest - unit * keys[at]
            if bound >= self.limit:
                return
            if queue and bound > queue[0][0]:
                break
            other, worth = others[at], points[at]
            self.pass_by(reader, other, worth, start + unit * (now[other] - worth) + digits.get(other, 0))
            at += 1
        else:
            if near.is_whole or lowest - unit * keys[-1] >= self.limit:
                return
            bound, at = lowest - unit * keys[-1], at + 1
        self._reading[reader] = (near, at, start)
        heapq.heappush(queue, (bound, self.readers + reader))

    def _fall(self, anchor: int) -> int:
        if anchor not in self._falls:
            self._falls[anchor] = self.lists.fall(anchor, self.others)
        return self._falls[anchor]


class Outward(_Search):
    """People make room for each other until somebody takes a free place, or waits."""

    def __init__(self, board: Board) -> None:
        super().__init__(board, board.row_lists, board.prices, board.price_digit)

    def leave(self, row: int, distance: int) -> None:
        """Let somebody look for another place."""
        board = self.board
        start = distance + board.unit * int(board.asked[row]) + board.person_digit.get(row, 0) + 1
        waiting = start + board.unit * int(board.worth[row]) - (board.before[row] == NOBODY)
        if waiting < self.limit:
            self.limit, self.end = int(waiting), (row, NOBODY, 0)
        self.open(row, start)

    def scan(self, column: int, distance: int) -> None:
        """End at a free place, else let everybody there look for another one."""
        board = self.board
        people = board.people[column]
        if len(people) < board.capacity[column]:
            self.limit, self.end = distance, column
            return
        for row in people:
            if not board.held[row]:
                self.leave(row, distance)

    def pass_by(self, reader: int, other: int, points: int, distance: int) -> None:
        """Let a person move to a supporter."""
        board = self.board
        if (reader, other) in board.refused:
            return
        if self.come(other, distance - bool(board.before[reader] == other)):
            self.via[other] = (reader, other, points)

    def list_moves(self) -> list[Step]:
        """Give the moves of the chain."""
        return self._trace(lambda move: int(self.board.supporters[move[0]]))


class Inward(_Search):
    """People move up to a free place, until a place is left that nobody needs more, or somebody waits no more."""

    def __init__(self, board: Board) -> None:
        super().__init__(board, board.column_lists, board.asked, board.person_digit)

    def scan(self, column: int, distance: int) -> None:
        """Leave the place free, or let people look at it."""
        price = self.board.price(column)
        if distance + price < self.limit:
            self.limit, self.end = distance + price, column
        self.open(column, distance + price + 1)

    def pass_by(self, reader: int, other: int, points: int, distance: int) -> None:
        """Let a person move to the place, and her own become free."""
        board = self.board
        at = int(board.supporters[other])
        if not board.present[other] or board.held[other] or at == reader or (other, reader) in board.refused:
            return
        distance -= bool(board.before[other] == reader)
        if at == NOBODY:
            if distance < self.limit:
                self.limit, self.end = distance, (other, reader, points)
        elif self.come(at, distance):
            self.via[at] = (other, reader, points)

    def list_moves(self) -> list[Step]:
        """Give the moves of the chain."""
        return self._trace(lambda move: move[1])
