"""Integer programmes about circles: how many people can be placed at most, who goes where, which groups to keep.

Placing looks at meetings rather than at groups: a number of circles per meeting, each between the smallest and the
largest size, people who can come, and at most one of each clique of people who must not sit together per circle. Every
plan obeys this, so its optimum bounds all plans; where few people exclude each other it is a plan already.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from matcher.circle_pool import CirclePool
from matcher.encoding import IntArray
from matcher.scoring import POINTS

NODES = 200
"""Branches that the solver tries at most: a number of steps, not a time, so that the answer is the same everywhere."""

SLACK = 1e-6
"""What the solver's arithmetic may be wrong by, as a share of the value; added to every bound that is reported."""

Amounts = np.typing.NDArray[np.float64]

Group = tuple[int, tuple[int, ...]]
"""A facilitator's column and the members' rows, ascending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """People per meeting: `members[k]` go to `circles[k]` circles of meeting `meeting_of[k]` = (column, meeting)."""

    meeting_of: tuple[tuple[int, int], ...]
    circles: IntArray
    members: tuple[tuple[int, ...], ...]


class PlacementModel:
    """The programme about meetings.

    Parameters
    ----------
    pool : CirclePool
        The people.
    """

    def __init__(self, pool: CirclePool) -> None:
        self.pool = pool
        self.meeting_of = tuple((f, k) for f, m in enumerate(pool.meetings) for k in range(len(m.languages)))
        eligible = [pool.meetings[f].eligible[k] for f, k in self.meeting_of]
        self.eligible = np.array(eligible, dtype=bool).reshape(len(eligible), pool.n)
        self.family, self.person = np.nonzero(self.eligible)
        self._solved: dict[int | None, tuple[Placement | None, int]] = {}

    @cached_property
    def most_points(self) -> IntArray:
        """What each place could bring at most: the best partners among all who could come, and the best size."""
        pool, found = self.pool, np.zeros(len(self.family), dtype=np.int64)
        for at, (f, k) in enumerate(self.meeting_of):
            here = self.family == at
            rows = self.person[here]
            partners = pool.together[np.ix_(rows, rows)] & ~np.eye(len(rows), dtype=bool)
            levels = np.where(partners[:, :, None], pool.offers[rows][None, :, :], 0).max(axis=1)
            received = (pool.needs[rows] * levels).sum(axis=1) / pool.most[rows]
            helped = np.minimum((pool.helps[np.ix_(rows, rows)] & partners).sum(axis=1), 3) / 3
            values = np.stack([received, helped, np.ones(len(rows))], axis=1)
            shared = np.rint(values * pool.shares[rows][:, :3]).astype(np.int64).sum(axis=1)
            found[here] = shared + pool.meetings[f].points[k, rows] + pool.bonus[rows]
        return found

    @cached_property
    def cliques(self) -> tuple[tuple[int, ...], ...]:
        """Groups of people of whom no two may sit together, each as large as can be; they cover every such pair."""
        apart = ~self.pool.together
        found: dict[tuple[int, ...], None] = {}
        for one, other in zip(*np.nonzero(np.triu(apart)), strict=True):
            clique = [int(one), int(other)]
            for row in range(self.pool.n):
                if row not in clique and apart[row, clique].all():
                    clique.append(row)
            found[tuple(sorted(clique))] = None
        return tuple(found)

    @cached_property
    def _constraint(self) -> LinearConstraint:
        pool, places, families = self.pool, len(self.family), len(self.meeting_of)
        ones, at = np.ones(places), np.arange(places)
        attend = sparse.csr_array((ones, (self.person, at)), shape=(pool.n, places))
        fill = sparse.csr_array((ones, (self.family, at)), shape=(families, places))
        settings = pool.settings
        leads = np.array([f for f, _ in self.meeting_of], dtype=np.int64)
        lead = sparse.csr_array((np.ones(families), (leads, np.arange(families))), shape=(pool.m, families))
        each, open_ = self._once_per_circle()
        eye = sparse.eye_array(families)
        rows = sparse.block_array(
            [
                [attend, None],
                [fill, -settings.maximum * eye],
                [-fill, settings.minimum * eye],
                [None, lead],
                [each, -open_],
            ],
            format="csr",
        )
        upper = [np.ones(pool.n), np.zeros(2 * families), pool.capacity.astype(float), np.zeros(each.shape[0])]
        return LinearConstraint(rows, -np.inf, np.concatenate(upper))

    def _once_per_circle(self) -> tuple[sparse.csr_array, sparse.csr_array]:
        """Rows that let at most one of a clique, and each person at most once, into a circle."""
        place_of = np.full(self.eligible.shape, -1)
        place_of[self.family, self.person] = np.arange(len(self.family))
        groups = [*self.cliques, *((row,) for row in range(self.pool.n))]
        rows = [(k, found[found >= 0]) for c in groups for k, found in enumerate(place_of[:, c]) if (found >= 0).any()]
        who = [(row, place) for row, (_, places) in enumerate(rows) for place in places]
        entries = np.array(who, dtype=np.int64).reshape(-1, 2)
        shape = (len(rows), len(self.family))
        each = sparse.csr_array((np.ones(len(entries)), entries.T), shape=shape)
        families = np.array([k for k, _ in rows], dtype=np.int64)
        shape = (len(rows), len(self.meeting_of))
        return each, sparse.csr_array((np.ones(len(rows)), (np.arange(len(rows)), families)), shape=shape)

    def solve(self, placed: int | None = None) -> tuple[Placement | None, int]:
        """Place as many people as can be, or this many for the most points; asked again, the answer is at hand.

        Parameters
        ----------
        placed : int or None
            People to place; None for as many as can be.

        Returns
        -------
        placement : Placement or None
            The best found; None when there is none, or the solver ran out of steps first.
        bound : int
            People, or points, that no plan exceeds.
        """
        if placed not in self._solved:
            self._solved[placed] = self._solve(placed) if self.meeting_of else (None, 0)
        return self._solved[placed]

    def _solve(self, placed: int | None) -> tuple[Placement | None, int]:
        families = len(self.meeting_of)
        places = len(self.family)
        worth = np.ones(places) if placed is None else self.most_points / POINTS
        constraints = [self._constraint]
        if placed is not None:
            total = np.concatenate([np.ones(places), np.zeros(families)])
            constraints.append(LinearConstraint(total[None, :], placed, placed))
        found = milp(
            -np.concatenate([worth, np.zeros(families)]),
            constraints=constraints,
            bounds=Bounds(0, np.concatenate([np.ones(places), np.full(families, np.inf)])),
            integrality=np.concatenate([np.zeros(places), np.ones(families)]),
            options={"node_limit": NODES, "mip_rel_gap": 0},
        )
        bound = -found.mip_dual_bound if found.mip_dual_bound is not None else np.inf
        bound = min(bound, self.pool.n if placed is None else worth_of_all(self))
        unit = 1 if placed is None else POINTS
        whole = int(np.floor(bound * (1 + SLACK) * unit + SLACK))
        return (self._read(found.x) if found.x is not None else None), whole

    def _read(self, x: Amounts) -> Placement:
        chosen = np.flatnonzero(x[: len(self.family)] > 0.5)
        members: list[list[int]] = [[] for _ in self.meeting_of]
        for place in chosen:
            members[self.family[place]].append(int(self.person[place]))
        circles = np.rint(x[len(self.family) :]).astype(np.int64)
        return Placement(meeting_of=self.meeting_of, circles=circles, members=tuple(map(tuple, members)))


def worth_of_all(model: PlacementModel) -> float:
    """Total if everybody sat in her best place: a bound without any programme."""
    best = np.zeros(model.pool.n, dtype=np.int64)
    np.maximum.at(best, model.person, model.most_points)
    return float(best.sum() / POINTS)


def pack(
    pool: CirclePool, groups: Sequence[Group], points: IntArray, *, nodes: int = NODES, known: Sequence[int] = ()
) -> tuple[tuple[int, ...], bool]:
    """Choose among groups: as many people as can be, then the most points.

    Parameters
    ----------
    pool : CirclePool
        The people.
    groups : sequence of tuple
        Valid groups.
    points : ndarray of int64 of shape (n_groups,)
        What each is worth.
    nodes : int
        Branches to try at most.
    known : sequence of int
        Places of groups that can be kept together, from an answer at hand: groups that are in nothing better are left
        out before the solver begins.

    Returns
    -------
    chosen : tuple of int
        Places in `groups`, ascending; empty when nothing was found.
    proven : bool
        Whether no better choice among these groups exists.
    """
    if not groups:
        return (), True
    at = np.repeat(np.arange(len(groups)), [len(members) for _, members in groups])
    rows = np.concatenate([members for _, members in groups])
    attend = sparse.csr_array((np.ones(len(at)), (rows, at)), shape=(pool.n, len(groups)))
    leads = np.array([column for column, _ in groups])
    lead = sparse.csr_array((np.ones(len(groups)), (leads, np.arange(len(groups)))), shape=(pool.m, len(groups)))
    limits = np.concatenate([np.ones(pool.n), pool.capacity.astype(float)])
    constraint = LinearConstraint(sparse.vstack([attend, lead], format="csr"), -np.inf, limits)
    sizes = np.array([len(members) for _, members in groups], dtype=np.float64)
    most, proven = _choose(sizes, [constraint], nodes, known)
    placed = sizes[list(most)].sum()
    full = known if sizes[list(known)].sum() == placed else most
    best, sure = _choose(points / 1000, [constraint, LinearConstraint(sizes[None, :], placed, placed)], nodes, full)
    return (best or most), proven and sure


def _choose(
    worth: Amounts, constraints: list[LinearConstraint], nodes: int, known: Sequence[int]
) -> tuple[tuple[int, ...], bool]:
    kept = _list_promising(worth, constraints, known) if len(known) else np.arange(len(worth))
    found = milp(
        -worth[kept],
        constraints=[LinearConstraint(one.A[:, kept], one.lb, one.ub) for one in constraints],
        bounds=Bounds(0, 1),
        integrality=np.ones(len(kept)),
        options={"node_limit": nodes, "mip_rel_gap": 0},
    )
    if found.x is None:
        return (), False
    return tuple(kept[found.x > 0.5].tolist()), found.status == 0


def _list_promising(worth: Amounts, constraints: list[LinearConstraint], known: Sequence[int]) -> IntArray:
    """List the groups that an answer at least as good as the known one may hold.

    By the prices of the programme without whole numbers, a group's reduced cost is what keeping it loses at least of
    the bound: more than the bound is above the known answer, and no such answer keeps it.
    """
    limits, totals = constraints[0], constraints[1:]
    relaxed = linprog(
        -worth,
        A_ub=limits.A,
        b_ub=limits.ub,
        A_eq=np.vstack([one.A for one in totals]) if totals else None,
        b_eq=np.hstack([one.ub for one in totals]) if totals else None,
        method="highs",
    )
    if relaxed.status != 0:
        return np.arange(len(worth))
    lost = -worth - limits.A.T @ relaxed.ineqlin.marginals
    for one, price in zip(totals, relaxed.eqlin.marginals, strict=True):
        lost = lost - one.A[0] * price
    spare = -relaxed.fun - worth[list(known)].sum()
    return np.flatnonzero(lost <= spare + SLACK * (1 + abs(relaxed.fun)))
