"""People and facilitators of peer circles as columns: who may sit with whom, when and where, and what a group is worth.

A group is worth the sum of its members' points. A member's points have five parts:

receives : share of her needs (priority times level over what experts in everything asked would give) that the best
    other member covers, topic by topic
gives : members whom she can help, out of `ENOUGH_HELPED`
size : 1 at the target, less towards the smallest and the largest size
languages : how easy the circle's language is for her
place : nearness of the meeting place, or the value of meeting remotely

All are whole points, so that sums are exact. What somebody did not tell does not count against her: the weight of that
part goes to the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.circle_records import CIRCLE_COMPONENTS, CircleSettings
from matcher.criteria import LANGUAGE_VALUES, REMOTE_VALUE
from matcher.encoding import BoolArray, IntArray, left_places, positions, right_places, squared_chord
from matcher.records import N_SLOTS, Entrepreneur, Format, Supporter
from matcher.rules import find_competitors, find_conflicts, find_rivals
from matcher.scoring import share_out, waiting_bonus

ENOUGH_HELPED = 3
"""Members whom one can help from which one gives fully: half of a small circle."""

FARTHEST_SIZE_VALUE = 0.5
"""Value of the sizes farthest from the target."""

FORBIDDEN = -1
"""Worth of a group that may not meet; a valid group is worth 0 or more."""

AT_ONCE = 2048
"""Groups looked at together: keeps their columns within a few megabytes."""


Gathering = tuple[int, str, Format]
"""A weekly slot, a language and a format."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meetings:
    """Ways in which one facilitator can meet people; k of them, in the order of slot, language and format.

    Parameters
    ----------
    slots : ndarray of int64 of shape (k,)
        Weekly slot.
    languages : tuple of str
        ISO 639 codes.
    formats : tuple of Format
        In person or online.
    eligible : ndarray of bool of shape (k, n)
        Who can take part.
    points : ndarray of int64 of shape (k, n)
        Points of language and place.
    """

    slots: IntArray
    languages: tuple[str, ...]
    formats: tuple[Format, ...]
    eligible: BoolArray
    points: IntArray


class CirclePool:
    """Everything known about the people of one plan; n entrepreneurs are rows, m facilitators columns.

    Parameters
    ----------
    entrepreneurs : sequence of Entrepreneur
        Those who ask for a circle.
    facilitators : sequence of Supporter
        Those who lead one or more.
    settings : CircleSettings
        What the association chose.
    only : Gathering or None
        The one meeting to look at; None to look for all that enough people can come to.
    """

    def __init__(
        self,
        entrepreneurs: Sequence[Entrepreneur],
        facilitators: Sequence[Supporter],
        settings: CircleSettings,
        only: Gathering | None = None,
    ) -> None:
        self.entrepreneurs, self.facilitators, self.settings = tuple(entrepreneurs), tuple(facilitators), settings
        self.n, self.m = len(entrepreneurs), len(facilitators)
        self.only = only
        self.capacity = np.array([f.circles for f in facilitators], dtype=np.int64)
        waiting = np.array([e.waiting_days for e in entrepreneurs], dtype=np.int64)
        self.bonus = waiting_bonus(waiting, settings.waiting_bonus_per_day)
        self._read_topics()
        self._read_people()
        self.meetings = tuple(self._meetings_of(column) for column in range(self.m))

    def _read_topics(self) -> None:
        people = self.entrepreneurs
        names = sorted({need.topic for e in people for need in e.needs})
        self.topics = {name: at for at, name in enumerate(names)}
        self.needs = np.zeros((self.n, len(names)), dtype=np.int64)
        self.offers = np.zeros((self.n, len(names)), dtype=np.int64)
        for row, person in enumerate(people):
            for need in person.needs:
                at = self.topics[need.topic]
                self.needs[row, at] = max(self.needs[row, at], need.priority)
            for offer in person.offers:
                if offer.topic in self.topics:
                    at = self.topics[offer.topic]
                    self.offers[row, at] = max(self.offers[row, at], offer.level)
        self.most = np.maximum(3 * self.needs.sum(axis=1), 1)
        self.helps = ((self.offers > 0).astype(np.int64) @ (self.needs > 0).T.astype(np.int64)) > 0
        np.fill_diagonal(self.helps, False)
        always = np.ones(self.n, dtype=bool)
        located = np.array([e.latitude is not None for e in people], dtype=bool)
        offering = np.array([bool(e.offers) for e in people], dtype=bool)
        applies = np.stack([self.needs.any(axis=1), offering, always, always, located], axis=1)
        self.shares = share_out(self.settings.weights, applies, CIRCLE_COMPONENTS).astype(np.int64)

    def _read_people(self) -> None:
        people, leaders = self.entrepreneurs, self.facilitators
        left, right = left_places(positions(people, nowhere=4.0)), right_places(positions(leaders, nowhere=-4.0))
        among = right_places(positions(people, nowhere=-4.0))
        self.squared_metres = left @ right.T
        own = squared_chord(np.array([e.max_km for e in people], dtype=np.float64))
        self.distance_ratio = self.squared_metres / own[:, None]
        self.speaks = [frozenset(e.languages) for e in people]
        self.slots = np.array([[e.availability >> slot & 1 for slot in range(N_SLOTS)] for e in people], dtype=bool)
        self.slots = self.slots.reshape(self.n, N_SLOTS)
        self.remote = np.array([e.accepts_remote for e in people], dtype=bool)
        km = self.settings.competitor_km
        self.conflicts = find_conflicts(people, leaders).toarray()
        self.competitors = find_competitors(people, leaders, (left, right), km).toarray()
        self.ours = _meet([e.association for e in people], [f.association for f in leaders])
        rivals = find_rivals(people, lambda r, c: np.einsum("ij,ij->i", left[r], among[c]), km).toarray()
        associations = [e.association for e in people]
        self.together = _meet(associations, associations) & ~rivals & ~_kept_apart(people)
        np.fill_diagonal(self.together, True)

    def reaches(self, row: int, column: int, max_km: float) -> bool:
        """Whether somebody who travels so far, in kilometres, gets to a facilitator: the rule's own quotient."""
        return bool(self.squared_metres[row, column] / squared_chord(np.array(max_km)) <= 1)

    def _meetings_of(self, column: int) -> Meetings:
        leader = self.facilitators[column]
        allowed = self.ours[:, column] & ~self.conflicts[:, column] & ~self.competitors[:, column]
        within = self.distance_ratio[:, column] <= 1
        reach = {Format.IN_PERSON: within, Format.ONLINE: self.remote & leader.accepts_remote}
        found: list[tuple[int, str, Format, BoolArray, IntArray]] = []
        for slot in (slot for slot in range(N_SLOTS) if leader.availability >> slot & 1):
            for language in dict.fromkeys(leader.languages):
                speaks = np.array([language in spoken for spoken in self.speaks], dtype=bool)
                for form, reached in reach.items():
                    eligible = allowed & self.slots[:, slot] & speaks & reached
                    if self._is_worth_a_look(eligible, (slot, language, form)):
                        found.append((slot, language, form, eligible, self._meeting_points(column, language, form)))
        kept = [one for at, one in enumerate(found) if not any(_dominates(o, one, p < at) for p, o in enumerate(found))]
        return Meetings(
            slots=np.array([one[0] for one in kept], dtype=np.int64),
            languages=tuple(one[1] for one in kept),
            formats=tuple(one[2] for one in kept),
            eligible=np.array([one[3] for one in kept], dtype=bool).reshape(len(kept), self.n),
            points=np.array([one[4] for one in kept], dtype=np.int64).reshape(len(kept), self.n),
        )

    def _is_worth_a_look(self, eligible: BoolArray, gathering: Gathering) -> bool:
        if self.only is not None:
            return gathering == self.only and bool(eligible.any())
        return bool(np.count_nonzero(eligible) >= self.settings.minimum)

    def _meeting_points(self, column: int, language: str, form: Format) -> IntArray:
        return np.asarray(self.fixed_parts(column, language, form)[1].sum(axis=1))

    def fixed_parts(self, column: int, language: str, form: Format) -> tuple[np.typing.NDArray[np.float64], IntArray]:
        """Tell what language and place are worth to each person at a meeting.

        Returns
        -------
        values : ndarray of float64 of shape (n, 2)
            In [0, 1]; for people who cannot take part the values mean nothing.
        points : ndarray of int64 of shape (n, 2)
            Whole points.
        """
        later = len(LANGUAGE_VALUES) - 1
        order = [e.languages.index(language) if language in e.languages else later for e in self.entrepreneurs]
        ease = np.array([LANGUAGE_VALUES[min(at, later)] for at in order], dtype=np.float64)
        near = np.maximum(1 - self.distance_ratio[:, column], 0)
        value = np.stack([ease, near if form is Format.IN_PERSON else np.full(self.n, REMOTE_VALUE)], axis=1)
        return value, np.rint(value * self.shares[:, 3:]).astype(np.int64)

    def size_value(self, size: int) -> float:
        """Worth of a circle's size: 1 at the target, `FARTHEST_SIZE_VALUE` at the farthest size allowed, never below 0.

        A circle under way may have lost so many that it is farther from the target than any that is composed.
        """
        settings = self.settings
        farthest = max(settings.target - settings.minimum, settings.maximum - settings.target, 1)
        return max(0.0, 1 - (1 - FARTHEST_SIZE_VALUE) * abs(size - settings.target) / farthest)

    def group_parts(self, groups: IntArray) -> tuple[np.typing.NDArray[np.float64], IntArray]:
        """Tell what receiving, giving and size are worth to each member of some groups.

        Parameters
        ----------
        groups : ndarray of int of shape (n_groups, size)
            Rows of different people.

        Returns
        -------
        values : ndarray of float64 of shape (n_groups, size, 3)
            In [0, 1].
        points : ndarray of int64 of shape (n_groups, size, 3)
            Whole points.
        """
        covered = best_of_others(self.offers[groups])
        received = (self.needs[groups] * covered).sum(axis=2) / self.most[groups]
        helped = self.helps[groups[:, :, None], groups[:, None, :]].sum(axis=2)
        given = np.minimum(helped, ENOUGH_HELPED) / ENOUGH_HELPED
        values = np.stack([received, given, np.full(given.shape, self.size_value(groups.shape[1]))], axis=2)
        return values, np.rint(values * self.shares[groups][:, :, :3]).astype(np.int64)

    def worth(self, column: int, groups: IntArray) -> tuple[IntArray, IntArray]:
        """Tell what groups are worth under a facilitator, waiting bonuses included, and how each would meet best.

        Parameters
        ----------
        column : int
            The facilitator.
        groups : ndarray of int of shape (n_groups, size)
            Rows of different people; the size is not checked.

        Returns
        -------
        points : ndarray of int64 of shape (n_groups,)
            `FORBIDDEN` where two must not sit together or no meeting suits all.
        meeting : ndarray of int64 of shape (n_groups,)
            The first of the best meetings of this facilitator.
        """
        points = np.full(len(groups), FORBIDDEN, dtype=np.int64)
        meeting = np.zeros(len(groups), dtype=np.int64)
        for start in range(0, len(groups), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            points[part], meeting[part] = self._worth(column, groups[part])
        return points, meeting

    def _worth(self, column: int, groups: IntArray) -> tuple[IntArray, IntArray]:
        meetings = self.meetings[column]
        points, best = np.full(len(groups), FORBIDDEN, dtype=np.int64), np.zeros(len(groups), dtype=np.int64)
        suits = np.asarray(meetings.eligible[:, groups].all(axis=2))
        met: BoolArray = np.asarray(suits.any(axis=0))
        met[met] = self.together[groups[met][:, :, None], groups[met][:, None, :]].all(axis=(1, 2))
        if met.any():
            fixed = np.where(suits[:, met], meetings.points[:, groups[met]].sum(axis=2), -1)
            best[met] = fixed.argmax(axis=0)
            shared = self.group_parts(groups[met])[1].sum(axis=(1, 2))
            points[met] = fixed.max(axis=0) + shared + self.bonus[groups[met]].sum(axis=1)
        return points, best


def best_of_others(levels: IntArray) -> IntArray:
    """Highest level among the other members, for each member and topic, 0 alone; shape (n_groups, size, n_topics)."""
    first = levels.max(axis=1, keepdims=True)
    holds = levels == first
    second = np.where(holds, 0, levels).max(axis=1, keepdims=True)
    alone = holds.sum(axis=1, keepdims=True) == 1
    return np.asarray(np.where(holds & alone, second, first))


def _meet(left: Sequence[str | None], right: Sequence[str | None]) -> BoolArray:
    """Whether two belong to one association, or one of them to none."""
    fits = [[one == other or one is None or other is None for other in right] for one in left]
    return np.array(fits, dtype=bool).reshape(len(left), len(right))


def _kept_apart(people: Sequence[Entrepreneur]) -> BoolArray:
    """Pairs of one household, or one of whom is kept apart from the other."""
    pairs = [
        [
            (one.household is not None and one.household == other.household)
            or one.id in other.apart
            or other.id in one.apart
            for other in people
        ]
        for one in people
    ]
    return np.array(pairs, dtype=bool).reshape(len(people), len(people))


def _dominates(
    one: tuple[int, str, Format, BoolArray, IntArray], other: tuple[int, str, Format, BoolArray, IntArray], first: bool
) -> bool:
    """Whether everybody who can come to the other meeting can come to this one, for as much; of equals the first."""
    who, points = other[3], (one[4][other[3]], other[4][other[3]])
    if (who & ~one[3]).any() or (points[0] < points[1]).any():
        return False
    return first or bool((one[3] & ~who).any() or (points[0] > points[1]).any())
