"""The group that all commands hang on, and what they share: the app, typed refusals as exit codes, progress."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from importlib import import_module
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click
from flask_babel import force_locale
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError, ProgrammingError

from models.associations import Association
from models.db import db
from models.exceptions import DomainError, InvalidInputError, NotFoundError

if TYPE_CHECKING:
    from matcher.errors import MatcherError

P = ParamSpec("P")
R = TypeVar("R")


class CommandsOnDemand(click.Group):
    """A group that imports the module of a command when it is called, so that each starts as fast as it can."""

    modules: Mapping[str, str] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List every command."""
        return sorted(self.modules)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import a command's module, which hangs the command on this group."""
        if name in self.modules:
            import_module(self.modules[name])
        return self.commands.get(name)


@click.group(cls=CommandsOnDemand, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def main() -> None:
    """Match entrepreneurs with the people and workshops that help them last.

    Exit codes: 0 done · 1 refused, and the message says what to do · 2 the command was not understood.

    Example: maillage match entrepreneurs.csv supporters.csv --out suggestions.csv
    """


def with_app(command: Callable[P, R]) -> Callable[P, R]:
    """Run a command inside the app, and turn a typed refusal into a sentence and exit code 1."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        from matcher.errors import MatcherError  # `match` needs no app, and `--help` no engine: both start faster
        from webapp.app import create_app

        with create_app().app_context():
            try:
                return command(*args, **kwargs)
            except (DomainError, MatcherError) as error:
                raise click.ClickException(_say(error)) from error
            except (OperationalError, ProgrammingError) as error:
                if has_tables():
                    raise
                raise click.ClickException("The database has no tables yet. Run `maillage db upgrade`.") from error

    return run


def _say(error: "DomainError | MatcherError") -> str:
    from webapp.errors import describe  # the words of the pages serve here too, in English like all of the command line

    facts = ", ".join(f"{name}: {value}" for name, value in error.facts.items())
    if isinstance(error, NotFoundError):
        return f"Not found: {facts}"
    if isinstance(error, InvalidInputError):
        return f"Cannot be taken: {facts}"
    with force_locale("en"):
        page = describe(error)
    return " ".join(filter(None, (page.what, page.detail, page.next_step, f"({facts})" if facts else "")))


def has_tables() -> bool:
    """Say whether the database was ever made."""
    db.session.rollback()
    return inspect(db.engine).has_table(Association.__tablename__)


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[float], None]]:
    """Show one bar on the error stream of a terminal; give the function that moves it, from 0 to 1."""
    with progress_steps() as moved:
        moved(label, 0.0)
        yield lambda share: moved(label, share)


@contextmanager
def progress_steps() -> Iterator[Callable[[str, float], None]]:
    """Show one bar per step on the error stream of a terminal; give the function that names a step and its share."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        tasks: dict[str, TaskID] = {}

        def moved(step: str, share: float) -> None:
            if step not in tasks:
                tasks[step] = progress.add_task(step, total=1.0)
            progress.update(tasks[step], completed=share)

        yield moved
