"""A supporter's own places, pause and profile."""

from flask import Blueprint

bp = Blueprint("availability", __name__, url_prefix="/my-availability")

from webapp.availability import routes  # noqa: E402, F401 - binds the routes to the blueprint
