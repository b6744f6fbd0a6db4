"""Find a NAF heading with everyday words: « coiffeuse » leads to « Coiffure », without any script in the page.

The official labels are administrative. Words are compared by their stems, without accents, and a short list of the
words people use (« ongles », « VTC », « food truck ») leads to the heading where the trade is filed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import snowballstemmer
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.search import fold
from models.topics import Activity
from webapp.activities.everyday import EVERYDAY

MOST_FOUND = 12
SHORTEST_PREFIX = 4
SUB_CLASS = "sous_classe"
KEPT = "maillage_activity_index"
EMPTY_WORDS = frozenset(
    {
        "de",
        "des",
        "du",
        "la",
        "le",
        "les",
        "l",
        "d",
        "et",
        "a",
        "au",
        "aux",
        "en",
        "un",
        "une",
        "pour",
        "par",
        "sur",
        "avec",
        "dans",
        "autre",
        "autres",
        "autrement",
        "n",
        "c",
        "classe",
        "classes",
        "nca",
        "je",
        "fais",
        "faire",
        "vends",
        "vendre",
        "vente",
        "mon",
        "ma",
        "mes",
        "petit",
        "petite",
        "entreprise",
        "activite",
        "activites",
        "metier",
        "projet",
    }
)
_stemmer = snowballstemmer.stemmer("french")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundActivity:
    """A heading that may be the person's."""

    code: str
    label: str


class ActivityIndex:
    """The sub-classes of the NAF, searchable by words."""

    def __init__(self, headings: Iterable[tuple[str, str]]) -> None:
        self._labels = dict(headings)
        self._stems = {code: _stem_all(label) for code, label in self._labels.items()}

    def find(self, text: str) -> tuple[FoundActivity, ...]:
        """Give the headings that the words may mean, best first; a code typed as it is finds itself."""
        code = text.strip().upper().replace(" ", "")
        if code in self._labels:
            return (self._found(code),)
        everyday = _list_everyday(text)
        wanted = _stem_all(text)
        scores = {code: _score(wanted, stems) for code, stems in self._stems.items()} if wanted else {}
        best = sorted((code for code, score in scores.items() if score > 0), key=lambda code: (-scores[code], code))
        codes = dict.fromkeys([*(code for code in everyday if code in self._labels), *best])
        return tuple(self._found(code) for code in list(codes)[:MOST_FOUND])

    def _found(self, code: str) -> FoundActivity:
        return FoundActivity(code=code, label=self._labels[code])


def find_activities(session: Session, text: str) -> tuple[FoundActivity, ...]:
    """Search the headings of this app's database, which are read once per process; an empty list is not kept."""
    kept: ActivityIndex | None = current_app.extensions.get(KEPT)
    if kept is None:
        rows = session.execute(select(Activity.code, Activity.label_fr).where(Activity.level == SUB_CLASS))
        headings = rows.all()
        kept = ActivityIndex(headings)
        if headings:
            current_app.extensions[KEPT] = kept
    return kept.find(text)


def _list_everyday(text: str) -> tuple[str, ...]:
    words = f" {fold(text)} "
    stems = " ".join(_stem_all(text, keep_empty=True))
    found: dict[str, None] = {}
    for phrase in sorted(EVERYDAY, key=len, reverse=True):
        if f" {phrase} " in words or f" {_stemmed_phrase(phrase)} " in f" {stems} ":
            found.update(dict.fromkeys(EVERYDAY[phrase]))
    return tuple(found)


@cache
def _stemmed_phrase(phrase: str) -> str:
    return " ".join(_stem_all(phrase, keep_empty=True))


def _stem_all(text: str, *, keep_empty: bool = False) -> tuple[str, ...]:
    # Stems come before folding: without its accents a word loses its ending (« vétérinaire », « beauté »).
    lowered = "".join(letter if letter.isalnum() else " " for letter in text.lower())
    words = [word for word in lowered.split() if keep_empty or (fold(word) not in EMPTY_WORDS and len(word) > 1)]
    return tuple(fold(stem) for stem in _stemmer.stemWords(words))


def _score(wanted: tuple[str, ...], stems: tuple[str, ...]) -> float:
    score = 0.0
    for stem in wanted:
        if stem in stems:
            score += 1.0
        elif len(stem) >= SHORTEST_PREFIX and any(known.startswith(stem) for known in stems):
            score += 0.7
    # Of two headings with the same words, the shorter one speaks more of them.
    return score / len(wanted) + 0.1 * score / (len(stems) + 1)
