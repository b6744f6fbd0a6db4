"""Registering by oneself: the public page, and the page that a mail's link opens."""

from flask import Blueprint

bp = Blueprint("registrations", __name__, url_prefix="/register")

from webapp.registrations import routes  # noqa: E402, F401 - binds the routes to the blueprint
