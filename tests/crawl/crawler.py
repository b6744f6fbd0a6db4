"""Follow every link as one person, and keep for each page what it answered, showed, and asked of the database."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

from flask import Flask
from sqlalchemy import event
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from models.db import db
from tests.browsing import Browser
from tests.crawl.html_reading import Page, read_page
from webapp.spreadsheets import Kind

# Pages of one endpoint that one person opens; links beyond are known to be of the same kind.
MOST_ALIKE = 8
# What was written to everybody: its links are for whom it was written to.
LETTERS = frozenset({"messages.outbox"})
MOST_REDIRECTS = 3
BEGINS = re.compile(r"^\s*(BEGIN|COMMIT|ROLLBACK|PRAGMA|SAVEPOINT)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One page that was asked for; `asked` is the endpoint before redirects."""

    path: str
    endpoint: str
    asked: str
    status: int
    linked_from: str | None
    statements: tuple[str, ...]
    milliseconds: float
    page: Page | None


@dataclass(slots=True)
class Crawl:
    """What one person can reach."""

    who: str
    visits: list[Visit] = field(default_factory=list)

    @property
    def pages(self) -> list[Visit]:
        """Give the visits that were answered with a page."""
        return [visit for visit in self.visits if visit.page is not None]


class Crawler:
    """One signed-in browser, the queue of what it still has to open, and what it knows of each address."""

    def __init__(self, app: Flask, client: Browser, *, most_alike: int = MOST_ALIKE) -> None:
        self._app = app
        self._most_alike = most_alike
        self._client = client
        self._adapter = app.url_map.bind("localhost")
        self._queue: deque[tuple[str, str | None]] = deque()
        self._known: set[str] = set()
        self._alike: Counter[tuple[str, frozenset[str]]] = Counter()
        self._ids: dict[str, list[str]] = {}

    def crawl(self, who: str, start: str = "/") -> Crawl:
        """Follow links from the first page on, then try every route that can be filled with what pages showed."""
        found = Crawl(who=who)
        self._add(start, None)
        self._follow(found)
        for path in list(self._filled_routes()):
            self._add(path, None)
        self._follow(found)
        return found

    def _follow(self, found: Crawl) -> None:
        while self._queue:
            path, source = self._queue.popleft()
            visit = self._open(path, source)
            found.visits.append(visit)
            if visit.page is not None and visit.endpoint not in LETTERS:
                for link in (*visit.page.links, *visit.page.actions):
                    self._note_ids(path, link)
                for link in visit.page.links:
                    self._add(urljoin(path, link), path)

    def _open(self, path: str, source: str | None) -> Visit:
        asked = path
        for _ in range(MOST_REDIRECTS):
            with count_statements() as statements:
                begun = perf_counter()
                answer = self._client.get(asked)
                milliseconds = (perf_counter() - begun) * 1000
            if not 300 <= answer.status_code < 400:
                break
            asked = urljoin(asked, answer.headers["Location"])
        is_page = answer.mimetype == "text/html" and "<html" in answer.text[:200]
        return Visit(
            path=asked,
            endpoint=self._endpoint(urlsplit(asked).path) or "",
            asked=self._endpoint(urlsplit(path).path) or "",
            status=answer.status_code,
            linked_from=source,
            statements=tuple(text for text in statements if not BEGINS.match(text)),
            milliseconds=milliseconds,
            page=read_page(answer.text) if is_page else None,
        )

    def _add(self, address: str, source: str | None) -> None:
        parts = urlsplit(address)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        if parts.netloc or parts.scheme or not path.startswith("/") or path in self._known:
            return
        endpoint = self._endpoint(parts.path)
        if endpoint == "static":
            return
        self._known.add(path)
        kind = (endpoint or path, frozenset(parse_qs(parts.query)))
        self._alike[kind] += 1
        if self._alike[kind] <= self._most_alike:
            self._queue.append((path, source))

    def _endpoint(self, path: str) -> str | None:
        try:
            return self._adapter.match(path, method="GET")[0]
        except (HTTPException, RequestRedirect):
            return None

    def _note_ids(self, path: str, link: str) -> None:
        for method in ("GET", "POST"):
            try:
                endpoint, values = self._adapter.match(urlsplit(urljoin(path, link)).path, method=method)
            except (HTTPException, RequestRedirect):
                continue
            if "public_id" in values:
                known = self._ids.setdefault(endpoint.split(".")[0], [])
                if str(values["public_id"]) not in known:
                    known.append(str(values["public_id"]))

    def _filled_routes(self) -> Iterator[str]:
        """Fill the arguments of routes with ids that pages of the same blueprint showed."""
        for rule in self._app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
                continue
            for values in self._values(rule):
                yield self._adapter.build(rule.endpoint, values)

    def _values(self, rule: Any) -> list[dict[str, str]]:
        if rule.arguments == {"public_id"}:
            return [{"public_id": one} for one in self._ids.get(rule.endpoint.split(".")[0], [])[:2]]
        if rule.arguments == {"kind"}:
            return [{"kind": kind.value} for kind in Kind]
        return [] if rule.arguments else [{}]


@contextmanager
def count_statements() -> Iterator[list[str]]:
    """Keep the statements that a block sends to the database."""
    texts: list[str] = []

    def record(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        texts.append(statement)

    event.listen(db.engine, "before_cursor_execute", record)
    try:
        yield texts
    finally:
        event.remove(db.engine, "before_cursor_execute", record)
