"""One person in front of a browser: she follows links, fills forms, presses buttons, and every page is looked at."""

import re
from dataclasses import dataclass, field
from types import TracebackType
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Response

from tests.browser.chromium import PATIENCE_MS, list_violations
from tests.browser.french import say


@dataclass(slots=True)
class Findings:
    """What was seen by everybody of one journey: pages, and what was wrong with them."""

    pages: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)


class Person:
    """A browser of her own, with a name for what is found."""

    def __init__(
        self, browser: Browser, address: str, findings: Findings, name: str, *, size: dict[str, int], scripts: bool
    ) -> None:
        self.name = name
        self._findings = findings
        self._scripts = scripts
        self._address = address
        self._context = browser.new_context(
            viewport=size, locale="fr-FR", java_script_enabled=scripts, base_url=address, reduced_motion="reduce"
        )
        self.page: Page = self._context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: self._note(f"script failed: {error}"))
        self.page.on("response", self._note_response)

    def __enter__(self) -> "Person":
        return self

    def __exit__(self, _kind: type | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self._context.close()

    def go(self, path: str) -> None:
        """Open an address."""
        self.page.goto(path)
        self.look()

    def follow(self, text: str, *, within: Locator | None = None) -> None:
        """Follow a link by what it says, and look at the page that comes."""
        with self.page.expect_navigation():
            (within or self.page).get_by_role("link", name=text).first.click()
        self.look()

    def press(self, text: str, *, within: Locator | None = None) -> None:
        """Press a button that sends a form, and look at the page that comes."""
        with self.page.expect_navigation():
            (within or self.page).get_by_role("button", name=text, exact=True).first.click()
        self.look()

    def open(self, text: str) -> None:
        """Open what is folded."""
        self.page.locator("summary", has_text=text).first.click()
        self.check_access()

    def fill(self, label: str, value: str) -> None:
        """Write into a field, which may be optional."""
        self.page.get_by_label(re.compile(rf"^{re.escape(label)}(\s*\(.*\))?$")).first.fill(value)

    def reads(self, text: str) -> None:
        """Find a text that is visible on the page."""
        found = self.page.locator("main").get_by_text(text)
        assert found.first.is_visible(), f"{self.name} does not read « {text} » on {self.page.url}"

    @property
    def path(self) -> str:
        """Give the path of the page."""
        return urlsplit(self.page.url).path

    def look(self) -> None:
        """Look at a page that has just come: it loads whole, fits the screen, and everybody can use it."""
        self.page.wait_for_load_state("load")
        self._findings.pages.add(f"{self.name} {self.path}")
        heading = self.page.locator("h1")
        assert heading.count() == 1, f"{self.name}: {heading.count()} first headings on {self.path}"
        self.check_access()

    def check_access(self) -> None:
        """Let axe look, and see that nothing is wider than the screen; both need scripts of the test's own."""
        if not self._scripts:
            return
        for violation in list_violations(self.page):
            self._note(f"axe: {violation}")
        if self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            self._note("wider than the screen")

    def _note(self, problem: str) -> None:
        self._findings.problems.append(f"{self.name} on {self.path}: {problem}")

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._note(f"console: {message.text}")

    def _note_response(self, response: Response) -> None:
        if response.status >= 400:
            self._note(f"{response.status} for {response.request.method} {response.url}")


def sign_in(person: Person, email: str, password: str) -> None:
    """Sign in with a password."""
    person.go("/sign-in")
    person.fill(say("Email address"), email)
    person.page.locator("input[type=password]").fill(password)
    person.press(say("Sign in"))
