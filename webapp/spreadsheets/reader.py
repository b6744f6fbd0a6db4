"""Read a file of entrepreneurs, supporters or workshop sessions, and say line by line what is wrong with it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from webapp.spreadsheets.column import MISSING, Column
from webapp.spreadsheets.columns import ROW_TYPES, columns_by_header, list_columns
from webapp.spreadsheets.decoding import MAX_BYTES, Line, Table, UnreadableFileError, read_table
from webapp.spreadsheets.formulas import restore_text
from webapp.spreadsheets.problems import CellError, Problem
from webapp.spreadsheets.row_checks import check_row, complete_row
from webapp.spreadsheets.rows import Kind, Row
from webapp.spreadsheets.terms import fold
from webapp.spreadsheets.vocabulary import Vocabulary

MAX_PROBLEMS = 500
# A file of another kind has a problem in every cell: reading it to its end would only take time and memory.
MOST_COUNTED = 10_000
_LONGEST_SHOWN = 80  # characters of a wrong value that a report repeats


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResult:
    """The rows that could be read, and every problem found. Nothing may be imported while there are problems.

    `lines` gives the line of each row in the spreadsheet.
    """

    rows: tuple[Row, ...]
    lines: tuple[int, ...]
    problems: tuple[Problem, ...]
    encoding: str = ""
    delimiter: str = ""

    @property
    def is_clean(self) -> bool:
        """Say whether the file may be imported."""
        return not self.problems


def read_rows(
    kind: Kind,
    data: bytes,
    *,
    vocabulary: Vocabulary,
    max_bytes: int = MAX_BYTES,
    progress: Callable[[float], None] | None = None,
) -> ReadResult:
    """Read a file as French or English spreadsheets write it; never raises for what the file says.

    `progress` is told the share of lines read, in [0, 1].
    """
    known = columns_by_header(kind)
    try:
        table = read_table(data, count_known=lambda header: sum(fold(h) in known for h in header), max_bytes=max_bytes)
    except UnreadableFileError as error:
        return ReadResult(rows=(), lines=(), problems=(error.problem,))
    return _Reading(kind, table, vocabulary).run(progress)


class _Reading:
    """One reading of one table: what was found so far."""

    def __init__(self, kind: Kind, table: Table, vocabulary: Vocabulary) -> None:
        self.kind = kind
        self.table = table
        self.vocabulary = vocabulary
        self.problems: list[Problem] = []
        self.headers: dict[str, str] = {}
        self.first_lines: dict[object, int] = {}
        self.values: dict[tuple[str, str], object] = {}

    def run(self, progress: Callable[[float], None] | None) -> ReadResult:
        """Read every line, unless the headers make that pointless."""
        columns = self.match_headers()
        rows: list[Row] = []
        lines: list[int] = []
        if not any(problem.code == "missing_column" for problem in self.problems):
            for done, line in enumerate(self.table.lines):
                if progress is not None and done % 500 == 0:
                    progress(done / len(self.table.lines))
                if len(self.problems) > MOST_COUNTED:
                    break
                row = self.read_line(line, columns) if any(cell.strip() for cell in line.cells) else None
                if row is not None:
                    rows.append(row)
                    lines.append(line.number)
        if self.table.problem is not None:
            self.problems.append(self.table.problem)
        if not rows and not self.problems:
            self.report(
                1,
                "",
                "",
                _error("no_lines", "au moins une ligne sous les en-têtes", "at least one line below the headers"),
            )
        return ReadResult(
            rows=tuple(rows),
            lines=tuple(lines),
            problems=_shortened(self.problems),
            encoding=self.table.encoding,
            delimiter=self.table.delimiter,
        )

    def match_headers(self) -> list[tuple[int, Column]]:
        """Find the column of each header; report unknown, repeated and missing ones."""
        known = columns_by_header(self.kind)
        found: dict[str, tuple[int, Column]] = {}
        for place, header in enumerate(self.table.header):
            column = known.get(fold(header))
            if column is None:
                self.report_unknown(place, header, known)
            elif column.name in found:
                self.report(
                    1,
                    header,
                    header,
                    _error("repeated_column", "chaque colonne une seule fois", "each column only once"),
                )
            else:
                found[column.name] = place, column
                self.headers[column.name] = header
        for column in list_columns(self.kind):
            if column.required and column.name not in found:
                self.report(
                    1,
                    column.french,
                    "",
                    _error(
                        "missing_column",
                        f"une colonne « {column.french} » : {column.help_fr}",
                        f"a column “{column.name}”: {column.help_en}",
                    ),
                )
        return [found[column.name] for column in list_columns(self.kind) if column.name in found]

    def report_unknown(self, place: int, header: str, known: Mapping[str, Column]) -> None:
        """Report a header that nobody knows, unless its column is unnamed and empty, as spreadsheets add them."""
        if not header and not any(line.cells[place : place + 1] not in ([], [""]) for line in self.table.lines):
            return
        close = get_close_matches(fold(header), known, n=1, cutoff=0.6)
        names_fr = " · ".join(column.french for column in list_columns(self.kind))
        names_en = " · ".join(column.name for column in list_columns(self.kind))
        fr = f"la plus proche : « {known[close[0]].french} »" if close else f"au choix : {names_fr}"
        en = f"nearest: “{known[close[0]].name}”" if close else f"one of: {names_en}"
        self.report(
            1,
            header,
            header,
            _error(
                "unknown_column",
                f"une colonne connue, ou pas de colonne ; {fr}",
                f"a known column, or no column; {en}",
            ),
        )

    def read_line(self, line: Line, columns: list[tuple[int, Column]]) -> Row | None:
        """Read one line; None when something in it is wrong."""
        before = len(self.problems)
        if any(cell.strip() for cell in line.cells[len(self.table.header) :]):
            self.report(
                line.number,
                "",
                line.cells[len(self.table.header)],
                _error(
                    "extra_cells",
                    f"au plus {len(self.table.header)} cellules, comme l’en-tête (un séparateur de trop, ou un texte "
                    "sans guillemets ?)",
                    f"at most {len(self.table.header)} cells, as the header has (one separator too many, or a text "
                    "without quotation marks?)",
                ),
            )
        values = {column.name: value for column, value in self.read_cells(line, columns)}
        self.check_reference(line, values)
        if len(self.problems) > before:
            return None
        row = complete_row(ROW_TYPES[self.kind](**values), self.vocabulary)  # type: ignore[arg-type]
        for name, value, error in check_row(row, self.vocabulary):
            self.report(line.number, self.headers.get(name, name), value, error)
        return row if len(self.problems) == before else None

    def read_cells(self, line: Line, columns: list[tuple[int, Column]]) -> Iterator[tuple[Column, object]]:
        """Give the value of each cell that is right; report the others."""
        for place, column in columns:
            text = line.cells[place] if place < len(line.cells) else ""
            try:
                yield column, self.read_cell(text, column)
            except CellError as error:
                self.report(line.number, self.headers[column.name], text, error)

    def read_cell(self, text: str, column: Column) -> object:
        """Read one cell; the same text in the same column is read once."""
        key = (column.name, text)
        if key not in self.values:
            if "\0" in text:
                raise _error("nul_character", "un texte sans caractère nul", "a text without NUL characters")
            restored = restore_text(text)
            if not column.is_empty(restored):
                value = column.cell.read(restored, self.vocabulary)
            elif column.default is MISSING:
                raise _error("missing_value", f"une valeur : {column.help_fr}", f"a value: {column.help_en}")
            else:
                value = column.default
            if len(text) > 200:
                return value
            self.values[key] = value
        return self.values[key]

    def check_reference(self, line: Line, values: Mapping[str, object]) -> None:
        """Report a reference that stands on an earlier line already."""
        reference = values.get("reference")
        if reference is None:
            return
        first = self.first_lines.setdefault(reference, line.number)
        if first != line.number:
            self.report(
                line.number,
                self.headers["reference"],
                str(reference),
                _error(
                    "repeated_reference",
                    f"une référence par ligne ; celle-ci est déjà à la ligne {first}",
                    f"one reference for each line; this one is already on line {first}",
                ),
            )

    def report(self, line: int, column: str, value: str, error: CellError) -> None:
        """Add a problem."""
        shown = value if len(value) <= _LONGEST_SHOWN else value[: _LONGEST_SHOWN - 1] + "…"
        self.problems.append(
            Problem(
                line=line,
                column=column,
                value=shown,
                code=error.code,
                expected_fr=error.expected_fr,
                expected_en=error.expected_en,
            )
        )


def _error(code: str, expected_fr: str, expected_en: str) -> CellError:
    return CellError(code=code, expected_fr=expected_fr, expected_en=expected_en)


def _shortened(problems: list[Problem]) -> tuple[Problem, ...]:
    """Keep the first problems in the order of the file; one more line tells how many there are besides."""
    ordered = sorted(problems, key=lambda problem: problem.line)
    if len(ordered) <= MAX_PROBLEMS:
        return tuple(ordered)
    left = len(ordered) - MAX_PROBLEMS
    most_fr, most_en = ("au moins ", "at least ") if len(ordered) > MOST_COUNTED else ("", "")
    usual = Counter(problem.code for problem in ordered).most_common(1)[0][0]
    more = Problem(
        line=ordered[MAX_PROBLEMS].line,
        column="",
        value="",
        code="more_problems",
        expected_fr=f"{most_fr}{left} autres problèmes, le plus fréquent étant « {usual} » : corriger d’abord ceux-ci",
        expected_en=f"{most_en}{left} more problems, the most frequent being “{usual}”: mend these first",
    )
    return (*ordered[:MAX_PROBLEMS], more)
