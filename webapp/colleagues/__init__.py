"""Colleagues: who runs an association, and accounts closed and opened again, for its coordinators."""

from flask import Blueprint

bp = Blueprint("colleagues", __name__, url_prefix="/colleagues")

from webapp.colleagues import routes  # noqa: E402, F401 - binds the routes to the blueprint
