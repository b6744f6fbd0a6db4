"""Answers from a mail in one tap, without a sign-in."""

from flask import Blueprint

bp = Blueprint("one_taps", __name__, url_prefix="/tap")

from webapp.one_taps import routes  # noqa: E402, F401 - binds the routes to the blueprint
