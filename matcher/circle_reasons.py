"""Why this circle, and why none: reasons of members, refusals and the nearest change for people left out.

Codes of a member's reasons and their facts:

| code | facts |
|---|---|
| `receives` | `topics`: her needs that others can cover, the most urgent first; `others`: who can |
| `gives` | `topics`: what she offers and others look for; `others`: for whom |
| `common_slot` | `slot` |
| `common_language` | `language` |
| `near` | `distance_km` to the meeting place |
| `remote` | none |

Codes of the nearest change: `add_slot` (`slot`), `accept_remote`, `travel` (`distance_km`), `add_language`
(`language`), `one_more_facilitator`, `more_people` (`missing`, `slot`, `language`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from matcher.circle_placement import Group
from matcher.circle_pool import CirclePool
from matcher.circle_records import CIRCLE_COMPONENTS, CircleLeftOut, CircleMember, CircleRule
from matcher.encoding import BoolArray, great_circle_km
from matcher.records import N_SLOTS, SLOTS, Entrepreneur, Format, Supporter
from matcher.results import Component, Reason
from matcher.scoring import POINTS

LONGEST_LIST = 3
"""Topics named in one reason at most."""

Met = Sequence[tuple[Group, int]]
"""The plan: each group with the place of its meeting among those of its facilitator."""


def explain_member(pool: CirclePool, group: Group, meeting: int, at: int) -> CircleMember:
    """Say what one member gets and gives.

    Parameters
    ----------
    pool : CirclePool
        The people.
    group : tuple
        Her circle.
    meeting : int
        How it meets.
    at : int
        Her place among the members.

    Returns
    -------
    member : CircleMember
        Score, parts and reasons.
    """
    column, rows = group
    row, meetings = rows[at], pool.meetings[column]
    shared = pool.group_parts(np.array([rows]))
    fixed = pool.fixed_parts(column, meetings.languages[meeting], meetings.formats[meeting])
    values = [*shared[0][0, at], *fixed[0][row]]
    points = [*shared[1][0, at], *fixed[1][row]]
    return CircleMember(
        entrepreneur_id=pool.entrepreneurs[row].id,
        score=int(sum(points)) / POINTS,
        components=tuple(
            Component(
                name=name, value=round(float(value), 6), weight=int(share) / POINTS, contribution=int(part) / POINTS
            )
            for name, value, share, part in zip(CIRCLE_COMPONENTS, values, pool.shares[row], points, strict=True)
        ),
        reasons=tuple(_reasons(pool, group, meeting, row)),
    )


def _reasons(pool: CirclePool, group: Group, meeting: int, row: int) -> Iterator[Reason]:
    column, members = group
    others, meetings = [other for other in members if other != row], pool.meetings[column]
    names = list(pool.topics)
    asked = [t for t in np.argsort(-pool.needs[row], kind="stable").tolist() if pool.needs[row, t] > 0]
    covered = [t for t in asked if pool.offers[others, t].any()]
    if covered:
        who = [pool.entrepreneurs[other].id for other in others if pool.helps[other, row]]
        yield Reason(code="receives", facts={"topics": _named(names, covered), "others": tuple(who)})
    given = [t for t in np.flatnonzero(pool.offers[row]).tolist() if pool.needs[others, t].any()]
    if given:
        given.sort(key=lambda t: -np.count_nonzero(pool.needs[others, t]))
        who = [pool.entrepreneurs[other].id for other in others if pool.helps[row, other]]
        yield Reason(code="gives", facts={"topics": _named(names, given), "others": tuple(who)})
    yield Reason(code="common_slot", facts={"slot": SLOTS[meetings.slots[meeting]]})
    yield Reason(code="common_language", facts={"language": meetings.languages[meeting]})
    if meetings.formats[meeting] is Format.ONLINE:
        yield Reason(code="remote", facts={})
    else:
        yield Reason(code="near", facts={"distance_km": _distance_km(pool, row, column)})


def _named(names: Sequence[str], topics: Sequence[int]) -> tuple[str, ...]:
    return tuple(names[topic] for topic in topics[:LONGEST_LIST])


def _distance_km(pool: CirclePool, row: int, column: int) -> float:
    return round(float(great_circle_km(pool.squared_metres[row, column : column + 1])[0]), 1)


def explain_left_out(pool: CirclePool, met: Met) -> Iterator[CircleLeftOut]:
    """Say for everybody in no circle what holds her back and what would help.

    Parameters
    ----------
    pool : CirclePool
        The people.
    met : sequence
        The plan.

    Yields
    ------
    left_out : CircleLeftOut
        In input order.
    """
    placed = {row for (_, members), _ in met for row in members}
    left = [row for row in range(pool.n) if row not in placed]
    used = np.bincount([column for (column, _), _ in met], minlength=pool.m)
    openings = _Openings(pool, met, left, [f for f in range(pool.m) if used[f] < pool.capacity[f]])
    for row in left:
        refusals, rule = _refusals(pool, row)
        yield CircleLeftOut(
            entrepreneur_id=pool.entrepreneurs[row].id, rule=rule, refusals=refusals, change=openings.nearest(row)
        )


def _refusals(pool: CirclePool, row: int) -> tuple[Mapping[CircleRule, int], CircleRule]:
    person = pool.entrepreneurs[row]
    ours = pool.ours[row]
    broken = {
        CircleRule.ASSOCIATION: ~ours,
        CircleRule.CONFLICT: ours & pool.conflicts[row],
        CircleRule.COMPETITOR: ours & pool.competitors[row],
        CircleRule.LANGUAGE: ours & _facts(not set(person.languages) & set(f.languages) for f in pool.facilitators),
        CircleRule.TIME: ours & _facts(not person.availability & f.availability for f in pool.facilitators),
        CircleRule.DISTANCE: ours & ~_reachable(pool, row),
    }
    refusals = {rule: int(np.count_nonzero(forbids)) for rule, forbids in broken.items() if forbids.any()}
    if not ours.any():
        return refusals, CircleRule.ASSOCIATION if pool.m else CircleRule.FACILITATOR
    if np.logical_or.reduce(list(broken.values())).all():
        own = {rule: count for rule, count in refusals.items() if rule is not CircleRule.ASSOCIATION}
        return refusals, max(own, key=lambda rule: own[rule])
    if not any(_meets_enough(pool, meetings.eligible, row) for meetings in pool.meetings):
        return refusals, CircleRule.PEOPLE
    return refusals, CircleRule.CAPACITY


def _facts(values: Iterator[bool]) -> BoolArray:
    return np.fromiter(values, dtype=bool)


def _reachable(pool: CirclePool, row: int) -> BoolArray:
    remote = _facts(f.accepts_remote for f in pool.facilitators)
    return np.asarray((pool.distance_ratio[row] <= 1) | (remote & pool.remote[row]))


def _meets_enough(pool: CirclePool, eligible: BoolArray, row: int) -> bool:
    """Whether some meeting has enough people for a circle around her."""
    others = eligible & pool.together[row]
    return bool((eligible[:, row] & (others.sum(axis=1) >= pool.settings.minimum)).any())


class _Openings:
    """Where one more person could still go: circles that are not full, and people left under a free facilitator."""

    def __init__(self, pool: CirclePool, met: Met, left: Sequence[int], free: Sequence[int]) -> None:
        self.pool, self.left, self.free = pool, left, free
        self.open = [one for one in met if len(one[0][1]) < pool.settings.maximum]

    def nearest(self, row: int) -> Reason | None:
        """Try one change after the other, what is easiest for her first."""
        person = self.pool.entrepreneurs[row]
        for changed, reason in self._changes(row):
            if self._joins(row, changed) or self._founds(row, changed):
                return reason
        if self._founds(row, person, any_facilitator=True):
            return Reason(code="one_more_facilitator", facts={})
        return self._more_people(row)

    def _changes(self, row: int) -> Iterator[tuple[Entrepreneur, Reason]]:
        pool, person = self.pool, self.pool.entrepreneurs[row]
        for slot in (slot for slot in range(N_SLOTS) if not person.availability >> slot & 1):
            changed = replace(person, availability=person.availability | 1 << slot)
            yield changed, Reason(code="add_slot", facts={"slot": SLOTS[slot]})
        if not person.accepts_remote:
            yield replace(person, accepts_remote=True), Reason(code="accept_remote", facts={})
        # Rounded up, so that who travels as far as she is told gets there.
        for km in np.unique(np.ceil(10 * great_circle_km(pool.squared_metres[row])) / 10).tolist():
            if person.max_km < km < FARTHEST_ASKED_KM:
                yield replace(person, max_km=km), Reason(code="travel", facts={"distance_km": km})
        for language in dict.fromkeys(language for f in pool.facilitators for language in f.languages):
            if language not in person.languages:
                changed = replace(person, languages=(*person.languages, language))
                yield changed, Reason(code="add_language", facts={"language": language})

    def _joins(self, row: int, person: Entrepreneur) -> bool:
        pool = self.pool
        for (column, members), at in self.open:
            meetings = pool.meetings[column]
            suits = _suits(
                pool, row, person, column, int(meetings.slots[at]), meetings.languages[at], meetings.formats[at]
            )
            if suits and pool.together[row, list(members)].all():
                return True
        return False

    def _founds(self, row: int, person: Entrepreneur, *, any_facilitator: bool = False) -> bool:
        """Whether people left could found a circle with her."""
        columns = range(self.pool.m) if any_facilitator else self.free
        return any(
            len(self._company(row, person, column, slot, language, form)) >= self.pool.settings.minimum
            for column in columns
            for slot, language, form in _ways(self.pool.facilitators[column])
        )

    def _company(
        self, row: int, person: Entrepreneur, column: int, slot: int, language: str, form: Format
    ) -> list[int]:
        """She and people left who could sit with her and with each other; nobody when she cannot come herself."""
        pool = self.pool
        if not _suits(pool, row, person, column, slot, language, form):
            return []
        company = [row]
        for other in self.left:
            fits = other not in company and pool.together[other, company].all()
            if fits and _suits(pool, other, pool.entrepreneurs[other], column, slot, language, form):
                company.append(other)
        return company

    def _more_people(self, row: int) -> Reason | None:
        """How many people more would make a circle around her, with a free facilitator."""
        person, best = self.pool.entrepreneurs[row], (0, 0, "")
        for column in self.free:
            for slot, language, form in _ways(self.pool.facilitators[column]):
                size = len(self._company(row, person, column, slot, language, form))
                best = max(best, (size, slot, language), key=lambda one: one[0])
        size, slot, language = best
        if size == 0:
            return None
        missing = self.pool.settings.minimum - size
        return Reason(code="more_people", facts={"missing": missing, "slot": SLOTS[slot], "language": language})


FARTHEST_ASKED_KM = 100.0
"""Nobody is asked to travel farther than this to a monthly circle, in kilometres."""


def _ways(leader: Supporter) -> Iterator[tuple[int, str, Format]]:
    for slot in (slot for slot in range(N_SLOTS) if leader.availability >> slot & 1):
        for language in dict.fromkeys(leader.languages):
            yield slot, language, Format.IN_PERSON
            yield slot, language, Format.ONLINE


def _suits(
    pool: CirclePool, row: int, person: Entrepreneur, column: int, slot: int, language: str, form: Format
) -> bool:
    """Whether somebody, perhaps with a change, could take part in a meeting."""
    leader = pool.facilitators[column]
    if not person.availability >> slot & 1 or language not in person.languages:
        return False
    if not pool.ours[row, column] or pool.conflicts[row, column] or pool.competitors[row, column]:
        return False
    if form is Format.ONLINE:
        return person.accepts_remote and leader.accepts_remote
    return pool.reaches(row, column, person.max_km)
