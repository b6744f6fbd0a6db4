"""The supporters' circle: who agreed to be seen by the others, and when they meet."""

from flask import Blueprint

from webapp.members import member_context

bp = Blueprint("gatherings", __name__, url_prefix="/gatherings")
bp.context_processor(member_context)

from webapp.gatherings import mine, routes  # noqa: E402, F401 - binds the routes to the blueprint
