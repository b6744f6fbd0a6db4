"""Routes: what waits for a coordinator."""

from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.db import db
from models.queries.agenda import list_next_sessions
from models.queries.circle_meetings import list_next_meetings
from models.queries.dashboard import get_overview, list_returned, list_to_follow, list_unanswered
from models.queries.meetings import list_used_up
from webapp.access import Access, access, current_actor
from webapp.clock import day_of, utc_now
from webapp.dashboard import bp
from webapp.dashboard.waiting import group_waiting, list_settled, list_waiting
from webapp.paging import page_number
from webapp.words.week import join_words
from webapp.workspace import choose_seat, current_workspace

SESSIONS_SHOWN = 6
CIRCLE_MEETINGS_SHOWN = 4


@bp.get("")
@access(Access.COORDINATOR)
def index() -> ResponseReturnValue:
    """Show what waits, exceptions first."""
    session, now, seat = db.session(), utc_now(), current_workspace().seat
    overview = get_overview(session, seat.id, account_id=current_actor().account_id, at=now)
    return render_template(
        "dashboard/index.html",
        overview=overview,
        groups=group_waiting(list_waiting(overview, at=now)),
        settled=join_words([line.what for line in list_settled(overview, at=now)]),
        sessions=list_next_sessions(session, seat.id, at=now, limit=SESSIONS_SHOWN),
        circle_meetings=list_next_meetings(session, seat.id, at=now, limit=CIRCLE_MEETINGS_SHOWN),
    )


@bp.post("/association")
@access(Access.COORDINATOR)
def choose() -> ResponseReturnValue:
    """Work in another of one's associations."""
    try:
        chosen = UUID(request.form.get("association", ""))
    except ValueError:
        return abort(404)
    choose_seat(chosen)
    return redirect(url_for("dashboard.index"), code=303)


@bp.get("/unanswered")
@access(Access.COORDINATOR)
def unanswered() -> ResponseReturnValue:
    """List the proposals that supporters have not answered."""
    page = list_unanswered(db.session(), current_workspace().seat.id, page=page_number())
    return render_template("dashboard/unanswered.html", page=page, now=utc_now())


@bp.get("/returned")
@access(Access.COORDINATOR)
def returned() -> ResponseReturnValue:
    """List the proposals that came back without a yes."""
    page = list_returned(db.session(), current_workspace().seat.id, page=page_number())
    return render_template("dashboard/returned.html", page=page)


@bp.get("/follow-up")
@access(Access.COORDINATOR)
def follow_up() -> ResponseReturnValue:
    """List the pairings where it is the coordinator's turn."""
    session, now = db.session(), utc_now()
    page = list_to_follow(session, current_workspace().seat.id, at=now, page=page_number())
    used_up = list_used_up(session, [pairing.id for pairing in page.lines])
    return render_template("dashboard/follow_up.html", page=page, used_up=used_up, now=now, today=day_of(now))
