"""Routes: what a coordinator does for a person on the telephone: check the neighbourhood, book or cancel a workshop."""

from collections.abc import Sequence
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models.db import db
from models.entrepreneurs import Entrepreneur
from models.exceptions import AlreadyServedError, InvalidInputError
from models.queries.agenda import SessionLine, list_next_sessions
from models.queries.members import find_commune
from models.queries.sheets import get_followed_entrepreneur, get_person_booking
from models.states import BookingState
from models.territories import Commune, QpvGround, QpvResult
from webapp.access import Access, access, current_actor
from webapp.clock import utc_now
from webapp.entrepreneurs import bp
from webapp.entrepreneurs.forms import NONE_OF_THEM, NOT_KNOWN, QpvForm
from webapp.form_errors import show_on_field
from webapp.permissions import may_know_participants
from webapp.services import bookings, seat_offers, territories
from webapp.services.bookings import BookingOutcome
from webapp.services.territories import ChosenNeighbourhood, Position, QpvOutcome
from webapp.territories.communes import UnclearCommuneError, resolve_commune, write_commune
from webapp.translation import gettext as _
from webapp.workspace import work_in

SESSIONS_OFFERED = 30


@bp.route("/<uuid:public_id>/qpv", methods=["GET", "POST"])
@access(Access.COORDINATOR)
def check_qpv(public_id: UUID) -> ResponseReturnValue:
    """Check a home or a head office, by its position or among the neighbourhoods of a commune."""
    session = db.session()
    person = get_followed_entrepreneur(session, public_id, association_ids=current_actor().coordinates)
    work_in(person.association_id)
    commune, unclear = _commune_of(session, person)
    offered = territories.list_neighbourhoods(commune.code) if commune else ()
    form = QpvForm(choices=[(one.code, f"{one.name} ({one.code})") for one in offered])
    if form.validate_on_submit() and commune is not None:
        try:
            outcome = territories.check_qpv(
                entrepreneur_id=public_id,
                ground=QpvGround(form.ground.data),
                place=_read_place(form, commune),
                actor=current_actor(),
                at=utc_now(),
            )
        except InvalidInputError as error:
            show_on_field(form, error, {"qpv_code": "choice"})
        else:
            _tell_check(outcome)
            return redirect(url_for("entrepreneurs.show", public_id=public_id), code=303)
    page = render_template(
        "entrepreneurs/qpv.html",
        person=person,
        form=form,
        commune=commune,
        unclear=unclear,
        typed=request.args.get("commune", write_commune(commune)),
    )
    return page, 422 if request.method == "POST" else 200


@bp.post("/<uuid:public_id>/book")
@access(Access.COORDINATOR)
def book(public_id: UUID) -> ResponseReturnValue:
    """Book a workshop for a person, at her request."""
    get_followed_entrepreneur(db.session(), public_id, association_ids=current_actor().coordinates)
    chosen = request.form.get("session", "")
    try:
        session_id = UUID(chosen)
    except ValueError:
        flash(_("Choose a workshop first."), "warning")
        return redirect(url_for("entrepreneurs.show", public_id=public_id), code=303)
    try:
        outcome = bookings.book_session(
            session_id=session_id,
            entrepreneur_id=public_id,
            actor=current_actor(),
            at=utc_now(),
            form_key=request.form.get("form_key"),
        )
    except AlreadyServedError:
        flash(_("This person already has a place, or waits for one, in this session."), "warning")
        return redirect(url_for("entrepreneurs.show", public_id=public_id), code=303)
    if outcome.state is BookingState.WAITING:
        flash(
            _("The session is full: position %(position)s in the waiting list.", position=outcome.position), "success"
        )
    else:
        flash(_("A place is booked, and the person is told."), "success")
    return redirect(url_for("entrepreneurs.show", public_id=public_id), code=303)


@bp.post("/<uuid:public_id>/bookings/<uuid:booking_id>/cancel")
@access(Access.COORDINATOR)
def cancel_booking(public_id: UUID, booking_id: UUID) -> ResponseReturnValue:
    """Cancel a place or a turn for a person, at her request, and say who has the place now."""
    booking = get_person_booking(
        db.session(), booking_id, entrepreneur_id=public_id, association_ids=current_actor().coordinates
    )
    outcome = bookings.cancel_booking(booking_id=booking.public_id, actor=current_actor(), at=utc_now())
    _tell_cancellation(outcome)
    return redirect(url_for("entrepreneurs.show", public_id=public_id), code=303)


@bp.post("/<uuid:public_id>/bookings/<uuid:booking_id>/accept")
@access(Access.COORDINATOR)
def accept_seat(public_id: UUID, booking_id: UUID) -> ResponseReturnValue:
    """Say yes for a person, at her request, to the seat that is offered to her."""
    booking = get_person_booking(
        db.session(), booking_id, entrepreneur_id=public_id, association_ids=current_actor().coordinates
    )
    seat_offers.accept_seat(booking_id=booking.public_id, actor=current_actor(), at=utc_now())
    flash(_("The place is taken, and the person is told."), "success")
    return redirect(url_for("entrepreneurs.show", public_id=public_id), code=303)


def list_bookable(session: Session, person: Entrepreneur, booked: Sequence[int]) -> list[SessionLine]:
    """List the next sessions that a coordinator may book for a person; sensitive ones only for who organises them."""
    coming = list_next_sessions(session, person.association_id, at=utc_now(), limit=SESSIONS_OFFERED)
    actor = current_actor()
    return [
        line
        for line in coming
        if line.session.id not in booked
        and may_know_participants(actor, line.session, is_sensitive=line.session.theme.is_sensitive)
    ]


def _commune_of(session: Session, person: Entrepreneur) -> tuple[Commune | None, str]:
    """Give the commune that was typed, else that of the file; and what was unclear about it."""
    typed = request.args.get("commune")
    if typed is None:
        return find_commune(session, person.commune_code), ""
    try:
        return resolve_commune(session, typed), ""
    except UnclearCommuneError as error:
        return None, str(error)


def _read_place(form: QpvForm, commune: Commune) -> Position | ChosenNeighbourhood:
    if form.latitude.data is not None and form.longitude.data is not None:
        return Position(latitude=form.latitude.data, longitude=form.longitude.data, commune_code=commune.code)
    chosen = form.choice.data
    return ChosenNeighbourhood(
        commune_code=commune.code,
        qpv_code=None if chosen in (NONE_OF_THEM, NOT_KNOWN) else chosen,
        is_known=chosen != NOT_KNOWN,
    )


def _tell_cancellation(outcome: BookingOutcome) -> None:
    if outcome.was_waiting:
        sentence = _("The turn in the waiting list is cancelled.")
    elif outcome.offered:
        sentence = _("The place is cancelled; it is kept for the first person of the waiting list, who is asked.")
    else:
        sentence = _("The place is cancelled.")
    flash(sentence, "success")


def _tell_check(outcome: QpvOutcome) -> None:
    words = {
        QpvResult.INSIDE: _("In a priority neighbourhood: kept with its date."),
        QpvResult.DECLARED: _("In a priority neighbourhood, as declared: kept with its date."),
        QpvResult.BORDERLINE: _("On the border: look at the address, then confirm below."),
        QpvResult.OUTSIDE: _("Outside priority neighbourhoods: kept with its date."),
        QpvResult.UNKNOWN: _("Not known for now: kept with its date."),
    }
    flash(words[outcome.result], "success")
