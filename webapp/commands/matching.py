"""`maillage match`: a spreadsheet in, a spreadsheet out, without a database."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import click
from flask import Flask
from flask_babel import force_locale

from matcher.errors import MatcherError
from matcher.matching import Progress
from matcher.matching import match as run_match
from matcher.results import MatchResult
from matcher.settings import RUN_AIMS, Settings
from models.db import db, transaction
from models.tables import metadata
from seeds.loader import load_reference
from webapp.clock import day_of, utc_now
from webapp.commands.entry import main, progress_bar
from webapp.commands.files import read_file
from webapp.extensions import babel
from webapp.labels import component_label, reason_sentence
from webapp.match_files import Words, build_report, entrepreneur_records, suggestion_rows, supporter_records
from webapp.spreadsheets import EntrepreneurRow, Kind, SupporterRow, write_suggestions


def _require_folder(_context: click.Context, _parameter: click.Parameter, path: Path | None) -> Path | None:
    """Refuse at once what could not be written after minutes of work."""
    if path is not None and not os.access(path.parent, os.W_OK):
        raise click.BadParameter(f"nothing can be written to the folder {path.parent}: does it exist?")
    return path


WRITTEN = click.Path(dir_okay=False, writable=True, path_type=Path)


@main.command("match")
@click.argument("entrepreneurs", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("supporters", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", type=WRITTEN, callback=_require_folder, required=True, help="Where suggestions go.")
@click.option("--report", type=WRITTEN, callback=_require_folder, help="Where the JSON report goes.")
@click.option("--language", type=click.Choice(["fr", "en"]), default="fr", show_default=True, help="Language of OUT.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="Day until which waiting is counted.")
@click.option(
    "--aim",
    type=click.Choice(RUN_AIMS),
    default="most_served",
    show_default=True,
    help="What follows most people served.",
)
@click.option("--processes", "workers", flag_value="processes", help="Share the work among processes, not threads.")
@click.option("--dask", "workers", metavar="ADDRESS", help="Share it among the workers of a Dask scheduler: tcp://…")
def match(
    entrepreneurs: Path,
    supporters: Path,
    out: Path,
    report: Path | None,
    language: str,
    today: datetime | None,
    aim: str,
    workers: str | None,
) -> None:
    """Match the people of two spreadsheets, and write the suggestions as a third.

    No database is needed. Columns and their words: see seeds/examples/COLUMNS.md.

    Most people are served in any case. Then comes the total of scores (most_served), or the person who is least well
    served, then the next (fairest), which takes a little longer: some seconds for thousands of people.

    Who shares the work changes how long it takes, never what comes out. A cluster is started with `dask scheduler` on
    one machine and `dask worker ADDRESS` on others, all with Maillage and its extra installed: pip install
    'maillage[dask]'.

    Example: maillage match seeds/examples/entrepreneurs.csv seeds/examples/supporters.csv --out suggestions.csv
    """
    clock = Stopwatch()
    day = today.date() if today else day_of(utc_now())
    with clock.measure("read"), progress_bar("Reading") as moved:
        left = read_file(Kind.ENTREPRENEURS, entrepreneurs, EntrepreneurRow, progress=lambda share: moved(share * 0.8))
        right = read_file(Kind.SUPPORTERS, supporters, SupporterRow, progress=lambda share: moved(0.8 + share * 0.2))
    with clock.measure("match"), progress_bar("Matching") as moved:
        result = _match(left, right, day, aim, workers or "threads", moved)
    with clock.measure("write"), words_app(), force_locale(language):
        rows = suggestion_rows(result, left, right, words=Words(component_label, reason_sentence))
        out.write_bytes(write_suggestions(rows, language="en" if language == "en" else "fr"))
    summary = build_report(result, seconds=clock.seconds)
    if report is not None:
        report.write_text(json.dumps(summary, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    click.echo(
        f"{summary['matched']} matched, {summary['unmatched']} without anybody; total {summary['objective']:.3f}, "
        f"upper bound {summary['upper_bound']:.3f}, gap {summary['gap']:g}. Suggestions: {out}"
    )


def _match(
    left: list[EntrepreneurRow], right: list[SupporterRow], day: date, aim: str, workers: str, moved: Progress
) -> MatchResult:
    people, helpers = entrepreneur_records(left, today=day), supporter_records(right)
    try:
        return run_match(people, helpers, settings=Settings(aim=aim, workers=workers), progress=moved)
    except MatcherError as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def words_app() -> Iterator[Flask]:
    """Give an app that has words, with the closed lists in a database in memory, and no page."""
    app = Flask("webapp")
    app.config.update(SQLALCHEMY_DATABASE_URI="sqlite://", BABEL_DEFAULT_LOCALE="fr")
    db.init_app(app)
    babel.init_app(app)
    with app.app_context():
        metadata.create_all(db.engine)
        with transaction() as session:
            load_reference(session, departments=())
        yield app


class Stopwatch:
    """Seconds of each step of one command."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def measure(self, step: str) -> Iterator[None]:
        """Measure one step."""
        begin = time.perf_counter()
        yield
        self.seconds[step] = time.perf_counter() - begin
