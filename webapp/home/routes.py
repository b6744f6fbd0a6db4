"""Routes: the front door: sends everyone to her own workspace, and tells a visitor what this is."""

from flask import redirect, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from models.db import db
from models.queries.accounts import list_left_associations
from webapp.access import Access, access
from webapp.home import bp
from webapp.navigation import list_workspaces


@bp.get("/")
@access(Access.PUBLIC)
def index() -> ResponseReturnValue:
    """Tell a visitor what this is; send a person with one hat to her workspace."""
    if not current_user.is_authenticated:
        return render_template("home/landing.html")
    workspaces = list_workspaces(current_user.hats)
    if len(workspaces) == 1:
        return redirect(workspaces[0].url, code=303)
    left = list_left_associations(db.session(), current_user.actor.account_id) if not workspaces else []
    return render_template("home/workspaces.html", workspaces=workspaces, left=left)


@bp.get("/help")
@access(Access.PUBLIC)
def help_page() -> ResponseReturnValue:
    """Tell how to get help."""
    return render_template("home/help.html")
