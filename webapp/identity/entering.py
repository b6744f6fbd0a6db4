"""Beginning a sign-in on this device, from whichever page it was made."""

from flask import redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import refresh
from flask_login import login_user

from webapp.identity.destinations import find_page, levels_of
from webapp.identity.sessions import load_signed_in
from webapp.locale import keep_locale
from webapp.services.accounts import SignInOutcome


def enter(outcome: SignInOutcome, *, stay: bool = False, wanted: str = "") -> ResponseReturnValue:
    """Begin the sign-in on this device with nothing left of the session before, and go to where the person works."""
    flashes = session.get("_flashes")
    session.clear()
    if flashes:
        session["_flashes"] = flashes
    keep_locale(outcome.locale)
    session.permanent = stay
    person = load_signed_in(outcome.token)
    login_user(person)
    refresh()  # what follows is said in the account's language
    target = find_page(wanted, levels=levels_of(person.actor)) if person is not None else None
    return redirect(target or url_for("home.index"), code=303)
