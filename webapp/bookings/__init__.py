"""Workshop sessions as entrepreneurs see them: read, book, cancel, calendar file."""

from flask import Blueprint

bp = Blueprint("bookings", __name__, url_prefix="/sessions")

from webapp.bookings import routes  # noqa: E402, F401 - binds the routes to the blueprint
