"""An entrepreneur's next steps, and her team."""

from flask import Blueprint

from webapp.members import member_context

bp = Blueprint("steps", __name__, url_prefix="/my-steps")
bp.context_processor(member_context)

from webapp.steps import routes  # noqa: E402, F401 - binds the routes to the blueprint
