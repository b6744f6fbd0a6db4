"""A kept suggestion in words, for files; why others were presented since."""

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from models.match_runs import Suggestion
from models.wall import tell_reasons
from webapp.words.engine import component_label, reason_words

REMATCH_CAUSES: Mapping[str, LazyString] = MappingProxyType(
    {
        "asked": _l("At the wish of a coordinator."),
        "rejected": _l("After a suggestion was set aside."),
        "declined": _l("After a proposal was declined."),
        "returned": _l("After a proposal came back or a pairing ended."),
        "arrived": _l("For somebody who had nobody yet: a new file, or a changed one."),
        "place_opened": _l("Because a place became free."),
        "place_gone": _l("Because a supporter has no place left."),
    }
)


def tell_rematch_cause(cause: str) -> str:
    """Say why open suggestions were matched again; nothing where no cause was kept."""
    return str(REMATCH_CAUSES.get(cause, ""))


def describe_suggestion(
    suggestion: Suggestion, *, lends: bool
) -> tuple[tuple[tuple[str, float], ...], tuple[str, ...]]:
    """Give the labelled components and the reasons of a suggestion, in the language of the moment.

    On the lending side nothing of them tells a stage that is not told there.
    """
    components = tuple(
        (component_label(part["name"]), float(part["value"]))
        for part in suggestion.components
        if not (lends and part["name"] == "stage")
    )
    return components, tuple(map(reason_words, tell_reasons(suggestion.reasons, lends=lends)))
