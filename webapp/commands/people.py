"""`maillage import`, `export`, `association` and `user`: people and sessions in and out of the database."""

from pathlib import Path
from typing import Literal
from uuid import UUID

import click
from flask_babel import force_locale

from models.associations import Network
from models.db import db
from models.exceptions import InvalidInputError
from models.queries.accounts import find_account_by_email
from models.queries.associations import get_association_by_slug
from seeds.vocabulary import reference_vocabulary
from webapp.clock import utc_now
from webapp.commands.entry import main, progress_bar, with_app
from webapp.commands.files import refuse
from webapp.jobs import enqueue_rematch
from webapp.permissions import SYSTEM
from webapp.services.account_closing import close_account, reopen_account
from webapp.services.associations import create_association
from webapp.services.exports import export_rows, export_suggestions
from webapp.services.imports import import_rows
from webapp.services.new_accounts import create_account
from webapp.spreadsheets import Kind, ReadResult, read_rows
from webapp.words.suggestions import describe_suggestion

association_option = click.option("--association", "slug", required=True, help="Slug of the association.")


@main.command("import")
@click.argument("kind", type=click.Choice([str(kind) for kind in Kind]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@association_option
@click.option("--dry-run", is_flag=True, help="Say what would happen, and write nothing.")
@with_app
def import_file(kind: str, file: Path, slug: str, *, dry_run: bool) -> None:
    """Add people or workshop sessions from a spreadsheet; all of the file, or nothing.

    Twice the same file adds nothing. A problem is told by line and column, with what was expected.

    Example: maillage import supporters supporters.csv --association initiative-exemple --dry-run
    """
    with progress_bar("Reading") as moved:
        read = read_rows(Kind(kind), file.read_bytes(), vocabulary=reference_vocabulary(), progress=moved)
    if not read.is_clean:
        refuse(file, read)
    outcome = import_rows(
        kind=Kind(kind),
        association_id=_association_id(slug),
        rows=read.rows,
        lines=read.lines,
        actor=SYSTEM,
        at=utc_now(),
        dry_run=dry_run,
    )
    if outcome.problems:
        refuse(file, ReadResult(rows=(), lines=(), problems=outcome.problems))
    would = "would be " if dry_run else ""
    click.echo(f"{would}added: {outcome.added}, {would}updated: {outcome.updated}, unchanged: {outcome.unchanged}")


@main.command("export")
@click.argument("kind", type=click.Choice([*map(str, Kind), "suggestions"]))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@association_option
@click.option("--language", type=click.Choice(["fr", "en"]), default="fr", show_default=True, help="Of headers.")
@with_app
def export_file(kind: str, file: Path, slug: str, language: str) -> None:
    """Write what the database holds, in the columns that `import` reads back; or the last run's suggestions.

    Example: maillage export entrepreneurs entrepreneurs.csv --association initiative-exemple
    """
    association_id = _association_id(slug)
    words: Literal["fr", "en"] = "en" if language == "en" else "fr"
    with force_locale(language):
        if kind == "suggestions":
            exported = export_suggestions(
                association_id=association_id,
                actor=SYSTEM,
                at=utc_now(),
                describe=describe_suggestion,
                language=words,
            )
        else:
            exported = export_rows(
                kind=Kind(kind),
                association_id=association_id,
                actor=SYSTEM,
                at=utc_now(),
                vocabulary=reference_vocabulary(),
                language=words,
            )
    file.write_bytes(exported.content)
    click.echo(f"{file}: {exported.lines} lines")


@main.group()
def association() -> None:
    """Handle associations.

    Example: maillage association create --slug initiative-exemple --name "Initiative Exemple"
    """


@association.command("create")
@click.option("--slug", required=True, help="Short name for commands, such as initiative-exemple.")
@click.option("--name", required=True, help="Name shown on screen.")
@click.option("--network", type=click.Choice([str(n) for n in Network]), default="initiative_france", show_default=True)
@click.option("--department", help="Code of its département, such as 93.")
@with_app
def create_one(slug: str, name: str, network: str, department: str | None) -> None:
    """Make an association.

    Example: maillage association create --slug initiative-exemple --name "Initiative Exemple" --department 93
    """
    create_association(
        slug=slug, name=name, network=Network(network), department=department, actor=SYSTEM, at=utc_now()
    )
    click.echo(f"{name} is there. Next: maillage user create EMAIL --association {slug}")


@main.group()
def user() -> None:
    """Handle those who sign in.

    Example: maillage user create nadia@example.org --association initiative-exemple
    """


@user.command("create")
@click.argument("email")
@association_option
@click.option("--first-name", prompt=True, help="First name.")
@click.option("--last-name", prompt=True, help="Last name.")
@click.option("--password", help="Without it, an invitation is sent by mail.")
@with_app
def create_user(email: str, slug: str, first_name: str, last_name: str, password: str | None) -> None:
    """Make somebody a coordinator of an association, invited by mail unless a password is given.

    Example: maillage user create nadia@example.org --association initiative-exemple --first-name Nadia
    """
    try:
        create_account(
            email=email,
            first_name=first_name,
            last_name=last_name,
            association_slug=slug,
            actor=SYSTEM,
            at=utc_now(),
            password=password,
        )
    except InvalidInputError as error:
        raise click.UsageError(
            f"{email} runs an association on the other side of the wall between lending and rebuilding. What people "
            "confide to one side is never told to the other: give somebody else this association, or another address."
        ) from error
    click.echo(f"{first_name} {last_name} coordinates {slug}.")
    if password is None:
        click.echo("The invitation is in the outbox: `maillage messages send` sends it.")


@user.command("deactivate")
@click.argument("email")
@click.option("--hand-over-to", "successor", help="Address of the coordinator who takes over what rests with them.")
@with_app
def deactivate_user(email: str, successor: str | None) -> None:
    """Close an account: every sign-in ends, and files, interviews and sessions go to a named coordinator.

    Example: maillage user deactivate nadia@example.org --hand-over-to paul@example.org
    """
    successor_id = _account_id(successor) if successor else None
    try:
        closing = close_account(account_id=_account_id(email), successor_id=successor_id, actor=SYSTEM, at=utc_now())
    except InvalidInputError as error:
        raise click.UsageError(
            "Files, interviews or sessions rest with this account: name with --hand-over-to a coordinator "
            "who can sign in and runs the same associations."
        ) from error
    for pairing_id in closing.released:
        enqueue_rematch(pairing_id)
    click.echo(f"{email} is closed." if closing.was_open else f"{email} was closed already.")


@user.command("reactivate")
@click.argument("email")
@with_app
def reactivate_user(email: str) -> None:
    """Open a closed account again; what was handed over stays with whoever took it.

    Example: maillage user reactivate nadia@example.org
    """
    was_closed = reopen_account(account_id=_account_id(email), actor=SYSTEM, at=utc_now())
    click.echo(f"{email} is open again." if was_closed else f"{email} was open already.")


def _account_id(email: str) -> UUID:
    account = find_account_by_email(db.session(), email)
    if account is None:
        raise click.UsageError(f"No account has the address {email}.")
    return account.public_id


def _association_id(slug: str) -> UUID:
    return get_association_by_slug(db.session(), slug).public_id
