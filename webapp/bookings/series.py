"""Routes: a series of sessions, as an entrepreneur sees, books and leaves it."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.db import db
from models.entrepreneurs import Entrepreneur
from models.queries import members
from models.queries.series import get_series, list_dates
from models.queries.sessions import map_own_bookings
from models.series import WorkshopSeries
from webapp.access import Access, access, current_actor
from webapp.bookings import bp
from webapp.clock import utc_now
from webapp.members import own_entrepreneur
from webapp.services import series as services
from webapp.translation import gettext as _
from webapp.translation import ngettext


@bp.get("/series/<uuid:public_id>")
@access(Access.ENTREPRENEUR)
def series(public_id: UUID) -> ResponseReturnValue:
    """Show a series: its dates to come, and which of them she has."""
    found, entrepreneur = _find(public_id)
    session, now = db.session(), utc_now()
    dates = [one for one in list_dates(session, found.id) if one.starts_at > now and one.state.value == "scheduled"]
    own = map_own_bookings(session, entrepreneur.id, [one.id for one in dates])
    return render_template(
        "bookings/series.html",
        file=entrepreneur,
        series=found,
        dates=dates,
        own=own,
        contact=members.find_contact(
            session, association_id=entrepreneur.association_id, referent_id=entrepreneur.referent_id
        ),
    )


@bp.post("/series/<uuid:public_id>/book")
@access(Access.ENTREPRENEUR)
def book_series(public_id: UUID) -> ResponseReturnValue:
    """Take a place, or a turn in the waiting list, in every date to come."""
    _found, entrepreneur = _find(public_id)
    outcome = services.book_series(
        series_id=public_id,
        entrepreneur_id=entrepreneur.public_id,
        actor=current_actor(),
        at=utc_now(),
        form_key=request.form.get("form_key"),
    )
    parts = []
    if outcome.seated:
        parts.append(
            ngettext("You have a place on %(num)d date.", "You have a place on %(num)d dates.", outcome.seated)
        )
    if outcome.waiting:
        parts.append(
            ngettext(
                "For %(num)d date you are on the waiting list.",
                "For %(num)d dates you are on the waiting list.",
                outcome.waiting,
            )
        )
    flash(" ".join(parts), "success")
    return redirect(url_for("bookings.series", public_id=public_id), code=303)


@bp.post("/series/<uuid:public_id>/leave")
@access(Access.ENTREPRENEUR)
def leave_series(public_id: UUID) -> ResponseReturnValue:
    """Give every place and turn to come back."""
    _found, entrepreneur = _find(public_id)
    services.leave_series(
        series_id=public_id, entrepreneur_id=entrepreneur.public_id, actor=current_actor(), at=utc_now()
    )
    flash(_("Thank you for telling us. Your places go to somebody else."), "success")
    return redirect(url_for("bookings.series", public_id=public_id), code=303)


def _find(public_id: UUID) -> tuple[WorkshopSeries, Entrepreneur]:
    found = get_series(db.session(), public_id)
    return found, own_entrepreneur(found.association_id)
