"""Signing in and out, invitations, resets, one's own account."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)

from webapp.accounts import routes  # noqa: E402, F401 - binds the routes to the blueprint
