"""Entrepreneurs of an association, for its coordinators."""

from flask import Blueprint

bp = Blueprint("entrepreneurs", __name__, url_prefix="/entrepreneurs")

from webapp.entrepreneurs import assisting, choosing, committee, inviting, routes  # noqa: E402, F401 - binds the routes to the blueprint
