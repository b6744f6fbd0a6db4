"""Routes: the team of a person as its members see it."""

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from models.db import db
from webapp.access import Access, access, current_actor
from webapp.clock import utc_now
from webapp.services.shared_teams import read_shared_team
from webapp.teams import bp


@bp.get("/<uuid:public_id>")
@access(Access.MEMBER)
def show(public_id: UUID) -> ResponseReturnValue:
    """Show who else is there for a person, and when each comes next."""
    team = read_shared_team(db.session(), entrepreneur_id=public_id, actor=current_actor(), at=utc_now())
    return render_template("teams/show.html", team=team)
