"""A form that was sent twice leads to what its first sending made."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from models.exceptions import RepeatedRequestError
from webapp.errors import describe


def posted_form_key() -> str | None:
    """Give the key of the form that was sent."""
    return request.form.get("form_key")


def show_first_outcome(error: RepeatedRequestError, endpoint: str) -> ResponseReturnValue:
    """Send on to the page of what was made, and say that it counted once.

    Raises
    ------
    RepeatedRequestError
        If nobody knows what was made: the key was somebody else's.
    """
    made = error.facts.get("outcome")
    if not made:
        raise error
    flash(describe(error).what, "warning")
    return redirect(url_for(endpoint, public_id=made), code=303)
