"""One role's markets: people who can meet, solved apart from all others and by several workers at once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

import numpy as np
from joblib import Parallel, delayed, effective_n_jobs

from matcher.assignment import Assignment, assign
from matcher.candidates import Points, next_best
from matcher.components import find_components
from matcher.encoding import ROLES, BoolArray, IntArray
from matcher.pool import Market, Pool
from matcher.records import Role
from matcher.rounds import count_on
from matcher.scoring import POINTS, waiting_bonus
from matcher.settings import Settings
from matcher.tables import KeptPoints

WORTH_SPREADING = 1 << 23
"""Pairs from which one market is spread over all workers; smaller ones are given to one worker each."""


@dataclass(frozen=True)
class Solved:
    """One market with its answer, in places of the pool.

    Parameters
    ----------
    rows, columns : ndarray of int
        The market's people.
    answer : Assignment
        Who has whom, in places of the market.
    choices : ndarray of int of shape (n_rows, n_choices)
        Supporter assigned, then the next best; -1 for nobody.
    spare : ndarray of bool of shape (n_columns,)
        Supporters who have a place left.
    """

    rows: IntArray
    columns: IntArray
    answer: Assignment
    choices: IntArray
    spare: BoolArray


def find_markets(pool: Pool, role: Role) -> list[Market]:
    """Cut a role into parts of those who can be matched at all; solved apart, nothing is lost.

    Parameters
    ----------
    pool : Pool
        The pool.
    role : Role
        The role.

    Returns
    -------
    markets : list of Market
        In the order of their first entrepreneurs, each with people on both sides.
    """
    index, supporters = ROLES.index(role), pool.supporter_table
    wanted = pool.entrepreneur_table.roles[:, index]
    if role is Role.COACH:
        wanted = wanted & pool.entrepreneur_table.consent
    able = (supporters.role == index) & supporters.ready & (supporters.capacity > 0)
    return [
        pool.market(role, rows, columns)
        for rows, columns in find_components(pool, np.flatnonzero(wanted), np.flatnonzero(able))
    ]


def solve_markets(
    pool: Pool,
    markets: Sequence[Market],
    *,
    choices: int,
    reach: Callable[[float], None],
    previous: Mapping[str, str] = MappingProxyType({}),
) -> list[Solved]:
    """Solve all markets of a role.

    Parameters
    ----------
    pool : Pool
        The pool that they were cut from.
    markets : sequence of Market
        Made by `find_markets`.
    choices : int
        Supporters to name per entrepreneur: the one assigned, then the next best.
    reach : callable
        Called with the share of the work done.
    previous : mapping of str to str
        The supporter's id of each entrepreneur's before: equally good answers keep these pairs.

    Returns
    -------
    solved : list of Solved
        In the same order; does not depend on how many work on it.

    Notes
    -----
    A large market is spread over all workers block by block, one after the other; the small ones are given to one
    worker each. Only what belongs to a market travels to who solves it.
    """
    sizes = np.array([market.shape[0] * market.shape[1] for market in markets], dtype=np.float64)
    order = np.argsort(-sizes, kind="stable")
    large = int(np.count_nonzero(sizes > WORTH_SPREADING)) if len(markets) > 1 else len(markets)
    tasks = [_task(pool, market, choices, previous) for market in markets]
    done, every, solved = 0.0, max(1.0, sizes.sum()), {}
    for at in order[:large].tolist():
        told = partial(_tell_round, reach, done / every, sizes[at] / every)
        solved[at] = tasks[at].solve(pool.settings.n_jobs, told)
        done += sizes[at]
    small = order[large:].tolist()
    found_each = _one_each([tasks[at] for at in small], pool.settings.n_jobs)
    for at, found in zip(small, found_each, strict=True):
        solved[at], done = found, done + sizes[at]
        reach(done / every)
    return [solved[at] for at in range(len(markets))]


def _tell_round(reach: Callable[[float], None], start: float, step: float, rounds: int) -> None:
    """Nobody knows how many rounds there will be: each goes half of the way that is left."""
    reach(start + step * (1 - 0.5**rounds))


def _one_each(tasks: Sequence["_Task"], n_jobs: int) -> Iterator[Solved]:
    if len(tasks) <= 1 or effective_n_jobs(n_jobs) == 1:
        yield from (task.solve(1, None) for task in tasks)
        return
    spread = Parallel(n_jobs=n_jobs, prefer="threads", return_as="generator", batch_size=1)
    yield from spread(delayed(task.solve)(1, None) for task in tasks)


def place_previous(pool: Pool, market: Market, previous: Mapping[str, str]) -> IntArray:
    """Find earlier pairs in a market.

    Parameters
    ----------
    pool : Pool
        Made by `prepare`.
    market : Market
        One of its markets.
    previous : mapping of str to str
        The supporter's id of each entrepreneur's.

    Returns
    -------
    supporters : ndarray of int of shape (n_rows, 1)
        Columns of the market, -1 where she had nobody who is in it.
    """
    column_at = {pool.supporters[column].id: at for at, column in enumerate(market.columns.tolist())}
    found = [column_at.get(previous.get(pool.entrepreneurs[row].id, ""), -1) for row in market.rows.tolist()]
    return np.array(found, dtype=np.int64).reshape(-1, 1)


def favour_previous(market: Market, previous: IntArray | None, settings: Settings) -> KeptPoints | None:
    """Make earlier pairs of a market worth what the settings say.

    Parameters
    ----------
    market : Market
        The market.
    previous : ndarray of int of shape (n_rows, 1) or None
        Made by `place_previous`.
    settings : Settings
        How much keeping is worth.

    Returns
    -------
    table : KeptPoints or None
        The points to assign by; None where keeping is worth nothing.
    """
    worth = round(settings.keeping * POINTS)
    return None if previous is None or worth == 0 else KeptPoints(market, previous[:, 0], worth)


def waiting_points(pool: Pool, rows: IntArray) -> IntArray:
    """Give the points that serving each of some people wins for having waited.

    Parameters
    ----------
    pool : Pool
        Made by `prepare`.
    rows : ndarray of int
        Places in the pool.

    Returns
    -------
    points : ndarray of int of shape (len(rows),)
        Whole points.
    """
    return waiting_bonus(pool.entrepreneur_table.waiting_days[rows], pool.settings.waiting_bonus_per_day)


def _task(pool: Pool, market: Market, choices: int, previous: Mapping[str, str]) -> "_Task":
    return _Task(
        market,
        pool.supporter_table.capacity[market.columns],
        waiting_points(pool, market.rows),
        place_previous(pool, market, previous) if previous else None,
        pool.settings,
        choices,
    )


@dataclass(frozen=True)
class _Task:
    """One market with what it takes to solve it, wherever that happens."""

    market: Market
    capacity: IntArray
    bonus: IntArray
    previous: IntArray | None
    settings: Settings
    choices: int

    def solve(self, n_jobs: int, on_round: Callable[[int], None] | None) -> Solved:
        market, block_size = self.market, self.settings.block_size
        answer = self._assign(n_jobs, on_round)
        assigned = answer.supporters[:, 0]
        spare = np.bincount(assigned[assigned >= 0], minlength=len(self.capacity)) < self.capacity
        others = next_best(market, assigned, spare, self.choices - 1, block_size=block_size, n_jobs=n_jobs)
        local = np.hstack([answer.supporters, others])
        choices = np.where(local >= 0, np.append(market.columns, -1)[local], -1)
        return Solved(rows=market.rows, columns=market.columns, answer=answer, choices=choices, spare=spare)

    def _assign(self, n_jobs: int, on_round: Callable[[int], None] | None) -> Assignment:
        kept = favour_previous(self.market, self.previous, self.settings)
        table: Points = self.market if kept is None else kept
        aim_at = partial(
            assign,
            table,
            self.capacity,
            bonus=self.bonus,
            previous=self.previous,
            candidates=self.settings.candidates,
            block_size=self.settings.block_size,
            n_jobs=n_jobs,
        )
        answer = aim_at(aim="most_served", on_round=on_round)
        if self.settings.aim == "fairest":
            # By itself that aim would leave out whoever fits least, however long she has waited: who is served stays.
            served = (answer.supporters[:, 0] >= 0).astype(np.int64)
            answer = aim_at(aim="fairest", demand=served, on_round=count_on(on_round, answer.rounds))
        if kept is None:
            return answer
        owed = kept.count(answer.supporters[:, 0])
        return replace(answer, total=answer.total - owed, upper_bound=answer.upper_bound - owed)
