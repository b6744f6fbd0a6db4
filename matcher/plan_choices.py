"""The lines of one person under her own limits, and the joint choice where lines conflict."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from matcher.encoding import ROLES, IntArray
from matcher.explanation import explain
from matcher.packing import Aim, Bundles, pack
from matcher.plan_records import LINE_HOURS, MONTHLY, PLAN_ORDER, CircleSeat, LineKind
from matcher.pool import Pool
from matcher.records import SLOTS, Entrepreneur, Supporter
from matcher.results import MatchResult, Suggestion
from matcher.scoring import POINTS

Kept = tuple[Suggestion | CircleSeat | None, ...]
"""One choice per kind of `PLAN_ORDER`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One person with everything that her plan may hold."""

    person: Entrepreneur
    hours: float
    suggested: Mapping[LineKind, tuple[Suggestion, ...]]
    circle: CircleSeat | None
    masks: Mapping[str, int]

    def with_options(self, more: Mapping[LineKind, tuple[Suggestion, ...]] | None) -> "Candidate":
        """Give the same person with supporters suggested in roles in which she had nobody."""
        return replace(self, suggested={**self.suggested, **more}) if more else self

    @property
    def given(self) -> Kept:
        """Rank 1 of each role, and her circle: what each line by itself gives her."""
        return tuple(self.circle if kind is LineKind.CIRCLE else self._first(kind) for kind in PLAN_ORDER)

    def _first(self, kind: LineKind) -> Suggestion | None:
        first = next(iter(self.suggested.get(kind, ())), None)
        return first if first is not None and first.rank == 1 else None

    def options(self, kind: LineKind) -> tuple[Suggestion | CircleSeat, ...]:
        """Everybody and everything suggested as one kind of line, best first."""
        if kind is LineKind.CIRCLE:
            return () if self.circle is None else (self.circle,)
        return self.suggested.get(kind, ())

    def slots(self, line: Suggestion | CircleSeat) -> int:
        """Mask of the weekly slots in which a line can meet her."""
        if isinstance(line, CircleSeat):
            return 1 << line.slot
        return self.person.availability & self.masks[line.supporter_id]

    def place_slots(self, lines: Kept) -> dict[LineKind, int] | None:
        """Give each monthly line a weekly slot of its own, the earliest there is; None if that cannot be."""
        monthly = [(kind, line) for kind, line in zip(PLAN_ORDER, lines, strict=True) if line and kind in MONTHLY]
        bits = [[bit for bit in range(len(SLOTS)) if self.slots(line) >> bit & 1] for _, line in monthly]
        for slots in product(*bits):
            if len(set(slots)) == len(slots):
                return {kind: slot for (kind, _), slot in zip(monthly, slots, strict=True)}
        return None

    def fits(self, lines: Kept) -> bool:
        """Whether the lines leave each other time."""
        spent = sum(LINE_HOURS[kind] for kind, line in zip(PLAN_ORDER, lines, strict=True) if line)
        return spent <= self.hours and self.place_slots(lines) is not None

    def combinations(self, *, given_only: bool) -> Iterator[Kept]:
        """List every choice that fits, the fullest first in the order of kinds."""
        given = self.given
        choices = [
            ((given[at], None) if given[at] else (None,)) if given_only else (*self.options(kind), None)
            for at, kind in enumerate(PLAN_ORDER)
        ]
        return (lines for lines in product(*choices) if self.fits(lines))


def list_candidates(
    entrepreneurs: Sequence[Entrepreneur],
    supporters: Sequence[Supporter],
    found: MatchResult,
    circles: Mapping[str, CircleSeat],
    busy: Mapping[str, float],
) -> list[Candidate]:
    """Put together what may be in each person's plan, in input order."""
    suggested: dict[str, dict[LineKind, list[Suggestion]]] = {}
    for one in sorted(found.suggestions, key=lambda one: one.rank):
        suggested.setdefault(one.entrepreneur_id, {}).setdefault(LineKind(one.role), []).append(one)
    masks = {supporter.id: supporter.availability for supporter in supporters}
    return [
        Candidate(
            person=person,
            hours=_hours_left(person, busy),
            suggested={kind: tuple(lines) for kind, lines in suggested.get(person.id, {}).items()},
            circle=circles[person.id] if person.id in circles and not find_misfit(person, circles[person.id]) else None,
            masks=masks,
        )
        for person in entrepreneurs
    ]


def _hours_left(person: Entrepreneur, busy: Mapping[str, float]) -> float:
    if person.hours_per_month is None:
        return np.inf
    return max(0.0, person.hours_per_month - busy.get(person.id, 0.0))


def find_misfit(person: Entrepreneur, circle: CircleSeat) -> str | None:
    """Say what keeps her from a circle, if anything."""
    if circle.language not in person.languages:
        return "language"
    return None if person.availability >> circle.slot & 1 else "time"


def choose_together(
    candidates: Sequence[Candidate], supporters: Sequence[Supporter], found: MatchResult, read: Callable[[], Pool]
) -> tuple[list[Kept], tuple[Aim, ...]]:
    """Keep what each was given where it fits; choose again, jointly, for the others and those who wait for a place.

    Parameters
    ----------
    candidates : sequence of Candidate
        Everybody, n people.
    supporters : sequence of Supporter
        All of them, with their capacity.
    found : MatchResult
        The match of each role by itself.
    read : callable
        Gives the pool of these people; called only where lines conflict.

    Returns
    -------
    kept : list of Kept
        The lines of each, n entries.
    aims : tuple of Aim
        The proof of the joint choice; empty without a conflict.
    """
    kept = [one.given for one in candidates]
    conflicting = {at for at, one in enumerate(candidates) if not one.fits(kept[at])}
    if not conflicting:
        return kept, ()
    freed = {line.supporter_id for at in conflicting for line in kept[at] if isinstance(line, Suggestion)}
    waiting = _offer_places(read(), found, freed)
    again = {at: one.with_options(waiting.get(one.person.id)) for at, one in enumerate(candidates)}
    again = {at: one for at, one in again.items() if at in conflicting or one.person.id in waiting}
    left = {supporter.id: supporter.capacity for supporter in supporters}
    for line in (line for at, lines in enumerate(kept) if at not in again for line in lines):
        if isinstance(line, Suggestion):
            left[line.supporter_id] -= 1
    bundles = [(owner, lines) for owner, one in enumerate(again.values()) for lines in _worthy(one)]
    things = {id: at for at, id in enumerate(left)}
    packing = pack(
        Bundles.collect(
            [owner for owner, _ in bundles],
            [tuple(things[one.supporter_id] for one in lines if isinstance(one, Suggestion)) for _, lines in bundles],
            len(things),
        ),
        np.array(list(left.values()), dtype=np.int64),
        _aims(bundles),
        n_owners=len(again),
        must=np.ones(len(again), dtype=bool),
    )
    for at, bundle in zip(again, packing.chosen.tolist(), strict=True):
        kept[at] = bundles[bundle][1]
    return kept, packing.aims


def _offer_places(pool: Pool, found: MatchResult, freed: set[str]) -> dict[str, dict[LineKind, tuple[Suggestion, ...]]]:
    """Suggest the supporters whose place may become free to those who found nobody in their role, best first."""
    columns = np.array(sorted(pool.column_of[id] for id in freed), dtype=np.int64)
    roles = pool.supporter_table.role[columns]
    offers: dict[str, dict[LineKind, tuple[Suggestion, ...]]] = {}
    for one in found.unmatched:
        if one.role is None or not one.possible:
            continue
        of_role = columns[roles == ROLES.index(one.role)]
        rows = np.full(len(of_role), pool.row(one.entrepreneur_id))
        allowed = np.logical_and.reduce(list(pool.respected(rows, of_role).values()))
        best = of_role[allowed][np.argsort(-pool.points(rows, of_role)[allowed], kind="stable")]
        best = best[: pool.settings.choices]
        if len(best):
            reasons = zip(best.tolist(), explain(pool, rows[: len(best)], best), strict=True)
            offers.setdefault(one.entrepreneur_id, {})[LineKind(one.role)] = tuple(
                Suggestion(
                    entrepreneur_id=one.entrepreneur_id,
                    supporter_id=pool.supporters[column].id,
                    role=one.role,
                    rank=rank,
                    score=why.score,
                    components=why.components,
                    reasons=why.reasons,
                    gaps=why.gaps,
                )
                for rank, (column, why) in enumerate(reasons, start=2)
            )
    return offers


def _worthy(one: Candidate) -> list[Kept]:
    """List the choices that keep at least, in the order of kinds, what her limits allow of what she was given."""
    floor = max(_kinds(lines) for lines in one.combinations(given_only=True))
    return [lines for lines in one.combinations(given_only=False) if _kinds(lines) >= floor]


def _kinds(lines: Kept) -> tuple[bool, ...]:
    return tuple(line is not None for line in lines)


def _aims(bundles: Sequence[tuple[int, Kept]]) -> dict[str, IntArray]:
    kinds = np.array([_kinds(lines) for _, lines in bundles], dtype=np.int64)
    aims = {str(kind): kinds[:, at] for at, kind in enumerate(PLAN_ORDER)}
    suggestions = [[line for line in lines if isinstance(line, Suggestion)] for _, lines in bundles]
    aims["unchanged"] = np.array([sum(line.rank == 1 for line in some) for some in suggestions], dtype=np.int64)
    aims["points"] = np.array(
        [sum(round(line.score * POINTS) for line in some) for some in suggestions], dtype=np.int64
    )
    return aims
