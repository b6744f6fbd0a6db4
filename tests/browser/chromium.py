"""A real Chromium for the tests: the installed one, else installed from the system's packages."""

import os
import shutil
import subprocess
from pathlib import Path

from playwright.sync_api import Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
PATIENCE_MS = 30_000  # one sees a slow machine finish, and waits for nothing on a quick one
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RUN_AXE = """async () => {
    const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const found = await axe.run(document, {runOnly: rules});
    return found.violations.map(v => `${v.id} (${v.impact}): ${v.nodes.map(n => n.target.join(" ")).join(" | ")}`);
}"""


class NoBrowserError(RuntimeError):
    """No Chromium is here and none could be installed."""


def find_chromium() -> str:
    """Give the path of Chromium, installing it from the system's packages when we may.

    Raises
    ------
    NoBrowserError
        If there is none and none can be installed.
    """
    if (found := _installed()) is not None:
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]):
            subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        if (found := _installed()) is not None:
            return found
    raise NoBrowserError("no Chromium is installed here, and none could be installed: `apt-get install chromium`")


def turn(page: Page, selector: str) -> None:
    """Click on what leads to another page, and wait until that page has come whole.

    A bare click waits until an answer begins, not until it has ended: who reads then may see half a page, or none.
    """
    with page.expect_navigation():
        page.click(selector)


def list_violations(page: Page) -> list[str]:
    """Run axe on the page once it is whole, and give what it finds as lines."""
    page.wait_for_load_state("load")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return page.evaluate(RUN_AXE)


def _installed() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)
