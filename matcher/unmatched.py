"""Why nobody: for each person left over, how many supporters each rule forbids, and how many were taken by others."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
from scipy import sparse

from matcher.candidates import walk
from matcher.components import find_components
from matcher.encoding import ROLES, BoolArray, IntArray
from matcher.frames import Frame
from matcher.pool import Pool
from matcher.records import Role, Rule
from matcher.results import Unmatched
from matcher.rules import DENSE_RULES, RULE_ORDER

BY_PAIR = (Rule.DISTANCE, Rule.TIME)
"""Rules for which every two people must be looked at."""


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


def count_refusals(pool: Pool, role: Role, rows: IntArray) -> tuple[IntArray, IntArray]:
    """Count, for people who want a role, the supporters that each rule forbids, and those that none forbids.

    Parameters
    ----------
    pool : Pool
        The pool.
    role : Role
        The role.
    rows : ndarray of int of shape (n,)
        Places of people who want it.

    Returns
    -------
    refusals : ndarray of int of shape (n, n_rules)
        Supporters whom each rule forbids, in `RULE_ORDER`. Other rules than the association's are counted among the
        supporters whom her association allows: only there can they be mended.
    possible : ndarray of int of shape (n,)
        Supporters whom no rule forbids.

    Notes
    -----
    What does not depend on both people is counted once, languages once per set of languages; only distance and time
    look at every pair. Who is possible is looked for among those who may meet (`components`).
    """
    columns = np.flatnonzero(pool.supporter_table.role == ROLES.index(role))
    refusals, possible = np.zeros((len(rows), len(RULE_ORDER)), dtype=np.int64), np.zeros(len(rows), dtype=np.int64)
    ours, theirs = pool.entrepreneur_table.association[rows], pool.supporter_table.association[columns]
    for association in np.unique(ours).tolist():
        here = np.flatnonzero(ours == association)
        allowed = columns[(theirs == association) | (theirs < 0)] if association >= 0 else columns
        counts = _count_each(pool, role, rows[here], allowed)
        counts[Rule.ASSOCIATION] = np.full(len(here), len(columns) - len(allowed))
        refusals[here] = np.stack([counts[rule] for rule in RULE_ORDER], axis=1)
    place = np.full(len(pool.entrepreneurs), -1)
    place[rows] = np.arange(len(rows))
    for rows_here, columns_here in find_components(pool, rows, columns):
        possible[place[rows_here]] = _count_possible(pool, rows_here, columns_here)
    return refusals, possible


def _count_each(pool: Pool, role: Role, rows: IntArray, columns: IntArray) -> dict[Rule, IntArray]:
    """Count the columns that each rule about both people, or about one of them, forbids to each row."""
    people, supporters = pool.entrepreneur_table.take(rows), pool.supporter_table.take(columns)
    every = np.ones(len(rows), dtype=np.int64)
    counts = {
        Rule.ROLE: every * np.count_nonzero(~supporters.ready),
        Rule.CONSENT: np.where(people.consent | (role is not Role.COACH), 0, len(columns)),
        Rule.CAPACITY: every * np.count_nonzero(supporters.capacity <= 0),
        Rule.LANGUAGE: _count_strangers(people.languages > 0, supporters.languages > 0),
    }
    for rule, pairs in ((Rule.CONFLICT, pool.conflicts), (Rule.COMPETITOR, pool.competitors)):
        counts[rule] = np.diff(sparse.csr_array(pairs[rows][:, columns]).indptr).astype(np.int64)

    def work(start: int, stop: int) -> IntArray:
        frame = Frame(pool.entrepreneur_table.take(rows[start:stop]), supporters, paired=False)
        return np.stack([np.count_nonzero(~DENSE_RULES[rule](frame), axis=1) for rule in BY_PAIR])

    found = np.concatenate(_walk(pool, rows, columns, work), axis=1)
    return counts | dict(zip(BY_PAIR, found, strict=True))


def _count_strangers(ours: BoolArray, theirs: BoolArray) -> IntArray:
    """Count those of the other side with whom one has no language in common."""
    sets, which = np.unique(ours, axis=0, return_inverse=True)
    others, sizes = np.unique(theirs, axis=0, return_counts=True)
    strangers = sets.astype(np.int64) @ others.T.astype(np.int64) == 0
    counts: IntArray = strangers @ sizes
    return counts[which.reshape(-1)]


def _count_possible(pool: Pool, rows: IntArray, columns: IntArray) -> IntArray:
    supporters, forbidden = pool.supporter_table.take(columns), sparse.csr_array(pool.forbidden[rows][:, columns])

    def work(start: int, stop: int) -> IntArray:
        frame = Frame(pool.entrepreneur_table.take(rows[start:stop]), supporters, paired=False)
        fits = np.logical_and.reduce([rule(frame) for rule in DENSE_RULES.values()])
        return np.asarray(np.count_nonzero(fits & ~forbidden[start:stop].toarray(), axis=1))

    return np.concatenate(_walk(pool, rows, columns, work))


def _walk(pool: Pool, rows: IntArray, columns: IntArray, work: Callable[[int, int], IntArray]) -> list[IntArray]:
    shape = (len(rows), len(columns))
    return list(walk(shape, work, block_size=pool.settings.block_size, n_jobs=pool.settings.n_jobs))


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
