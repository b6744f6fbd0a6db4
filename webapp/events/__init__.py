"""Public sessions, for everybody: read, ask for a place without an account, confirm and cancel by a link."""

from flask import Blueprint

bp = Blueprint("events", __name__)

from webapp.events import routes  # noqa: E402, F401 - binds the routes to the blueprint
