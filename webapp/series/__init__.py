"""Series of workshop sessions as their organiser sees them: make, change, add dates."""

from flask import Blueprint

bp = Blueprint("series", __name__, url_prefix="/workshops/series")

from webapp.series import routes  # noqa: E402, F401 - binds the routes to the blueprint
