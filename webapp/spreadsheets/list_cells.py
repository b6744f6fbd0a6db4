"""Cells that choose in a closed list: one value, several between bars, or several each with a number.

They behave as the cells of `webapp.spreadsheets.cells` do.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from webapp.spreadsheets.cells import Cell
from webapp.spreadsheets.problems import CellError
from webapp.spreadsheets.terms import Language, TermList, fold
from webapp.spreadsheets.vocabulary import Vocabulary

BAR = "|"
_NONE = frozenset({"aucun", "aucune", "none"})

_DAYS = {
    "mon": ("lundi", "lun", "monday"),
    "tue": ("mardi", "mar", "tuesday"),
    "wed": ("mercredi", "mer", "wednesday"),
    "thu": ("jeudi", "jeu", "thursday"),
    "fri": ("vendredi", "ven", "friday"),
    "sat": ("samedi", "sam", "saturday"),
    "sun": ("dimanche", "dim", "sunday"),
}
_PERIODS = {
    "am": ("matin", "morning", "matinee"),
    "pm": ("après-midi", "afternoon", "aprem"),
    "eve": ("soir", "evening", "soiree"),
}
SLOT_SLUGS = tuple(f"{day}_{period}" for day in _DAYS for period in _PERIODS)
_SLOT_LABELS_FR = tuple(f"{day[0]} {period[0]}" for day in _DAYS.values() for period in _PERIODS.values())
ALWAYS = (1 << len(SLOT_SLUGS)) - 1


@dataclass(frozen=True, slots=True)
class TermCell:
    """One value of a closed list."""

    terms: Callable[[Vocabulary], TermList]

    def read(self, text: str, vocabulary: Vocabulary) -> str:
        """Give the slug."""
        return self.terms(vocabulary).find(text.strip())

    def write(self, value: str, vocabulary: Vocabulary, language: Language) -> str:
        """Write the French label or the slug."""
        return self.terms(vocabulary).label(value, language)


@dataclass(frozen=True, slots=True)
class SeveralCell:
    """Several values of one kind between bars, none of them twice; `aucun` says that there are none."""

    one: Cell

    def read(self, text: str, vocabulary: Vocabulary) -> tuple[object, ...]:
        """Give the values in the order written."""
        if fold(text) in _NONE:
            return ()
        return _without_repeats(tuple(self.one.read(part, vocabulary) for part in _parts(text)))

    def write(self, value: tuple[object, ...], vocabulary: Vocabulary, language: Language) -> str:
        """Write the values between bars."""
        if not value:
            return "aucun" if language == "fr" else "none"
        return BAR.join(self.one.write(item, vocabulary, language) for item in value)


@dataclass(frozen=True, slots=True)
class WeightedCell:
    """Topics between bars, each with a number from 1 to 3 after a colon; without a number it is 2."""

    name_fr: str
    name_en: str

    def read(self, text: str, vocabulary: Vocabulary) -> tuple[tuple[str, int], ...]:
        """Give (topic, number) in the order written."""
        found = tuple(self._read_one(part, vocabulary) for part in _parts(text))
        _without_repeats(tuple(topic for topic, _ in found))
        return found

    def write(self, value: tuple[tuple[str, int], ...], vocabulary: Vocabulary, language: Language) -> str:
        """Write every topic with its number."""
        return BAR.join(f"{vocabulary.topic_list.label(topic, language)}:{number}" for topic, number in value)

    def _read_one(self, part: str, vocabulary: Vocabulary) -> tuple[str, int]:
        name, colon, number = part.rpartition(":")
        if not colon:
            return vocabulary.topic_list.find(part), 2
        if number.strip() not in {"1", "2", "3"}:
            raise CellError(
                code="bad_number",
                expected_fr=f"{self.name_fr} de 1 à 3 après « : », par exemple Trésorerie et impayés:3",
                expected_en=f"{self.name_en} from 1 to 3 after “:”, for example cash_flow:3",
            )
        return vocabulary.topic_list.find(name.strip()), int(number)


@dataclass(frozen=True, slots=True)
class SlotsCell:
    """Weekly availability: slots between bars, a whole day by its name, or `toujours`."""

    def read(self, text: str, vocabulary: Vocabulary) -> int:
        """Give the mask of the slots; bit = day * 3 + period, Monday morning first."""
        mask = 0
        for part in _parts(text):
            found = _masks().get(fold(part))
            if found is None:
                raise CellError(
                    code="unknown_slot",
                    expected_fr="des créneaux comme « lundi soir|samedi matin », un jour entier « samedi », "
                    "« soirs » (du lundi au vendredi), « week-end » ou « toujours »",
                    expected_en="slots such as “mon_eve|sat_am”, a whole day “saturday”, "
                    "“evenings” (Monday to Friday), “weekend” or “always”",
                )
            mask |= found
        return mask

    def write(self, value: int, vocabulary: Vocabulary, language: Language) -> str:
        """Write each slot."""
        names = _SLOT_LABELS_FR if language == "fr" else SLOT_SLUGS
        return BAR.join(name for bit, name in enumerate(names) if value >> bit & 1)


@cache
def _masks() -> dict[str, int]:
    """Masks by folded name, for every way of naming a slot, a day or a usual group of slots."""
    found = dict.fromkeys(("toujours", "tout", "tous", "always", "all", "any"), ALWAYS)
    for day, (slug, names) in enumerate(_DAYS.items()):
        for name in (slug, *names):
            found[name] = 0b111 << day * 3
            for period, (short, words) in enumerate(_PERIODS.items()):
                for word in (short, *words):
                    found[fold(f"{name} {word}")] = 1 << day * 3 + period
    for name in ("week end", "weekend"):
        found[name] = found["sat"] | found["sun"]
    for period, plurals in enumerate((("matins", "mornings"), ("apres midis", "afternoons"), ("soirs", "evenings"))):
        for plural in plurals:
            found[plural] = sum(1 << day * 3 + period for day in range(5))
    return found


def _parts(text: str) -> Iterator[str]:
    return (part.strip() for part in text.split(BAR) if part.strip())


def _without_repeats(values: tuple[object, ...]) -> tuple[object, ...]:
    if len(set(values)) < len(values):
        raise CellError(
            code="repeated_value", expected_fr="chaque valeur une seule fois", expected_en="each value only once"
        )
    return values
