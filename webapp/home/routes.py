"""Routes: the front door: sends everyone to her own workspace, and tells a visitor what this is."""

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from webapp.access import Access, access
from webapp.home import bp
from webapp.navigation import WORKSPACES


@bp.get("/")
@access(Access.PUBLIC)
def index() -> ResponseReturnValue:
    """Tell a visitor what this is; send a person with one hat to her workspace."""
    if not current_user.is_authenticated:
        return render_template("home/landing.html")
    workspaces = [(hat, WORKSPACES[hat]) for hat in current_user.hats if WORKSPACES[hat] in current_app.view_functions]
    if len(workspaces) == 1:
        return redirect(url_for(workspaces[0][1]), code=303)
    return render_template("home/workspaces.html", workspaces=workspaces)


@bp.get("/help")
@access(Access.PUBLIC)
def help_page() -> ResponseReturnValue:
    """Tell how to get help."""
    return render_template("home/help.html")
