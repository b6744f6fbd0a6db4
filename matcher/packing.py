"""At most one bundle per owner, under shared capacities, for several aims in order: exact, by branch and bound.

A bundle is a set of things that one owner would take together (seats, supporters' places). What makes a set possible
for her is settled when bundles are listed, so that only what people share is left to the solver.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from matcher.encoding import BoolArray, IntArray
from matcher.errors import MatcherError

ROUNDING = 1e-3
"""How far the solver's bound on a whole number may be off, in the aim's units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What one aim reached: `value`, and the `upper_bound` that no answer as good in the earlier aims can exceed.

    Both are whole numbers; they are equal, which is the proof.
    """

    name: str
    value: int
    upper_bound: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """Bundle chosen by each owner, -1 for none (shape (n_owners,)), and what each aim reached, in order."""

    chosen: IntArray
    aims: tuple[Aim, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundles:
    """Bundles as columns; n of them.

    Parameters
    ----------
    owners : ndarray of int of shape (n,)
        Whose bundle it is.
    uses : csc_array of int of shape (n_things, n)
        How much of each shared thing it takes.
    """

    owners: IntArray
    uses: sparse.csc_array

    @staticmethod
    def collect(owners: Sequence[int], things: Sequence[tuple[int, ...]], n_things: int) -> "Bundles":
        """Make the columns from lists: the owner of each bundle, and the things that it takes one of."""
        sizes = np.array([len(some) for some in things], dtype=np.int64)
        rows = np.array([thing for some in things for thing in some], dtype=np.int64)
        columns = np.repeat(np.arange(len(things)), sizes)
        shape = (n_things, len(things))
        uses = sparse.csc_array((np.ones(len(rows)), (rows, columns)), shape=shape)
        return Bundles(owners=np.array(owners, dtype=np.int64), uses=uses)


def pack(
    bundles: Bundles,
    capacity: IntArray,
    aims: Mapping[str, IntArray],
    *,
    n_owners: int,
    least: IntArray | None = None,
    must: BoolArray | None = None,
) -> Packing:
    """Choose at most one bundle per owner so that the first aim is largest, then the second, and so on.

    Parameters
    ----------
    bundles : Bundles
        What can be chosen, n bundles.
    capacity : ndarray of int of shape (n_things,)
        How much there is of each thing, 0 or more.
    aims : Mapping of str to ndarray of int of shape (n,)
        Worth of each bundle, 0 or more, by aim, the most important first; at least one aim.
    n_owners : int
        How many owners there are.
    least : ndarray of int of shape (n_things,), optional
        A thing is used not at all, or this much.
    must : ndarray of bool of shape (n_owners,), optional
        Owners who take one of their bundles.

    Returns
    -------
    packing : Packing
        The choice, with the proof aim by aim.

    Raises
    ------
    MatcherError
        If no choice respects `must`, or the solver gives up.

    Notes
    -----
    One mixed-integer programme per aim that is not settled yet: an aim whose present value is what every owner could
    have by herself needs none. Each programme keeps the values reached before. Solved by HiGHS with a gap of 0. Time
    grows faster than the number of bundles, see `share_seats`; memory is that of the sparse columns.
    Among equally good answers the solver's choice is taken, always the same for the same input.

    References
    ----------
    Huangfu, Q. and Hall, J. A. J. (2018). Parallelizing the dual revised simplex method. Mathematical Programming
    Computation 10, 119-142. doi:10.1007/s12532-017-0130-5

    Examples
    --------
    Two owners, one place: the aim decides who has it.

    >>> both = Bundles.collect([0, 1], [(0,), (0,)], n_things=1)
    >>> answer = pack(both, np.array([1]), {"need": np.array([1, 3])}, n_owners=2)
    >>> answer.chosen.tolist(), answer.aims[0].value, answer.aims[0].upper_bound
    ([-1, 1], 3, 3)
    """
    problem = _Problem(bundles, capacity, n_owners, least, must)
    reached: list[Aim] = []
    for name, worth in aims.items():
        by_owner = np.zeros(n_owners, dtype=np.int64)
        np.maximum.at(by_owner, bundles.owners, worth)
        bound = int(by_owner.sum())
        if problem.picked is None or int(worth[problem.picked].sum()) < bound:
            bound = problem.improve(worth)
        value = int(worth[problem.picked].sum())
        problem.keep(worth, value)
        reached.append(Aim(name=name, value=value, upper_bound=bound))
    chosen = np.full(n_owners, -1, dtype=np.int64)
    assert problem.picked is not None  # nothing was forced, or the first aim was improved
    chosen[bundles.owners[problem.picked]] = problem.picked
    return Packing(chosen=chosen, aims=tuple(reached))


class _Problem:
    """The programme so far: bundles, then one switch per thing that has a least use."""

    def __init__(
        self,
        bundles: Bundles,
        capacity: IntArray,
        n_owners: int,
        least: IntArray | None,
        must: BoolArray | None,
    ) -> None:
        n = len(bundles.owners)
        if must is not None and not np.isin(np.flatnonzero(must), bundles.owners).all():
            raise MatcherError("an owner who must have a bundle has none to choose from")
        few = np.flatnonzero((least if least is not None else np.zeros(len(capacity))) > 1)
        self.n, self.size = n, n + len(few)
        self.picked: IntArray | None = None if must is not None and must.any() else np.zeros(0, dtype=np.int64)
        owned = sparse.csr_array((np.ones(n), (bundles.owners, np.arange(n))), shape=(n_owners, n))
        forced = np.zeros(n_owners) if must is None else must.astype(np.float64)
        self.constraints = [
            LinearConstraint(self._widen(owned), forced, np.ones(n_owners)),
            LinearConstraint(self._widen(sparse.csr_array(bundles.uses)), -np.inf, capacity),
        ]
        if least is not None and len(few):
            used, switch = bundles.uses.tocsr()[few], sparse.eye_array(len(few), format="csr")
            at_most = sparse.hstack([used, -switch * capacity[few]], format="csr")
            at_least = sparse.hstack([used, -switch * least[few]], format="csr")
            self.constraints += [LinearConstraint(at_most, -np.inf, 0), LinearConstraint(at_least, 0, np.inf)]

    def _widen(self, columns: sparse.csr_array) -> sparse.csr_array:
        empty = sparse.csr_array((columns.shape[0], self.size - self.n))
        return sparse.csr_array(sparse.hstack([columns, empty], format="csr"))

    def improve(self, worth: IntArray) -> int:
        """Make one aim as large as can be; gives the bound that proves it."""
        costs = np.zeros(self.size)
        costs[: self.n] = -worth
        answer = milp(
            costs,
            integrality=np.ones(self.size),
            bounds=Bounds(0, 1),
            constraints=self.constraints,
            options={"mip_rel_gap": 0},
        )
        if answer.x is None:
            raise MatcherError(f"the integer solver stopped: {answer.message}", status=int(answer.status))
        self.picked = np.flatnonzero(answer.x[: self.n] > 0.5)  # each is 0 or 1, but for rounding
        return int(np.floor(-answer.mip_dual_bound + ROUNDING))

    def keep(self, worth: IntArray, value: int) -> None:
        """Hold an aim at what it reached while later ones are improved."""
        if value:
            row = sparse.csr_array(worth.astype(np.float64)[None, :])
            self.constraints.append(LinearConstraint(self._widen(row), value, np.inf))
