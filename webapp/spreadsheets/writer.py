"""Write rows as a file that spreadsheets open as it is, without a cell that they would take for a formula."""

import io
from collections.abc import Iterable, Sequence

from defusedcsv import csv

from webapp.spreadsheets.columns import list_columns
from webapp.spreadsheets.formulas import prepare_text
from webapp.spreadsheets.rows import EntrepreneurRow, Kind, LocationSource, Row, SuggestionRow, SupporterRow
from webapp.spreadsheets.terms import ROLES, Language
from webapp.spreadsheets.vocabulary import Vocabulary

_MARK = "\ufeff"  # without it Excel takes UTF-8 for Windows-1252


def write_rows(
    kind: Kind,
    rows: Iterable[Row],
    *,
    vocabulary: Vocabulary,
    language: Language = "fr",
    hidden: frozenset[str] = frozenset(),
) -> bytes:
    """Write a file that `read_rows` reads back as the same rows; French with semicolons, or English with commas.

    The cells of `hidden` columns stay empty: they say neither yes nor no.
    """
    columns = list_columns(kind)
    lines = [[column.header(language) for column in columns]]
    for row in rows:
        left_out = hidden | _hidden_fields(row)
        lines.append(
            [
                "" if column.name in left_out else column.write(getattr(row, column.name), vocabulary, language)
                for column in columns
            ]
        )
    return _write_lines(lines, language)


def write_suggestions(rows: Sequence[SuggestionRow], *, language: Language = "fr") -> bytes:
    """Write the suggestions of a match run; components become columns, in the order in which they first appear."""
    components = list(dict.fromkeys(label for row in rows for label, _ in row.components))
    lines = [[*_SUGGESTION_HEADERS[language], *components, "raisons" if language == "fr" else "reasons"]]
    for row in rows:
        values = dict(row.components)
        lines.append(
            [
                row.entrepreneur_reference,
                row.entrepreneur_name,
                row.supporter_reference,
                row.supporter_name,
                ROLES[row.role].label_fr if language == "fr" else row.role,
                str(row.rank),
                _share(row.score, language),
                *(_share(values[label], language) if label in values else "" for label in components),
                "\n".join(row.reasons),
            ]
        )
    return _write_lines(lines, language)


def write_table(header: Sequence[str], lines: Iterable[Sequence[str]], *, language: Language = "fr") -> bytes:
    """Write words and numbers that are for reading only."""
    return _write_lines([list(header), *(list(line) for line in lines)], language)


_SUGGESTION_HEADERS: dict[Language, tuple[str, ...]] = {
    "fr": ("entrepreneur", "nom de l’entrepreneur", "accompagnant", "nom de l’accompagnant", "rôle", "rang", "score"),
    "en": ("entrepreneur", "entrepreneur_name", "supporter", "supporter_name", "role", "rank", "score"),
}


def _hidden_fields(row: Row) -> frozenset[str]:
    """Leave out a position that nobody gave, so that a file never turns a commune's centre into an address."""
    if isinstance(row, EntrepreneurRow | SupporterRow) and row.location_source is not LocationSource.GIVEN:
        return frozenset({"latitude", "longitude"})
    return frozenset()


def _share(value: float, language: Language) -> str:
    text = f"{value:.4f}"
    return text.replace(".", ",") if language == "fr" else text


def _write_lines(lines: list[list[str]], language: Language) -> bytes:
    buffer = io.StringIO(newline="")
    buffer.write(_MARK)
    writer = csv.writer(buffer, delimiter=";" if language == "fr" else ",", lineterminator="\r\n")
    writer.writerows([prepare_text(cell) for cell in line] for line in lines)
    return buffer.getvalue().encode("utf-8")
