"""The pipeline: one function from records to suggestions, and the same questions asked about one pair or one person."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matcher.checks import read_member
from matcher.encoding import ROLES, BoolArray, IntArray
from matcher.errors import BrokenRuleError
from matcher.explanation import NO_PLACE_LEFT, explain
from matcher.markets import Solved, find_markets, solve_markets
from matcher.pool import Pool, prepare
from matcher.records import Entrepreneur, Role, Rule, Supporter
from matcher.results import MatchResult, PairEvaluation, RankedSupporter, RoleReport, Suggestion
from matcher.rules import RULE_ORDER
from matcher.scoring import POINTS
from matcher.settings import Settings
from matcher.threads import one_thread_per_product
from matcher.unmatched import count_by_rule, count_refusals, explain_unmatched, without_wish
from matcher.workers import work_on

Progress = Callable[[float], None]

Previous = Mapping[Role, Mapping[str, str]]
"""Who had whom before: per role, the supporter's id of each entrepreneur's."""


def match(
    entrepreneurs: Sequence[Entrepreneur],
    supporters: Sequence[Supporter],
    *,
    settings: Settings | None = None,
    previous: Previous | None = None,
    progress: Progress | None = None,
) -> MatchResult:
    """Match entrepreneurs with supporters, each role by itself.

    Parameters
    ----------
    entrepreneurs : sequence of Entrepreneur
        Those who look for support.
    supporters : sequence of Supporter
        Those who give it.
    settings : Settings or None
        What the association chose; None for the defaults.
    previous : mapping or None
        Who had whom: among equally good answers, one that keeps most of these pairs is taken. Ids that are not in the
        pool are passed over.
    progress : callable or None
        Called with the share of the work done, from 0 to 1, never less than before.

    Returns
    -------
    result : MatchResult
        For each role and everybody who asked for it: rank 1, the supporter assigned, then the next best, those with a
        place left first; or why there is nobody. One report per role that somebody asks for or offers.

    Raises
    ------
    DuplicateIdError
        If two entrepreneurs or two supporters carry the same id.
    InvalidSettingsError
        If earlier pairs are of no known role.
    BrokenRuleError
        If the answer, checked again, broke a rule; this would be a defect of the engine.

    Notes
    -----
    Of all assignments that respect the rules and the places, one serves as many people as can be, and among these has
    the largest total of scores and waiting bonuses; where the aim is the fairest, these people have the fairest
    supporters (see `Settings`). `RoleReport` holds the proof. The answer does not depend on the
    order of the input except between equally good answers, nor on block size and threads.

    Examples
    --------
    >>> from matcher import Expertise, Need, Stage
    >>> people = [Entrepreneur(id=id, needs=(Need(topic="sales"),), stage=Stage.IDEA, languages=("fr",), availability=1,
    ...                        wanted_roles=frozenset({Role.MENTOR})) for id in ("ana", "bea")]
    >>> paul = Supporter(id="paul", role=Role.MENTOR, expertise=(Expertise(topic="sales"),), languages=("fr",),
    ...                  availability=1, capacity=1)
    >>> result = match(people, [paul])
    >>> [(one.entrepreneur_id, one.supporter_id) for one in result.suggestions if one.rank == 1]
    [('ana', 'paul')]
    >>> [(one.entrepreneur_id, one.possible) for one in result.unmatched], result.reports[0].gap
    ([('bea', 1)], 0.0)
    """
    return match_pool(prepare(entrepreneurs, supporters, settings), previous=previous, progress=progress)


def match_pool(
    pool: Pool,
    *,
    previous: Previous | None = None,
    progress: Progress | None = None,
    with_unmatched: bool = True,
) -> MatchResult:
    """Match a prepared pool; see `match`.

    Parameters
    ----------
    pool : Pool
        Made by `prepare`.
    previous : mapping or None
        Who had whom.
    progress : callable or None
        Called with the share of the work done.
    with_unmatched : bool
        Whether to say why there is nobody for who is left over; where nobody asks, `unmatched` is empty and the reports
        count them under no rule.

    Returns
    -------
    result : MatchResult
        See `match`.

    Raises
    ------
    InvalidSettingsError
        If earlier pairs are of no known role.
    BrokenRuleError
        See `match`.

    Examples
    --------
    >>> match_pool(prepare([], [])).suggestions
    ()
    """
    tell = progress or _keep_silent
    before = {read_member("previous", role, Role): pairs for role, pairs in (previous or {}).items()}
    wishless = tuple(without_wish(pool)) if with_unmatched else ()
    parts = [MatchResult(suggestions=(), unmatched=wishless, reports=())]
    sizes = np.array([_count_pairs(pool, role) for role in ROLES], dtype=np.float64)
    ends = READING_SHARE + (1 - READING_SHARE) * np.cumsum(sizes) / sizes.sum()
    tell(READING_SHARE)
    with one_thread_per_product(), work_on(pool.settings.workers):
        for role, start, end in zip(ROLES, [READING_SHARE, *ends], ends, strict=False):
            stretch = _Stretch(tell, float(start), float(end))
            parts.append(_match_role(pool, role, before.get(role, {}), stretch, with_unmatched=with_unmatched))
    return MatchResult(
        suggestions=tuple(suggestion for part in parts for suggestion in part.suggestions),
        unmatched=tuple(person for part in parts for person in part.unmatched),
        reports=tuple(report for part in parts for report in part.reports),
    )


READING_SHARE = 0.1
"""Share of the work that reading the records takes, for the progress shown."""

SOLVING_SHARE = 0.8
"""Share of a role's work that its assignment takes, for the progress shown."""


@dataclass(frozen=True)
class _Stretch:
    """A stretch of the progress shown, from `start` to `end`."""

    tell: Progress
    start: float
    end: float

    def reach(self, share: float) -> None:
        self.tell(self.start + share * (self.end - self.start))


def _keep_silent(_share: float) -> None:
    """Stand in for a progress bar where nobody looks."""


def _count_pairs(pool: Pool, role: Role) -> int:
    """Size of a role's work: its pairs, and one so that even nothing takes a step."""
    index = ROLES.index(role)
    wanted = np.count_nonzero(pool.entrepreneur_table.roles[:, index])
    return 1 + int(wanted) * int(np.count_nonzero(pool.supporter_table.role == index))


def _match_role(
    pool: Pool, role: Role, previous: Mapping[str, str], stretch: _Stretch, *, with_unmatched: bool
) -> MatchResult:
    index = ROLES.index(role)
    rows = np.flatnonzero(pool.entrepreneur_table.roles[:, index])
    columns = np.flatnonzero(pool.supporter_table.role == index)
    if len(rows) + len(columns) == 0:
        stretch.reach(1.0)
        return MatchResult(suggestions=(), unmatched=(), reports=())
    count, stage = pool.settings.choices, _Stretch(stretch.reach, 0.0, SOLVING_SHARE)
    solved = solve_markets(pool, find_markets(pool, role), choices=count, previous=previous, reach=stage.reach)
    choices, spare = np.full((len(pool.entrepreneurs), count), -1), pool.supporter_table.capacity > 0
    for answer in solved:
        choices[answer.rows], spare[answer.columns] = answer.choices, answer.spare
    _check_again(pool, choices)
    suggestions = tuple(_suggest(pool, role, choices, spare))
    left = rows[(choices[rows, 0] < 0) & with_unmatched]
    refusals, possible = count_refusals(pool, role, left)
    unmatched = tuple(explain_unmatched(pool, role, left, refusals, possible))
    stretch.reach(1.0)
    by_rule = count_by_rule(refusals[possible == 0])
    floor = min((one.score for one in suggestions if one.rank == 1), default=None)
    report = replace(_report(pool, role, rows, columns, solved, by_rule), floor=floor)
    return MatchResult(suggestions=suggestions, unmatched=unmatched, reports=(report,))


def _check_again(pool: Pool, choices: IntArray) -> None:
    """Check every rule and every capacity on the answer itself, in another way than it was made."""
    rows, ranks = np.nonzero(choices >= 0)
    columns = choices[rows, ranks]
    broken: dict[Rule, IntArray] = {rule: np.flatnonzero(~fits) for rule, fits in pool.respected(rows, columns).items()}
    load = np.bincount(columns[ranks == 0], minlength=len(pool.supporters))
    over = np.flatnonzero(load[columns] > pool.supporter_table.capacity[columns])
    for rule, pairs in (*broken.items(), (Rule.CAPACITY, over)):
        if len(pairs):
            first, second = pool.entrepreneurs[rows[pairs[0]]], pool.supporters[columns[pairs[0]]]
            raise BrokenRuleError(entrepreneur_id=first.id, supporter_id=second.id, rule=rule)


def _suggest(pool: Pool, role: Role, choices: IntArray, spare: BoolArray) -> Iterator[Suggestion]:
    rows, ranks = np.nonzero(choices >= 0)
    columns = choices[rows, ranks]
    for row, rank, column, why in zip(
        rows.tolist(), ranks.tolist(), columns.tolist(), explain(pool, rows, columns), strict=True
    ):
        yield Suggestion(
            entrepreneur_id=pool.entrepreneurs[row].id,
            supporter_id=pool.supporters[column].id,
            role=role,
            rank=rank + 1,
            score=why.score,
            components=why.components,
            reasons=why.reasons,
            gaps=why.gaps if rank == 0 or spare[column] else (*why.gaps, NO_PLACE_LEFT),
        )


def _report(
    pool: Pool, role: Role, rows: IntArray, columns: IntArray, solved: list[Solved], by_rule: Mapping[Rule, int]
) -> RoleReport:
    total = sum(part.answer.total for part in solved)
    bound = sum(part.answer.upper_bound for part in solved)
    matched = sum(part.answer.served for part in solved)
    fair = [part.answer.fairness for part in solved if part.answer.fairness is not None]
    bounds = [one.floor_bound / POINTS for one in fair if one.floor_bound is not None]
    is_fairest = pool.settings.aim == "fairest"
    return RoleReport(
        role=role,
        entrepreneurs=len(rows),
        supporters=len(columns),
        places=int(pool.supporter_table.capacity[columns].sum()),
        objective=total / POINTS,
        upper_bound=bound / POINTS,
        gap=(bound - total) / POINTS,
        matched=matched,
        unmatched=len(rows) - matched,
        unmatched_by_rule=by_rule,
        rounds=max((part.answer.rounds for part in solved), default=0),
        aim=pool.settings.aim,
        floor_bound=min(bounds, default=None),
        fairness_price=sum(one.price for one in fair) / POINTS if is_fairest else None,
    )


def evaluate_pair(
    entrepreneur: Entrepreneur,
    supporter: Supporter,
    *,
    settings: Settings | None = None,
    context: Pool | None = None,
) -> PairEvaluation:
    """Look at one pair by itself.

    Parameters
    ----------
    entrepreneur : Entrepreneur
        One side.
    supporter : Supporter
        The other.
    settings : Settings or None
        None for those of the context, or the defaults.
    context : Pool or None
        The pool that the two belong to: its texts give the rarity of words, so that the score is the one of its match
        run.

    Returns
    -------
    evaluation : PairEvaluation
        Every rule that the pair breaks, and what the profiles are worth together, allowed or not.

    Examples
    --------
    >>> from matcher import Stage
    >>> ana = Entrepreneur(id="ana", needs=(), stage=Stage.IDEA, languages=("fr",), availability=0b01,
    ...                    wanted_roles=frozenset({Role.MENTOR}))
    >>> paul = Supporter(id="paul", role=Role.MENTOR, expertise=(), languages=("fr",), availability=0b10, capacity=1)
    >>> [rule.value for rule in evaluate_pair(ana, paul).rules]
    ['time']
    """
    pool = _pool_of(entrepreneur, supporter, settings, context)
    row, column = pool.row_of[entrepreneur.id], pool.column_of[supporter.id]
    rules = pool.broken(row, column)
    why = next(explain(pool, np.array([row]), np.array([column])))
    return PairEvaluation(
        entrepreneur_id=entrepreneur.id,
        supporter_id=supporter.id,
        role=supporter.role,
        allowed=not rules,
        rules=rules,
        score=why.score,
        components=why.components,
        reasons=why.reasons,
        gaps=why.gaps,
    )


def _pool_of(entrepreneur: Entrepreneur, supporter: Supporter, settings: Settings | None, context: Pool | None) -> Pool:
    """Take the context where it holds these two under these settings, else a pool of two that reads texts like it."""
    if context is None:
        return prepare([entrepreneur], [supporter], settings)
    row, column = context.row_of.get(entrepreneur.id, -1), context.column_of.get(supporter.id, -1)
    known = row >= 0 and column >= 0 and settings in (None, context.settings)
    if known and context.entrepreneurs[row] == entrepreneur and context.supporters[column] == supporter:
        return context
    return prepare([entrepreneur], [supporter], settings or context.settings, text=context.vocabulary.text)


def rank_supporters(pool: Pool, entrepreneur_id: str, role: Role) -> tuple[RankedSupporter, ...]:
    """List every supporter of a role for one entrepreneur, to choose somebody else.

    Parameters
    ----------
    pool : Pool
        Made by `prepare`.
    entrepreneur_id : str
        Who looks for somebody.
    role : Role
        As what; she need not have asked for it, then every line says so.

    Returns
    -------
    ranked : tuple of RankedSupporter
        Allowed ones first, best first, equal ones in input order; then the forbidden ones, each with its first rule.

    Raises
    ------
    UnknownIdError
        If nobody in the pool has this id.
    InvalidSettingsError
        If there is no such role.

    Examples
    --------
    >>> from matcher import Stage
    >>> ana = Entrepreneur(id="ana", needs=(), stage=Stage.IDEA, languages=("fr",), availability=0b01,
    ...                    wanted_roles=frozenset({Role.MENTOR}))
    >>> paul = Supporter(id="paul", role=Role.MENTOR, expertise=(), languages=("fr",), availability=0b10, capacity=1)
    >>> [(one.supporter_id, one.rule.value) for one in rank_supporters(prepare([ana], [paul]), "ana", Role.MENTOR)]
    [('paul', 'time')]
    """
    row, index = pool.row(entrepreneur_id), ROLES.index(read_member("role", role, Role))
    columns = np.flatnonzero(pool.supporter_table.role == index)
    rows = np.full(len(columns), row)
    fits = np.array(list(pool.respected(rows, columns).values())).reshape(len(RULE_ORDER), len(columns))
    allowed, first = np.asarray(fits.all(axis=0)), np.asarray(fits.argmin(axis=0))
    points = pool.points(rows, columns)
    return tuple(
        RankedSupporter(
            supporter_id=pool.supporters[columns[at]].id,
            allowed=bool(allowed[at]),
            rule=None if allowed[at] else RULE_ORDER[first[at]],
            score=float(points[at] / np.float64(POINTS)),
        )
        for at in np.lexsort((-points, ~allowed)).tolist()
    )
