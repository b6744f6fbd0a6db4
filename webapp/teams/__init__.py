"""The team of a person, for each of its members."""

from flask import Blueprint

from webapp.members import member_context

bp = Blueprint("teams", __name__, url_prefix="/teams")
bp.context_processor(member_context)

from webapp.teams import routes  # noqa: E402, F401 - binds the routes to the blueprint
