"""Closed lists: what a cell may say, as a slug or as its French or English label, accents and case forgiven."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property, lru_cache
from typing import Literal, Protocol

from webapp.spreadsheets.problems import CellError

Language = Literal["fr", "en"]

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss"})
_PARTS = re.compile(r"[(),;/:]| et | and | ou | or ")
_SHORTEST_PART = 4  # letters; shorter fragments of a label are too ambiguous to stand for it


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Reduce a text to what people mean: no accents, no case, one space between words."""
    bare = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    kept = "".join(c if c.isalnum() else " " for c in bare if not unicodedata.combining(c))
    return " ".join(kept.casefold().split())


class Labelled(Protocol):
    """Anything with a French and an English label, such as a topic of the reference data."""

    @property
    def label_fr(self) -> str:
        """French label."""

    @property
    def label_en(self) -> str:
        """English label."""


@dataclass(frozen=True, slots=True)
class Term:
    """A value of a fixed list."""

    label_fr: str
    label_en: str
    aliases: tuple[str, ...] = ()


class TermList:
    """A closed list that finds a slug by any of its names and names the nearest one otherwise."""

    def __init__(self, terms: Mapping[str, Labelled], *, name_fr: str, name_en: str) -> None:
        self.terms = terms
        self.name_fr, self.name_en = name_fr, name_en

    @cached_property
    def slugs(self) -> Mapping[str, str]:
        """Slugs by folded name; parts of a label stand for it when no other label has them."""
        names: dict[str, str] = {}
        parts: list[tuple[str, str]] = []
        for slug, term in self.terms.items():
            aliases = term.aliases if isinstance(term, Term) else ()
            for name in (slug, term.label_fr, term.label_en, *aliases):
                names[fold(name)] = slug
            found = {fold(part) for label in (term.label_fr, term.label_en) for part in _PARTS.split(label)}
            parts.extend((part, slug) for part in found if len(part) >= _SHORTEST_PART)
        times = Counter(part for part, _ in parts)
        for part, slug in parts:
            if times[part] == 1:
                names.setdefault(part, slug)
        return names

    def find(self, text: str) -> str:
        """Give the slug that a text names, or raise CellError with the nearest allowed value."""
        if text in self.terms:
            return text
        folded = fold(text)
        slug = self.slugs.get(folded)
        if slug is None:
            raise self._unknown(folded)
        return slug

    def label(self, slug: str, language: Language) -> str:
        """Give what a file in that language says for a slug: French words, or the slug itself."""
        return self.terms[slug].label_fr if language == "fr" else slug

    def _unknown(self, folded: str) -> CellError:
        close = get_close_matches(folded, self.slugs, n=1, cutoff=0.5)
        if close:
            slug = self.slugs[close[0]]
            term = self.terms[slug]
            fr = f"la plus proche : « {term.label_fr} » ({slug})"
            en = f"nearest: “{term.label_en}” ({slug})"
        elif len(self.terms) <= 12:
            fr = "au choix : " + " · ".join(term.label_fr for term in self.terms.values())
            en = "one of: " + " · ".join(self.terms)
        else:
            some = list(self.terms.values())[:5]
            fr = "par exemple : " + " · ".join(term.label_fr for term in some)
            en = "for example: " + " · ".join(term.label_en for term in some)
        return CellError(
            code="unknown_value",
            expected_fr=f"une valeur de la liste « {self.name_fr} » ; {fr}",
            expected_en=f"a value of the list “{self.name_en}”; {en}",
        )


STAGES: Mapping[str, Term] = {
    "idea": Term("Idée", "Idea"),
    "emergence": Term("Émergence", "Emergence"),
    "planning": Term("Montage", "Planning"),
    "funding": Term("Recherche de financement", "Looking for funding", ("financement",)),
    "registration": Term("Immatriculation en cours", "Being registered", ("immatriculation",)),
    "launch": Term("Lancement (moins de 12 mois)", "Launch (under 12 months)"),
    "consolidation": Term("Consolidation (1 à 3 ans)", "Consolidation (1 to 3 years)"),
    "growth": Term("Développement (plus de 3 ans)", "Growth (over 3 years)"),
    "takeover": Term("Reprise d’entreprise", "Business takeover", ("reprise",)),
    "difficulty": Term("Entreprise en difficulté", "Business in difficulty", ("en difficulté", "difficulté")),
    "rebound": Term("Rebond après liquidation", "Rebound after liquidation", ("rebond",)),
}
WIDE_STAGES: Mapping[str, Term] = {
    "preparing": Term("Projet en préparation", "Project in preparation"),
    "running": Term("Entreprise en activité", "Business under way"),
}
ROLES: Mapping[str, Term] = {
    "mentor": Term("Parrain ou marraine", "Mentor", ("mentore", "parrainage")),
    "coach": Term("Coach", "Coach"),
    "expert": Term("Expert", "Expert", ("experte",)),
    "ambassador": Term("Ambassadeur ou ambassadrice", "Ambassador"),
}
FORMATS: Mapping[str, Term] = {
    "in_person": Term("En présentiel", "In person", ("présentiel", "sur place")),
    "online": Term("À distance", "Online", ("distanciel", "distance", "en ligne", "visio")),
    "hybrid": Term("Hybride", "Hybrid"),
}
