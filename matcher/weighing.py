"""What choosing a supporter for somebody would mean for the others: exact, person by person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.assignment import assign
from matcher.errors import ImpossibleChangeError
from matcher.markets import favour_previous, find_markets, place_previous, waiting_points
from matcher.moves import Forgone
from matcher.pool import Market, Pool
from matcher.records import Role
from matcher.rematch import Standing, why_not
from matcher.scoring import POINTS
from matcher.threads import one_thread_per_product


@dataclass(frozen=True, slots=True, kw_only=True)
class Displaced:
    """Somebody who would have another supporter, or nobody.

    Parameters
    ----------
    entrepreneur_id : str
        Who.
    before, after : str or None
        Ids of the supporters in the best answer and in the best answer with the choice; None for nobody.
    score_before, score_after : float
        Scores of the pairs, 0 for nobody.
    """

    entrepreneur_id: str
    before: str | None
    after: str | None
    score_before: float
    score_after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What one choice would mean.

    Parameters
    ----------
    supporter_id : str
        Whom.
    score : float
        Score of the pair.
    is_best : bool
        Whether the best answer has this pair already.
    waiting : int
        People more without anybody, in all.
    lost : float
        Total of scores, waiting bonuses and what keeping pairs is worth lost, in all; 0 for an answer that is as good.
    others : tuple of Displaced
        Everybody else who would change, in input order.
    """

    supporter_id: str
    score: float
    is_best: bool
    waiting: int
    lost: float
    others: tuple[Displaced, ...]


def weigh_choices(
    pool: Pool, entrepreneur_id: str, role: Role, supporter_ids: Sequence[str], *, previous: Mapping[str, str]
) -> dict[str, Weighed]:
    """Say what choosing each of some supporters for one person would mean for the others.

    Parameters
    ----------
    pool : Pool
        Everybody whose supporter is still open; places that are held are not among the capacity.
    entrepreneur_id : str
        Who looks for somebody.
    role : Role
        As what.
    supporter_ids : sequence of str
        Whom to weigh.
    previous : mapping of str to str
        Who has whom so far: equally good answers keep these.

    Returns
    -------
    weighed : dict of str to Weighed
        Those of the supporters who are allowed and have a free place.

    Raises
    ------
    UnknownIdError
        If nobody in the pool has this id.

    Notes
    -----
    Exact: the best answer is compared with the best one that has the pair, see `matcher.rematch.why_not`. Best is the
    largest total, whatever the aim of the settings: only totals have prices, and only prices answer at once. Under the
    fairest aim the same people wait, who changes among the others may differ.
    Time: the role is solved once, then each choice takes a millisecond.
    """
    row = pool.row(entrepreneur_id)
    wanted = {pool.column_of[id] for id in supporter_ids if id in pool.column_of}
    with one_thread_per_product():
        for market in find_markets(pool, role):
            if row in market.rows:
                return _weigh(pool, market, row, wanted, previous)
    return {}


def _weigh(pool: Pool, market: Market, row: int, wanted: set[int], previous: Mapping[str, str]) -> dict[str, Weighed]:
    capacity, bonus = pool.supporter_table.capacity[market.columns], waiting_points(pool, market.rows)
    kept = place_previous(pool, market, previous)
    favoured = favour_previous(market, kept, pool.settings)
    table = market if favoured is None else favoured
    answer = assign(table, capacity, aim="most_served", bonus=bonus, previous=kept)
    standing = Standing.begin(table, answer, capacity, bonus=bonus)
    at = int(np.searchsorted(market.rows, row))
    found = {}
    for column in range(len(market.columns)):
        if market.columns[column] in wanted:
            forgone = _price(standing, at, column)
            if forgone is not None:
                weighed = _tell(pool, market, forgone)
                found[weighed.supporter_id] = weighed
    return found


def _price(standing: Standing, row: int, column: int) -> Forgone | None:
    try:
        return why_not(standing, row, column)
    except ImpossibleChangeError:
        return None


def _tell(pool: Pool, market: Market, forgone: Forgone) -> Weighed:
    def name(column: int) -> str | None:
        return pool.supporters[market.columns[column]].id if column >= 0 else None

    def score(row: int, column: int) -> float:
        return float(market.points(np.array([row]))[0, column]) / POINTS if column >= 0 else 0.0

    others = tuple(
        Displaced(
            entrepreneur_id=pool.entrepreneurs[market.rows[move.row]].id,
            before=name(move.before),
            after=name(move.after),
            score_before=score(move.row, move.before),
            score_after=score(move.row, move.after),
        )
        for move in forgone.moves
        if move.row != forgone.row
    )
    return Weighed(
        supporter_id=pool.supporters[market.columns[forgone.column]].id,
        score=score(forgone.row, forgone.column),
        is_best=not forgone.moves,
        waiting=forgone.served,
        lost=forgone.total / POINTS,
        others=others,
    )
