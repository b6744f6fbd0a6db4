"""The reference data that cells are checked against, handed in by the caller."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import Protocol

from webapp.spreadsheets.problems import CellError
from webapp.spreadsheets.terms import Labelled, TermList, fold


class Commune(Protocol):
    """What is needed of a commune, or of a district of Paris, Lyon or Marseille (its `parent` is the commune)."""

    @property
    def code(self) -> str:
        """Insee code."""

    @property
    def name(self) -> str:
        """Name."""

    @property
    def parent(self) -> str | None:
        """Commune of a district, else None."""

    @property
    def department(self) -> str:
        """Code of the département."""

    @property
    def postal_codes(self) -> tuple[str, ...]:
        """Postal codes."""

    @property
    def latitude(self) -> float | None:
        """Degrees, WGS84."""

    @property
    def longitude(self) -> float | None:
        """Degrees, WGS84."""


class FormerCommune(Protocol):
    """A merged commune that people still write."""

    @property
    def name(self) -> str:
        """Name."""

    @property
    def postal_codes(self) -> tuple[str, ...]:
        """Postal codes."""

    @property
    def current_code(self) -> str:
        """Insee code of the commune it was merged into."""


class Qpv(Protocol):
    """What is needed of a priority neighbourhood."""

    @property
    def name(self) -> str:
        """Name."""

    @property
    def communes(self) -> tuple[str, ...]:
        """Insee codes of the communes it touches."""

    @property
    def latitude(self) -> float:
        """Degrees, WGS84."""

    @property
    def longitude(self) -> float:
        """Degrees, WGS84."""


_EXPECTED_FR = "un code Insee (93066), un code postal et un nom (93200 Saint-Denis), ou un nom unique"
_EXPECTED_EN = (
    "an Insee code (93066), a postal code and a name (93200 Saint-Denis), or a name that only one commune has"
)
_CODE = re.compile(r"\d[\dAB]\d{3}")
_NAMED_CODE = re.compile(r"(?P<name>.+)\((?P<code>\d[\dABab]\d{0,3})\)")
_POSTAL = re.compile(r"(?P<first>\d{5})[\s,]+(?P<name>\D.*)|(?P<after>\D.*?)[\s,]+(?P<last>\d{5})")


_SHORT_FORMS = {"st": "saint", "ste": "sainte", "cedex": "", "arrondissement": ""}
_ORDINAL = re.compile(r"(\d+)(?:ere|er|eme|e|nde|nd)")


def fold_place(name: str) -> str:
    """Fold the name of a place, with its usual short forms: `Paris 18e`, `St Denis Cedex`."""
    words = (_SHORT_FORMS.get(word, word) for word in fold(name).split())
    ordinals = ((word, _ORDINAL.fullmatch(word)) for word in words if word)
    return " ".join(found[1] if found else word for word, found in ordinals)


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """Closed lists and places against which a file is read, and whose words a file is written with."""

    topics: Mapping[str, Labelled]
    themes: Mapping[str, Labelled]
    languages: Mapping[str, Labelled]
    activities: Mapping[str, str]
    communes: Mapping[str, Commune]
    qpvs: Mapping[str, Qpv]
    former_communes: Mapping[str, FormerCommune] = field(default_factory=dict)

    @cached_property
    def topic_list(self) -> TermList:
        """Topics by any of their names."""
        return TermList(self.topics, name_fr="besoins et expertises", name_en="topics")

    @cached_property
    def theme_list(self) -> TermList:
        """Workshop themes by any of their names."""
        return TermList(self.themes, name_fr="thèmes d’atelier", name_en="workshop themes")

    @cached_property
    def language_list(self) -> TermList:
        """Languages by any of their names."""
        return TermList(self.languages, name_fr="langues", name_en="languages")

    def find_commune(self, text: str, *, insee: bool = False) -> str:
        """Give the Insee code of the commune that a text names; districts give their commune.

        Raises CellError when no commune, or more than one, is meant; five figures may be the Insee code of one and the
        postal code of another (13001 is Aix-en-Provence, and a postal code of Marseille) unless `insee` settles it.
        """
        code = text.strip().upper()
        if len(code) == 4 and code.isdigit():
            code = "0" + code  # a spreadsheet takes the leading zero away from 01053
        if _CODE.fullmatch(code):
            found = self._commune_of_code(code)
            others = self._communes_by_postal.get(code, set()) - {found}
            if others and not insee:
                raise self._error("ambiguous_commune", self._named([found, *sorted(others)]))
            return found
        if named := _NAMED_CODE.fullmatch(text.strip()):
            return self._commune_in(named["name"], named["code"].upper())
        if postal := _POSTAL.fullmatch(text.strip()):
            return self._commune_at(postal["first"] or postal["last"], postal["name"] or postal["after"])
        return self._one(self._communes_by_name.get(fold_place(text), set()), text)

    def find_activity(self, text: str) -> str:
        """Give the NAF code that a text names, as a code with or without its dot, or as its label."""
        code = text.strip().upper().replace(" ", "")
        if len(code) == 5 and "." not in code:
            code = f"{code[:2]}.{code[2:]}"
        found = code if code in self.activities else self._activities_by_label.get(fold(text))
        if found is None:
            raise self._unknown_activity(code, fold(text))
        return found

    def _commune_of_code(self, code: str) -> str:
        if former := self.former_communes.get(code):
            return former.current_code
        commune = self.communes.get(code)
        if commune is not None:
            return commune.parent or commune.code
        # A postal code alone is refused even where one commune has it: many are also the Insee code of another place.
        raise self._error("unknown_commune", self._named(sorted(self._communes_by_postal.get(code, ()))))

    def _commune_in(self, name: str, code: str) -> str:
        """Read `Name (93066)` by its code, which must bear that name, and `Name (93)` by its département."""
        found = self._communes_by_name.get(fold_place(name), set())
        if len(code) > 3:
            commune = self._commune_of_code(code.zfill(5))
            if commune not in found:
                raise self._error("unknown_commune", self._named([commune, *sorted(found)]))
            return commune
        return self._one({c for c in found if self.communes[c].department == code}, name)

    def _commune_at(self, postal_code: str, name: str) -> str:
        """Read a postal code with a name; a postal code that is in fact an Insee code is forgiven."""
        folded = fold_place(name)
        named = self._communes_by_name.get(folded, set())
        here = self._communes_by_postal.get(postal_code, set())
        if here & named:
            return self._one(here & named, name)
        if postal_code in self.communes and self._commune_of_code(postal_code) in named:
            return self._commune_of_code(postal_code)
        raise self._error("unknown_commune", self._named(sorted(here or named)))

    def _one(self, codes: set[str], text: str) -> str:
        if len(codes) == 1:
            return next(iter(codes))
        if codes:
            raise self._error("ambiguous_commune", self._named(sorted(codes)))
        close = get_close_matches(fold_place(text), self._communes_by_name, n=1, cutoff=0.75)
        nearest = self._communes_by_name[close[0]] if close else set()
        raise self._error("unknown_commune", self._named(sorted(nearest)))

    def _named(self, codes: Iterable[str]) -> str:
        return " · ".join(f"{self.communes[code].name} ({code})" for code in list(codes)[:6])

    @staticmethod
    def _error(code: str, names: str) -> CellError:
        several = code == "ambiguous_commune"
        fr = f" ; {'plusieurs communes' if several else 'la plus proche'} : {names}" if names else ""
        en = f"; {'several communes' if several else 'nearest'}: {names}" if names else ""
        return CellError(code=code, expected_fr=_EXPECTED_FR + fr, expected_en=_EXPECTED_EN + en)

    def _unknown_activity(self, code: str, folded: str) -> CellError:
        near = [c for c in self.activities if c.startswith(code[:4])] if code[:1].isdigit() else []
        if not near:
            labels = self._activities_by_label
            near = [labels[name] for name in get_close_matches(folded, labels, n=3, cutoff=0.5)]
        names = " · ".join(f"{c} {self.activities[c]}" for c in near[:4])
        return CellError(
            code="unknown_activity",
            expected_fr="un code NAF rév. 2 (56.10C) ou son libellé" + (f" ; proches : {names}" if names else ""),
            expected_en="a NAF rev. 2 code (56.10C) or its label" + (f"; near: {names}" if names else ""),
        )

    @cached_property
    def _communes_by_name(self) -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = {}
        for code, commune in self.communes.items():
            found.setdefault(fold_place(commune.name), set()).add(commune.parent or code)
        for former in self.former_communes.values():
            found.setdefault(fold_place(former.name), set()).add(former.current_code)
        return found

    @cached_property
    def _communes_by_postal(self) -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = {}
        for code, commune in self.communes.items():
            for postal_code in commune.postal_codes:
                found.setdefault(postal_code, set()).add(commune.parent or code)
        for former in self.former_communes.values():
            for postal_code in former.postal_codes:
                found.setdefault(postal_code, set()).add(former.current_code)
        return found

    @cached_property
    def _activities_by_label(self) -> Mapping[str, str]:
        return {fold(label): code for code, label in self.activities.items()}
