"""The delays of an association, for its coordinators."""

from flask import Blueprint

bp = Blueprint("clocks", __name__, url_prefix="/clocks")

from webapp.clocks import routes  # noqa: E402, F401 - binds the routes to the blueprint
