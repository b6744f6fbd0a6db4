"""Every page of the demo in a real browser, folded parts open too: axe finds nothing, and nothing is too wide."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from tests.browser.chromium import DESK, PHONE, list_violations
from tests.browser.conftest import serve
from tests.crawl.crawler import Crawler
from tests.crawl.population import Visitor, enter, list_visitors, open_demo

pytestmark = pytest.mark.browser
SIZES = {"coordinator": DESK}
OPEN_EVERYTHING = "for (const part of document.querySelectorAll('details')) part.open = true"
IS_TOO_WIDE = "document.documentElement.scrollWidth > window.innerWidth"


def choose_pages(app: Flask, visitors: list[Visitor]) -> Iterator[tuple[Visitor, list[str]]]:
    """Give each visitor a page of every endpoint that nobody of the same role has opened before."""
    opened: set[tuple[str, str]] = set()
    for visitor in visitors:
        crawl = Crawler(app, enter(app, visitor), most_alike=1).crawl(visitor.who)
        paths = {(visitor.role, visit.endpoint): visit.path for visit in crawl.pages if visit.status == 200}
        yield visitor, [path for page, path in paths.items() if page not in opened]
        opened |= paths.keys()


def look(page: Page) -> list[str]:
    page.evaluate(OPEN_EVERYTHING)
    found = list_violations(page)
    return [*found, "wider than the screen"] if page.evaluate(IS_TOO_WIDE) else found


def test_everybody_can_use_every_page_of_the_demo(chromium: Browser, tmp_path: Path) -> None:
    with open_demo(tmp_path) as app:
        serving = serve(app)
        found, looked_at = look_at_all(chromium, app, next(serving))
        next(serving, None)
    assert found == []
    assert looked_at > 60


def look_at_all(chromium: Browser, app: Flask, address: str) -> tuple[list[str], int]:
    """Open every page as who it is for, and give what is wrong, and the number of pages."""
    found, looked_at = [], 0
    for visitor, paths in choose_pages(app, list_visitors()):
        context = chromium.new_context(viewport=SIZES.get(visitor.role, PHONE), locale="fr-FR", reduced_motion="reduce")
        cookie = enter(app, visitor).get_cookie("session")
        if cookie is not None:
            context.add_cookies([{"name": "session", "value": cookie.value, "url": address}])
        page = context.new_page()
        for path in paths:
            page.goto(address + path)
            found += [f"{visitor.who} {path}: {one}" for one in look(page)]
            looked_at += 1
        context.close()
    return found, looked_at
