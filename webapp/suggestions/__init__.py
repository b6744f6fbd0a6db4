"""Suggestions: read, approve, reject, choose somebody else."""

from flask import Blueprint

bp = Blueprint("suggestions", __name__, url_prefix="/suggestions")

from webapp.suggestions import routes  # noqa: E402, F401 - binds the routes to the blueprint
