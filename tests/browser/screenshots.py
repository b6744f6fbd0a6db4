"""Pictures of the screens, from the small demo on a fixed day: `python -m tests.browser.screenshots docs/screenshots`.

Without `--all` the few that README shows; with it, one of every page that each role can reach, whole, at both sizes.
"""

import argparse
import logging
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from webapp import clock

DAY = date(2026, 11, 23)
MORNING = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
# Before anything else reads the clock: the demo, its deadlines and its pages all live on one day.
clock.utc_now = lambda: MORNING

from tests.browser.chromium import DESK, FLAGS, PHONE, find_chromium  # noqa: E402
from tests.browser.conftest import serve  # noqa: E402
from tests.crawl.crawler import Crawler  # noqa: E402
from tests.crawl.population import Visitor, enter, list_visitors, open_demo  # noqa: E402

LARGEST_BYTES = 140_000
SIZES = {"phone": PHONE, "desk": DESK}
README_DESK_WIDTH = 1140  # README shows them smaller than they are


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One picture of README: whose screen, which page, which size."""

    name: str
    role: str
    endpoint: str
    size: str
    height: int


README = (
    Shot(name="suggestions-desk", role="coordinator", endpoint="suggestions.index", size="desk", height=760),
    Shot(name="suggestion-desk", role="coordinator", endpoint="suggestions.show", size="desk", height=760),
    Shot(name="dashboard-desk", role="coordinator", endpoint="dashboard.index", size="desk", height=760),
    Shot(name="pairing-phone", role="supporter", endpoint="pairings.show", size="phone", height=900),
    Shot(name="steps-phone", role="entrepreneur", endpoint="steps.index", size="phone", height=900),
    Shot(name="session-phone", role="entrepreneur", endpoint="bookings.show", size="phone", height=900),
)


class Studio:
    """A browser in front of the demo."""

    def __init__(self, app: Flask, browser: Browser, address: str, folder: Path) -> None:
        self._app = app
        self._browser = browser
        self._address = address
        self._folder = folder

    def take_for_readme(self) -> None:
        """Take the pictures of README, each of a person to whom something is happening."""
        visitors = list_visitors()
        for shot in README:
            visitor = choose_visitor(visitors, shot.role)
            path = next(path for endpoint, path in self._paths(visitor) if endpoint == shot.endpoint)
            width = README_DESK_WIDTH if shot.size == "desk" else PHONE["width"]
            target = self._folder / f"{shot.name}.png"
            self._take(visitor, [(path, target)], size={"width": width, "height": shot.height}, whole=False)
            if target.stat().st_size > LARGEST_BYTES:
                sys.exit(f"{target} has {target.stat().st_size:,} bytes: too large for README")

    def take_all(self) -> None:
        """Take every page once per role and size, from top to bottom."""
        for visitor in self._one_per_page():
            pages = list(self._new_paths(visitor))
            for name, size in SIZES.items():
                shots = [(path, self._folder / f"{visitor.role}-{page}-{name}.jpg") for page, path in pages]
                self._take(visitor, shots, size=size, whole=True)

    def _one_per_page(self) -> Iterator[Visitor]:
        self._taken: set[tuple[str, str]] = set()
        yield from list_visitors()

    def _new_paths(self, visitor: Visitor) -> Iterator[tuple[str, str]]:
        for endpoint, path in self._paths(visitor):
            page = endpoint.replace(".", "-") + ("" if endpoint != "profile.edit" else path.rsplit("/", 1)[-1])
            if (visitor.role, page) not in self._taken and not endpoint.startswith("messages.outbox"):
                self._taken.add((visitor.role, page))
                yield page, path

    def _paths(self, visitor: Visitor) -> list[tuple[str, str]]:
        crawl = Crawler(self._app, enter(self._app, visitor), most_alike=2).crawl(visitor.who)
        return [(visit.endpoint, visit.path) for visit in crawl.pages if visit.status == 200]

    def _take(self, visitor: Visitor, shots: list[tuple[str, Path]], *, size: dict[str, int], whole: bool) -> None:
        context = self._browser.new_context(viewport=size, locale="fr-FR", reduced_motion="reduce")
        self._give_cookie(context, visitor)
        page = context.new_page()
        for path, target in shots:
            page.goto(self._address + path)
            kind = {"type": "jpeg", "quality": 70} if target.suffix == ".jpg" else {"type": "png"}
            page.screenshot(path=target, full_page=whole, caret="initial", animations="disabled", **kind)
        context.close()

    def _give_cookie(self, context: BrowserContext, visitor: Visitor) -> None:
        cookie = enter(self._app, visitor).get_cookie("session")
        if cookie is not None:
            context.add_cookies([{"name": "session", "value": cookie.value, "url": self._address}])


def choose_visitor(visitors: list[Visitor], role: str) -> Visitor:
    """Choose the person of a role to whom most is happening."""
    situations = {"coordinator": "", "supporter": "(pairing proposed)", "entrepreneur": "(pairing proposed)"}
    mine = [visitor for visitor in visitors if visitor.role == role]
    return next((visitor for visitor in mine if visitor.who.endswith(situations[role])), mine[0])


def main() -> int:
    """Make the demo, serve it, and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--all", action="store_true", help="Every page of every role, at both sizes.")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with (
        tempfile.TemporaryDirectory() as folder,
        open_demo(Path(folder), today=DAY) as app,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        serving = serve(app)
        studio = Studio(app, browser, next(serving), chosen.folder)
        (studio.take_all if chosen.all else studio.take_for_readme)()
        browser.close()
        next(serving, None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
