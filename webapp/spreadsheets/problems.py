"""What is wrong in a file: where, what was found, and what was expected, in French and in English."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One reason why a file is refused.

    `line` counts as the spreadsheet does: the header is line 1 and a cell with line breaks counts once. `column` is the
    header as the file writes it, empty when the whole line or file is meant.
    """

    line: int
    column: str
    value: str
    code: str
    expected_fr: str
    expected_en: str


class CellError(Exception):
    """A cell does not say what its column expects; the reader adds where."""

    def __init__(self, *, code: str, expected_fr: str, expected_en: str) -> None:
        self.code = code
        self.expected_fr = expected_fr
        self.expected_en = expected_en
        super().__init__(expected_en)
