"""The front door: sends everyone to her own workspace, and tells a visitor what this is."""

from flask import Blueprint

bp = Blueprint("home", __name__)

from webapp.home import routes  # noqa: E402, F401 - binds the routes to the blueprint
