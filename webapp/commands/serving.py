"""`maillage serve`, `maillage work`, `maillage routes`: the web server, the background work, and what answers where."""

import json
import os
import subprocess
import sys
from typing import Any

import click
from flask import Flask, current_app

from webapp.access import declared_access
from webapp.commands.entry import main, with_app

WORKERS = 2
THREADS = 4
GRACE_SECONDS = 20


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=5000, show_default=True, help="Port to listen on.")
@click.option("--workers", default=WORKERS, show_default=True, help="Processes that answer.")
@click.option(
    "--no-background", is_flag=True, help="Do not start the background work; `maillage work` does it elsewhere."
)
def serve(host: str, port: int, workers: int, *, no_background: bool) -> None:
    """Serve the app, and do its background work (match runs, reminders, mails) beside it.

    Example: maillage serve --port 8000
    """
    run_server(host=host, port=port, workers=workers, background=not no_background)


@main.command()
@with_app
def work() -> None:
    """Do the background work until stopped: match runs, reminders and deadlines, mails.

    Example: maillage work
    """
    from webapp.jobs import run_consumer  # only this command needs the queue's consumer

    run_consumer(current_app._get_current_object())  # type: ignore[attr-defined]


@main.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON array, for programs.")
@with_app
def routes(*, as_json: bool) -> None:
    """List every address, its methods, its endpoint and who may call it.

    Example: maillage routes --json
    """
    listed = list_routes(current_app)
    if as_json:
        click.echo(json.dumps(listed, indent=2))
        return
    for route in listed:
        click.echo(f"{route['access']:<12} {','.join(route['methods']):<10} {route['rule']:<55} {route['endpoint']}")


def list_routes(app: Flask) -> list[dict[str, Any]]:
    """Give every address with its methods, endpoint, arguments and declared access."""
    return [
        {
            "rule": rule.rule,
            "endpoint": rule.endpoint,
            "methods": sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}),
            "arguments": sorted(rule.arguments),
            "access": str(declared_access(app, rule.endpoint)),
        }
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
    ]


def run_server(*, host: str, port: int, workers: int, background: bool) -> None:
    """Run the web server in the foreground, with the background work in a process beside it."""
    helper = subprocess.Popen([sys.executable, "-m", "webapp", "work"]) if background else None
    try:
        (_run_waitress if os.name == "nt" else _run_gunicorn)(host, port, workers)
    finally:
        if helper is not None:
            helper.terminate()
            helper.wait(timeout=GRACE_SECONDS)


def _run_gunicorn(host: str, port: int, workers: int) -> None:
    from gunicorn.app.base import BaseApplication  # not installed on Windows

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in {
                "bind": f"{host}:{port}",
                "workers": workers,
                "threads": THREADS,
                "worker_class": "gthread",
                "graceful_timeout": GRACE_SECONDS,
                "loglevel": "warning",
            }.items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            from webapp.app import create_app  # in the worker, so that no connection is shared between processes

            return create_app()

    Server().run()


def _run_waitress(host: str, port: int, _workers: int) -> None:
    from waitress import serve as run_waitress

    from webapp.app import create_app

    run_waitress(create_app(), host=host, port=port, threads=THREADS * WORKERS)
