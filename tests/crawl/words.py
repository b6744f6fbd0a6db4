"""Words that no page may show: the contract's, the machine's, and English where French is known."""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

import webapp

CATALOGUE = Path(webapp.__file__).parent / "translations" / "fr" / "LC_MESSAGES" / "messages.po"
NEVER = (
    ("a word that hurts", re.compile(r"\bfaillites?\b", re.IGNORECASE)),
    ("a word that belittles", re.compile(r"\bmentees?\b", re.IGNORECASE)),
    # A loan that somebody has a right to is no price.
    ("a price", re.compile(r"^(?!.*(?:de 1 000 à 15 000 €)).*(?:€|\beuros?\b)", re.IGNORECASE)),
    ("a value of the machine", re.compile(r"\b(None|undefined|Undefined|True|False|nan|NaN)\b")),
    ("a placeholder", re.compile(r"%\(\w+\)[sd]|\{\{|\}\}|\{%")),
    ("a name of the machine", re.compile(r"(?<![\w@./-])[a-z]+(?:_[a-z]+)+(?![\w@./-])")),
    ("an instant of the machine", re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")),
    ("an object of the machine", re.compile(r"<[A-Z]\w+ |object at 0x|UUID\(")),
)
ENGLISH = re.compile(
    r"\b(the|and|with|your|you|this|that|from|have|will|please|which|there|their|been|already|nothing)\b", re.IGNORECASE
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
FEWEST_LETTERS = 4


@lru_cache(maxsize=1)
def english_sentences() -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """Give the sentences of the code whose French differs: the plain ones, and patterns of those with placeholders."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="fr")
    plain, patterns = set(), []
    for message in catalogue:
        if not message.id:
            continue
        # A French that differs by a space that does not break is the same to look at.
        english, french = ({_fold(one) for one in _strings(part)} for part in (message.id, message.string))
        for folded in english - french:
            if not PLACEHOLDER.search(folded):
                plain.add(folded)
            elif len(re.sub(r"[^a-zA-Z]", "", PLACEHOLDER.sub("", folded))) >= FEWEST_LETTERS:
                parts = (re.escape(part) for part in PLACEHOLDER.split(folded))
                patterns.append(re.compile(".+?".join(parts)))
    french = {_fold(one) for message in catalogue for one in _strings(message.string)}
    return frozenset(plain - french), tuple(patterns)


def _fold(sentence: object) -> str:
    return " ".join(str(sentence).split())


def _strings(value: object) -> Iterable[object]:
    return value if isinstance(value, tuple) else (value,)


def find_wrong_words(texts: Iterable[str], *, own_words: frozenset[str] = frozenset()) -> list[str]:
    """Name what a French page says and should not; what people wrote themselves is theirs."""
    plain, patterns = english_sentences()
    wrong = []
    for text in dict.fromkeys(texts):
        if text in own_words:
            continue
        wrong += [f"{what}: {text[:120]}" for what, pattern in NEVER if pattern.search(text)]
        if text in plain or any(pattern.fullmatch(text) for pattern in patterns) or len(ENGLISH.findall(text)) > 1:
            wrong.append(f"English: {text[:120]}")
    return wrong
