"""Introductions: the coordinator's ledger, and what each of the two sees of hers."""

from flask import Blueprint

from webapp.members import member_context

bp = Blueprint("introductions", __name__, url_prefix="/introductions")
bp.context_processor(member_context)

from webapp.introductions import routes  # noqa: E402, F401 - binds the routes to the blueprint
