"""Real processes on one database: each builds its own app, all start at the same moment."""

import multiprocessing
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from models.db import db

PATIENCE_SECONDS = 300


def run_together(
    url: str, folder: Path, work: Callable[..., Any], arguments: Sequence[tuple[Any, ...]]
) -> list[tuple[str, Any]]:
    """Run `work(*arguments)` once per tuple, each in a process of its own; give ("done", result) or ("error", error).

    Processes are forked from a clean server that has imported the app already: no thread, no connection is shared.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["webapp.app", "tests.databases", work.__module__])
    barrier = context.Barrier(len(arguments))
    answers: Any = context.SimpleQueue()
    processes = [
        context.Process(target=_work, args=(url, folder, barrier, answers, number, work, each), daemon=True)
        for number, each in enumerate(arguments)
    ]
    db.session.rollback()
    for process in processes:
        process.start()
    found = dict(answers.get() for _ in processes)
    for process in processes:
        process.join(PATIENCE_SECONDS)
    # What was read before must not hide what they wrote.
    db.session.rollback()
    return [found[number] for number in range(len(arguments))]


def _work(
    url: str, folder: Path, barrier: Any, answers: Any, number: int, work: Callable[..., Any], each: tuple[Any, ...]
) -> None:
    from tests.databases import build_settings
    from webapp.app import create_app

    try:
        app = create_app(build_settings(url, folder))
        with app.app_context():
            db.session.rollback()
            db.engine.connect().close()
            barrier.wait(PATIENCE_SECONDS)
            answer = ("done", work(*each))
            db.session.remove()
            db.engine.dispose()
    except BaseException as error:
        answer = ("error", f"{type(error).__name__}: {error}")
    answers.put((number, answer))
    os._exit(0)
