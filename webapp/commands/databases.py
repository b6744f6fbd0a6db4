"""`maillage db`: make, grow, shrink and check the database."""

import click
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from flask import current_app

from models.db import transaction
from seeds.loader import load_reference
from webapp.commands.entry import main, with_app


@main.group("db")
def databases() -> None:
    """Make, grow or check the database.

    Example: maillage db upgrade
    """


@databases.command()
@click.argument("revision", default="head")
@with_app
def upgrade(revision: str) -> None:
    """Bring the database to REVISION (by default the newest, with the reference data of this version).

    Example: maillage db upgrade
    """
    command.upgrade(migration_config(), revision)
    if revision == "head":
        with transaction() as session:
            reports = load_reference(session)
        click.echo(f"Reference data: {sum(r.added for r in reports)} added, {sum(r.changed for r in reports)} changed.")
    click.echo("The database is up to date.")


@databases.command()
@click.argument("revision", default="-1")
@with_app
def downgrade(revision: str) -> None:
    """Take the database back to REVISION (by default one step). Columns that are dropped lose what they held.

    Example: maillage db downgrade 0001
    """
    command.downgrade(migration_config(), revision)
    click.echo("The database was taken back.")


@databases.command()
@with_app
def check() -> None:
    """Say whether the database equals the tables in the code; exit code 1 if not.

    Example: maillage db check
    """
    try:
        command.check(migration_config())
    except CommandError as error:
        raise click.ClickException(f"{error} Run `maillage db upgrade`.") from error


def migration_config() -> Config:
    """Give Alembic's settings for the app's database."""
    config: Config = current_app.extensions["migrate"].migrate.get_config()
    return config
