"""Pairings as their supporter, entrepreneur and coordinator see them."""

from flask import Blueprint

bp = Blueprint("pairings", __name__, url_prefix="/pairings")

from webapp.pairings import routes  # noqa: E402, F401 - binds the routes to the blueprint
