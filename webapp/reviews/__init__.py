"""Checks of pairings and reviews of projects, for who holds them."""

from flask import Blueprint

bp = Blueprint("reviews", __name__, url_prefix="/reviews")

from webapp.reviews import routes  # noqa: E402, F401 - binds the routes to the blueprint
