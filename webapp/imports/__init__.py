"""Spreadsheets in and out, for coordinators."""

from flask import Blueprint

bp = Blueprint("imports", __name__, url_prefix="/imports")

from webapp.imports import routes  # noqa: E402, F401 - binds the routes to the blueprint
