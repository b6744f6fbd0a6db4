"""Flask-Babel's functions with their types: the one place that knows it for sentences made at once."""

from flask_babel import gettext as babel_gettext
from flask_babel import ngettext as babel_ngettext


def gettext(sentence: str, **values: object) -> str:
    """Translate a sentence and fill its placeholders."""
    return str(babel_gettext(sentence, **values))


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """Translate a sentence that counts; `num` is a placeholder too."""
    return str(babel_ngettext(one, many, num, **values))
