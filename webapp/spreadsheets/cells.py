"""How one cell is read and written, for each kind of value that a column may hold.

`read` turns a text into a value or raises CellError with what was expected; `write` turns the value back into the
text of a French or an English file. Reading what was written gives the same value.
"""

import math
import re
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Protocol

from webapp.spreadsheets.problems import CellError
from webapp.spreadsheets.terms import Language, fold
from webapp.spreadsheets.vocabulary import Vocabulary

_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>.]+(\.[^@\s,;<>.]+)+")
_PHONE = re.compile(r"\+?[0-9 ().\-/\u00a0\u202f]{6,25}")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?([eE][+-]?\d+)?|[+-]?[.,]\d+")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00)?)?")
_TIME = re.compile(r"(\d{1,2})\s*[h:H]\s*(\d{2})?(?::00)?")
_YES = frozenset({"oui", "o", "yes", "y", "vrai", "true", "x", "1"})
_NO = frozenset({"non", "n", "no", "faux", "false", "0"})


class Cell(Protocol):
    """A kind of value: how it is read from a cell and written to one."""

    def read(self, text: str, vocabulary: Vocabulary) -> object:
        """Give the value of a cell that is not empty, or raise CellError."""

    def write(self, value: Any, vocabulary: Vocabulary, language: Language) -> str:
        """Give the text of a value that is not None."""


@dataclass(frozen=True, slots=True)
class TextCell:
    """Free text; several lines only where the column says so, and then kept exactly as it is."""

    longest: int
    lines: bool = False

    def read(self, text: str, vocabulary: Vocabulary) -> str:
        """Check the length, and the absence of line breaks in a short text."""
        value = text if self.lines else text.strip()
        if len(value) > self.longest:
            raise CellError(
                code="too_long",
                expected_fr=f"au plus {self.longest} caractères ({len(value)} trouvés)",
                expected_en=f"at most {self.longest} characters ({len(value)} found)",
            )
        if not self.lines and _CONTROL.search(value):
            raise CellError(
                code="line_break",
                expected_fr="un texte sur une seule ligne (un guillemet n’est peut-être pas refermé plus haut)",
                expected_en="a text on a single line (a quotation mark may not be closed above)",
            )
        return value

    def write(self, value: str, vocabulary: Vocabulary, language: Language) -> str:
        """Write the text as it is."""
        return value


@dataclass(frozen=True, slots=True)
class PatternCell:
    """A short text of a known shape: an e-mail address, a telephone number, a link, a slug."""

    pattern: re.Pattern[str]
    code: str
    expected_fr: str
    expected_en: str
    longest: int = 254

    def read(self, text: str, vocabulary: Vocabulary) -> str:
        """Check the shape."""
        value = text.strip()
        if len(value) > self.longest or not self.pattern.fullmatch(value):
            raise CellError(code=self.code, expected_fr=self.expected_fr, expected_en=self.expected_en)
        return value

    def write(self, value: str, vocabulary: Vocabulary, language: Language) -> str:
        """Write the text as it is."""
        return value


EMAIL = PatternCell(_EMAIL, "bad_email", "une adresse comme nom@exemple.fr", "an address such as name@example.org")
LINK = PatternCell(
    re.compile(r"https?://[^\s<>\"]+"),
    "bad_link",
    "un lien qui commence par https://",
    "a link that begins with https://",
    255,
)
SLUG = PatternCell(
    re.compile(r"[a-z0-9]+(-[a-z0-9]+)*"),
    "bad_slug",
    "un identifiant d’association comme initiative-exemple (minuscules, chiffres, tirets)",
    "an association’s slug such as initiative-exemple (lower case, digits, hyphens)",
    80,
)


@dataclass(frozen=True, slots=True)
class PhoneCell:
    """A telephone number, kept as people write it; the leading zero that a spreadsheet took away comes back."""

    def read(self, text: str, vocabulary: Vocabulary) -> str:
        """Check that it can be dialled."""
        value = text.strip()
        digits = re.sub(r"\D", "", value)
        if not _PHONE.fullmatch(value) or not 6 <= len(digits) <= 15:
            raise CellError(
                code="bad_phone",
                expected_fr="un numéro de téléphone comme 06 39 98 12 34",
                expected_en="a telephone number such as 06 39 98 12 34",
            )
        return "0" + value if len(value) == 9 and value.isdigit() and value[0] != "0" else value

    def write(self, value: str, vocabulary: Vocabulary, language: Language) -> str:
        """Write the number as it is."""
        return value


@dataclass(frozen=True, slots=True)
class NumberCell:
    """A number between two bounds, with a decimal comma or point."""

    least: float
    most: float
    whole: bool = False

    def read(self, text: str, vocabulary: Vocabulary) -> float | int:
        """Read the number and check its bounds."""
        bare = re.sub(r"[\s\u00a0\u202f]", "", text)
        if not _NUMBER.fullmatch(bare):
            raise self._error("not_a_number")
        value = float(bare.replace(",", "."))
        if not math.isfinite(value) or not self.least <= value <= self.most:
            raise self._error("out_of_range")
        if self.whole and value != int(value):
            raise self._error("not_a_whole_number")
        return int(value) if self.whole else value

    def write(self, value: float, vocabulary: Vocabulary, language: Language) -> str:
        """Write the shortest text that reads back as the same number."""
        text = str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))
        return text.replace(".", ",") if language == "fr" else text

    def _error(self, code: str) -> CellError:
        bounds = f"{self.least:g}", f"{self.most:g}"
        return CellError(
            code=code,
            expected_fr=f"un nombre{' entier' if self.whole else ''} de {bounds[0]} à {bounds[1]}",
            expected_en=f"a {'whole ' if self.whole else ''}number from {bounds[0]} to {bounds[1]}",
        )


@dataclass(frozen=True, slots=True)
class YesNoCell:
    """Yes or no, in either language."""

    def read(self, text: str, vocabulary: Vocabulary) -> bool:
        """Read oui, non, yes, no and the like."""
        folded = fold(text)
        if folded in _YES or folded in _NO:
            return folded in _YES
        raise CellError(code="not_yes_or_no", expected_fr="oui ou non", expected_en="yes or no")

    def write(self, value: bool, vocabulary: Vocabulary, language: Language) -> str:
        """Write oui or non, yes or no."""
        words = ("oui", "non") if language == "fr" else ("yes", "no")
        return words[0] if value else words[1]


@dataclass(frozen=True, slots=True)
class DateCell:
    """A day, as 2026-11-21 or 21/11/2026."""

    def read(self, text: str, vocabulary: Vocabulary) -> date:
        """Read either way of writing, the day always before the month when the year is last."""
        value = text.strip()
        try:
            if found := _YEAR_FIRST.fullmatch(value):
                return self._in_bounds(date(int(found[1]), int(found[2]), int(found[3])))
            if found := _DAY_FIRST.fullmatch(value):
                return self._in_bounds(date(int(found[3]), int(found[2]), int(found[1])))
        except ValueError:
            pass
        raise CellError(
            code="bad_date",
            expected_fr="une date comme 21/11/2026 ou 2026-11-21, de 1990 à 2099",
            expected_en="a date such as 2026-11-21 or 21/11/2026, from 1990 to 2099",
        )

    def write(self, value: date, vocabulary: Vocabulary, language: Language) -> str:
        """Write as French Excel shows it, or as ISO 8601."""
        return value.strftime("%d/%m/%Y") if language == "fr" else value.isoformat()

    @staticmethod
    def _in_bounds(value: date) -> date:
        if not 1990 <= value.year <= 2099:
            raise ValueError(value)
        return value


@dataclass(frozen=True, slots=True)
class TimeCell:
    """A time of the day, as 18:30 or 18h30."""

    def read(self, text: str, vocabulary: Vocabulary) -> time:
        """Read hours and minutes."""
        found = _TIME.fullmatch(text.strip())
        if found and int(found[1]) < 24 and int(found[2] or 0) < 60:
            return time(int(found[1]), int(found[2] or 0))
        raise CellError(
            code="bad_time", expected_fr="une heure comme 18:30 ou 18h30", expected_en="a time such as 18:30"
        )

    def write(self, value: time, vocabulary: Vocabulary, language: Language) -> str:
        """Write hours and minutes."""
        return value.strftime("%H:%M")


@dataclass(frozen=True, slots=True)
class CommuneCell:
    """A commune, by code, postal code and name, or unique name; `insee` where the header says what codes are."""

    insee: bool = False

    def read(self, text: str, vocabulary: Vocabulary) -> str:
        """Give its Insee code."""
        return vocabulary.find_commune(text, insee=self.insee)

    def write(self, value: str, vocabulary: Vocabulary, language: Language) -> str:
        """Write name and code, so that a spreadsheet keeps a leading zero and people see where it is."""
        return f"{vocabulary.communes[value].name} ({value})"


@dataclass(frozen=True, slots=True)
class QpvCell:
    """The code of a priority neighbourhood."""

    def read(self, text: str, vocabulary: Vocabulary) -> str:
        """Check that the neighbourhood exists in the zoning in force."""
        code = text.strip().upper()
        if code not in vocabulary.qpvs:
            old = code.startswith("QP")
            raise CellError(
                code="unknown_qpv",
                expected_fr="un code de quartier du zonage 2024 comme QN09336I"
                + (" (les codes QP… sont ceux de 2015)" if old else ""),
                expected_en="a neighbourhood code of the 2024 zoning such as QN09336I"
                + (" (codes QP… are those of 2015)" if old else ""),
            )
        return code

    def write(self, value: str, vocabulary: Vocabulary, language: Language) -> str:
        """Write the code."""
        return value


@dataclass(frozen=True, slots=True)
class ActivityCell:
    """A NAF rev. 2 code or its label."""

    def read(self, text: str, vocabulary: Vocabulary) -> str:
        """Give the code with its dot."""
        return vocabulary.find_activity(text)

    def write(self, value: str, vocabulary: Vocabulary, language: Language) -> str:
        """Write the code."""
        return value
