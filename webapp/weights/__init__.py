"""Weights: what counts in a score, drafts replayed before they are published, and what past decisions suggest."""

from flask import Blueprint

bp = Blueprint("weights", __name__, url_prefix="/weights")

from webapp.weights import routes  # noqa: E402, F401 - binds the routes to the blueprint
