"""Match runs: start, progress, result, who found nobody and why."""

from flask import Blueprint

bp = Blueprint("match_runs", __name__, url_prefix="/match-runs")

from webapp.match_runs import recruitment, routes  # noqa: E402, F401 - binds the routes to the blueprint
