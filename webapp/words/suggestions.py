"""A kept suggestion in words, for files."""

from models.match_runs import Suggestion
from webapp.words.engine import component_label, reason_words


def describe_suggestion(suggestion: Suggestion) -> tuple[tuple[tuple[str, float], ...], tuple[str, ...]]:
    """Give the labelled components and the reasons of a suggestion, in the language of the moment."""
    components = tuple((component_label(part["name"]), float(part["value"])) for part in suggestion.components)
    return components, tuple(map(reason_words, suggestion.reasons))
