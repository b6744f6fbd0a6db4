"""What waits for a coordinator."""

from flask import Blueprint
from flask.sansio.app import App

from webapp.workspace import current_workspace

bp = Blueprint("dashboard", __name__, url_prefix="/dashboard")


def give_names(app: App) -> None:
    """Let the layout of every coordinator's page ask where she works."""
    app.jinja_env.globals.update(workspace=current_workspace)


bp.record_once(lambda state: give_names(state.app))

from webapp.dashboard import routes  # noqa: E402, F401 - binds the routes to the blueprint
