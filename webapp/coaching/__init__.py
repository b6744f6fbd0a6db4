"""Coaching: the person's own space, and what her coach reads of it."""

from flask import Blueprint

from webapp.members import member_context

bp = Blueprint("coaching", __name__)
bp.context_processor(member_context)

from webapp.coaching import routes  # noqa: E402, F401 - binds the routes to the blueprint
