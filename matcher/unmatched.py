"""Why nobody: for each person left over, how many supporters each rule forbids, and how many were taken by others."""

from collections.abc import Iterator, Mapping

import numpy as np

from matcher.candidates import walk
from matcher.encoding import IntArray
from matcher.frames import Frame
from matcher.pool import Pool
from matcher.records import Role, Rule
from matcher.results import Unmatched
from matcher.rules import DENSE_RULES, RULE_ORDER


def split_by_association(pool: Pool, rows: IntArray, columns: IntArray) -> Iterator[tuple[IntArray, IntArray]]:
    """Cut people into parts that cannot meet: one per association where all name theirs, else one for all."""
    ours, theirs = pool.entrepreneur_table.association[rows], pool.supporter_table.association[columns]
    if (ours < 0).any() or (theirs < 0).any():
        yield rows, columns
        return
    for association in np.unique(ours):
        yield rows[ours == association], columns[theirs == association]


def without_wish(pool: Pool) -> Iterator[Unmatched]:
    """Nobody is passed over in silence: who asks for no role is told so."""
    for person in pool.entrepreneurs:
        if not person.wanted_roles:
            refusals = {Rule.ROLE: len(pool.supporters)} if pool.supporters else {}
            yield Unmatched(entrepreneur_id=person.id, role=None, refusals=refusals, possible=0)


def count_refusals(pool: Pool, rows: IntArray, columns: IntArray) -> tuple[IntArray, IntArray]:
    """For each row: supporters that each rule forbids, shape (n, n_rules) in `RULE_ORDER`, and those that none forbids.

    Other rules than the association's are counted among the supporters of her association: only there can they be
    mended.
    """
    place = np.full(len(pool.entrepreneurs), -1)
    place[rows] = np.arange(len(rows))
    refusals, possible = np.zeros((len(rows), len(RULE_ORDER)), dtype=np.int64), np.zeros(len(rows), dtype=np.int64)
    for rows_here, columns_here in split_by_association(pool, rows, columns):
        counts, allowed = _count_refusals_here(pool, rows_here, columns_here)
        counts[:, RULE_ORDER.index(Rule.ASSOCIATION)] += len(columns) - len(columns_here)
        refusals[place[rows_here]], possible[place[rows_here]] = counts, allowed
    return refusals, possible


def _count_refusals_here(pool: Pool, rows: IntArray, columns: IntArray) -> tuple[IntArray, IntArray]:
    supporters = pool.supporter_table.take(columns)
    conflicts, competitors = pool.conflicts[rows][:, columns], pool.competitors[rows][:, columns]

    def work(start: int, stop: int) -> tuple[IntArray, IntArray]:
        frame = Frame(pool.entrepreneur_table.take(rows[start:stop]), supporters, paired=False)
        fits = {rule: fit(frame) for rule, fit in DENSE_RULES.items()}
        fits[Rule.CONFLICT] = ~conflicts[start:stop].toarray()
        fits[Rule.COMPETITOR] = ~competitors[start:stop].toarray()
        ours = fits[Rule.ASSOCIATION]
        forbidden = [~fits[rule] if rule is Rule.ASSOCIATION else ours & ~fits[rule] for rule in RULE_ORDER]
        allowed = ~np.logical_or.reduce(forbidden)
        counts = [np.count_nonzero(broken, axis=1) for broken in forbidden]
        return np.stack(counts, axis=1), np.count_nonzero(allowed, axis=1)

    settings = pool.settings
    shape = (len(rows), len(columns))
    parts = list(walk(shape, work, block_size=settings.block_size, n_jobs=settings.n_jobs))
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def explain_unmatched(
    pool: Pool, role: Role, rows: IntArray, refusals: IntArray, possible: IntArray
) -> Iterator[Unmatched]:
    """Turn what `count_refusals` found into records."""
    for row, counts, left in zip(rows.tolist(), refusals.tolist(), possible.tolist(), strict=True):
        found: Mapping[Rule, int] = {rule: count for rule, count in zip(RULE_ORDER, counts, strict=True) if count}
        yield Unmatched(entrepreneur_id=pool.entrepreneurs[row].id, role=role, refusals=found, possible=left)


def count_by_rule(refusals: IntArray) -> Mapping[Rule, int]:
    """Count people under the rule that forbids the most supporters of their association; of equal rules the first."""
    association = RULE_ORDER.index(Rule.ASSOCIATION)
    own = refusals.copy()
    own[:, association] = 0
    main = np.where(own.any(axis=1), own.argmax(axis=1), np.where(refusals[:, association] > 0, association, 0))
    counts = np.bincount(main, minlength=len(RULE_ORDER)).tolist()
    return {rule: count for rule, count in zip(RULE_ORDER, counts, strict=True) if count}
