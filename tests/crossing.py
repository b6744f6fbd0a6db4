"""Two decisions that cross: the second begins when the first is about to commit. Nothing is left to chance.

What the second one reads is then older than what the first one leaves: the interleaving in which most races show.
"""

import threading
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import event

from models.db import db
from models.exceptions import DomainError

WAITS_SECONDS = 0.5
"""So long the second one may run before it is taken to wait for a lock of the first."""
PATIENCE_SECONDS = 60


def cross(app: Flask, first: Callable[[], object], second: Callable[[], object]) -> tuple[str, str]:
    """Let two decisions cross, and give for each "done", the code of its refusal, or the error that nobody expects."""
    about_to_commit, may_commit = threading.Event(), threading.Event()
    answers: dict[str, Any] = {}

    def wait(_connection: object) -> None:
        if threading.current_thread().name == "first" and not about_to_commit.is_set():
            about_to_commit.set()
            may_commit.wait(PATIENCE_SECONDS)

    event.listen(db.engine, "commit", wait)
    try:
        threads = [
            threading.Thread(name=name, target=_decide, args=(app, decide, answers, name), daemon=True)
            for name, decide in (("first", first), ("second", second))
        ]
        threads[0].start()
        assert about_to_commit.wait(PATIENCE_SECONDS), answers
        threads[1].start()
        threads[1].join(WAITS_SECONDS)
        may_commit.set()
        for thread in threads:
            thread.join(PATIENCE_SECONDS)
    finally:
        event.remove(db.engine, "commit", wait)
    db.session.rollback()
    db.session.expire_all()
    return answers["first"], answers["second"]


def _decide(app: Flask, decide: Callable[[], object], answers: dict[str, Any], name: str) -> None:
    with app.app_context():
        try:
            decide()
            answers[name] = "done"
        except DomainError as error:
            answers[name] = error.code
        except BaseException as error:
            answers[name] = f"{type(error).__name__}: {error}"
        finally:
            db.session.remove()
