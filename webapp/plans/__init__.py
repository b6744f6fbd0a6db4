"""Support plans: read, approve at once or line by line."""

from flask import Blueprint

bp = Blueprint("plans", __name__, url_prefix="/plans")

from webapp.plans import routes  # noqa: E402, F401 - binds the routes to the blueprint
