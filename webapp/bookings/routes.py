"""Routes: workshop sessions to come, and an entrepreneur's own bookings."""

from dataclasses import dataclass
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.clocks import Clock
from models.db import db
from models.entrepreneurs import Entrepreneur
from models.exceptions import InvalidInputError, NotFoundError
from models.feedback import FeedbackFace
from models.queries import members, sessions
from models.queries.assisted import list_bookers
from models.queries.attendance import find_last_line_change
from models.queries.clocks import get_clocks
from models.queries.feedback import find_feedback, is_open_for_feedback, list_sessions_to_tell
from models.queries.series import find_series_of
from models.queries.session_proposals import find_leader
from models.queries.sessions import OwnBooking
from models.states import BookingState, SessionState
from models.workshops import Booking, SessionFormat, WorkshopSession
from webapp.access import Access, access, current_actor
from webapp.bookings import bp
from webapp.bookings.forms import SessionFilter, read_filter
from webapp.clock import utc_now
from webapp.members import own_entrepreneur
from webapp.paging import kept_filters, page_number
from webapp.public_address import give_public_address
from webapp.services import attendance, bookings, calendars, feedback, seat_offers, seats
from webapp.services.recommendations import recommend
from webapp.territories.distance import measure_km
from webapp.translation import gettext as _

SESSIONS_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLine:
    """One session of the list, as it is for this person."""

    session: WorkshopSession
    distance_km: float | None
    own: OwnBooking | None


@bp.get("")
@access(Access.ENTREPRENEUR)
def index() -> ResponseReturnValue:
    """List the sessions to come: those that would help first, with why."""
    entrepreneur = own_entrepreneur()
    chosen = read_filter(request.args)
    session, now = db.session(), utc_now()
    coming = sessions.list_coming_sessions(session, (entrepreneur.association_id,), at=now)
    own = sessions.list_own_bookings(session, entrepreneur.id, ends_after=now)
    by_session = {known.session.id: known for known in own}
    lines = [_line(entrepreneur, one, by_session.get(one.id)) for one in coming]
    recommended = (
        ()
        if chosen.is_narrow or page_number() > 1
        else recommend(session, entrepreneur, bookings=own, at=now, coming=coming)
    )
    first = {one.session.id for one in recommended}
    kept = [line for line in lines if line.session.id not in first and _fits(line, chosen, entrepreneur)]
    page_count = max(1, -(-len(kept) // SESSIONS_SHOWN))
    number = min(page_number(), page_count)
    return render_template(
        "bookings/index.html",
        file=entrepreneur,
        chosen=chosen,
        recommended=recommended,
        lines=kept[(number - 1) * SESSIONS_SHOWN : number * SESSIONS_SHOWN],
        total=len(kept),
        page=number,
        page_count=page_count,
        filters=kept_filters(theme=chosen.theme, online="1" if chosen.online else "", near="1" if chosen.near else ""),
        own=own,
        themes=_list_themes(coming),
        contact=members.find_contact(
            session, association_id=entrepreneur.association_id, referent_id=entrepreneur.referent_id
        ),
    )


@bp.get("/mine")
@access(Access.ENTREPRENEUR)
def mine() -> ResponseReturnValue:
    """List the person's own bookings: to come, then past."""
    entrepreneur = own_entrepreneur()
    now = utc_now()
    own = sessions.list_own_bookings(db.session(), entrepreneur.id)
    return render_template(
        "bookings/mine.html",
        coming=[known for known in own if known.session.ends_at > now],
        bookers=list_bookers(db.session(), entrepreneur, [known.booking.id for known in own]),
        past=[known for known in reversed(own) if known.session.ends_at <= now],
        to_tell={one.id for one in list_sessions_to_tell(db.session(), entrepreneur.id, at=now)},
    )


@bp.get("/<uuid:public_id>")
@access(Access.ENTREPRENEUR)
def show(public_id: UUID) -> ResponseReturnValue:
    """Show one session, and what can be done with it."""
    workshop, entrepreneur = _find(public_id)
    session, now = db.session(), utc_now()
    own = sessions.map_own_bookings(session, entrepreneur.id, (workshop.id,)).get(workshop.id)
    line = _line(entrepreneur, workshop, own)
    return render_template(
        "bookings/show.html",
        file=entrepreneur,
        line=line,
        booker=list_bookers(session, entrepreneur, [own.booking.id]).get(own.booking.id) if own is not None else None,
        waiting=sessions.count_waiting(session, workshop.id) if workshop.taken >= workshop.seats else 0,
        is_open=workshop.state.value == "scheduled" and workshop.starts_at > now,
        faces=FeedbackFace,
        series=find_series_of(session, workshop),
        leader=find_leader(session, workshop.id),
        may_tell=own is not None and is_open_for_feedback(own.booking, workshop, at=now),
        told=find_feedback(session, own.booking.id) if own is not None and workshop.ends_at <= now else None,
        may_correct=own is not None and attendance.may_say_i_was_there(own.booking, workshop, at=now),
        line_change=find_last_line_change(session, workshop.id) if own is not None and own.position else None,
        is_last_call=seats.is_last_call(workshop, at=now),
        offer_days=get_clocks(session, workshop.association_id)[Clock.SEAT_OFFER],
        other=_find_other(workshop, entrepreneur),
        contact=members.find_contact(
            session, association_id=entrepreneur.association_id, referent_id=entrepreneur.referent_id
        ),
    )


@bp.post("/<uuid:public_id>/book")
@access(Access.ENTREPRENEUR)
def book(public_id: UUID) -> ResponseReturnValue:
    """Take a place, or a turn in the waiting list."""
    _workshop, entrepreneur = _find(public_id)
    bookings.book_session(
        session_id=public_id,
        entrepreneur_id=entrepreneur.public_id,
        actor=current_actor(),
        at=utc_now(),
        form_key=request.form.get("form_key"),
    )
    # The page says at once what came of it: a place, or a turn in the waiting list.
    flash(_("Done!"), "success")
    return redirect(url_for("bookings.show", public_id=public_id), code=303)


@bp.post("/<uuid:public_id>/cancel")
@access(Access.ENTREPRENEUR)
def cancel(public_id: UUID) -> ResponseReturnValue:
    """Give the place or the turn back."""
    workshop, entrepreneur = _find(public_id)
    own = sessions.map_own_bookings(db.session(), entrepreneur.id, (workshop.id,)).get(workshop.id)
    if own is None:
        raise NotFoundError(record="Booking")
    state = own.booking.state
    bookings.cancel_booking(booking_id=own.booking.public_id, actor=current_actor(), at=utc_now())
    flash(_left(state), "success")
    return redirect(url_for("bookings.show", public_id=public_id), code=303)


@bp.post("/<uuid:public_id>/accept")
@access(Access.ENTREPRENEUR)
def accept(public_id: UUID) -> ResponseReturnValue:
    """Say yes to a place that is kept, or take the one that is open at the last moment."""
    workshop, entrepreneur = _find(public_id)
    own = sessions.find_own_turn(db.session(), session_id=workshop.id, entrepreneur_id=entrepreneur.id)
    if own is None:
        raise NotFoundError(record="Booking")
    seat_offers.accept_seat(booking_id=own.public_id, actor=current_actor(), at=utc_now())
    flash(_("Done!"), "success")
    return redirect(url_for("bookings.show", public_id=public_id), code=303)


@bp.post("/<uuid:public_id>/feedback")
@access(Access.ENTREPRENEUR)
def tell(public_id: UUID) -> ResponseReturnValue:
    """Say how a session was."""
    _workshop, entrepreneur = _find(public_id)
    face = next((one for one in FeedbackFace if one.value == request.form.get("face")), None)
    if face is None:
        raise InvalidInputError(field="face")
    feedback.give_feedback(
        session_id=public_id,
        entrepreneur_id=entrepreneur.public_id,
        face=face,
        word=request.form.get("word"),
        actor=current_actor(),
        at=utc_now(),
    )
    flash(_("Thank you! It helps to make the next workshops better."), "success")
    return redirect(url_for("bookings.show", public_id=public_id), code=303)


@bp.post("/<uuid:public_id>/i-was-there")
@access(Access.ENTREPRENEUR)
def correct(public_id: UUID) -> ResponseReturnValue:
    """Put right an absence that was noted by mistake."""
    workshop, entrepreneur = _find(public_id)
    own = sessions.find_own_turn(db.session(), session_id=workshop.id, entrepreneur_id=entrepreneur.id)
    if own is None:
        raise NotFoundError(record="Booking")
    attendance.say_i_was_there(booking_id=own.public_id, actor=current_actor(), at=utc_now())
    flash(_("Thank you: it is put right."), "success")
    return redirect(url_for("bookings.show", public_id=public_id), code=303)


@bp.get("/<uuid:public_id>/calendar.ics")
@access(Access.ENTREPRENEUR)
def calendar(public_id: UUID) -> ResponseReturnValue:
    """Give the calendar file of a session."""
    _workshop, entrepreneur = _find(public_id)
    content = calendars.read_calendar(
        session_id=public_id,
        entrepreneur_id=entrepreneur.public_id,
        actor=current_actor(),
        link=give_public_address(url_for("bookings.show", public_id=public_id)),
        neutral=_("Appointment"),
        at=utc_now(),
    )
    return Response(
        content,
        mimetype="text/calendar",
        headers={"Content-Disposition": 'attachment; filename="atelier.ics"'},
    )


def _left(state: BookingState) -> str:
    if state is BookingState.OFFERED:
        return _("Thank you for telling us. The place goes to the next person; this changes nothing for you.")
    if state is BookingState.CONFIRMED:
        return _("Thank you for telling us. Your place goes to somebody else.")
    return _("You have left the waiting list.")


def _find(public_id: UUID) -> tuple[WorkshopSession, Entrepreneur]:
    """Give a session of an association that follows the person, and her file there."""
    workshop = sessions.find_session(db.session(), public_id)
    if workshop is None:
        raise NotFoundError(record="WorkshopSession")
    return workshop, own_entrepreneur(workshop.association_id)


def _find_other(workshop: WorkshopSession, entrepreneur: Entrepreneur) -> Booking | None:
    """Give her booking at the date that was proposed instead of a cancelled one."""
    if workshop.state is not SessionState.CANCELLED:
        return None
    return sessions.find_booking_instead(db.session(), session_id=workshop.id, entrepreneur_id=entrepreneur.id)


def _line(entrepreneur: Entrepreneur, workshop: WorkshopSession, own: OwnBooking | None) -> SessionLine:
    distance = None
    if workshop.format != SessionFormat.ONLINE:
        distance = measure_km(entrepreneur.latitude, entrepreneur.longitude, workshop.latitude, workshop.longitude)
    return SessionLine(session=workshop, distance_km=distance, own=own)


def _fits(line: SessionLine, chosen: SessionFilter, entrepreneur: Entrepreneur) -> bool:
    if chosen.theme and line.session.theme_slug != chosen.theme:
        return False
    if chosen.online and line.session.format == SessionFormat.IN_PERSON:
        return False
    is_near = line.distance_km is not None and line.distance_km <= entrepreneur.max_km
    return is_near or not chosen.near


def _list_themes(coming: list[WorkshopSession]) -> list[str]:
    """Give the themes that there is something to choose of, in their own order."""
    themes = {one.theme.position: one.theme_slug for one in coming}
    return [themes[position] for position in sorted(themes)]
