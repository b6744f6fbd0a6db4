"""`maillage seed` and `maillage demo`: invented people in the database, in files, or served at once."""

import os
from datetime import date, datetime
from pathlib import Path

import click
from alembic import command
from flask import current_app

from seeds.demo import PASSWORD, DemoLogin, ProductionError, is_seeded, open_logins, seed_database
from seeds.population import DEFAULT_SEED, SIZES, build_population
from seeds.vocabulary import reference_vocabulary
from webapp.clock import day_of, utc_now
from webapp.commands import demo_folder
from webapp.commands.databases import migration_config
from webapp.commands.entry import main, progress_steps, with_app
from webapp.commands.serving import WORKERS, run_server
from webapp.config import ROOT
from webapp.spreadsheets import Kind, write_rows

size_option = click.option(
    "--size", type=click.Choice(list(SIZES)), default="small", show_default=True, help="How many people."
)
seed_option = click.option("--seed", default=DEFAULT_SEED, show_default=True, help="The same seed, the same people.")
today_option = click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="The day on which the story ends.")


@main.command()
@size_option
@seed_option
@today_option
@click.option("--csv", "folder", type=click.Path(file_okay=False, path_type=Path), help="Write files there instead.")
@click.option("--no-story", is_flag=True, help="People and sessions only, without four weeks behind them.")
def seed(size: str, seed: int, today: datetime | None, folder: Path | None, *, no_story: bool) -> None:
    """Invent people from a fixed seed: into the database, or as the files that `match` and `import` read.

    Example: maillage seed --size medium --seed 7 --csv examples/
    """
    day = _day(today)
    if folder is not None:
        _write_files(folder, size=size, seed=seed, day=day)
    else:
        _seed(size=size, seed=seed, day=day, story=not no_story)


@main.command()
@size_option
@seed_option
@click.option("--port", default=5000, show_default=True, help="Port to listen on.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--fresh", is_flag=True, help="Throw the demo's database away and begin again.")
def demo(size: str, seed: int, port: int, host: str, *, fresh: bool) -> None:
    """Serve an invented example: the database is made, people matched, and one sign-in per role printed.

    Example: maillage demo --size medium --port 8000
    """
    os.environ.setdefault("MAILLAGE_DATA_DIR", str(ROOT / "var" / f"demo-{size}-{seed}"))
    os.environ.setdefault("MAILLAGE_PUBLIC_URL", f"http://{host}:{port}")
    folder = Path(os.environ["MAILLAGE_DATA_DIR"])
    if fresh:
        if os.environ.get("MAILLAGE_DATABASE_URL"):
            raise click.ClickException("--fresh empties the demo's own folder: take MAILLAGE_DATABASE_URL away first.")
        demo_folder.empty(folder)
    for login in _prepare_demo(size=size, seed=seed):
        click.echo(f"  {login.hat:<13} {login.email:<58} {login.name}, {login.association}")
    click.echo(f"  password for all of them: {PASSWORD}")
    click.echo(f"\nMaillage is served at http://{host}:{port}  (stop with Ctrl-C)", nl=True)
    run_server(host=host, port=port, workers=WORKERS, background=True)


@with_app
def _prepare_demo(*, size: str, seed: int) -> list[DemoLogin]:
    command.upgrade(migration_config(), "head")
    if not is_seeded():
        demo_folder.mark(current_app.config["SETTINGS"].data_dir)
        _fill(size=size, seed=seed, day=_day(None), story=True)
    return open_logins()


@with_app
def _seed(*, size: str, seed: int, day: date, story: bool) -> None:
    if is_seeded():
        raise click.ClickException("The database holds people already; `seed` fills an empty one.")
    _fill(size=size, seed=seed, day=day, story=story)


def _fill(*, size: str, seed: int, day: date, story: bool) -> None:
    production = current_app.config["SETTINGS"].production
    try:
        with progress_steps() as progress:
            report = seed_database(
                size=size,
                seed=seed,
                today=day,
                until=utc_now(),
                story=story,
                production=production,
                progress=progress,
            )
    except ProductionError as error:
        raise click.ClickException(f"{error}.") from error
    if report is not None:
        click.echo(f"{report.moves} things happened in four weeks, {report.refused} came too late and were refused.")


def _write_files(folder: Path, *, size: str, seed: int, day: date) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with progress_steps() as progress:
        progress("Inventing people", 0.0)
        population = build_population(size, today=day, seed=seed)
        files = (
            (Kind.ENTREPRENEURS, population.entrepreneurs),
            (Kind.SUPPORTERS, population.supporters),
            (Kind.WORKSHOPS, population.sessions),
        )
        for kind, rows in files:
            progress(f"Writing {kind}", 0.0)
            (folder / f"{kind}.csv").write_bytes(write_rows(kind, rows, vocabulary=reference_vocabulary()))
    for kind, rows in files:
        click.echo(f"{folder / f'{kind}.csv'}: {len(rows)} lines")


def _day(today: datetime | None) -> date:
    return today.date() if today else day_of(utc_now())
