"""The example files of `seeds/examples`: a small association's three spreadsheets, and what each column may hold.

`python -m seeds.examples_files` writes them again; a test says when they must be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from seeds.population import Population, build_population
from seeds.vocabulary import reference_vocabulary
from webapp.spreadsheets import (
    EntrepreneurRow,
    Kind,
    Row,
    SupporterRow,
    WorkshopSessionRow,
    columns_table,
    write_rows,
)

EXAMPLES = Path(__file__).resolve().parent / "examples"
EXAMPLE_DAY = date(2026, 11, 21)
_ENTREPRENEURS, _SESSIONS = 23, 8
_SUPPORTERS: Mapping[str, int] = {"mentor": 6, "expert": 2, "ambassador": 1}
_TITLES = {
    Kind.ENTREPRENEURS: ("entrepreneurs.csv", "Entrepreneurs"),
    Kind.SUPPORTERS: ("supporters.csv", "Accompagnants · Supporters"),
    Kind.WORKSHOPS: ("workshops.csv", "Ateliers · Workshop sessions"),
}

AnyRow = TypeVar("AnyRow", EntrepreneurRow, SupporterRow, WorkshopSessionRow)


def build_examples() -> dict[str, bytes]:
    """Give the content of each example file by its name."""
    population = build_population("small", today=EXAMPLE_DAY)
    slug = population.associations[0].slug
    rows: Mapping[Kind, Sequence[Row]] = {
        Kind.ENTREPRENEURS: _numbered(_choose_entrepreneurs(population, slug), "E"),
        Kind.SUPPORTERS: _numbered(_choose_supporters(population, slug), "A"),
        Kind.WORKSHOPS: _numbered(_choose_sessions(population, slug), "AT"),
    }
    vocabulary = reference_vocabulary()
    files = {name: write_rows(kind, rows[kind], vocabulary=vocabulary) for kind, (name, _) in _TITLES.items()}
    return files | {"COLUMNS.md": _columns().encode()}


def write_examples() -> None:
    """Write the example files."""
    for name, content in build_examples().items():
        (EXAMPLES / name).write_bytes(content)


def _choose_entrepreneurs(population: Population, slug: str) -> list[EntrepreneurRow]:
    """Take the first people who wrote something, and one whom nobody here can talk with, as happens."""
    people = population.entrepreneurs_of(slug)
    told = [row for row in people if row.text and "fr" in row.languages][:_ENTREPRENEURS]
    alone = [row for row in people if "fr" not in row.languages][:1]
    return [*told, *alone]


def _choose_supporters(population: Population, slug: str) -> list[SupporterRow]:
    """Take a few of each role who have a place left."""
    return [
        row
        for role, count in _SUPPORTERS.items()
        for row in [r for r in population.supporters_of(slug) if r.role == role and r.capacity][:count]
    ]


def _choose_sessions(population: Population, slug: str) -> list[WorkshopSessionRow]:
    coming = [row for row in population.sessions_of(slug) if row.starts_on > EXAMPLE_DAY]
    return sorted(coming, key=lambda row: (row.starts_on, row.starts_at))[:_SESSIONS]


def _numbered(rows: Sequence[AnyRow], letter: str) -> list[AnyRow]:
    """Give new numbers, and no association: these are the files of a single one."""
    return [replace(row, reference=f"{letter}{n:02d}", association="") for n, row in enumerate(rows, start=1)]


def _columns() -> str:
    parts = [
        "# Columns of the spreadsheets",
        "Made by `python -m seeds.examples_files`. Headers are understood in French and in English, accents and case "
        "forgiven; files may be UTF-8 or Windows-1252, with semicolons, commas or tabs.",
    ]
    for kind, (name, title) in _TITLES.items():
        parts.append(f"## {title} (`{name}`)")
        parts.extend(columns_table(kind, language=language).strip() for language in ("fr", "en"))
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    write_examples()
