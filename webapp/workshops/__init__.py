"""Workshop sessions as their organiser sees them: create, resize, cancel, mark attendance."""

from flask import Blueprint

bp = Blueprint("workshops", __name__, url_prefix="/workshops")

from webapp.workshops import cancelling, routes  # noqa: E402, F401 - binds the routes to the blueprint
