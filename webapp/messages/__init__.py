"""Messages a person received; in development, the whole outbox."""

from flask import Blueprint

bp = Blueprint("messages", __name__, url_prefix="/messages")

from webapp.messages import routes  # noqa: E402, F401 - binds the routes to the blueprint
