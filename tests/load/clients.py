"""Clients of the served app: real processes with some threads each, one connection per client, no code of the app.

Each client opens a page as a browser would, takes the form token from it, and sends its forms one after the other.
"""

import multiprocessing
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

PROCESSES = 4
PATIENCE_SECONDS = 180
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one client does: whose cookie it has, the page it opens first, and the forms it sends (path, fields)."""

    cookie: str
    page: str
    forms: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one form got, and when: instants of one clock of this machine."""

    path: str
    status: int
    sent: float
    answered: float


def run_clients(port: int, plans: Sequence[Plan]) -> list[list[Answer]]:
    """Let every client follow its plan, all from the same moment on; give their answers in the order of the plans."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(len(plans))
    found: Any = context.SimpleQueue()
    processes = [
        context.Process(target=_run_process, args=(port, barrier, found, number, plans[number::PROCESSES]), daemon=True)
        for number in range(min(PROCESSES, len(plans)))
    ]
    for process in processes:
        process.start()
    by_process = dict(found.get() for _ in processes)
    for process in processes:
        process.join(PATIENCE_SECONDS)
    failed = [answers for answers in by_process.values() if isinstance(answers, str)]
    assert not failed, failed
    return [by_process[number % PROCESSES][number // PROCESSES] for number in range(len(plans))]


def _run_process(port: int, barrier: Any, found: Any, number: int, plans: Sequence[Plan]) -> None:
    answers: dict[int, list[Answer] | str] = {}

    def work(place: int, plan: Plan) -> None:
        try:
            answers[place] = follow(port, plan, barrier)
        except BaseException as error:
            barrier.abort()
            answers[place] = f"{type(error).__name__}: {error}"

    threads = [threading.Thread(target=work, args=each) for each in enumerate(plans)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    failed = [answer for answer in answers.values() if isinstance(answer, str)]
    found.put((number, failed[0] if failed else [answers[place] for place in range(len(plans))]))


def follow(port: int, plan: Plan, barrier: Any) -> list[Answer]:
    """Open the page, wait for the others, then send the forms as fast as the answers come."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    connection.request("GET", plan.page, headers={"Cookie": plan.cookie})
    answer = connection.getresponse()
    token = TOKEN.search(answer.read().decode())
    assert answer.status == 200, f"{plan.page} answered {answer.status}"
    assert token is not None, f"no form on {plan.page}"
    cookie = (answer.getheader("Set-Cookie") or plan.cookie).split(";")[0]  # what the token is checked against
    connection.close()  # the server ends one that idles for two seconds; the next request opens it again
    barrier.wait(PATIENCE_SECONDS)
    answers = [_send(connection, cookie, path, fields, token[1]) for path, fields in plan.forms]
    connection.close()
    return answers


def _send(
    connection: HTTPConnection, cookie: str, path: str, fields: tuple[tuple[str, str], ...], token: str
) -> Answer:
    body = urlencode([("csrf_token", token), *fields])
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    sent = time.monotonic()
    connection.request("POST", path, body=body, headers=headers)
    answer = connection.getresponse()
    answer.read()
    return Answer(path=path, status=answer.status, sent=sent, answered=time.monotonic())
