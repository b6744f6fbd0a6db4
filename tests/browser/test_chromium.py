"""The tests' own eyes: what they look at has come whole."""

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import list_violations, turn
from tests.browser.conftest import serve

pytestmark = pytest.mark.browser
HEAD = '<!doctype html><html lang="en"><head><title>A page</title></head><body><main><h1>A page</h1>'
PAGES = {"/": [HEAD, '<a href="/late">Go on</a></main></body></html>'], "/late": [HEAD, "<p><img src='data:,'></p>"]}
PAUSE = 0.2  # seconds between the beginning of an answer and its end


def answer_late(environ: dict, start_response: Callable) -> Iterator[bytes]:
    """Begin an answer at once, and give the page in two pieces, each after a pause."""
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    yield b" "
    for piece in PAGES.get(environ["PATH_INFO"], []):
        time.sleep(PAUSE)
        yield piece.encode()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """The first page of a server that takes its time."""
    serving = serve(answer_late)
    page = chromium.new_page(base_url=next(serving))
    page.goto("/")
    yield page
    page.close()
    next(serving, None)


def test_axe_waits_for_a_page_that_has_only_begun(page: Page) -> None:
    page.click("text=Go on")
    assert [line.split(" ")[0] for line in list_violations(page)] == ["image-alt"]


def test_a_page_that_was_turned_has_come_to_its_end(page: Page) -> None:
    turn(page, "text=Go on")
    assert page.locator("img").count() == 1
