"""What one column of a file is."""

from dataclasses import dataclass
from typing import Any

from webapp.spreadsheets.cells import Cell, TextCell
from webapp.spreadsheets.terms import Language
from webapp.spreadsheets.vocabulary import Vocabulary

MISSING = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `name` is the English header and the field of the row.

    `required` asks for the header; `default` is what an empty cell means, MISSING where a cell may not be empty.
    """

    name: str
    french: str
    cell: Cell
    help_fr: str
    help_en: str
    example_fr: str
    example_en: str = ""
    aliases: tuple[str, ...] = ()
    required: bool = False
    default: object = MISSING

    def header(self, language: Language) -> str:
        """Give the header in a language."""
        return self.french if language == "fr" else self.name

    def is_empty(self, text: str) -> bool:
        """Say whether a cell says nothing; a text of several lines is kept even when it is only blanks."""
        return text == "" if isinstance(self.cell, TextCell) and self.cell.lines else not text.strip()

    def write(self, value: Any, vocabulary: Vocabulary, language: Language) -> str:
        """Write a value of this column as a text."""
        if value is None or value == "" or (value == () and self.default == ()):
            return ""
        return self.cell.write(value, vocabulary, language)
