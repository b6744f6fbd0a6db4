"""One role solved by itself, without alternatives and reasons: to compare its answer with another."""

from dataclasses import dataclass, replace

import numpy as np

from matcher.encoding import ROLES, BoolArray, IntArray
from matcher.markets import find_markets, solve_markets, waiting_points
from matcher.pool import Pool
from matcher.records import Role
from matcher.scoring import POINTS
from matcher.threads import one_thread_per_product


@dataclass(frozen=True)
class RoleAnswer:
    """One role solved by itself, without alternatives and reasons.

    Parameters
    ----------
    matched : int
        People served.
    objective : float
        Total of scores and waiting bonuses.
    asked : ndarray of int of shape (n_entrepreneurs,)
        Points above which serving each person through one supporter more would win: by p points, `p - asked` at most.
    unserved : ndarray of int of shape (n_entrepreneurs,)
        Points that stand for one more person served, where she is; 0 for people who do not want the role.
    alone : ndarray of bool of shape (n_entrepreneurs,)
        People who want the role and are left over.
    """

    matched: int
    objective: float
    asked: IntArray
    unserved: IntArray
    alone: BoolArray


def solve_role(pool: Pool, role: Role) -> RoleAnswer:
    """Solve one role of a prepared pool, to compare the answer with another.

    Parameters
    ----------
    pool : Pool
        Made by `prepare`.
    role : Role
        The role.

    Returns
    -------
    answer : RoleAnswer
        The figures that `match` reaches in this role, and the prices of its people. Always of the largest total, which
        alone has prices: whatever the aim, the same people are served.
    """
    pool = replace(pool, settings=replace(pool.settings, aim="most_served"))
    index = ROLES.index(role)
    rows = np.flatnonzero(pool.entrepreneur_table.roles[:, index])
    with one_thread_per_product():
        solved = solve_markets(pool, find_markets(pool, role), choices=1, reach=lambda _share: None)
    unserved, people = np.zeros((2, len(pool.entrepreneurs)), dtype=np.int64)
    unserved[rows] = POINTS + 1  # who meets no supporter at all would be one more in any case
    alone = pool.entrepreneur_table.roles[:, index].copy()
    for part in solved:
        unserved[part.rows], people[part.rows] = part.answer.unserved, part.answer.entrepreneur_prices
        alone[part.rows] = part.choices[:, 0] < 0
    return RoleAnswer(
        matched=sum(part.answer.served for part in solved),
        objective=sum(part.answer.total for part in solved) / POINTS,
        asked=people - unserved - waiting_points(pool, np.arange(len(people))),
        unserved=unserved,
        alone=alone,
    )
