"""A prepared pool: the records of one match run as columns, with what is worked out once and used by every question."""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy import sparse

from matcher.candidates import FORBIDDEN
from matcher.criteria import applicable
from matcher.encoding import (
    ROLES,
    BoolArray,
    EntrepreneurTable,
    FloatArray,
    IntArray,
    SupporterTable,
    Vocabulary,
    collect_vocabulary,
    encode_entrepreneurs,
    encode_supporters,
)
from matcher.errors import DuplicateIdError, UnknownIdError
from matcher.frames import Frame
from matcher.records import Entrepreneur, Role, Rule, Supporter
from matcher.rules import DENSE_RULES, RULE_ORDER, find_competitors, find_conflicts
from matcher.scoring import POINTS, score_points, share_out
from matcher.settings import Settings
from matcher.text import TextModel

DEFAULTS = Settings()
"""What holds where an association chose nothing."""

PAIRS_AT_ONCE = 4096
"""Pairs of a list looked at together: keeps their columns within a few megabytes."""


@dataclass(frozen=True)
class Pool:
    """Everything known about one set of entrepreneurs and supporters; made by `prepare`, never changed.

    Parameters
    ----------
    entrepreneurs, supporters : tuple
        The records, in input order.
    settings : Settings
        What the association chose.
    vocabulary : Vocabulary
        What the columns mean.
    entrepreneur_table, supporter_table : EntrepreneurTable, SupporterTable
        The records as columns.
    row_of, column_of : dict of str to int
        Place of each id.
    """

    entrepreneurs: tuple[Entrepreneur, ...]
    supporters: tuple[Supporter, ...]
    settings: Settings
    vocabulary: Vocabulary
    entrepreneur_table: EntrepreneurTable
    supporter_table: SupporterTable
    row_of: dict[str, int]
    column_of: dict[str, int]

    @cached_property
    def conflicts(self) -> sparse.csr_array:
        """Pairs that must not meet, shape (n_entrepreneurs, n_supporters)."""
        return find_conflicts(self.entrepreneurs, self.supporters)

    @cached_property
    def competitors(self) -> sparse.csr_array:
        """Pairs that compete, shape (n_entrepreneurs, n_supporters)."""
        places = self.entrepreneur_table.place, self.supporter_table.place
        return find_competitors(self.entrepreneurs, self.supporters, places, self.settings.competitor_km)

    @cached_property
    def forbidden(self) -> sparse.csr_array:
        """Pairs that conflict or compete, shape (n_entrepreneurs, n_supporters)."""
        return sparse.csr_array(self.conflicts + self.competitors)

    @cached_property
    def shares(self) -> FloatArray:
        """Points that each component may bring, shape (n_roles, n_entrepreneurs, n_components)."""
        applies = applicable(self.entrepreneur_table)
        return np.stack([share_out(self.settings.weights[role], applies) for role in ROLES])

    def row(self, entrepreneur_id: str) -> int:
        """Place of an entrepreneur; raises UnknownIdError."""
        if entrepreneur_id not in self.row_of:
            raise UnknownIdError(kind="entrepreneur", id=entrepreneur_id)
        return self.row_of[entrepreneur_id]

    def frames(self, rows: IntArray, columns: IntArray) -> Iterator[tuple[slice, Frame]]:
        """Look at a list of pairs, part by part."""
        return _frames(self.entrepreneur_table, self.supporter_table, rows, columns)

    def respected(self, rows: IntArray, columns: IntArray) -> dict[Rule, BoolArray]:
        """For each rule, in `RULE_ORDER`, whether each pair of a list respects it."""
        found = {rule: np.ones(len(rows), dtype=bool) for rule in RULE_ORDER}
        for part, frame in self.frames(rows, columns):
            for rule, fits in DENSE_RULES.items():
                found[rule][part] = fits(frame)
        for rule, pairs in ((Rule.CONFLICT, self.conflicts), (Rule.COMPETITOR, self.competitors)):
            found[rule] = ~_entries(pairs, rows, columns)
        return found

    def broken(self, row: int, column: int) -> tuple[Rule, ...]:
        """Rules that one pair breaks, in `RULE_ORDER`."""
        respected = self.respected(np.array([row]), np.array([column]))
        return tuple(rule for rule, fits in respected.items() if not fits[0])

    def points(self, rows: IntArray, columns: IntArray) -> FloatArray:
        """Whole points of each pair of a list, whether allowed or not."""
        found = np.zeros(len(rows), dtype=np.float32)
        for part, frame in self.frames(rows, columns):
            found[part] = score_points(frame, self.shares[self.supporter_table.role[columns[part]], rows[part]])
        return found

    def market(self, role: Role, rows: IntArray, columns: IntArray) -> "Market":
        """Narrow the pool down to some entrepreneurs and some supporters of one role."""
        return Market(self, role, rows, columns)


def prepare(
    entrepreneurs: Sequence[Entrepreneur],
    supporters: Sequence[Supporter],
    settings: Settings | None = None,
    *,
    text: TextModel | None = None,
) -> Pool:
    """Read the records once, to ask many questions afterwards.

    Parameters
    ----------
    entrepreneurs : sequence of Entrepreneur
        Rows.
    supporters : sequence of Supporter
        Columns.
    settings : Settings or None
        What the association chose; None for the defaults.
    text : TextModel or None
        A text model learned elsewhere, so that scores compare with its corpus; None learns one from these texts.

    Returns
    -------
    pool : Pool
        The prepared pool.

    Raises
    ------
    DuplicateIdError
        If two entrepreneurs or two supporters carry the same id.

    Notes
    -----
    About 0.1 ms per person, most of it for the texts.

    Examples
    --------
    >>> pool = prepare([], [])
    >>> len(pool.entrepreneurs), len(pool.supporters)
    (0, 0)
    """
    row_of = _number_ids("entrepreneur", [person.id for person in entrepreneurs])
    column_of = _number_ids("supporter", [person.id for person in supporters])
    vocabulary = collect_vocabulary(entrepreneurs, supporters, text)
    return Pool(
        entrepreneurs=tuple(entrepreneurs),
        supporters=tuple(supporters),
        settings=settings or DEFAULTS,
        vocabulary=vocabulary,
        entrepreneur_table=encode_entrepreneurs(entrepreneurs, vocabulary),
        supporter_table=encode_supporters(supporters, vocabulary),
        row_of=row_of,
        column_of=column_of,
    )


def broken_rules(
    entrepreneur: Entrepreneur, supporter: Supporter, settings: Settings | None = None
) -> tuple[Rule, ...]:
    """List the rules that forbid one pair, where nothing else is asked: no text is read, no score worked out.

    Parameters
    ----------
    entrepreneur : Entrepreneur
        One side.
    supporter : Supporter
        The other.
    settings : Settings or None
        What the association chose; None for the defaults.

    Returns
    -------
    rules : tuple of Rule
        Every rule that the pair breaks, what nobody can change first; empty where it is allowed.

    Notes
    -----
    As `evaluate_pair` finds them, without its texts and scores.

    Examples
    --------
    >>> from matcher import Stage
    >>> she = Entrepreneur(
    ...     id="e",
    ...     needs=(),
    ...     stage=Stage.IDEA,
    ...     languages=("fr",),
    ...     availability=0b01,
    ...     wanted_roles=frozenset({Role.MENTOR}),
    ... )
    >>> he = Supporter(id="s", role=Role.MENTOR, expertise=(), languages=("fr",), availability=0b10, capacity=0)
    >>> [str(rule) for rule in broken_rules(she, he)]
    ['capacity', 'time']
    """
    return prepare([entrepreneur], [supporter], settings, text=_Unread()).broken(0, 0)


class _Unread:
    """A text model for questions that no text answers: it reads none."""

    def transform(self, texts: Sequence[str]) -> FloatArray:
        return np.zeros((len(texts), 0), dtype=np.float32)


class Market:
    """Entrepreneurs who want a role and supporters who can play it: scores and permissions, block by block.

    Rows all want the role and, for coaches, consent; columns all hold it, may play it and have a free place: what is
    left to check are the rules about both.

    Parameters
    ----------
    pool : Pool
        The pool.
    role : Role
        The role of all the columns.
    rows, columns : ndarray of int
        Places in the pool, ascending.

    Attributes
    ----------
    shape : tuple of int
        Number of rows and of columns.
    largest : int
        Points of the best score.
    """

    largest = POINTS

    def __init__(self, pool: Pool, role: Role, rows: IntArray, columns: IntArray) -> None:
        self.rows, self.columns = rows, columns
        self.shape = (len(rows), len(columns))
        self.entrepreneurs = pool.entrepreneur_table.take(rows)
        self.supporters = _by_column(pool.supporter_table.take(columns))
        self.shares = pool.shares[ROLES.index(role), rows]
        self.forbidden = pool.forbidden[rows][:, columns]
        associations = np.concatenate([self.entrepreneurs.association, self.supporters.association])
        needless = {Rule.ROLE, Rule.CONSENT, Rule.CAPACITY}
        if len(np.unique(associations)) < 2:
            needless.add(Rule.ASSOCIATION)
        self.rules = [fits for rule, fits in DENSE_RULES.items() if rule not in needless]

    def narrow(self, columns: IntArray) -> "Market":
        """Keep some columns only; `rows` and `columns` still name places in the pool."""
        part = copy(self)
        part.columns, part.shape = self.columns[columns], (self.shape[0], len(columns))
        part.supporters = _by_column(self.supporters.take(columns))
        part.forbidden = self.forbidden[:, columns]
        return part

    def points(self, rows: slice | IntArray) -> FloatArray:
        """Score some rows against all columns.

        Parameters
        ----------
        rows : slice or ndarray of int
            Rows of the market.

        Returns
        -------
        points : ndarray of float32 of shape (len(rows), n_columns)
            Whole points, `FORBIDDEN` where a rule forbids the pair.
        """
        frame = Frame(self.entrepreneurs.take(rows), self.supporters, paired=False)
        starts, stops = self.forbidden.indptr[:-1][rows], self.forbidden.indptr[1:][rows]
        count = stops - starts
        places = np.arange(count.sum()) + np.repeat(starts - np.cumsum(count) + count, count)
        never = np.repeat(np.arange(len(count)), count), self.forbidden.indices[places]
        return self._score(frame, never, self.shares[rows])

    def points_of_columns(self, columns: IntArray) -> FloatArray:
        """Score all rows against some columns.

        Parameters
        ----------
        columns : ndarray of int
            Columns of the market.

        Returns
        -------
        points : ndarray of float32 of shape (n_rows, len(columns))
            As `points` gives them.
        """
        frame = Frame(self.entrepreneurs, self.supporters.take(columns), paired=False)
        pairs = self.forbidden[:, columns].tocoo()
        return self._score(frame, (pairs.row, pairs.col), self.shares)

    def points_of_pairs(self, rows: IntArray, columns: IntArray) -> FloatArray:
        """Score a list of pairs.

        Parameters
        ----------
        rows, columns : ndarray of int of shape (n_pairs,)
            Rows and columns of the market.

        Returns
        -------
        points : ndarray of float32 of shape (n_pairs,)
            As `points` gives them.
        """
        found = np.zeros(len(rows), dtype=np.float32)
        never = _entries(self.forbidden, rows, columns)
        for part, frame in _frames(self.entrepreneurs, self.supporters, rows, columns):
            found[part] = self._score(frame, np.flatnonzero(never[part]), self.shares[rows[part]])
        return found

    def _score(self, frame: Frame, never: IntArray | tuple[IntArray, IntArray], shares: FloatArray) -> FloatArray:
        allowed = np.ones(frame.shape, dtype=bool)
        for fits in self.rules:
            allowed &= fits(frame)
        allowed[never] = False
        return np.where(allowed, score_points(frame, shares), FORBIDDEN)


def _frames(
    entrepreneurs: EntrepreneurTable, supporters: SupporterTable, rows: IntArray, columns: IntArray
) -> Iterator[tuple[slice, Frame]]:
    for start in range(0, len(rows), PAIRS_AT_ONCE):
        part = slice(start, start + PAIRS_AT_ONCE)
        yield part, Frame(entrepreneurs.take(rows[part]), supporters.take(columns[part]), paired=True)


def _by_column(supporters: SupporterTable) -> SupporterTable:
    """Lay out by column what blocks read by column: each read is one run of memory."""
    activities, stages = np.asfortranarray(supporters.activities), np.asfortranarray(supporters.stages)
    return replace(supporters, activities=activities, stages=stages)


def _number_ids(kind: str, ids: list[str]) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for at, id in enumerate(ids):
        if numbers.setdefault(id, at) != at:
            raise DuplicateIdError(kind=kind, id=id)
    return numbers


def _entries(pairs: sparse.csr_array, rows: IntArray, columns: IntArray) -> BoolArray:
    """Whether each pair of a list is among the sparse pairs."""
    coordinates = pairs.tocoo()
    keys = coordinates.row.astype(np.int64) * pairs.shape[1] + coordinates.col
    return np.isin(rows * pairs.shape[1] + columns, keys)
