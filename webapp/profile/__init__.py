"""An entrepreneur's profile, in short steps that save as she goes."""

from flask import Blueprint

from webapp.members import member_context

bp = Blueprint("profile", __name__, url_prefix="/my-profile")
bp.context_processor(member_context)

from webapp.profile import declaring, routes  # noqa: E402, F401 - binds the routes to the blueprint
