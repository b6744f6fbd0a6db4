"""What a process keeps in memory of people's texts: what it learned of them and read in them, while all are known here.

As soon as somebody was forgotten, the next search, run or comparison lets go of all of it and reads anew: what is
learned holds words of everybody together.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from matcher.text import TextSimilarity, forget_texts

# A text model holds some hundred kilobytes; a server shows the associations that work on it now.
MODELS_KEPT = 32
# Learning from two hundred texts takes a twentieth of a second, and tells rare words from common ones well enough.
TEXTS_LEARNED = 200


@dataclass(slots=True)
class Memory:
    """The models learned, by what they were learned from, and how many had been forgotten then."""

    models: dict[Hashable, TextSimilarity] = field(default_factory=dict)
    forgotten: int = 0


_memory = Memory()


def let_go(forgotten: int) -> None:
    """Let go of all texts if somebody was forgotten since; to be counted before any text is read."""
    if forgotten > _memory.forgotten:
        _memory.models.clear()
        forget_texts()
        _memory.forgotten = forgotten


def learn_run(run_id: UUID | None, read: Callable[[], Sequence[str]]) -> TextSimilarity:
    """Give the text model of the people of a run, learned once per process; without a run it is learned each time."""

    def learn() -> TextSimilarity:
        texts = read()
        return TextSimilarity().fit(texts[:: max(1, len(texts) // TEXTS_LEARNED)])

    return learn() if run_id is None else _learn_once(run_id, learn)


def learn_texts(texts: frozenset[str]) -> TextSimilarity:
    """Learn from texts; where one search follows another, they are often the very same."""
    return _learn_once(texts, lambda: TextSimilarity().fit(texts))


def _learn_once(what: Hashable, learn: Callable[[], TextSimilarity]) -> TextSimilarity:
    known = _memory.models.pop(what, None)
    model = learn() if known is None else known
    _memory.models[what] = model  # the last one used is the last to go
    while len(_memory.models) > MODELS_KEPT:
        _memory.models.pop(next(iter(_memory.models)), None)
    return model
