"""Workshop sessions as entrepreneurs see them: read, book, cancel, calendar file."""

from flask import Blueprint

from webapp.members import member_context

bp = Blueprint("bookings", __name__, url_prefix="/sessions")
bp.context_processor(member_context)

from webapp.bookings import routes, series  # noqa: E402, F401 - binds the routes to the blueprint
