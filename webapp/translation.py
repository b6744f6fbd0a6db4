"""The one place where sentences are translated and filled: what French joins to a name is joined here."""

from collections.abc import Mapping

from flask import Flask
from flask_babel import LazyString, get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from webapp.typography import elide


def fill(sentence: str | LazyString, values: Mapping[str, object]) -> str:
    """Fill the placeholders of a sentence that is translated."""
    return elide(str(sentence), values) % values


def gettext(sentence: str, **values: object) -> str:
    """Translate a sentence and fill its placeholders."""
    translated = str(get_translations().ugettext(sentence))
    return fill(translated, values) if values else translated


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """Translate a sentence that counts; `num` is a placeholder too."""
    return fill(get_translations().ungettext(one, many, num), {"num": num, **values})


def pgettext(context: str, sentence: str, **values: object) -> str:
    """Translate a word that is said differently in one context."""
    translated = str(get_translations().upgettext(context, sentence))
    return fill(translated, values) if values else translated


def register_sentences(app: Flask) -> None:
    """Let templates fill their sentences as the code does, with what they are given escaped in pages."""
    app.jinja_env.globals.update(gettext=_write, ngettext=_write_number, pgettext=_write_in_context)


@pass_eval_context
def _write(page: EvalContext, sentence: str, /, **values: object) -> str:
    return _fill_page(page, get_translations().ugettext(sentence), values)


@pass_eval_context
def _write_number(page: EvalContext, one: str, many: str, num: int, /, **values: object) -> str:
    return _fill_page(page, get_translations().ungettext(one, many, num), {"num": num, **values})


@pass_eval_context
def _write_in_context(page: EvalContext, context: str, sentence: str, /, **values: object) -> str:
    return _fill_page(page, get_translations().upgettext(context, sentence), values)


def _fill_page(page: EvalContext, sentence: str, values: Mapping[str, object]) -> str:
    elided = elide(sentence, values)
    return (Markup(elided) if page.autoescape else elided) % values  # noqa: S704 a sentence of the catalogue
