"""First interviews: whom to meet, and what came of it, for coordinators."""

from flask import Blueprint

bp = Blueprint("interviews", __name__, url_prefix="/interviews")

from webapp.interviews import routes  # noqa: E402, F401 - binds the routes to the blueprint
