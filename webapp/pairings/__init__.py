"""Pairings as their supporter, entrepreneur and coordinator see them."""

from flask import Blueprint

from webapp.members import member_context

bp = Blueprint("pairings", __name__, url_prefix="/pairings")
bp.context_processor(member_context)

from webapp.pairings import charter, life, routes  # noqa: E402, F401 - binds the routes to the blueprint
