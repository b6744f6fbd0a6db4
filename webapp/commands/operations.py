"""Commands that keep a service going: match runs, clocks, mails, invariants."""

import json
import sys
from dataclasses import asdict

import click
from flask import current_app

from models.db import db
from models.queries.associations import get_association_by_slug
from models.queries.deadlines import check_deadlines
from models.queries.invariants import check_invariants
from models.queries.match_runs import get_match_run
from webapp.clock import utc_now
from webapp.commands.entry import main, progress_bar, with_app
from webapp.permissions import SYSTEM
from webapp.services import clocks, match_runs
from webapp.services import messages as outbox
from webapp.transport import build_transport


@main.command()
@click.option("--association", "slug", required=True, help="Slug of the association.")
@with_app
def run(slug: str) -> None:
    """Match the people of an association in the database; coordinators find the suggestions in the app.

    Example: maillage run --association initiative-exemple-seine-saint-denis
    """
    association = get_association_by_slug(db.session(), slug)
    run_id = match_runs.request_run(association_id=association.public_id, actor=SYSTEM, at=utc_now())
    with progress_bar("Matching") as moved:
        outcome = match_runs.execute_run(run_id=run_id, at=utc_now(), tell=moved)
    if outcome.failure:
        raise click.ClickException(f"The run failed: {outcome.failure}. Start another; the log says more.")
    report = get_match_run(db.session(), run_id).report or {}
    click.echo(json.dumps(report, ensure_ascii=False, indent=2))


@main.command()
@with_app
def tick() -> None:
    """Do what time has made due: reminders, expiries, digests. May run as often as one likes.

    Example: maillage tick
    """
    report = clocks.tick(at=utc_now())
    click.echo(", ".join(f"{name.replace('_', ' ')}: {count}" for name, count in report.counts.items()))
    if report.broken:
        click.echo(f"broken, see the log: {', '.join(report.broken)}", err=True)
        sys.exit(1)


@main.group()
def messages() -> None:
    """Handle the outbox.

    Example: maillage messages send
    """


@messages.command()
@click.option("--limit", default=1000, show_default=True, help="How many at the most.")
@with_app
def send(limit: int) -> None:
    """Send the messages that wait, over the mail server in the settings; without one, print them.

    Exit code 1 if a message could not be delivered (it is tried again later).

    Example: maillage messages send --limit 200
    """
    transport = build_transport(current_app.config["SETTINGS"], sys.stdout)
    report = outbox.send_due_messages(at=utc_now(), transport=transport, limit=limit)
    click.echo(f"sent: {report.sent}, to be tried again: {report.released}, given up: {report.failed}")
    if report.released or report.failed:
        raise click.exceptions.Exit(1)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON array, for programs.")
@with_app
def invariants(*, as_json: bool) -> None:
    """Check the laws of the data: counters, capacities, deadlines, events. Exit code 1 if one is broken.

    Example: maillage invariants --json
    """
    checks = [*check_invariants(db.session()), *check_deadlines(db.session(), at=utc_now())]
    if as_json:
        click.echo(json.dumps([asdict(check) for check in checks], indent=2))
    else:
        for check in checks:
            click.echo(f"{'ok    ' if not check.broken else 'BROKEN'} {check.name} ({check.broken} of {check.rows})")
    if any(check.broken for check in checks):
        raise click.exceptions.Exit(1)
