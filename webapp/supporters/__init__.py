"""Supporters of an association, for its coordinators."""

from flask import Blueprint

bp = Blueprint("supporters", __name__, url_prefix="/supporters")

from webapp.supporters import routes  # noqa: E402, F401 - binds the routes to the blueprint
