"""Routes: an entrepreneur's next steps, and her team."""

from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.db import db
from models.queries.assisted import list_told_calls
from models.queries.circle_meetings import find_next_meeting
from models.queries.circles import find_settled_place
from models.queries.interviews import find_to_come
from webapp.access import Access, access
from webapp.clock import day_of, utc_now
from webapp.members import choose_file as turn_to
from webapp.members import own_entrepreneur
from webapp.services.next_steps import find_day_to_meet_again, list_next_steps
from webapp.services.readings import read_for_entrepreneur
from webapp.services.teams import read_team
from webapp.steps import bp
from webapp.steps.plan import read_own_plan
from webapp.words import readings
from webapp.words.calls import tell_done
from webapp.words.intake import tell_how


@bp.get("")
@access(Access.ENTREPRENEUR)
def index() -> ResponseReturnValue:
    """Show at most three things, each with its reason, its date and somebody's name."""
    entrepreneur = own_entrepreneur()
    session, at = db.session(), utc_now()
    situation, steps = list_next_steps(session, entrepreneur=entrepreneur, at=at)
    plan = read_own_plan(session, entrepreneur, situation=situation, at=at)
    return render_template(
        "steps/index.html",
        file=entrepreneur,
        situation=situation,
        steps=steps,
        plan=plan,
        today=day_of(at),
        tell_how=tell_how,
    )


@bp.get("/team")
@access(Access.ENTREPRENEUR)
def team() -> ResponseReturnValue:
    """Show who is there for the person, for what, and when next."""
    entrepreneur, session, at = own_entrepreneur(), db.session(), utc_now()
    around = read_team(session, entrepreneur, with_offers=True, at=at)
    helpers = [member.pairing.supporter for member in around.members]
    told = read_for_entrepreneur(session, entrepreneur, helpers, at=at)
    why = {one.id: readings.for_entrepreneur(told[one.id].reasons, name=one.first_name) for one in helpers}
    place = find_settled_place(session, entrepreneur.id)
    following = find_next_meeting(session, place.circle_id, at=at) if place is not None else None
    # Who is met on a later day is given news on that day: without news to come there is no interview to look for.
    to_come = find_to_come(session, entrepreneur.id) if around.contact_day is not None else None
    return render_template(
        "steps/team.html",
        file=entrepreneur,
        team=around,
        why=why,
        place=place,
        following=following,
        again=find_day_to_meet_again(to_come, around.today),
    )


@bp.post("/file")
@access(Access.ENTREPRENEUR)
def choose_file() -> ResponseReturnValue:
    """Turn to the file that another association has of her."""
    try:
        chosen = UUID(request.form.get("file", ""))
    except ValueError:
        return abort(404)
    turn_to(chosen)
    return redirect(url_for("steps.index"), code=303)


@bp.get("/calls")
@access(Access.ENTREPRENEUR)
def calls() -> ResponseReturnValue:
    """Show what was done with the person on the telephone, and by whom."""
    told = list_told_calls(db.session(), own_entrepreneur().id)
    return render_template("steps/calls.html", calls=told, tell_done=tell_done)
