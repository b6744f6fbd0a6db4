"""A browser per test process, and a served app per test."""

import os
import threading
from collections.abc import Iterator
from wsgiref.types import WSGIApplication

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

from tests.browser.chromium import FLAGS, NoBrowserError, find_chromium

REQUIRED = frozenset(os.environ.get("MAILLAGE_REQUIRE", "").split())


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A running Chromium."""
    try:
        path = find_chromium()
    except NoBrowserError as error:
        if "browser" in REQUIRED:
            raise
        pytest.skip(str(error))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The address at which the test's app is served."""
    yield from serve(app)


def serve(app: WSGIApplication) -> Iterator[str]:
    """Serve an app on a free port in a thread, and give its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join(timeout=10)
