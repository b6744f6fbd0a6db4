"""Sessions that members propose to lead: proposed by them, confirmed or declined by a coordinator."""

from flask import Blueprint

bp = Blueprint("session_proposals", __name__, url_prefix="/session-proposals")

from webapp.session_proposals import routes  # noqa: E402, F401 - binds the routes to the blueprint
