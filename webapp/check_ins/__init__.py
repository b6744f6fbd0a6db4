"""The check-in of an entrepreneur: three answers, help at once, nothing kept."""

from flask import Blueprint

from webapp.members import member_context

bp = Blueprint("check_ins", __name__, url_prefix="/my-check-in")
bp.context_processor(member_context)

from webapp.check_ins import routes  # noqa: E402, F401 - binds the routes to the blueprint
