"""Files as commands read them: every problem told by line and column, nothing done with a bad one."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from seeds.vocabulary import reference_vocabulary
from webapp.spreadsheets import Kind, ReadResult, Row, read_rows

RowType = TypeVar("RowType", bound=Row)
SHOWN = 50


def read_file(
    kind: Kind, path: Path, row_type: type[RowType], *, progress: Callable[[float], None] | None = None
) -> list[RowType]:
    """Read a file whole, or stop with every problem that it has."""
    result = read_rows(kind, path.read_bytes(), vocabulary=reference_vocabulary(), progress=progress)
    if not result.is_clean:
        refuse(path, result)
    return [row for row in result.rows if isinstance(row, row_type)]


def refuse(path: Path, result: ReadResult) -> None:
    """Say what is wrong in a file, line by line, and stop with exit code 1."""
    click.echo(f"{path}: {len(result.problems)} problem(s), nothing was done.", err=True)
    for problem in result.problems[:SHOWN]:
        place = f"line {problem.line}" + (f", column « {problem.column} »" if problem.column else "")
        found = f": “{problem.value}”" if problem.value else ""
        click.echo(
            f"  {place}{found}\n    expected: {problem.expected_en}\n    attendu : {problem.expected_fr}", err=True
        )
    if len(result.problems) > SHOWN:
        click.echo(f"  … and {len(result.problems) - SHOWN} more.", err=True)
    raise click.exceptions.Exit(1)
