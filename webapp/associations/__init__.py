"""How an association is reached, for its coordinators."""

from flask import Blueprint

bp = Blueprint("associations", __name__, url_prefix="/association")

from webapp.associations import routes  # noqa: E402, F401 - binds the routes to the blueprint
