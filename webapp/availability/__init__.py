"""A supporter's own places, pause and profile."""

from flask import Blueprint

from webapp.members import member_context

bp = Blueprint("availability", __name__, url_prefix="/my-availability")
bp.context_processor(member_context)

from webapp.availability import hours, routes  # noqa: E402, F401 - binds the routes to the blueprint
