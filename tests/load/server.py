"""The app as `maillage serve` serves it, in processes of its own, on a free port of this machine."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from tests.databases import ENCRYPTION_KEY

ROOT = Path(__file__).resolve().parents[2]
SECRET_KEY = "only for tests"  # the same as of the app in the test process, so that it can make cookies
IN_TIME = "import runpy, tests; runpy.run_module('webapp', run_name='__main__', alter_sys=True)"  # the tests' time
GUARDED = ("-c", IN_TIME, "serve", "--no-background")
UNGUARDED = ("-m", "tests.load.unguarded")
PATIENCE_SECONDS = 120


@contextmanager
def serve(url: str, folder: Path, command: tuple[str, ...] = GUARDED) -> Iterator[int]:
    """Start the server with settings of its environment, wait until it answers, and give its port."""
    port = _free_port()
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, *command, "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, **_environment(url, folder, port)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_it_answers(port, server, folder)
            yield port
        finally:
            server.terminate()
            server.wait(timeout=PATIENCE_SECONDS)


def _environment(url: str, folder: Path, port: int) -> dict[str, str]:
    return {
        "MAILLAGE_ENV": "production",
        "MAILLAGE_DATA_DIR": str(folder),
        "MAILLAGE_DATABASE_URL": url,
        "MAILLAGE_SECRET_KEY": SECRET_KEY,
        "MAILLAGE_ENCRYPTION_KEYS": os.environ.get("MAILLAGE_TEST_KEY", ENCRYPTION_KEY),
        "MAILLAGE_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_it_answers(port: int, server: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
            connection.request("GET", "/")
            answer = connection.getresponse()
            connection.close()
        except OSError:
            time.sleep(0.05)
            continue
        assert answer.status == 200
        return
    raise AssertionError(f"the server did not start: {(folder / 'server.log').read_text()}")
