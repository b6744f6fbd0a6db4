"""What the French pages say for a sentence of the code, so that a test names a button as the code does."""

import gettext
from functools import lru_cache
from pathlib import Path

import webapp
from webapp.translation import fill

TRANSLATIONS = Path(webapp.__file__).parent / "translations"


@lru_cache(maxsize=1)
def _catalogue() -> gettext.NullTranslations:
    return gettext.translation("messages", TRANSLATIONS, languages=["fr"])


def say(sentence: str, **values: object) -> str:
    """Give the French of a sentence; one that the code does not know is a mistake of the test."""
    french = _catalogue().gettext(sentence)
    assert french != sentence, f"the catalogue does not know: {sentence}"
    return fill(french, values) if values else french
