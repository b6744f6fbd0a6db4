"""Routes: an entrepreneur's next steps, and her team."""

from flask import render_template
from flask.typing import ResponseReturnValue

from models.db import db
from webapp.access import Access, access
from webapp.clock import utc_now
from webapp.members import own_entrepreneur
from webapp.services.next_steps import list_next_steps
from webapp.services.teams import read_team
from webapp.steps import bp


@bp.get("")
@access(Access.ENTREPRENEUR)
def index() -> ResponseReturnValue:
    """Show at most three things, each with its reason, its date and somebody's name."""
    entrepreneur = own_entrepreneur()
    situation, steps = list_next_steps(db.session(), entrepreneur=entrepreneur, at=utc_now())
    return render_template("steps/index.html", file=entrepreneur, situation=situation, steps=steps)


@bp.get("/team")
@access(Access.ENTREPRENEUR)
def team() -> ResponseReturnValue:
    """Show who is there for the person, for what, and when next."""
    entrepreneur = own_entrepreneur()
    return render_template(
        "steps/team.html", file=entrepreneur, team=read_team(db.session(), entrepreneur, at=utc_now())
    )
