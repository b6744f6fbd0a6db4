"""The best choice among all pairs, found on few of them: candidates, flow, prices, and a walk that looks for better."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from matcher.candidates import Pairs, Points, Scan, all_pairs
from matcher.checks import EFFORT, check_settings
from matcher.dense import is_small, solve_table
from matcher.encoding import BoolArray, IntArray
from matcher.flow import Places, solve_flow
from matcher.forecast import forecast_prices
from matcher.near import Near
from matcher.prices import Prices, Solution, find_prices
from matcher.threads import one_thread_per_product
from matcher.workers import share

NEW_PAIRS = 8
"""Pairs that join the candidates per entrepreneur and round, those that beat the prices the most."""

FEW_PAIRS = 1 << 16
"""Pairs that are all given to the flow at once: sooner done than chosen among."""

LISTED_PAIRS = 1 << 18
"""Pairs that are all listed, so that nothing has to be guessed, within 6 MB: the flow still gets few of them."""

BEST = 10
"""Pairs of each entrepreneur, and of each supporter, that the flow begins with where all are listed."""

KEPT = 3
"""Pairs kept per entrepreneur for each that the flow begins with."""

NEAR = 0.1
"""Share of all pairs to look at again up to which it is done at once, before the pairs kept are settled."""

FAR = 0.5
"""Share of all pairs to look at again from which choosing all anew is the better walk."""

CLOSE = 5
"""Pairs per entrepreneur that the flow goes on with after its first answer: those that come closest to the prices."""

ENOUGH = 4
"""Worth of serving somebody while pairs are sought, in largest pairs: the flow is then solved in half the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How to go about the work: changes time and memory, never what comes out.

    Parameters
    ----------
    candidates : int
        Supporters per entrepreneur to start with.
    block_size : int or None
        Entrepreneurs scored at once; None chooses.
    n_jobs : int
        Threads, as joblib counts them.
    on_round : callable or None
        Called with the number of the round that begins.

    Raises
    ------
    InvalidSettingsError
        If there would be no candidates, no rows in a block, or no threads.
    """

    candidates: int = 12
    block_size: int | None = None
    n_jobs: int = 1
    on_round: Callable[[int], None] | None = None

    def __post_init__(self) -> None:
        check_settings(self, EFFORT)


def solve_rounds(table: Points, demand: IntArray, worth: IntArray, places: Places, effort: Effort) -> Solution:
    """Choose pairs with the largest sum of points and worth, less the cost of the places.

    Parameters
    ----------
    table : Points
        All pairs.
    demand : ndarray of int of shape (n,)
        Supporters that each entrepreneur takes at most.
    worth : ndarray of int of shape (n,)
        Points won with every supporter that each entrepreneur gets, besides those of the pair.
    places : Places
        What supporters offer.
    effort : Effort
        How to go about it.

    Returns
    -------
    solution : Solution
        No allowed pair but the used ones wins more than its two ends ask.

    Notes
    -----
    A guess of the prices chooses the pairs that one walk keeps. The flow gets the first of them; those that beat its
    prices join, until none of the kept ones does. What the walk noted about all others tells which of them could beat
    these prices: only they are looked at again, usually few. Prices that lie far from the guess choose anew.

    References
    ----------
    Volgenant, A. (1996). Linear and semi-assignment problems: a core oriented approach. Computers & Operations Research
    23(10), 917-932. doi:10.1016/0305-0548(96)00010-X
    """
    begin = effort.on_round or _keep_silent
    if is_small(table, demand, worth, places):
        begin(1)
        with one_thread_per_product():
            return solve_table(table, demand, worth, places)
    with one_thread_per_product(), share(table):
        if table.shape[0] * table.shape[1] <= LISTED_PAIRS:
            pairs = all_pairs(table)
            if len(pairs) <= FEW_PAIRS:
                return _solve_at_once(pairs, table.largest, demand, worth, places, begin)
            near = Near.every(pairs, table.shape, BEST + int(demand.max()) - 1)
            return _Rounds(table, demand, worth, places, effort, begin, near).solve()
        return _Rounds(table, demand, worth, places, effort, begin).solve()


def count_on(on_round: Callable[[int], None] | None, done: int) -> Callable[[int], None] | None:
    """Count rounds after those that are done, for whoever listens: what is told of the progress never goes back."""
    return None if on_round is None else lambda number: on_round(done + number)


def _solve_at_once(
    pairs: Pairs, largest: int, demand: IntArray, worth: IntArray, places: Places, begin: Callable[[int], None]
) -> Solution:
    begin(1)
    used = _flow(pairs, demand, (worth, _cheapen(worth, largest)), places)
    prices = find_prices(pairs, used, demand, worth, places)
    return Solution(pairs, used, prices, 1, unlisted=np.zeros(0, dtype=np.int64))


def _keep_silent(_round: int) -> None:
    """Stand in where nobody follows the rounds."""


def _cheapen(worth: IntArray, largest: int) -> IntArray:
    """Make serving somebody worth no more than a few pairs: the flow is then solved in half the time."""
    spare = int(worth.min()) - ENOUGH * largest if len(worth) else 0
    return worth - spare if spare > 0 else worth


def _flow(pairs: Pairs, demand: IntArray, worths: tuple[IntArray, IntArray], places: Places) -> BoolArray:
    """Solve with serving made cheap: if as many are served as can be, they are served best at any worth."""
    worth, cheap = worths
    used = solve_flow(pairs, demand, cheap, places)
    people = np.minimum(np.bincount(pairs.rows, minlength=len(demand)), demand).sum()
    most = np.minimum(np.bincount(pairs.columns, minlength=places.n_columns), places.most).sum()
    if worth is not cheap and used.sum() < min(people, most):
        used = solve_flow(pairs, demand, worth, places)
    return used


class _Rounds:
    """The work on one problem: the pairs kept, those among them that the flow knows, and how often it was solved."""

    def __init__(
        self,
        table: Points,
        demand: IntArray,
        worth: IntArray,
        places: Places,
        effort: Effort,
        begin: Callable[[int], None],
        near: Near | None = None,
    ) -> None:
        self.table, self.demand, self.worth, self.places, self.effort = table, demand, worth, places, effort
        self.begin, self.rounds = begin, 0
        self.scan = Scan(effort.block_size, effort.n_jobs)
        self.limit = NEW_PAIRS + int(demand.max(initial=1))
        self.cheap = _cheapen(worth, table.largest)
        self.near = near or self._keep(forecast_prices(table, demand, worth, places))

    def solve(self) -> Solution:
        self._begin()
        kept_by = np.zeros(0, dtype=np.int64)
        while True:
            used, prices = self._solve(self.near.known, self.worth)
            beats = self._beats(self.near.pairs, prices, self.worth) & ~self.near.first
            prices = self._raise_idle(prices, self.near.pairs)
            asked, news = prices.people - self.worth, bool(beats.any())
            share = self.near.share(asked, prices.places)
            if news and share > NEAR:
                self.near = self.near.mark(beats)
            elif share > FAR and not np.array_equal(kept_by, prices.places):
                kept_by = prices.places
                self.near = self._keep(kept_by).add(self.near.known)
            else:
                found = self.near.reaching(self.table, asked, prices.places, self.limit, self.scan)
                # An entrepreneur who has several supporters may win more with each than she asks: no news.
                more = self._beats(found, prices, self.worth) & ~_among(found, self.near.known, self.table.shape[1])
                if not (news or more.any()):
                    return self._finish(used, prices, found)
                self.near = self.near.mark(beats).add(found.take(more))

    def _keep(self, guess: IntArray) -> Near:
        first = self.effort.candidates + int(self.demand.max(initial=1)) - 1
        return Near.find(self.table, guess, KEPT * first, first, self.places.most, self.scan)

    def _begin(self) -> None:
        """Let the flow know all pairs that lie close to the prices of a first answer, and forget the others."""
        near = self.near
        used, prices = self._solve(near.known, self.cheap)
        wins = near.pairs.points + self.cheap[near.pairs.rows]
        lacks = prices.people[near.pairs.rows] + prices.places[near.pairs.columns] - wins
        few = CLOSE * len(self.demand)
        close = lacks <= (np.partition(lacks, few)[few] if few < len(lacks) else lacks.max(initial=0))
        close[np.flatnonzero(near.first)[used]] = True
        self.near = replace(near, first=close)

    def _beats(self, pairs: Pairs, prices: Prices, worth: IntArray) -> BoolArray:
        wins = pairs.points + worth[pairs.rows]
        beats: BoolArray = wins > prices.people[pairs.rows] + prices.places[pairs.columns]
        return beats & (self.demand[pairs.rows] > 0)

    def _raise_idle(self, prices: Prices, pairs: Pairs) -> Prices:
        """Let those who want nobody more keep what no pair beats: it counts nothing in the bound."""
        people, idle = prices.people.copy(), self.demand[pairs.rows] == 0
        wins = pairs.points + self.worth[pairs.rows] - prices.places[pairs.columns]
        np.maximum.at(people, pairs.rows[idle], wins[idle])
        return Prices(people, prices.places)

    def _solve(self, pairs: Pairs, worth: IntArray) -> tuple[BoolArray, Prices]:
        self.rounds += 1
        self.begin(self.rounds)
        used = _flow(pairs, self.demand, (worth, self.cheap), self.places)
        return used, find_prices(pairs, used, self.demand, worth, self.places)

    def _finish(self, used: BoolArray, prices: Prices, found: Pairs) -> Solution:
        m, near = self.table.shape[1], self.near
        prices = self._raise_idle(prices, found)
        reached = near.pairs.points + self.worth[near.pairs.rows]
        even = reached == prices.people[near.pairs.rows] + prices.places[near.pairs.columns]
        pairs = Pairs.collect([near.pairs.take(near.first | even), found])
        unlisted = np.flatnonzero(np.bincount(found.rows, minlength=len(self.demand)) == self.limit)
        return Solution(pairs, _among(pairs, near.known.take(used), m), prices, self.rounds, unlisted)


def _among(pairs: Pairs, others: Pairs, m: int) -> BoolArray:
    return np.isin(pairs.rows * m + pairs.columns, others.rows * m + others.columns)
