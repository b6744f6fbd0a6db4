"""Calls asked for: the page of the trained people, and where a coordinator names them."""

from flask import Blueprint

bp = Blueprint("handovers", __name__)

from webapp.handovers import routes  # noqa: E402, F401 - binds the routes to the blueprint
