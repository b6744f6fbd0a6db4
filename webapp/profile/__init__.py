"""An entrepreneur's profile, in short steps that save as she goes."""

from flask import Blueprint

bp = Blueprint("profile", __name__, url_prefix="/my-profile")

from webapp.profile import routes  # noqa: E402, F401 - binds the routes to the blueprint
