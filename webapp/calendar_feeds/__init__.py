"""The private address at which one's own calendar reads."""

from flask import Blueprint

bp = Blueprint("calendar_feeds", __name__, url_prefix="/calendar")

from webapp.calendar_feeds import routes  # noqa: E402, F401 - binds the routes to the blueprint
