"""The fairest assignment: the worst off first."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from matcher.candidates import Pairs, all_pairs
from matcher.encoding import BoolArray, IntArray
from matcher.errors import InvalidSettingsError
from matcher.faces import Face, choose, find_face
from matcher.floors import LARGEST_PROGRAMME, FloorProblem
from matcher.flow import Places
from matcher.levels import Levels
from matcher.prices import find_prices
from matcher.requests import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Fairness:
    """What the worst off has, and what that costs, in points.

    Parameters
    ----------
    floor : int or None
        Points of the worst off among the people served: of her pair, or the sum of her pairs; None if nobody is.
    floor_bound : int or None
        What no answer that serves as many can exceed: the floor itself, where the search for it ended.
    relaxed_floor : int or None
        The same bound from linear programmes alone: the largest floor at which supporters may be shared out by
        fractions so that everybody has it, where no pair counts for more than her floor and as many are needed as
        whole ones would be. Where nobody has more than one supporter, such a programme has whole corners: the floor.
    price : int
        What fairness takes from the total: that of the aim `"most_served"` less this one.
    share : float
        The same as a share of that total, 0 where it is 0; no unit.
    """

    floor: int | None
    floor_bound: int | None
    relaxed_floor: int | None
    price: int
    share: float


@dataclass(frozen=True)
class Fairest:
    """A fairest answer besides the fixed pairs, and what its total cannot exceed."""

    pairs: Pairs
    bound: int
    fairness: Fairness


def find_fairest(rest: Request, fixed: Pairs, richest: Pairs, on_step: Callable[[int], None] | None = None) -> Fairest:
    """Serve as many as can be, and the worst off as well as can be.

    Parameters
    ----------
    rest : Request
        What is left to decide; its minimum can be met.
    fixed : Pairs
        What is decided.
    richest : Pairs
        The answer with the largest total among those that fill most places.
    on_step : callable or None
        Called with the number of the step that begins, from 1, where it goes by levels.

    Returns
    -------
    fairest : Fairest
        By levels (`find_leximin`) where nobody has more than one supporter, else by floor (`floors.FloorProblem`).

    Raises
    ------
    InvalidSettingsError
        If people may have several supporters each, of more than `floors.LARGEST_PROGRAMME` allowed pairs.

    Notes
    -----
    Lists all allowed pairs. Where people may have several supporters, ties are left to the solver: the same for the
    same input.
    """
    pairs = all_pairs(rest.table)
    m, n = rest.table.shape[1], len(rest.demand)
    used = np.isin(pairs.rows * m + pairs.columns, richest.rows * m + richest.columns)
    count = rest.demand + np.bincount(fixed.rows, minlength=n)
    if count.max(initial=0) <= 1:
        wanted = rest.demand[pairs.rows] > 0
        face = find_leximin(pairs.take(wanted), used[wanted], rest.demand, rest.places, rest.bonus, on_step)
        chosen = choose(face, rest.previous, rest.load)
        floor = min((int(part.points.min()) for part in (fixed, chosen) if len(part)), default=None)
        return Fairest(chosen, _sum(rest, chosen), _compare(rest, fixed, richest, chosen, (floor, floor, floor)))
    if len(pairs) > LARGEST_PROGRAMME:
        expected = f"at most {LARGEST_PROGRAMME} allowed pairs where people may have several supporters each"
        raise InvalidSettingsError(field="aim", value=f"fairest over {len(pairs)} pairs", expected=expected)
    answer = FloorProblem(
        pairs=pairs,
        wins=pairs.points + rest.bonus[pairs.rows],
        demand=rest.demand,
        least=rest.minimum,
        most=rest.places.most,
        filled=len(richest),
        richest=_sum(rest, richest),
        given=np.bincount(fixed.rows, fixed.points, n).astype(np.int64),
        safe=np.bincount(fixed.rows, minlength=n) > 0,
    ).solve()
    chosen = pairs.take(answer.used)
    fairness = _compare(rest, fixed, richest, chosen, (answer.floor, answer.floor_bound, answer.relaxed_floor))
    return Fairest(chosen, answer.total_bound, fairness)


def _sum(rest: Request, pairs: Pairs) -> int:
    return int((pairs.points + rest.bonus[pairs.rows]).sum())


def _compare(
    rest: Request, fixed: Pairs, richest: Pairs, chosen: Pairs, floors: tuple[int | None, int | None, int | None]
) -> Fairness:
    total = _sum(rest, richest) + _sum(rest, fixed)
    price = _sum(rest, richest) - _sum(rest, chosen)
    share = price / abs(total) if total else 0.0
    return Fairness(floor=floors[0], floor_bound=floors[1], relaxed_floor=floors[2], price=price, share=share)


def find_leximin(
    pairs: Pairs,
    used: BoolArray,
    demand: IntArray,
    places: Places,
    bonus: IntArray,
    on_step: Callable[[int], None] | None = None,
) -> Face:
    """Find all answers that serve as many as can be, the worst off as well as can be, then the next, and so on.

    Parameters
    ----------
    pairs : Pairs
        All allowed pairs.
    used : ndarray of bool of shape (n_pairs,)
        An answer that serves as many as can be and meets the least loads.
    demand : ndarray of int of shape (n,)
        0 or 1 for each entrepreneur.
    places : Places
        What supporters offer; least loads win a prize.
    bonus : ndarray of int of shape (n,)
        Points won by serving each entrepreneur: decides between equally fair answers.
    on_step : callable or None
        Called with the number of the step that begins, from 1: each settles half of the pairs that are left.

    Returns
    -------
    face : Face
        The fairest answers of the largest total.

    Notes
    -----
    Level by level of points (`levels.Levels`): as few pairs as can be of the worst level, then of the next, on the
    answers left. It begins with the answer given: one of a large total has few of the worst pairs already.
    """
    levels = Levels(_served_most(pairs, used, demand, places))
    step, due = 0, levels.left
    while levels.left:
        if on_step is not None and levels.left <= due:
            step, due = step + 1, levels.left // 2
            on_step(step)
        levels.settle()
    face = levels.face()
    if bonus.any() and len(face.pairs):
        face = face.best(face.pairs.points + bonus[face.open.rows])
    return face


def _served_most(pairs: Pairs, used: BoolArray, demand: IntArray, places: Places) -> Face:
    """Take all answers that serve as many as can be, whatever their points."""
    worth = np.ones(len(demand), dtype=np.int64)
    alike = replace(pairs, points=np.zeros(len(pairs), dtype=np.int64))
    prices = find_prices(alike, used, demand, worth, places)
    return find_face(pairs, worth[pairs.rows], used, prices, demand, places)
