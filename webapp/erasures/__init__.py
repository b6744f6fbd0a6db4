"""Being forgotten, for coordinators: a wish written down in a person's name, what is still open, the way back."""

from flask import Blueprint

bp = Blueprint("erasures", __name__)

from webapp.erasures import routes  # noqa: E402, F401 - binds the routes to the blueprint
