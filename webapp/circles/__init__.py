"""Peer circles: a coordinator composes and confirms them, a person answers her invitation."""

from flask import Blueprint

from webapp.members import member_context

bp = Blueprint("circles", __name__, url_prefix="/circles")
bp.context_processor(member_context)

from webapp.circles import led, mine, routes  # noqa: E402, F401 - binds the routes to the blueprint
