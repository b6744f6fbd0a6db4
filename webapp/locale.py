"""Which language and direction a page has."""

from babel.core import negotiate_locale
from flask import has_request_context, request, session
from flask_babel import get_locale as babel_locale
from flask_login import current_user

from models.accounts import Locale

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "ur"})
LOCALE_KEY = "locale"


def choose_locale() -> str:
    """Give the account's language, else the one chosen on this device, else the browser's, else French."""
    if not has_request_context():
        return Locale.FRENCH.value
    if current_user.is_authenticated:
        return str(current_user.actor.locale)
    chosen = session.get(LOCALE_KEY)
    if chosen in Locale.__members__.values():
        return str(chosen)
    wanted = [language.replace("-", "_") for language in request.accept_languages.values()]
    return negotiate_locale(wanted, [member.value for member in Locale]) or Locale.FRENCH.value


def keep_locale(locale: Locale) -> None:
    """Remember the language on this device."""
    session[LOCALE_KEY] = locale.value


def current_locale() -> str:
    """Give the language of what is being written now: of the request, or the one that was forced for a message."""
    return str(babel_locale() or Locale.FRENCH.value)


def text_direction(locale: str) -> str:
    """Give `rtl` or `ltr`."""
    return "rtl" if locale.split("_")[0] in RIGHT_TO_LEFT else "ltr"
