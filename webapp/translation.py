"""Flask-Babel's functions with their types: the one place that knows it for sentences made at once."""

from flask_babel import gettext as babel_gettext
from flask_babel import ngettext as babel_ngettext
from flask_babel import pgettext as babel_pgettext


def gettext(sentence: str, **values: object) -> str:
    """Translate a sentence and fill its placeholders."""
    return str(babel_gettext(sentence, **values))


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """Translate a sentence that counts; `num` is a placeholder too."""
    return str(babel_ngettext(one, many, num, **values))


def pgettext(context: str, sentence: str, **values: object) -> str:
    """Translate a word that is said differently in one context."""
    return str(babel_pgettext(context, sentence, **values))
