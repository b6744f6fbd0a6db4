"""Entrepreneurs of an association, for its coordinators."""

from flask import Blueprint
from flask.sansio.app import App

bp = Blueprint("entrepreneurs", __name__, url_prefix="/entrepreneurs")

from webapp.entrepreneurs import assisting, calls, choosing, committee, inviting, routes  # noqa: E402, F401 - binds the routes to the blueprint


def give_names(app: App) -> None:
    """Let every page ask whether a coordinator is on the telephone with somebody."""
    app.jinja_env.globals.update(call_under_way=calls.call_under_way)


bp.record_once(lambda state: give_names(state.app))
