"""The columns of each kind of file, by order, by header, and described for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from webapp.spreadsheets.column import MISSING, Column
from webapp.spreadsheets.people_columns import ENTREPRENEUR_COLUMNS, INSEE_CODE, SUPPORTER_COLUMNS
from webapp.spreadsheets.rows import EntrepreneurRow, Kind, Row, SupporterRow, WorkshopSessionRow
from webapp.spreadsheets.terms import Language, fold
from webapp.spreadsheets.workshop_columns import WORKSHOP_COLUMNS

ROW_TYPES: Mapping[Kind, type[Row]] = {
    Kind.ENTREPRENEURS: EntrepreneurRow,
    Kind.SUPPORTERS: SupporterRow,
    Kind.WORKSHOPS: WorkshopSessionRow,
}
_COLUMNS: Mapping[Kind, tuple[Column, ...]] = {
    Kind.ENTREPRENEURS: ENTREPRENEUR_COLUMNS,
    Kind.SUPPORTERS: SUPPORTER_COLUMNS,
    Kind.WORKSHOPS: WORKSHOP_COLUMNS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnDescription:
    """What people must know of a column before they fill it."""

    name: str
    header_fr: str
    header_en: str
    aliases: tuple[str, ...]
    header_required: bool
    cell_required: bool
    help_fr: str
    help_en: str
    example_fr: str
    example_en: str


def list_columns(kind: Kind) -> tuple[Column, ...]:
    """Give the columns of a kind of file, in the order in which they are written."""
    return _COLUMNS[kind]


@cache
def columns_by_header(kind: Kind) -> Mapping[str, Column]:
    """Give the columns by every folded header that is understood."""
    found: dict[str, Column] = {}
    for column in (*list_columns(kind), INSEE_CODE):
        for header in (column.name, column.french, *column.aliases):
            other = found.setdefault(fold(header), column)
            if other.name != column.name:
                raise ValueError(f"{kind}: {header!r} names both {other.name} and {column.name}")
    return found


def describe_columns(kind: Kind) -> tuple[ColumnDescription, ...]:
    """Describe every column of a kind of file in both languages, for help texts, pages and documentation."""
    return tuple(
        ColumnDescription(
            name=column.name,
            header_fr=column.french,
            header_en=column.name,
            aliases=column.aliases,
            header_required=column.required,
            cell_required=column.default is MISSING,
            help_fr=column.help_fr,
            help_en=column.help_en,
            example_fr=column.example_fr,
            example_en=column.example_en or column.example_fr,
        )
        for column in list_columns(kind)
    )


def columns_table(kind: Kind, *, language: Language) -> str:
    """Write the columns of a kind of file as a Markdown table."""
    french = language == "fr"
    heads = ("colonne", "obligatoire", "contenu", "exemple") if french else ("column", "required", "content", "example")
    words = {(True, True): ("oui", "yes"), (True, False): ("l’en-tête", "the header"), (False, False): ("non", "no")}
    lines = ["| " + " | ".join(heads) + " |", "| --- | --- | --- | --- |"]
    for described in describe_columns(kind):
        required = words[described.header_required, described.cell_required][0 if french else 1]
        cells = (
            f"`{described.header_fr if french else described.header_en}`",
            required,
            described.help_fr if french else described.help_en,
            described.example_fr if french else described.example_en,
        )
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"
