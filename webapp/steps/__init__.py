"""An entrepreneur's next steps, and her team."""

from flask import Blueprint

bp = Blueprint("steps", __name__, url_prefix="/my-steps")

from webapp.steps import routes  # noqa: E402, F401 - binds the routes to the blueprint
