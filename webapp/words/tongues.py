"""Words in a language other than the page's: each says in which, so that a screen reader pronounces it right."""

from collections.abc import Sequence

from markupsafe import Markup, escape

from models.accounts import Locale
from webapp.locale import current_locale
from webapp.words.week import join_words


def french(words: str) -> str:
    """Mark French words, such as the official name of a trade, on a page in another language."""
    if not words or current_locale() == Locale.FRENCH:
        return words
    return Markup('<span lang="fr">{}</span>').format(words)


def join_french(words: Sequence[str]) -> Markup:
    """Join French words as the page's language does, each marked."""
    return Markup(join_words([str(escape(french(word))) for word in words]))  # noqa: S704 - each is escaped


def mark_french(sentence: str, words: str) -> Markup:
    """Mark French words inside a sentence that holds them."""
    if not words:
        return escape(sentence)
    return Markup(str(escape(sentence)).replace(str(escape(words)), str(escape(french(words)))))  # noqa: S704 - escaped
