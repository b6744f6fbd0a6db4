"""Expert questions: one question, one answer, for the person, the expert and the coordinator."""

from flask import Blueprint

from webapp.members import member_context

bp = Blueprint("expert_questions", __name__, url_prefix="/questions")
bp.context_processor(member_context)

from webapp.expert_questions import routes  # noqa: E402, F401 - binds the routes to the blueprint
