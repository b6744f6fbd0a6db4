"""Routes: public sessions, without an account."""

from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from models.accounts import Locale
from models.db import db
from models.exceptions import InvalidInputError, NotFoundError
from models.queries.associations import get_association
from models.queries.session_proposals import find_leader
from models.queries.visitors import (
    PublicSession,
    find_visitor,
    get_public_session,
    list_public_ids,
    list_public_sessions,
)
from models.queries.workshops import find_session_with_theme
from models.states import LIVE_VISITOR_STATES, SessionState
from models.visitors import Visitor
from webapp.access import Access, access, current_actor
from webapp.clock import utc_now
from webapp.events import bp
from webapp.events.forms import VisitorForm
from webapp.form_errors import show_on_field
from webapp.identity.signed_links import read_visitor
from webapp.locale import current_locale
from webapp.paging import page_number
from webapp.public_address import give_public_address
from webapp.services import calendars, visitors
from webapp.translation import gettext as _


@bp.get("/events")
@access(Access.PUBLIC)
def index() -> ResponseReturnValue:
    """List the public sessions to come."""
    page = list_public_sessions(db.session(), at=utc_now(), page=page_number())
    return render_template("events/index.html", page=page)


@bp.get("/events/<uuid:public_id>")
@access(Access.PUBLIC)
def show(public_id: UUID) -> ResponseReturnValue:
    """Show a public session, and ask who would like to come."""
    return _show(get_public_session(db.session(), public_id), VisitorForm())


@bp.get("/events/<uuid:public_id>/calendar.ics")
@access(Access.PUBLIC)
def calendar(public_id: UUID) -> ResponseReturnValue:
    """Give the calendar file of a public session."""
    content = calendars.read_public_calendar(
        db.session(),
        get_public_session(db.session(), public_id).session,
        link=give_public_address(url_for("events.show", public_id=public_id)),
        neutral=_("Appointment"),
        at=utc_now(),
    )
    return Response(
        content,
        mimetype="text/calendar",
        headers={"Content-Disposition": 'attachment; filename="atelier.ics"'},
    )


@bp.post("/events/<uuid:public_id>")
@access(Access.PUBLIC)
def register(public_id: UUID) -> ResponseReturnValue:
    """Write a visitor down and send her the link."""
    found = get_public_session(db.session(), public_id)
    form = VisitorForm()
    if form.validate_on_submit():
        try:
            visitors.ask_for_seat(
                session_id=public_id,
                name=form.name.data or "",
                email=form.email.data or "",
                locale=Locale(current_locale()),
                place=request.remote_addr or "",
                at=utc_now(),
            )
        except InvalidInputError as error:
            show_on_field(form, error)
            found = get_public_session(db.session(), public_id)
        else:
            flash(_("Look into your mailbox: open the link within two days to confirm your place."), "success")
            return redirect(url_for("events.show", public_id=public_id), code=303)
    return _show(found, form), 422


@bp.get("/events/mine/<token>")
@access(Access.PUBLIC)
def mine(token: str) -> ResponseReturnValue:
    """Show a visitor her registration: to confirm, or to give back. Opening the page does nothing by itself.

    Of a session that was cancelled it says so, to whoever has the link: who had not confirmed got no mail.
    """
    visitor = _find(token)
    workshop = find_session_with_theme(db.session(), visitor.session_id)
    if not _is_live(visitor) and workshop.state is not SessionState.CANCELLED:
        raise NotFoundError(record="Visitor")
    is_open = workshop.state is SessionState.SCHEDULED and workshop.starts_at > utc_now()
    return render_template(
        "events/mine.html",
        visitor=visitor,
        workshop=workshop,
        association=get_association(db.session(), workshop.association_id),
        token=token,
        is_open=is_open,
    )


@bp.post("/events/mine/<token>/confirm")
@access(Access.PUBLIC)
def confirm(token: str) -> ResponseReturnValue:
    """Take the place."""
    visitor = _find(token)
    if not _is_live(visitor):
        return redirect(url_for("events.mine", token=token), code=303)
    outcome = visitors.confirm_seat(visitor_id=visitor.public_id, at=utc_now())
    if outcome.is_full:
        flash(_("Every place is taken for now. Try this link again: somebody may cancel."), "warning")
    else:
        flash(_("Your place is booked. We look forward to seeing you."), "success")
    return redirect(url_for("events.mine", token=token), code=303)


@bp.post("/events/mine/<token>/cancel")
@access(Access.PUBLIC)
def cancel(token: str) -> ResponseReturnValue:
    """Give the place back."""
    visitor = _find(token)
    if not _is_live(visitor):
        return redirect(url_for("events.mine", token=token), code=303)
    visitors.leave_seat(visitor_id=visitor.public_id, at=utc_now())
    flash(_("Thank you for telling us. Your name is erased, your address too within two days."), "success")
    return redirect(url_for("events.index"), code=303)


@bp.get("/sitemap.xml")
@access(Access.PUBLIC)
def sitemap() -> ResponseReturnValue:
    """List the public pages for search engines: pages about sessions, none about people."""
    pages = [give_public_address(url_for(name)) for name in ("home.index", "home.help_page", "events.index")]
    sessions = [
        (give_public_address(url_for("events.show", public_id=public_id)), changed)
        for public_id, changed in list_public_ids(db.session(), at=utc_now())
    ]
    body = render_template("events/sitemap.xml", pages=pages, sessions=sessions)
    return Response(body, mimetype="application/xml")


def _find(token: str) -> Visitor:
    visitor_id = read_visitor(token)
    visitor = find_visitor(db.session(), visitor_id) if visitor_id is not None else None
    if visitor is None:
        raise NotFoundError(record="Visitor")
    return visitor


def _is_live(visitor: Visitor) -> bool:
    return visitor.state in LIVE_VISITOR_STATES and visitor.email is not None


def _show(found: PublicSession, form: VisitorForm) -> str:
    is_open = found.session.state is SessionState.SCHEDULED and found.session.starts_at > utc_now()
    actor = current_actor() if current_user.is_authenticated else None
    return render_template(
        "events/show.html",
        workshop=found.session,
        association=found.association,
        form=form,
        is_open=is_open,
        may_book=actor is not None and bool(actor.entrepreneur_ids) and found.session.association_id in actor.member_of,
        leader=find_leader(db.session(), found.session.id),
    )
