"""What would help: for each person left without anybody, the nearest changes that open supporters who can take her.

A change is something that she or her coordinator can do: name one more weekly slot, travel a little farther, meet
remotely, agree to coaching, name one more language (or look for supporters who speak hers), ask a supporter for one
more place. Nobody is asked to change who she is: conflicts, competitors and associations stay as they are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.candidates import walk
from matcher.encoding import ROLES, BoolArray, IntArray, great_circle_km, squared_chord
from matcher.frames import Frame
from matcher.freeing import Room, find_room
from matcher.pool import Pool
from matcher.records import N_SLOTS, SLOTS, Role, Rule
from matcher.results import MatchResult
from matcher.rules import DENSE_RULES
from matcher.unmatched import split_by_association

MOST_CHANGES = 3
"""Changes named to one person at most: a choice, not a list of demands."""

MOST_KM = 100
"""Nobody is asked to travel farther than this, in kilometres: a journey each month must stay possible."""


class ChangeKind(StrEnum):
    """What can be changed, the easiest first."""

    SLOT = "slot"
    REMOTE = "remote"
    DISTANCE = "distance"
    CONSENT = "consent"
    LANGUAGE = "language"
    PLACE = "place"


HERS = frozenset({ChangeKind.SLOT, ChangeKind.REMOTE, ChangeKind.DISTANCE, ChangeKind.CONSENT})
"""What she alone decides; the other kinds need her coordinator, who asks a supporter or looks for one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to change.

    Parameters
    ----------
    kind : ChangeKind
        What.
    value : str or int or None
        The slot's slug, the language's code, or the kilometres; None where the kind says all.
    """

    kind: ChangeKind
    value: str | int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One step, or two that help only together, and what they open.

    Parameters
    ----------
    steps : tuple of Step
        What to change, one or two.
    opens : int
        Supporters whom every rule would then allow, and forbids some rule now. With a step PLACE: those with
        whom no place can be had now, any one of whom could take her with one more.
    places : int
        Of which those with whom a place can be had, 1 or more: one more person is then served.
    freed : int
        Of which those without a place left after the run: one comes free when others, who all keep somebody, move.
    """

    steps: tuple[Step, ...]
    opens: int
    places: int
    freed: int = 0

    @property
    def kind(self) -> ChangeKind:
        """Kind of the first step."""
        return self.steps[0].kind

    @property
    def value(self) -> str | int | None:
        """Value of the first step."""
        return self.steps[0].value


def nearest_changes(pool: Pool, result: MatchResult) -> dict[tuple[str, Role], tuple[Change, ...]]:
    """Find, for everybody whom a run left without anybody, the nearest changes that would help.

    Parameters
    ----------
    pool : Pool
        The people of the run.
    result : MatchResult
        Its answer: who is left over, and which places are taken.

    Returns
    -------
    changes : dict of (str, Role) to tuple of Change
        For each unmatched entrepreneur and role, three changes at most, best first and each of another kind: what she
        can do herself before what needs her coordinator, then the most places that can be had. Two steps together only
        where no single one helps; empty where two do not suffice either.

    Raises
    ------
    UnknownIdError
        If the answer names somebody who is not in the pool.

    Notes
    -----
    Exact: each count is that of the pairs which respect every rule once the step is taken, worked out by the rules'
    own quantities. The distance named is the smallest whole number of kilometres, up to `MOST_KM`, that opens a place.
    Time: one walk over the pairs of the people left over and of those whose supporter is full, and for each of the
    first products of a few dozen rows by the supporters within two rules of her. Memory: one block per thread, and a
    byte for each two supporters.

    Examples
    --------
    >>> from matcher import Entrepreneur, Stage, Supporter, match_pool, prepare
    >>> nadia = Entrepreneur(id="nadia", needs=(), stage=Stage.LAUNCH, languages=("fr",), availability=0b1,
    ...     wanted_roles=frozenset({Role.MENTOR}))
    >>> paul = Supporter(id="paul", role=Role.MENTOR, expertise=(), languages=("fr",), availability=0b100000,
    ...     capacity=1)
    >>> pool = prepare([nadia], [paul])
    >>> [change] = nearest_changes(pool, match_pool(pool))["nadia", Role.MENTOR]
    >>> change.kind.value, change.value, change.opens, change.places
    ('slot', 'tue_eve', 1, 1)
    """
    left = places_left(pool, result)
    found: dict[tuple[str, Role], tuple[Change, ...]] = {}
    for index, role in enumerate(ROLES):
        alone = np.array(
            [pool.row(one.entrepreneur_id) for one in result.unmatched if one.role is role], dtype=np.int64
        )
        holds = _list_holders(pool, result, role)
        found.update({(pool.entrepreneurs[row].id, role): () for row in alone.tolist()})
        everybody = np.concatenate([alone, np.flatnonzero(holds >= 0)])
        columns = np.flatnonzero(pool.supporter_table.role == index)
        for rows_here, columns_here in split_by_association(pool, everybody, columns):
            is_alone = holds[rows_here] < 0
            if len(columns_here) and is_alone.any():
                waiting, placed = rows_here[is_alone], rows_here[~is_alone]
                room = find_room(pool, placed, holds[placed], columns_here, left[columns_here])
                named = _walk_changes(pool, waiting, columns_here, room)
                people = (pool.entrepreneurs[row].id for row in waiting.tolist())
                found.update(((id, role), changes) for id, changes in zip(people, named, strict=True))
    return found


def _list_holders(pool: Pool, result: MatchResult, role: Role) -> IntArray:
    """Column of the supporter whom each entrepreneur has in a role; -1 for nobody."""
    holds = np.full(len(pool.entrepreneurs), -1)
    for one in result.suggestions:
        if one.role is role and one.rank == 1:
            holds[pool.row(one.entrepreneur_id)] = pool.column_of[one.supporter_id]
    return holds


def places_left(pool: Pool, result: MatchResult) -> IntArray:
    """Count the free places that a run leaves.

    Parameters
    ----------
    pool : Pool
        The people of the run.
    result : MatchResult
        Its answer.

    Returns
    -------
    left : ndarray of int of shape (n_supporters,)
        Places that no suggestion of rank 1 holds.
    """
    taken = [pool.column_of[one.supporter_id] for one in result.suggestions if one.rank == 1]
    load = np.bincount(np.array(taken, dtype=np.int64), minlength=len(pool.supporters))
    return np.asarray(pool.supporter_table.capacity - load)


LIFTED = (Rule.TIME, Rule.DISTANCE, Rule.CONSENT, Rule.LANGUAGE)
"""Rules that a step of hers can satisfy; each has a bit, in this order."""

FOR_GOOD = 0b111 << len(LIFTED)
"""Bits of a pair that no step can allow: three, so that it is farther away than two steps reach."""

_BITS = MappingProxyType({rule: 1 << at for at, rule in enumerate(LIFTED)})

_PLACE = Step(kind=ChangeKind.PLACE)


def _walk_changes(pool: Pool, rows: IntArray, columns: IntArray, room: Room) -> list[tuple[Change, ...]]:
    supporters = pool.supporter_table.take(columns)
    forbidden = pool.forbidden[rows][:, columns]
    languages = tuple(pool.vocabulary.languages)

    def work(start: int, stop: int) -> list[tuple[Change, ...]]:
        frame = Frame(pool.entrepreneur_table.take(rows[start:stop]), supporters, paired=False)
        broken = _break(frame, forbidden[start:stop].toarray())
        return [_Person(frame, at, broken[at], room, languages).best() for at in range(stop - start)]

    settings = pool.settings
    parts = walk((len(rows), len(columns)), work, block_size=settings.block_size, n_jobs=settings.n_jobs)
    return [changes for part in parts for changes in part]


def _break(frame: Frame, forbidden: BoolArray) -> NDArray[np.uint8]:
    """Write the rules that each pair breaks as bits, shape (n_rows, n_columns)."""
    for_good = forbidden | ~DENSE_RULES[Rule.ROLE](frame) | ~DENSE_RULES[Rule.ASSOCIATION](frame)
    broken = np.where(for_good, FOR_GOOD, 0).astype(np.uint8)
    for rule, bit in _BITS.items():
        broken |= np.where(DENSE_RULES[rule](frame), 0, bit).astype(np.uint8)
    return broken


@dataclass(frozen=True)
class _Options:
    """Steps that may satisfy one rule: `fits` says for each, and each supporter near, whether it then holds."""

    bit: int
    steps: list[Step]
    fits: BoolArray


class _Person:
    """One person left over, and the supporters whom two rules at most keep from her."""

    def __init__(self, frame: Frame, row: int, broken: NDArray[np.uint8], room: Room, languages: Sequence[str]) -> None:
        near = np.flatnonzero(np.bitwise_count(broken) <= 2)
        self.rules, self.room = broken[near], Room(room.left[near], room.to_be_had[near])
        self.supporters = frame.supporters.take(near)
        self.frame, self.row, self.languages = frame, row, languages
        self.squared_metres = frame.squared_metres[row, near]

    def best(self) -> tuple[Change, ...]:
        """Give the best change of each kind, best first."""
        options = [group for group in self._list_options() if group.steps]
        found = [*self._ask_for_a_place(), *(one for group in options for one in self._take_one(group))]
        if not found:
            found = [one for group in options for one in self._take_one_and_ask(group)]
            found += [one for pair in combinations(options, 2) for one in self._take_two(*pair)]
        best: dict[tuple[ChangeKind, ...], Change] = {}
        for change in sorted(found, key=_merit):
            best.setdefault(tuple(step.kind for step in change.steps), change)
        return tuple(best.values())[:MOST_CHANGES]

    def _list_options(self) -> Iterator[_Options]:
        hers, theirs = self.frame.entrepreneurs, self.supporters
        missing = [slot for slot in range(N_SLOTS) if not int(hers.availability[self.row]) >> slot & 1]
        shared = (theirs.availability[None, :] >> np.array(missing, dtype=np.uint32)[:, None]) & 1 > 0
        yield self._options(Rule.TIME, [Step(kind=ChangeKind.SLOT, value=SLOTS[slot]) for slot in missing], shared)
        remote = [] if hers.remote[self.row] else [Step(kind=ChangeKind.REMOTE)]
        yield self._options(Rule.DISTANCE, remote, theirs.remote[None, :][: len(remote)])
        yield self._list_distances()
        consent = [] if hers.consent[self.row] else [Step(kind=ChangeKind.CONSENT)]
        yield self._options(Rule.CONSENT, consent, np.ones((len(consent), len(self.rules)), dtype=bool))
        spoken = [at for at in range(len(self.languages)) if hers.languages[self.row, at] == 0]
        steps = [Step(kind=ChangeKind.LANGUAGE, value=self.languages[at]) for at in spoken]
        yield self._options(Rule.LANGUAGE, steps, theirs.languages[:, spoken].T > 0)

    def _list_distances(self) -> _Options:
        """List the whole kilometres at which one supporter more comes within reach, the nearest first."""
        apart = (self.rules & _BITS[Rule.DISTANCE]) > 0
        squared = self.squared_metres.astype(np.float32)
        welcome = apart & (squared * self.supporters.reach <= 1)
        needed = np.ceil(great_circle_km(self.squared_metres[welcome])).astype(np.int64)
        kilometres = np.unique(needed[needed <= MOST_KM])
        reach = (1 / squared_chord(kilometres.astype(np.float64))).astype(np.float32)
        # The very product of the rule, so that both draw the line at the same metre.
        fits = squared * np.maximum(reach[:, None], self.supporters.reach) <= 1
        steps = [Step(kind=ChangeKind.DISTANCE, value=int(km)) for km in kilometres]
        return self._options(Rule.DISTANCE, steps, fits)

    def _options(self, rule: Rule, steps: list[Step], mended: BoolArray) -> _Options:
        holds = (self.rules & _BITS[rule]) == 0
        return _Options(_BITS[rule], steps, mended | holds)

    def _ask_for_a_place(self) -> Iterator[Change]:
        could = int(np.count_nonzero((self.rules == 0) & ~self.room.to_be_had))
        if could:
            yield Change(steps=(_PLACE,), opens=could, places=could)

    def _take_one(self, group: _Options) -> Iterator[Change]:
        fits = group.fits & (self.rules == group.bit)
        opens, places, free = (
            np.count_nonzero(fits & some, axis=1)
            for some in (self.supporters.capacity > 0, self.room.to_be_had, self.room.left)
        )
        for at in np.flatnonzero(_nearest(group, places[:, None])).tolist():
            counts = int(opens[at]), int(places[at]), int(places[at] - free[at])
            yield Change(steps=(group.steps[at],), opens=counts[0], places=counts[1], freed=counts[2])

    def _take_one_and_ask(self, group: _Options) -> Iterator[Change]:
        """Where all those whom a step opens are full: the step, and one more place from one of them."""
        could = np.count_nonzero(group.fits & (self.rules == group.bit) & ~self.room.to_be_had, axis=1)
        for at in np.flatnonzero(_nearest(group, could[:, None])).tolist():
            yield Change(steps=(group.steps[at], _PLACE), opens=int(could[at]), places=int(could[at]))

    def _take_two(self, first: _Options, second: _Options) -> Iterator[Change]:
        open_ = (self.rules > 0) & ((self.rules & ~np.uint8(first.bit | second.bit)) == 0)
        left, right = first.fits[:, open_].astype(np.float32), second.fits[:, open_].astype(np.float32)
        has_capacity = self.supporters.capacity[open_] > 0
        opens, places, free = (
            left * some @ right.T for some in (has_capacity, self.room.to_be_had[open_], self.room.left[open_])
        )
        for one, other in np.argwhere(_nearest(first, places) & _nearest(second, places.T).T).tolist():
            steps = (first.steps[one], second.steps[other])
            some, freed = int(places[one, other]), int(places[one, other] - free[one, other])
            yield Change(steps=steps, opens=int(opens[one, other]), places=some, freed=freed)


def _nearest(group: _Options, places: NDArray[Any]) -> BoolArray:
    """Mark the steps that open a place, shape (n_steps, n_columns); of distances the smallest of each column only."""
    helps = places > 0
    if group.steps[0].kind is ChangeKind.DISTANCE:
        helps &= np.arange(len(helps))[:, None] == helps.argmax(axis=0)
    return np.asarray(helps)


_EASE = MappingProxyType({kind: at for at, kind in enumerate(ChangeKind)})


def _merit(change: Change) -> tuple[int, ...]:
    """Order of changes: hers first, then the most places, the fewest moves, the most supporters, the easiest."""
    others = sum(step.kind not in HERS for step in change.steps)
    return others, -change.places, change.freed, -change.opens, sum(_EASE[step.kind] for step in change.steps)
