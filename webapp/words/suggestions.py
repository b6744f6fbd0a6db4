"""A kept suggestion in words, for files."""

from models.match_runs import Suggestion
from models.wall import tell_reasons
from webapp.words.engine import component_label, reason_words


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
