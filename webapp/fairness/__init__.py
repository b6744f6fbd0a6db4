"""How groups of people fare, for coordinators."""

from flask import Blueprint

bp = Blueprint("fairness", __name__, url_prefix="/fairness")

from webapp.fairness import routes  # noqa: E402, F401 - binds the routes to the blueprint
