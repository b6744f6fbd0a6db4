"""One's own data: what is kept, taken away in a file, erased."""

from flask import Blueprint

bp = Blueprint("my_data", __name__, url_prefix="/my-data")

from webapp.my_data import routes  # noqa: E402, F401 - binds the routes to the blueprint
