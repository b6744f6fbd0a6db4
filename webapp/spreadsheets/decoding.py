"""From the bytes of a file to a header and numbered lines of cells, whatever spreadsheet wrote it."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from webapp.spreadsheets.problems import Problem

MAX_BYTES = 64 * 1024 * 1024
MAX_LINES = 200_000
LONGEST_CELL = csv.field_size_limit()
DELIMITERS = (";", ",", "\t")

_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)
# What French accents in UTF-8 look like when they are taken for Windows-1252: the file mixes two encodings.
_MIXED = re.compile("Ã[\u00a0-\u00bf‰Š€]|â€[™œ“”¦]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the spreadsheet; the header is line 1, a cell with line breaks does not count twice."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file as a spreadsheet shows it; if reading stopped, `problem` says why and `lines` holds what came before."""

    header: list[str]
    lines: list[Line]
    encoding: str
    delimiter: str
    problem: Problem | None = None


class UnreadableFileError(Exception):
    """Nothing of a file can be read; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.expected_en)


def read_table(data: bytes, *, count_known: Callable[[list[str]], int], max_bytes: int = MAX_BYTES) -> Table:
    """Decode a file and cut it into lines; `count_known` counts the headers it knows, to choose the delimiter.

    Raises UnreadableFileError.
    """
    text, encoding = _decode(data, max_bytes)
    announced = _SEPARATOR_LINE.match(text)
    if announced:  # Excel reads this line as an instruction and does not show it
        text = text[announced.end() :]
    candidates = (announced[1],) if announced and announced[1] in DELIMITERS else DELIMITERS
    delimiter = max(candidates, key=lambda d: _rate_header(text, d, count_known))
    lines: list[Line] = []
    problem = None
    records = _records(text, delimiter)
    try:
        for number, cells in enumerate(records, start=1):
            if number > MAX_LINES:
                problem = _file_problem("too_many_lines", _TOO_MANY_FR, _TOO_MANY_EN)
                break
            lines.append(Line(number, cells))
    except csv.Error as error:
        problem = _csv_problem(len(lines) + 1, str(error))
    if not lines or not any(cell.strip() for cell in lines[0].cells):
        raise UnreadableFileError(problem or _file_problem("empty_file", _EMPTY_FR, _EMPTY_EN))
    header = [cell.strip() for cell in lines[0].cells]
    return Table(header=header, lines=lines[1:], encoding=encoding, delimiter=delimiter, problem=problem)


def _decode(data: bytes, max_bytes: int) -> tuple[str, str]:
    if len(data) > max_bytes:
        limit = max_bytes / 1024 / 1024
        raise UnreadableFileError(
            _file_problem(
                "file_too_large",
                f"un fichier d’au plus {limit:.3g} Mo : le couper en plusieurs",
                f"a file of at most {limit:.3g} MB: cut it into several",
            )
        )
    if data.startswith(_WORKBOOKS):
        raise UnreadableFileError(
            _file_problem(
                "not_csv",
                "un fichier CSV : dans le tableur, « Enregistrer sous », puis « CSV UTF-8 »",
                "a CSV file: in the spreadsheet, “Save as”, then “CSV UTF-8”",
            )
        )
    if not data.strip():
        raise UnreadableFileError(_file_problem("empty_file", _EMPTY_FR, _EMPTY_EN))
    try:
        if data.startswith(_UTF16_MARKS):
            return data.decode("utf-16"), "utf-16"
        if data.startswith(_UTF8_MARK):
            return data.decode("utf-8-sig"), "utf-8"
        return _decode_unmarked(data)
    except UnicodeDecodeError as error:
        raise UnreadableFileError(_encoding_problem(data.count(b"\n", 0, error.start) + 1)) from error


def _decode_unmarked(data: bytes) -> tuple[str, str]:
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        text = data.decode("windows-1252")
    if mixed := _MIXED.search(text):
        raise UnreadableFileError(_encoding_problem(text.count("\n", 0, mixed.start()) + 1))
    return text, "windows-1252"


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _rate_header(text: str, delimiter: str, count_known: Callable[[list[str]], int]) -> tuple[int, int]:
    try:
        header = next(_records(text, delimiter), [])
    except csv.Error:
        return 0, 0
    return count_known(header), len(header)


_EMPTY_FR = "une première ligne d’en-têtes, puis une ligne par personne ou par session"
_EMPTY_EN = "a first line of headers, then one line for each person or session"
_TOO_MANY_FR = f"un fichier d’au plus {MAX_LINES} lignes : le couper en plusieurs"
_TOO_MANY_EN = f"a file of at most {MAX_LINES} lines: cut it into several"


def _file_problem(code: str, expected_fr: str, expected_en: str, line: int = 1) -> Problem:
    return Problem(line=line, column="", value="", code=code, expected_fr=expected_fr, expected_en=expected_en)


def _encoding_problem(line: int) -> Problem:
    return _file_problem(
        "unreadable_encoding",
        "un fichier en UTF-8 ou en Windows-1252 ; celui-ci mélange les deux ou contient autre chose : "
        "l’enregistrer de nouveau en « CSV UTF-8 »",
        "a file in UTF-8 or Windows-1252; this one mixes both or holds something else: save it again as “CSV UTF-8”",
        line,
    )


def _csv_problem(line: int, message: str) -> Problem:
    if "field larger" in message:
        return _file_problem(
            "cell_too_long",
            f"des cellules d’au plus {LONGEST_CELL} caractères (un guillemet n’est peut-être pas refermé)",
            f"cells of at most {LONGEST_CELL} characters (a quotation mark may not be closed)",
            line,
        )
    if "unexpected end" in message:
        return _file_problem(
            "unclosed_quote",
            "un guillemet qui se referme : celui qui s’ouvre à cette ligne court jusqu’à la fin du fichier",
            "a quotation mark that closes: the one opened on this line runs to the end of the file",
            line,
        )
    return _file_problem(
        "bad_quote",
        "après un guillemet fermant, un séparateur ; un guillemet dans un texte s’écrit deux fois",
        "after a closing quotation mark, a separator; a quotation mark inside a text is written twice",
        line,
    )
