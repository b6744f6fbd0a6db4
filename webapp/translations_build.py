"""Build the French catalogue: `python -m webapp.translations_build`.

Sentences are written in English in the code; each part of the app brings their French in a file of its own,
`webapp/translations/parts/NAME.po`. This command collects the sentences, joins the parts, writes and compiles
`fr/LC_MESSAGES/messages.po`, and lists whatever is missing, unused, contradictory or unsafe. `--todo` prints what is
missing in the form that a part file wants; `--check` writes nothing and fails when anything would change.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from webapp.typography import set_spaces

WEBAPP = Path(__file__).resolve().parent
TRANSLATIONS = WEBAPP / "translations"
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
OPTIONS = {"templates/**.html": {"silent": "false"}, "templates/**.txt": {"silent": "false"}}
KEYWORDS: dict[str, Any] = {
    **DEFAULT_KEYWORDS,
    "_l": None,
    "_n": (1, 2),
    "_ln": (1, 2),
    "_p": ((1, "c"), 2),
    "_lp": ((1, "c"), 2),
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
}
# The catalogue says the same whenever it is built: its header carries no clock.
NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%%|%")
ENTRY = re.compile(r'(?:^msgctxt .*\n)?^msgid .*(?:\n".*)*', re.MULTILINE)
HEADER = "# French of Maillage. Made by `python -m webapp.translations_build` from the files in parts/: change those."

Identity = tuple[str | None, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of the code, with where it stands."""

    text: str
    plural: str | None
    context: str | None
    places: tuple[str, ...]

    @property
    def identity(self) -> Identity:
        """Give what a catalogue finds it by."""
        return (self.context, self.text)


@dataclass(slots=True, kw_only=True)
class Build:
    """A catalogue and what is wrong with it."""

    catalog: Catalog
    missing: list[Sentence] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def po(self) -> bytes:
        """Write the catalogue as people read it, the same bytes each time."""
        buffer = BytesIO()
        write_po(buffer, self.catalog, width=110, no_location=True, omit_header=True, sort_output=True)
        lines = [
            HEADER,
            'msgid ""',
            'msgstr ""',
            '"Language: fr\\n"',
            '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"',
            '"Content-Type: text/plain; charset=utf-8\\n"',
            "",
            "",
        ]
        return "\n".join(lines).encode() + buffer.getvalue()

    def mo(self) -> bytes:
        """Compile the catalogue."""
        buffer = BytesIO()
        write_mo(buffer, self.catalog)
        return buffer.getvalue()


def collect_sentences(folder: Path = WEBAPP) -> dict[Identity, Sentence]:
    """Collect every sentence that the code and the templates show."""
    found: dict[Identity, Sentence] = {}
    extracted = extract_from_dir(folder, METHODS, OPTIONS, KEYWORDS, strip_comment_tags=True)
    for filename, line, message, _comments, context in extracted:
        text, plural = (message[0], message[1]) if isinstance(message, tuple) else (message, None)
        if not text:
            continue
        known = found.get((context, text))
        places = (*(known.places if known else ()), f"webapp/{filename}:{line}")
        plural = plural or (known.plural if known else None)
        found[context, text] = Sentence(text=text, plural=plural, context=context, places=places)
    return found


def read_parts(folder: Path = TRANSLATIONS / "parts") -> tuple[dict[Identity, tuple[str, Message]], list[str]]:
    """Read the part files; say what they contradict each other or themselves in."""
    entries: dict[Identity, tuple[str, Message]] = {}
    problems: list[str] = []
    for path in sorted(folder.glob("*.po")):
        problems += [f"{path.name}: written twice: {text}" for text in _repeated(path.read_text(encoding="utf-8"))]
        with path.open("rb") as file:
            part = read_po(file, locale="fr", abort_invalid=True)
        for message in part:
            if not message.id:
                continue
            key = (message.context, _first(message.id))
            if key in entries and _strings(entries[key][1]) != _strings(message):
                problems.append(f"{path.name} and {entries[key][0]} translate {key[1]!r} differently")
            entries.setdefault(key, (path.name, message))
    return entries, problems


def build(folder: Path = WEBAPP, parts: Path = TRANSLATIONS / "parts") -> Build:
    """Join the sentences and their French."""
    sentences = collect_sentences(folder)
    entries, problems = read_parts(parts)
    made = Build(catalog=Catalog(locale="fr", fuzzy=False, creation_date=NO_DATE), problems=problems)
    for key, sentence in sorted(sentences.items(), key=lambda item: (item[0][1], item[0][0] or "")):
        if key not in entries:
            made.missing.append(sentence)
            continue
        part, message = entries[key]
        faults = list(_faults(sentence, message))
        made.problems += [f"{part}: {sentence.text!r}: {fault}" for fault in faults]
        if not faults:
            text: Any = (sentence.text, sentence.plural) if sentence.plural else sentence.text
            made.catalog.add(text, _typeset(message), context=sentence.context, flags=message.flags & {"python-format"})
    made.problems += [f"{entries[key][0]}: unused: {key[1]!r}" for key in sorted(entries.keys() - sentences, key=str)]
    return made


def _typeset(message: Message) -> str | tuple[str, ...]:
    """Give the French of a part file as it is shown: those who write it type plain spaces."""
    strings = tuple(set_spaces(string) for string in _strings(message))
    return strings[0] if isinstance(message.string, str) else strings


def _faults(sentence: Sentence, message: Message) -> Iterator[str]:
    strings = _strings(message)
    if "fuzzy" in message.flags:
        yield "marked fuzzy"
    if not all(strings):
        yield "not translated"
        return
    if (sentence.plural is not None) != (len(strings) == 2):
        yield "one form where two are wanted, or two where one is"
        return
    allowed = _placeholders(sentence.text) | _placeholders(sentence.plural or "")
    for string in strings:
        used = _placeholders(string)
        # One of « one person » may leave the number out; no other placeholder may appear or vanish.
        if used - allowed or (allowed - used) - ({"num"} if sentence.plural else set()):
            yield f"placeholders differ: {sorted(allowed)} and {sorted(used)}"
        if _has_lone_percent(string) and allowed:
            yield "a % that is no placeholder must be written %%"


def _placeholders(text: str) -> set[str]:
    return {match.group(1) for match in PLACEHOLDER.finditer(text) if match.group(1)}


def _has_lone_percent(text: str) -> bool:
    return any(match.group() == "%" for match in PLACEHOLDER.finditer(text))


def _first(text: str | tuple[str, ...] | list[str]) -> str:
    return text if isinstance(text, str) else text[0]


def _strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def _repeated(text: str) -> list[str]:
    """Find entries written twice in one file, which Babel would join without a word."""
    counted = Counter(match.group() for match in ENTRY.finditer(text))
    return [entry for entry, times in counted.items() if times > 1]


def write_todo(missing: Iterable[Sentence]) -> Iterator[str]:
    """Write what is missing as entries of a part file, to be filled in."""
    for sentence in sorted(missing, key=lambda one: one.places):
        yield f"#: {' '.join(sentence.places)}"
        if sentence.context:
            yield f"msgctxt {_quote(sentence.context)}"
        yield f"msgid {_quote(sentence.text)}"
        if sentence.plural:
            yield from (f"msgid_plural {_quote(sentence.plural)}", 'msgstr[0] ""', 'msgstr[1] ""', "")
        else:
            yield from ('msgstr ""', "")


def _quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


@lru_cache(maxsize=1)
def _targets() -> tuple[Path, Path]:
    folder = TRANSLATIONS / "fr" / "LC_MESSAGES"
    return folder / "messages.po", folder / "messages.mo"


def is_up_to_date(made: Build) -> bool:
    """Say whether the files in the tree are what would be written."""
    po, mo = _targets()
    return po.exists() and mo.exists() and po.read_bytes() == made.po() and mo.read_bytes() == made.mo()


def main(words: list[str] | None = None) -> int:
    """Build, check or list; 0 when all is well."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when anything would change")
    parser.add_argument("--todo", action="store_true", help="print what is missing as entries of a part file")
    chosen = parser.parse_args(words)
    made = build()
    if chosen.todo:
        print("\n".join(write_todo(made.missing)))
        return 0
    up_to_date = is_up_to_date(made)
    if not chosen.check and not up_to_date:
        po, mo = _targets()
        po.parent.mkdir(parents=True, exist_ok=True)
        po.write_bytes(made.po())
        mo.write_bytes(made.mo())
    report = [f"{sentence.places[0]}: no French: {sentence.text!r}" for sentence in made.missing] + made.problems
    if chosen.check and not up_to_date:
        report.append("messages.po or messages.mo is older than the code: run `python -m webapp.translations_build`")
    print("\n".join([*report, f"{len(made.catalog)} sentences, {len(report)} problems"]))
    return 1 if report else 0


if __name__ == "__main__":
    sys.exit(main())
