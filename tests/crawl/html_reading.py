"""What a page says and how it is built, read from its source as a browser would read it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
# What ends a paragraph that is still open: the end tag that follows would make an empty one.
NOT_IN_PARAGRAPH = frozenset(
    {"article", "aside", "details", "div", "dl", "fieldset", "footer", "form", "header", "hr", "main", "nav", "ol", "p"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "address", "blockquote", "pre", "section", "table", "ul"}
)
REFERENCES = ("for", "aria-describedby", "aria-labelledby", "aria-controls")
SPOKEN = ("title", "aria-label", "placeholder", "alt")
UNSEEN = frozenset({"script", "style", "template"})
CODE = frozenset({"code"})  # headers of files, which are the same in every language
FIELDS = frozenset({"input", "select", "textarea"})
NEEDS_NO_LABEL = frozenset({"hidden", "submit", "button", "reset", "image"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form that a person fills."""

    name: str
    id: str
    has_label: bool


@dataclass(slots=True)
class Page:
    """What was found in one page."""

    language: str = ""
    title: str = ""
    headings: list[tuple[int, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    labelled: set[str] = field(default_factory=set)
    fields: list[Field] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._open: list[str] = []
        self._said: list[list[str]] = []
        self._foreign: list[bool] = []  # inside an element that says which language it is in

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if "p" in self._open and tag in NOT_IN_PARAGRAPH:
            self.page.faults.append(f"<{tag}> inside <p>")
        self._note(tag, values)
        if tag in VOID:
            return
        self._open.append(tag)
        self._said.append([values["aria-label"]] if "aria-label" in values else [])
        self._foreign.append(values.get("lang", self.page.language) != self.page.language)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1] != tag:
            self.page.faults.append(f"</{tag}> closes <{self._open[-1] if self._open else 'nothing'}>")
            if tag not in self._open:
                return
        while self._open:
            closed, said, _ = self._open.pop(), " ".join(self._said.pop()).strip(), self._foreign.pop()
            self._close(closed, " ".join(said.split()))
            if self._said and said:
                self._said[-1].append(said)
            if closed == tag:
                return

    def handle_data(self, data: str) -> None:
        if not self._open or not data.strip():
            return
        if not UNSEEN & set(self._open):
            self._said[-1].append(data)
        if not (UNSEEN | CODE | {"head"}) & set(self._open) and not any(self._foreign):
            self.page.texts.append(" ".join(data.split()))

    def _note(self, tag: str, values: dict[str, str]) -> None:
        page = self.page
        if tag == "html":
            page.language = values.get("lang", "")
        if tag == "img" and "alt" not in values:
            page.faults.append("image without alt")
        if tag in FIELDS and values.get("type", "text") not in NEEDS_NO_LABEL:
            named = "label" in self._open or "aria-label" in values or "aria-labelledby" in values
            page.fields.append(Field(name=values.get("name", ""), id=values.get("id", ""), has_label=named))
        if not any(self._foreign):
            page.texts.extend(values[name] for name in SPOKEN if values.get(name))
        self._note_addresses(tag, values)
        self._note_ids(values)

    def _note_addresses(self, tag: str, values: dict[str, str]) -> None:
        page = self.page
        page.links.extend(values[name] for name in ("href", "hx-get") if name in values and tag != "link")
        if tag == "form":
            (page.actions if values.get("method") == "post" else page.links).append(values.get("action", ""))

    def _note_ids(self, values: dict[str, str]) -> None:
        page = self.page
        page.ids.extend([values["id"]] if "id" in values else [])
        page.labelled.update([values["for"]] if "for" in values else [])
        for name in REFERENCES:
            page.references.extend(values.get(name, "").split())

    def _close(self, tag: str, said: str) -> None:
        if tag == "title" and "svg" not in self._open:
            self.page.title = said
        elif len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.page.headings.append((int(tag[1]), said))
        elif tag in ("a", "button", "summary", "th", "legend", "label", "option", "h1") and not said and tag != "th":
            self.page.silent.append(tag)


def read_page(source: str) -> Page:
    """Read a page."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    reader.page.faults.extend(f"<{tag}> never closed" for tag in reader._open)
    return reader.page


def find_faults(page: Page) -> list[str]:
    """Name what is wrong in how a page is built."""
    faults = list(dict.fromkeys(page.faults))
    ids = set(page.ids)
    faults += sorted({f"id {one} twice" for one in page.ids if page.ids.count(one) > 1})
    faults += sorted({f"nothing has the id {one}" for one in page.references if one not in ids})
    inner = {link[1:] for link in page.links if link.startswith("#") and len(link) > 1}
    faults += sorted({f"nothing has the id {one}" for one in inner if one not in ids})
    faults += [
        f"field {one.name} has no label" for one in page.fields if not one.has_label and one.id not in page.labelled
    ]
    faults += [f"<{tag}> says nothing" for tag in page.silent]
    ones = [text for level, text in page.headings if level == 1]
    if len(ones) != 1 or not ones[0]:
        faults.append(f"{len(ones)} first headings: {ones}")
    if not page.title.removesuffix("· Maillage").strip():
        faults.append("no title")
    if not page.language:
        faults.append("no language")
    levels = [level for level, _text in page.headings]
    faults += [f"h{after} after h{before}" for before, after in pairwise(levels) if after > before + 1]
    return faults
