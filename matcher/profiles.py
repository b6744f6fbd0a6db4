"""Profiles of supporters to look for: made of what the people left over have in common, and naming nobody."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.encoding import BoolArray
from matcher.records import SLOTS, Entrepreneur, Role, Supporter

MOST_SLOTS = 2
"""Weekly slots asked of one more supporter at most: more would put off those who could give one evening."""

MOST_TOPICS = 3
"""Topics named in one profile at most."""

MOST_LANGUAGES = 6
"""Languages looked at: those that most of the people left over speak."""

MOST_TERRITORIES = 12
"""Territories looked at: those where most of the people left over live."""

HALF_A_PERSON = 0.5
"""A further slot is asked for only where it serves more people, not where it merely raises scores."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Who is looked for; it names nobody, and says nothing that fewer people share than may be shown.

    Parameters
    ----------
    role : Role
        The role.
    languages : tuple of str
        ISO 639 codes.
    slots : tuple of str
        Slugs of weekly slots, in the order of the week.
    territory : str or None
        Where she should live, or close by; None where that does not matter.
    remote : bool
        Whether she should accept to meet remotely.
    topics : tuple of str
        What the people she would serve ask about, the most wanted first.
    association : str or None
        For which association.
    """

    role: Role
    languages: tuple[str, ...]
    slots: tuple[str, ...]
    territory: str | None
    remote: bool
    topics: tuple[str, ...]
    association: str | None

    @property
    def demands(self) -> int:
        """Count what is asked of a volunteer: where she lives is asked for last, and topics are only a wish."""
        return len(self.languages) + len(self.slots) + 2 * (self.territory is not None) + self.remote


@dataclass(frozen=True, slots=True)
class Wish:
    """What a profile begins with: languages, a territory or none, whether to meet remotely."""

    languages: tuple[str, ...]
    territory: str | None
    remote: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A supporter made up for a trial, and the territory that she stands for."""

    supporter: Supporter
    territory: str | None

    @property
    def profile(self) -> Profile:
        """What of her is told."""
        return Profile(
            role=self.supporter.role,
            languages=self.supporter.languages,
            slots=tuple(slot for at, slot in enumerate(SLOTS) if self.supporter.availability >> at & 1),
            territory=self.territory,
            remote=self.supporter.accepts_remote,
            topics=tuple(skill.topic for skill in self.supporter.expertise),
            association=self.supporter.association,
        )


class Territories:
    """Where people live, at the finest level at which enough others live too.

    Parameters
    ----------
    people : sequence of Entrepreneur
        Everybody; those without a place are in no territory.
    levels : sequence of Mapping of str to str
        Territory of each id, the finest level first; no name stands for two territories.
    smallest : int
        People who must share what a profile names.
    """

    def __init__(self, people: Sequence[Entrepreneur], levels: Sequence[Mapping[str, str]], smallest: int) -> None:
        self.smallest = smallest
        located = [person for person in people if person.latitude is not None]
        self.name_of: dict[str, str] = {}
        for level in levels:
            sizes = Counter(level[person.id] for person in located if person.id in level)
            named = {id: name for id, name in level.items() if sizes[name] >= smallest}
            self.name_of = {**named, **self.name_of}
        self._points: dict[str, list[tuple[float, float]]] = {}
        self._speakers: Counter[tuple[str, str]] = Counter()
        for person in located:
            for name in {level[person.id] for level in levels if person.id in level}:
                assert person.latitude is not None
                assert person.longitude is not None
                self._points.setdefault(name, []).append((person.latitude, person.longitude))
                self._speakers.update((name, language) for language in set(person.languages))

    def middle(self, name: str | None) -> tuple[float | None, float | None]:
        """Give the mean place of a territory's people; nowhere without a territory."""
        if name is None:
            return None, None
        latitude, longitude = np.mean(self._points[name], axis=0).tolist()
        return latitude, longitude

    def list_wishes(self, here: Sequence[Entrepreneur], alone: Sequence[Entrepreneur]) -> Iterator[Wish]:
        """List what one more supporter could be asked for: the languages and territories of those left over."""
        spoken = _most_common((one for person in alone for one in set(person.languages)), MOST_LANGUAGES)
        usual = _most_common((one for person in here for one in set(person.languages)), 1)
        names = (self.name_of[person.id] for person in alone if person.id in self.name_of)
        where = [
            (None, True),
            *((name, far) for name in _most_common(names, MOST_TERRITORIES) for far in (False, True)),
        ]
        both = (tuple(dict.fromkeys((*usual, one))) for one in spoken)
        choices = dict.fromkeys([*((one,) for one in (*spoken, *usual)), *both])
        for languages in choices:
            for name, remote in where:
                if name is None or all(self._speakers[name, one] >= self.smallest for one in languages):
                    yield Wish(languages, name, remote)


def _most_common(words: Iterator[str], count: int) -> list[str]:
    counted = Counter(words)
    return sorted(counted, key=lambda word: (-counted[word], word))[:count]


def choose_slots(gains: NDArray[np.float64], free: BoolArray, places: int) -> list[int]:
    """Choose the few weekly slots in which a supporter would serve the most people.

    Parameters
    ----------
    gains : ndarray of float of shape (n,)
        What serving each person wins, in people, the largest first.
    free : ndarray of bool of shape (n, n_slots)
        When each person has time.
    places : int
        People whom she serves at most.

    Returns
    -------
    slots : list of int
        At most `MOST_SLOTS`, each chosen for what it adds to those before; of equal ones the first of the week.

    Examples
    --------
    >>> choose_slots(np.ones(3), np.array([[True, False], [False, True], [False, True]]), 3)
    [1, 0]
    """
    met, chosen, won = np.zeros(len(gains), dtype=bool), list[int](), 0.0
    for _ in range(MOST_SLOTS):
        with_one_more = met[:, None] | free
        taken = with_one_more & (np.cumsum(with_one_more, axis=0) <= places)
        wins = gains @ taken
        best = int(wins.argmax())
        if wins[best] < won + HALF_A_PERSON:
            break
        met, won = with_one_more[:, best], float(wins[best])
        chosen.append(best)
    return chosen
