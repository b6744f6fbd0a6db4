"""Routes: workshop sessions, for their organisers."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.db import db
from models.exceptions import DomainError, InvalidInputError, NotFoundError, RepeatedRequestError, SeatsTakenError
from models.queries.agenda import (
    SessionSheet,
    SessionSituation,
    get_organised_session,
    get_session_sheet,
    list_sessions,
)
from models.queries.assisted import list_booked_together
from models.queries.attendance import RecentAttendance, list_line_changes, map_recent_attendance
from models.queries.bookings import count_coming
from models.queries.coordinators import has_no_organiser
from models.queries.feedback import read_feedback
from models.queries.members import find_commune
from models.queries.other_dates import find_other_date
from models.queries.series import find_series_of, get_series, list_choices_of_series, list_dates
from models.queries.visitors import list_live_visitors
from models.series import WorkshopSeries
from models.states import BookingState, SessionState
from models.workshops import MoveReason, SessionFormat, WorkshopSession
from webapp.access import Access, access, current_actor
from webapp.clock import utc_now
from webapp.errors import describe
from webapp.form_errors import show_on_field
from webapp.paging import chosen_id, chosen_member, page_number
from webapp.permissions import may_know_participants
from webapp.repeated_forms import posted_form_key, show_first_outcome
from webapp.services import group_minimum, organisers, waiting_moves, workshops
from webapp.services.attendance import count_visitors as count_who_came
from webapp.services.workshops import SessionOutcome
from webapp.territories.communes import write_commune
from webapp.translation import gettext as _
from webapp.translation import ngettext
from webapp.twice import say_if_twice
from webapp.workshops import bp
from webapp.workshops.forms import MoveForm, SeatsForm, SessionForm, VisitorsForm, session_data
from webapp.workshops.reading import read_session
from webapp.workshops.telling import flash_done
from webapp.workspace import current_workspace, work_in

PRESENT, ABSENT = "present", "absent"
FIELDS = {"commune_code": "commune"}


@bp.get("")
@access(Access.COORDINATOR)
def index() -> ResponseReturnValue:
    """List sessions: to come, with free seats, with a waiting list, to mark, gone by."""
    situation = chosen_member("situation", SessionSituation) or SessionSituation.UPCOMING
    seat, now = current_workspace().seat, utc_now()
    page = list_sessions(
        db.session(), seat.id, situation, at=now, account_id=current_actor().account_id, page=page_number()
    )
    return render_template(
        "workshops/index.html",
        page=page,
        situation=situation,
        situations=SessionSituation,
        now=now,
        knows_names=_knows_names,
    )


@bp.route("/add", methods=["GET", "POST"])
@access(Access.COORDINATOR)
def add() -> ResponseReturnValue:
    """Plan a session."""
    form = SessionForm(data=_first_values(), series=_list_series())
    values = read_session(form) if form.validate_on_submit() else None
    if values is not None:
        try:
            outcome = workshops.create_session(
                association_id=current_workspace().seat.public_id,
                values=values,
                actor=current_actor(),
                at=utc_now(),
                form_key=posted_form_key(),
            )
        except RepeatedRequestError as error:
            return show_first_outcome(error, "workshops.show")
        except InvalidInputError as error:
            show_on_field(form, error, FIELDS)
        else:
            flash(_("The session is open for booking."), "success")
            say_if_twice((values.day, values.starts_at), (values.day, values.ends_at))
            return redirect(url_for("workshops.show", public_id=outcome.session_id), code=303)
    return render_template("workshops/form.html", form=form, workshop=None), _status()


@bp.get("/<uuid:public_id>")
@access(Access.COORDINATOR)
def show(public_id: UUID) -> ResponseReturnValue:
    """Show a session with its participants and its waiting list."""
    sheet = _get_sheet(public_id)
    return _show(sheet, SeatsForm(data={"seats": sheet.session.seats}))


@bp.route("/<uuid:public_id>/edit", methods=["GET", "POST"])
@access(Access.COORDINATOR)
def edit(public_id: UUID) -> ResponseReturnValue:
    """Change a session; people who come are told when time or place move."""
    workshop = get_organised_session(db.session(), public_id, association_ids=current_actor().coordinates)
    work_in(workshop.association_id)
    commune = find_commune(db.session(), workshop.commune_code)
    series = find_series_of(db.session(), workshop)
    form = SessionForm(data=session_data(workshop, write_commune(commune), series), series=_list_series())
    values = read_session(form) if form.validate_on_submit() else None
    if values is not None:
        try:
            outcome = workshops.update_session(session_id=public_id, values=values, actor=current_actor(), at=utc_now())
        except (InvalidInputError, SeatsTakenError) as error:
            show_on_field(form, error, FIELDS, field="seats")
        else:
            _tell_changes(outcome, _("The session is changed."))
            say_if_twice((values.day, values.starts_at), (values.day, values.ends_at))
            return redirect(url_for("workshops.show", public_id=public_id), code=303)
    return render_template("workshops/form.html", form=form, workshop=workshop), _status()


@bp.post("/<uuid:public_id>/seats")
@access(Access.COORDINATOR)
def resize(public_id: UUID) -> ResponseReturnValue:
    """Change the number of seats; new ones are offered to who waits."""
    sheet = _get_sheet(public_id)
    form = SeatsForm()
    if not form.validate_on_submit():
        return _show(sheet, form), 422
    try:
        outcome = workshops.resize_session(
            session_id=public_id, seats=form.seats.data, actor=current_actor(), at=utc_now()
        )
    except SeatsTakenError as error:
        show_on_field(form, error, field="seats")
        return _show(_get_sheet(public_id), form), 409
    _tell_changes(outcome, _("The session now has %(seats)s seats.", seats=outcome.seats))
    return redirect(url_for("workshops.show", public_id=public_id), code=303)


@bp.post("/<uuid:public_id>/go")
@access(Access.COORDINATOR)
def go(public_id: UUID) -> ResponseReturnValue:
    """Say that a session takes place although fewer people come than wished."""
    told = group_minimum.go_ahead(session_id=public_id, actor=current_actor(), at=utc_now())
    flash_done(_("The session takes place."), told=told)
    return redirect(url_for("workshops.show", public_id=public_id), code=303)


@bp.post("/<uuid:public_id>/line/<uuid:booking_id>")
@access(Access.COORDINATOR)
def reorder(public_id: UUID, booking_id: UUID) -> ResponseReturnValue:
    """Give somebody who waits another position, with the reason that the log keeps."""
    sheet = _get_sheet(public_id)
    if not _knows_names(sheet.session) or booking_id not in {line.public_id for line in sheet.waiting}:
        raise NotFoundError(record="Booking")
    form = MoveForm()
    if not form.validate_on_submit() or form.position.data > len(sheet.waiting):
        flash(_("Choose a position of the list, and a reason."), "warning")
        return redirect(url_for("workshops.show", public_id=public_id, _anchor="waiting-list"), code=303)
    waiting_moves.move_in_line(
        booking_id=booking_id,
        position=form.position.data,
        reason=MoveReason(form.reason.data),
        actor=current_actor(),
        at=utc_now(),
    )
    flash(_("The list is changed, and the reason is in the log."), "success")
    return redirect(url_for("workshops.show", public_id=public_id, _anchor="waiting-list"), code=303)


@bp.route("/<uuid:public_id>/attendance", methods=["GET", "POST"])
@access(Access.COORDINATOR)
def attendance(public_id: UUID) -> ResponseReturnValue:
    """Mark who came, for everybody at once, or correct it later."""
    sheet = _get_sheet(public_id)
    if not _knows_names(sheet.session):
        return redirect(url_for("workshops.show", public_id=public_id), code=303)
    if request.method == "GET":
        together = list_booked_together(db.session(), sheet.session.id)
        return render_template(
            "workshops/attendance.html", sheet=sheet, has_begun=_has_begun(sheet.session), together=together
        )
    marked = _mark(sheet)
    flash(ngettext("Attendance noted for %(num)d person.", "Attendance noted for %(num)d people.", marked), "success")
    return redirect(url_for("workshops.show", public_id=public_id), code=303)


@bp.post("/<uuid:public_id>/visitors")
@access(Access.COORDINATOR)
def count_visitors(public_id: UUID) -> ResponseReturnValue:
    """Note how many visitors came."""
    sheet = _get_sheet(public_id)
    form = VisitorsForm()
    if not form.validate_on_submit() or form.came.data > sheet.session.seats:
        flash(_("Give a number of people, at most as many as there were seats."), "warning")
    else:
        count_who_came(session_id=public_id, came=form.came.data, actor=current_actor(), at=utc_now())
        flash(_("The number of visitors is noted."), "success")
    return redirect(url_for("workshops.show", public_id=public_id, _anchor="visitors"), code=303)


@bp.post("/<uuid:public_id>/held")
@access(Access.COORDINATOR)
def hold(public_id: UUID) -> ResponseReturnValue:
    """Close a session that took place and to which nobody was booked."""
    workshops.hold_session(session_id=public_id, actor=current_actor(), at=utc_now())
    flash(_("The session is noted as held."), "success")
    return redirect(url_for("workshops.show", public_id=public_id), code=303)


@bp.post("/<uuid:public_id>/take-over")
@access(Access.COORDINATOR)
def take_over(public_id: UUID) -> ResponseReturnValue:
    """Become the organiser of a session that has none, or whose organiser left."""
    organisers.take_over_session(session_id=public_id, actor=current_actor(), at=utc_now())
    flash(_("You are the organiser of this session now."), "success")
    return redirect(url_for("workshops.show", public_id=public_id), code=303)


def _list_series() -> Sequence[WorkshopSeries]:
    return list_choices_of_series(db.session(), current_workspace().seat.id)


def _first_values() -> dict[str, Any]:
    """Give what the empty form shows: for one more date of a series, what holds for its last one, a week later."""
    plain = {"language": "fr", "format": SessionFormat.IN_PERSON.value, "seats": 12}
    series_id = chosen_id("series")
    if series_id is None:
        return plain
    series = get_series(db.session(), series_id, association_ids=current_actor().coordinates)
    work_in(series.association_id)
    named = {"series": str(series.public_id), "theme": series.theme_slug, "description": series.description}
    dates = list_dates(db.session(), series.id)
    if not dates:
        return {**plain, **named, "title": series.title}
    last = dates[-1]
    known = session_data(last, write_commune(find_commune(db.session(), last.commune_code)), series)
    return {**known, "day": known["day"] + timedelta(days=7)}


def _get_sheet(public_id: UUID) -> SessionSheet:
    sheet = get_session_sheet(db.session(), public_id, association_ids=current_actor().coordinates)
    work_in(sheet.session.association_id)
    return sheet


def _mark(sheet: SessionSheet) -> int:
    wanted = {PRESENT: BookingState.ATTENDED, ABSENT: BookingState.ABSENT}
    marked = 0
    for booking in [(line.public_id, line.state) for line in sheet.seated]:
        chosen = wanted.get(request.form.get(f"booking-{booking[0]}", ""))
        if chosen is None or chosen is booking[1]:
            continue
        try:
            workshops.mark_attendance(
                booking_id=booking[0],
                attended=chosen is BookingState.ATTENDED,
                actor=current_actor(),
                at=utc_now(),
            )
            marked += 1
        except DomainError as error:
            flash(describe(error).sentence, "danger")
            break
    return marked


def _show(sheet: SessionSheet, form: SeatsForm) -> str:
    knows_names = _knows_names(sheet.session)
    return render_template(
        "workshops/show.html",
        sheet=sheet,
        form=form,
        has_begun=_has_begun(sheet.session),
        knows_names=knows_names,
        feedback=read_feedback(db.session(), sheet.session),
        recent=_map_recent(sheet),
        together=list_booked_together(db.session(), sheet.session.id) if knows_names else frozenset(),
        line_changes=list_line_changes(db.session(), sheet.session.id) if sheet.waiting or sheet.offered else (),
        move_form=MoveForm(),
        visitors_form=VisitorsForm(data={"came": sheet.session.visitors_came}),
        series=find_series_of(db.session(), sheet.session),
        visitors=list_live_visitors(db.session(), sheet.session.id),
        coming=count_coming(db.session(), sheet.session.id) if sheet.session.minimum else 0,
        other_date=find_other_date(db.session(), sheet.session.id) if _is_cancelled(sheet.session) else None,
        is_orphan=not knows_names and has_no_organiser(db.session(), sheet.session),
    )


def _map_recent(sheet: SessionSheet) -> Mapping[int, RecentAttendance]:
    ids = [line.entrepreneur_id for line in sheet.seated]
    return map_recent_attendance(db.session(), ids, at=utc_now())


def _knows_names(workshop: WorkshopSession) -> bool:
    return may_know_participants(current_actor(), workshop, is_sensitive=workshop.theme.is_sensitive)


def _is_cancelled(workshop: WorkshopSession) -> bool:
    return workshop.state is SessionState.CANCELLED


def _has_begun(workshop: WorkshopSession) -> bool:
    return workshop.starts_at <= utc_now()


def _tell_changes(outcome: SessionOutcome, sentence: str) -> None:
    parts = [sentence]
    if outcome.offered:
        parts.append(
            ngettext(
                "A place is kept for %(num)d person of the waiting list, who is asked.",
                "Places are kept for %(num)d people of the waiting list, who are asked.",
                outcome.offered,
            )
        )
    flash_done(*parts, told=outcome.told)


def _status() -> int:
    return 422 if request.method == "POST" else 200
