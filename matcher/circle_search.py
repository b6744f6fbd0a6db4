"""Look for the best circles: all groups where they can be listed, else from a placement by exchanges and packing.

The state is a list of groups; a move changes one or two of them. Moves are tried together as arrays, the best one is
made, and of equal ones the first: nothing is left to chance.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np

from matcher.circle_placement import Group, Placement, PlacementModel, pack
from matcher.circle_pool import FORBIDDEN, CirclePool
from matcher.encoding import IntArray

PACKED_GROUPS = 1_000
"""Groups among which packing chooses at most between exchanges."""

PACKING_NODES = 4
"""Branches that such a packing tries at most: exchanges find the rest sooner."""


def list_groups(pool: CirclePool) -> list[Group] | None:
    """List every valid group, or give None when there are more than `exact_groups` to look at."""
    settings = pool.settings
    sizes = range(settings.minimum, settings.maximum + 1)
    families = [(f, np.flatnonzero(who)) for f, m in enumerate(pool.meetings) for who in m.eligible]
    if sum(comb(len(who), size) for _, who in families for size in sizes) > settings.exact_groups:
        return None
    seen: dict[Group, None] = {}
    for column, who in families:
        for size in sizes:
            seen.update(dict.fromkeys((column, members) for members in combinations(who.tolist(), size)))
    return [group for group, points in _value(pool, list(seen)).items() if points > FORBIDDEN]


def _value(pool: CirclePool, groups: Sequence[Group]) -> dict[Group, int]:
    """Points of each group."""
    by_shape: dict[tuple[int, int], list[Group]] = {}
    for group in groups:
        by_shape.setdefault((group[0], len(group[1])), []).append(group)
    found: dict[Group, int] = {}
    for (column, _), some in by_shape.items():
        points, _best = pool.worth(column, np.array([members for _, members in some]))
        found.update(zip(some, points.tolist(), strict=True))
    return {group: found[group] for group in groups}


def people_left(pool: CirclePool, groups: Sequence[Group]) -> IntArray:
    """List the rows of people in no group, ascending."""
    placed = [row for _, members in groups for row in members]
    return np.setdiff1d(np.arange(pool.n), np.array(placed, dtype=np.int64))


@dataclass(slots=True)
class _Table:
    """What changes of one group are worth: `without` a member, `plus` somebody, one in place of another."""

    points: int
    without: IntArray
    plus: IntArray
    instead: IntArray


@dataclass(frozen=True, slots=True)
class _Move:
    gain: int
    changes: tuple[tuple[int, tuple[int, ...]], ...]


class Search:
    """Groups under improvement.

    Parameters
    ----------
    pool : CirclePool
        The people.
    groups : sequence of tuple
        Where to start: valid groups that respect the facilitators' capacity.

    Attributes
    ----------
    groups : list of tuple
        The groups now.
    seen : dict
        Points of every group that was part of a state or one exchange away from the last.
    """

    def __init__(self, pool: CirclePool, groups: Sequence[Group]) -> None:
        self.pool = pool
        self.groups = list(groups)
        self.seen: dict[Group, int] = {}
        # Serving one more person is worth more than all points together.
        self.person = int(pool.bonus.sum()) + pool.n * 1_000_001
        self.tables = [self._table(group) for group in self.groups]

    @property
    def left(self) -> IntArray:
        """People in no group, ascending."""
        return people_left(self.pool, self.groups)

    @property
    def value(self) -> int:
        """Points of the state, each person placed counted with her own large worth."""
        return sum(table.points for table in self.tables)

    def _worth(self, column: int, groups: IntArray) -> IntArray:
        points, _ = self.pool.worth(column, groups)
        return np.where(points > FORBIDDEN, points + self.person * groups.shape[1], FORBIDDEN)

    def _table(self, group: Group) -> _Table:
        column, members = group
        pool, rows, size = self.pool, np.array(group[1]), len(members)
        points = int(self._worth(column, rows[None, :])[0])
        self.seen[group] = points - self.person * size
        without = np.full(size, FORBIDDEN, dtype=np.int64)
        if size > pool.settings.minimum:
            without = self._worth(column, np.array([np.delete(rows, at) for at in range(size)]))
        could = np.asarray(pool.meetings[column].eligible.any(axis=0))
        could[rows] = False
        plus = np.full(pool.n, FORBIDDEN, dtype=np.int64)
        others = np.flatnonzero(could & pool.together[rows].all(axis=0))
        if size < pool.settings.maximum and len(others):
            plus[others] = self._worth(column, np.column_stack([np.tile(rows, (len(others), 1)), others]))
        instead = np.full((size, pool.n), FORBIDDEN, dtype=np.int64)
        for at in range(size):
            rest = np.delete(rows, at)
            others = np.flatnonzero(could & pool.together[rest].all(axis=0))
            if len(others):
                instead[at, others] = self._worth(column, np.column_stack([np.tile(rest, (len(others), 1)), others]))
        return _Table(points, without, plus, instead)

    def improve(self) -> None:
        """Make the best move until none is left."""
        while True:
            moves = [move for move in (*self._single_moves(), *self._double_moves()) if move.gain > 0]
            if not moves:
                return
            self._make(max(moves, key=lambda move: move.gain))

    def _make(self, move: _Move) -> None:
        for at, members in move.changes:
            self.groups[at] = (self.groups[at][0], tuple(sorted(members)))
            self.tables[at] = self._table(self.groups[at])

    def _single_moves(self) -> Iterator[_Move]:
        """Somebody left joins a group, or takes the place of a member."""
        left = self.left
        if not len(left):
            return
        for at, ((_, members), table) in enumerate(zip(self.groups, self.tables, strict=True)):
            best = int(left[table.plus[left].argmax()])
            yield _Move(int(table.plus[best]) - table.points, ((at, (*members, best)),))
            instead = table.instead[:, left]
            out, place = np.unravel_index(int(instead.argmax()), instead.shape)
            changed = _swap(members, int(out), int(left[place]))
            yield _Move(int(instead[out, place]) - table.points, ((at, changed),))

    def _double_moves(self) -> Iterator[_Move]:
        """Two groups exchange members, or one gives a member to another, whose place somebody left may take."""
        left = self.left
        for one, first in enumerate(self.tables):
            for other, second in enumerate(self.tables):
                if one < other:
                    yield self._exchange(one, other)
                if one != other:
                    yield from self._hand_over(one, first, other, second, left)

    def _exchange(self, one: int, other: int) -> _Move:
        first, second = self.tables[one], self.tables[other]
        ours, theirs = self.groups[one][1], self.groups[other][1]
        forth, back = first.instead[:, list(theirs)], second.instead[:, list(ours)].T
        total = np.where((forth > FORBIDDEN) & (back > FORBIDDEN), forth + back, FORBIDDEN)
        a, b = np.unravel_index(int(total.argmax()), total.shape)
        changes = (one, _swap(ours, int(a), theirs[b])), (other, _swap(theirs, int(b), ours[a]))
        return _Move(int(total[a, b]) - first.points - second.points, changes)

    def _hand_over(self, one: int, first: _Table, other: int, second: _Table, left: IntArray) -> Iterator[_Move]:
        ours, theirs = self.groups[one][1], self.groups[other][1]
        arriving, before = second.plus[list(ours)], first.points + second.points
        total = np.where((first.without > FORBIDDEN) & (arriving > FORBIDDEN), first.without + arriving, FORBIDDEN)
        at = int(total.argmax())
        rest = ours[:at] + ours[at + 1 :]
        yield _Move(int(total[at]) - before, ((one, rest), (other, (*theirs, ours[at]))))
        if len(left):
            instead = first.instead[:, left]
            chain = np.where((instead > FORBIDDEN) & (arriving > FORBIDDEN)[:, None], instead + arriving[:, None], -1)
            out, place = np.unravel_index(int(chain.argmax()), chain.shape)
            changes = (one, _swap(ours, int(out), int(left[place]))), (other, (*theirs, ours[int(out)]))
            yield _Move(int(chain[out, place]) - before, changes)

    def neighbours(self) -> dict[Group, int]:
        """List groups one exchange away from the state, and those seen on the way: the best by points per member."""
        found = dict(self.seen)
        for (column, members), table in zip(self.groups, self.tables, strict=True):
            for out, place in zip(*np.nonzero(table.instead > FORBIDDEN), strict=True):
                group = (column, tuple(sorted(_swap(members, int(out), int(place)))))
                found[group] = int(table.instead[out, place]) - self.person * len(members)
        own = dict.fromkeys(self.groups)
        ranked = sorted(found, key=lambda group: (group not in own, -found[group] / len(group[1])))
        return {group: found[group] for group in ranked[:PACKED_GROUPS]}

    def settle_ties(self) -> None:
        """Let those who come first in the input have a place where it changes no value."""
        changed = True
        while changed:
            changed = False
            for at, (_, members) in enumerate(self.groups):
                table, left = self.tables[at], self.left
                swaps = [
                    (out, int(row))
                    for out in range(len(members) - 1, -1, -1)
                    for row in left
                    if row < members[out] and table.instead[out, row] == table.points
                ]
                if swaps:
                    self._make(_Move(0, ((at, _swap(members, *swaps[0])),)))
                    changed = True


def _swap(members: tuple[int, ...], out: int, row: int) -> tuple[int, ...]:
    return (*members[:out], row, *members[out + 1 :])


def start_from_placement(pool: CirclePool, placement: Placement) -> list[Group]:
    """Split the people of each meeting into its circles; who fits in none of them is left for the exchanges."""
    found: list[Group] = []
    apart = (~pool.together).sum(axis=1)
    for (column, _), circles, members in zip(
        placement.meeting_of, placement.circles.tolist(), placement.members, strict=True
    ):
        groups: list[list[int]] = [[] for _ in range(circles)]
        for row in sorted(members, key=lambda row: (-apart[row], row)):
            fits = [g for g in groups if pool.together[row, g].all() and len(g) < pool.settings.maximum]
            if fits:
                min(fits, key=len).append(row)
        found.extend((column, tuple(sorted(g))) for g in groups if len(g) >= pool.settings.minimum)
    return found


def open_groups(pool: CirclePool, groups: Sequence[Group]) -> list[Group]:
    """Add groups of people who are left, built member by member, while some facilitator has room for one more."""
    found = list(groups)
    while True:
        best = max(_grown(pool, found, people_left(pool, found)), key=lambda one: one[0], default=None)
        if best is None:
            return found
        found.append(best[1])


def _grown(pool: CirclePool, groups: Sequence[Group], left: IntArray) -> Iterator[tuple[tuple[int, int], Group]]:
    """One group per meeting that still can be: with its first people added who raise its worth most."""
    used = np.bincount([column for column, _ in groups], minlength=pool.m)
    for column in np.flatnonzero(used < pool.capacity).tolist():
        for eligible in pool.meetings[column].eligible:
            members: list[int] = []
            could = [row for row in left.tolist() if eligible[row]]
            while could and len(members) < pool.settings.maximum:
                points, _ = pool.worth(column, np.array([[*members, row] for row in could]))
                members.append(could[int(points.argmax())])
                could = [row for row in could if row not in members and pool.together[row, members].all()]
            if len(members) >= pool.settings.minimum:
                points, _ = pool.worth(column, np.array([members]))
                yield (len(members), int(points[0])), (column, tuple(sorted(members)))


def find_groups(pool: CirclePool, model: PlacementModel, placement: Placement | None) -> tuple[list[Group], bool]:
    """Find the groups of a plan.

    Parameters
    ----------
    pool : CirclePool
        The people.
    model : PlacementModel
        The programme about meetings.
    placement : Placement or None
        The one that places most.

    Returns
    -------
    groups : list of tuple
        The plan.
    proven : bool
        Whether it is the best one.
    """
    every = list_groups(pool)
    if every is not None:
        values = _value(pool, every)
        place_of = {group: at for at, group in enumerate(every)}
        known = [place_of[group] for group in _exchange(pool, placement).groups]
        chosen, proven = pack(pool, every, np.array(list(values.values())), known=known)
        found = Search(pool, open_groups(pool, [every[at] for at in chosen]))
    else:
        proven = False
        starts = [[]] if placement is None else [start_from_placement(pool, placement), []]
        if placement is not None:
            fuller, _ = model.solve(sum(map(len, placement.members)))
            starts[:0] = [] if fuller is None else [start_from_placement(pool, fuller)]
        found = max((_climb(pool, start) for start in starts), key=lambda search: search.value)
    found.improve()
    found.settle_ties()
    return found.groups, proven


def _exchange(pool: CirclePool, placement: Placement | None) -> Search:
    """Exchange people while it helps, from where meetings are fullest."""
    search = Search(pool, open_groups(pool, [] if placement is None else start_from_placement(pool, placement)))
    search.improve()
    return search


def _climb(pool: CirclePool, start: Sequence[Group]) -> Search:
    """Exchange, pack what was seen, and again while it helps."""
    search = Search(pool, open_groups(pool, start))
    search.improve()
    while True:
        near = search.neighbours()
        groups = list(near)
        chosen, _ = pack(pool, groups, np.array(list(near.values())), nodes=PACKING_NODES)
        better = Search(pool, open_groups(pool, [groups[at] for at in chosen]))
        better.seen = {**search.seen, **better.seen}
        better.improve()
        if better.value <= search.value:
            return search
        search = better
