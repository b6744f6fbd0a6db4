"""Routes: a facilitator's circles, and each meeting as the one who leads it, or a coordinator, sees it."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from models.circle_meetings import CircleMeeting
from models.circles import Circle, CircleMember
from models.db import db
from models.exceptions import InvalidInputError, NotFoundError
from models.queries import circle_meetings as queries
from models.queries.circle_waiting import led_by, list_matters
from models.queries.circles import find_circle
from models.states import CircleMeetingState
from webapp.access import Access, access, current_actor
from webapp.circles import bp, meeting_forms
from webapp.clock import utc_now
from webapp.form_errors import show_on_field
from webapp.permissions import Permission, can
from webapp.public_address import give_public_address
from webapp.services import circle_meetings, circle_seats, circle_turns
from webapp.services.circle_files import read_circle_calendar
from webapp.services.circle_meetings import MeetingReport
from webapp.services.circle_sheets import read_sheet
from webapp.translation import gettext as _
from webapp.twice import say_if_twice
from webapp.words.circle_contract import contract_of
from webapp.words.week import SLOTS

ICS = "text/calendar; charset=utf-8"


@bp.get("/led")
@access(Access.SUPPORTER)
def led() -> ResponseReturnValue:
    """Show the circles that a supporter leads or led."""
    session, at, ids = db.session(), utc_now(), current_actor().supporter_ids
    circles = queries.list_led_circles(session, ids)
    return render_template(
        "circles/led.html",
        circles=circles,
        following=queries.map_next_meetings(session, [circle.id for circle in circles], at=at),
        matters=list_matters(session, led_by(ids), at=at),
        slots=SLOTS,
        now=at,
    )


@bp.get("/led/<uuid:public_id>")
@access(Access.SUPPORTER)
def led_circle(public_id: UUID) -> ResponseReturnValue:
    """Show a facilitator her circle: what is next, who comes, whose turn it is, who agreed to the contract."""
    circle = find_circle(db.session(), public_id)
    if circle is None or circle.facilitator_id not in current_actor().supporter_ids or circle.confirmed_at is None:
        raise NotFoundError(record="Circle")
    at = utc_now()
    sheet = read_sheet(db.session(), circle, at=at)
    minutes = sum(meeting.minutes for meeting in sheet.past if meeting.state is CircleMeetingState.HELD)
    return render_template(
        "circles/led_circle.html",
        sheet=sheet,
        slots=SLOTS,
        minutes=minutes,
        contract=contract_of(sheet.network),
        now=at,
    )


@bp.post("/<uuid:public_id>/go-on")
@access(Access.MEMBER)
def go_on(public_id: UUID) -> ResponseReturnValue:
    """Go on with fewer people than planned."""
    circle_seats.go_on_with_fewer(circle_id=public_id, actor=current_actor(), at=utc_now())
    flash(_("Noted: the circle goes on with the people who are there."), "success")
    circle = find_circle(db.session(), public_id)
    assert circle is not None  # the service has just found it
    return redirect(_circle_url(circle), code=303)


@bp.get("/meetings/<uuid:public_id>")
@access(Access.MEMBER)
def meeting(public_id: UUID) -> ResponseReturnValue:
    """Show one meeting to who leads the circle, or coordinates."""
    return _show(_find(public_id))


@bp.post("/meetings/<uuid:public_id>/move")
@access(Access.MEMBER)
def move_meeting(public_id: UUID) -> ResponseReturnValue:
    """Move a meeting to another day or hour."""
    found, form = _find(public_id), meeting_forms.MoveMeetingForm()
    if not form.validate_on_submit():
        return _show(found, move_form=form)
    try:
        circle_meetings.move_meeting(
            meeting_id=public_id, day=form.day.data, hour=form.hour.data, actor=current_actor(), at=utc_now()
        )
    except InvalidInputError as error:
        show_on_field(form, error, {"meeting_day": "day", "same_time": "day"})
        return _show(_find(public_id), move_form=form)
    flash(_("The meeting is moved, and everybody is told."), "success")
    say_if_twice((form.day.data, form.hour.data))
    return _back(public_id)


@bp.post("/meetings/<uuid:public_id>/where")
@access(Access.MEMBER)
def say_where(public_id: UUID) -> ResponseReturnValue:
    """Say where the circle meets."""
    found, form = _find(public_id), meeting_forms.PlaceForm()
    if not form.validate_on_submit():
        return _show(found, place_form=form)
    try:
        circle_meetings.say_where(
            meeting_id=public_id, place=form.place.data or "", actor=current_actor(), at=utc_now()
        )
    except InvalidInputError as error:
        show_on_field(form, error, {"circle_place": "place", "online_url": "place"})
        return _show(_find(public_id), place_form=form)
    flash(_("Noted. Everybody is told, and calendars follow."), "success")
    return _back(public_id)


@bp.post("/meetings/<uuid:public_id>/cancel")
@access(Access.MEMBER)
def cancel_meeting(public_id: UUID) -> ResponseReturnValue:
    """Call a meeting off."""
    found = _find(public_id)
    circle_meetings.cancel_meeting(meeting_id=public_id, actor=current_actor(), at=utc_now())
    flash(_("The meeting is called off. Everybody is told, with the day of the next one."), "success")
    return redirect(_circle_url(found.circle), code=303)


@bp.post("/meetings/<uuid:public_id>/keep")
@access(Access.MEMBER)
def keep_meeting(public_id: UUID) -> ResponseReturnValue:
    """Let a meeting take place though few come."""
    circle_meetings.keep_meeting(meeting_id=public_id, actor=current_actor(), at=utc_now())
    flash(_("The meeting takes place, and everybody is told."), "success")
    return _back(public_id)


@bp.post("/meetings/<uuid:public_id>/hold")
@access(Access.MEMBER)
def hold_meeting(public_id: UUID) -> ResponseReturnValue:
    """Note who was there."""
    found = _find(public_id)
    form = _report_form(found)
    if not form.validate_on_submit():
        return _show(found, report_form=form)
    report = MeetingReport(
        present=[UUID(one) for one in form.present.data or ()],
        client=UUID(form.client.data) if form.client.data else None,
        minutes=int(form.minutes.data),
    )
    circle_meetings.hold_meeting(meeting_id=public_id, report=report, actor=current_actor(), at=utc_now())
    flash(_("Noted, thank you. The hours count by themselves."), "success")
    return redirect(_circle_url(found.circle), code=303)


@bp.post("/meetings/<uuid:public_id>/missed")
@access(Access.MEMBER)
def miss_meeting(public_id: UUID) -> ResponseReturnValue:
    """Note that a meeting did not take place."""
    found = _find(public_id)
    circle_meetings.miss_meeting(meeting_id=public_id, actor=current_actor(), at=utc_now())
    flash(_("Noted: this meeting did not take place. The next one is in the calendar."), "success")
    return redirect(_circle_url(found.circle), code=303)


@bp.post("/meetings/<uuid:public_id>/turn")
@access(Access.MEMBER)
def choose_client(public_id: UUID) -> ResponseReturnValue:
    """Say whose turn it is."""
    found = _find(public_id)
    sheet = read_sheet(db.session(), found.circle, at=utc_now())
    form = meeting_forms.build_turn_form(sheet.list_able(found))
    if not form.validate_on_submit():
        return _show(found)[0], 422
    circle_turns.choose_client(
        meeting_id=public_id, member_id=UUID(form.member.data), actor=current_actor(), at=utc_now()
    )
    flash(_("Noted. Do tell both of them."), "success")
    return _back(public_id)


@bp.get("/meetings/<uuid:public_id>/calendar.ics")
@access(Access.MEMBER)
def meeting_calendar(public_id: UUID) -> ResponseReturnValue:
    """Give the calendar file of a meeting."""
    actor = current_actor()
    page = "circles.mine" if actor.entrepreneur_ids else "home.index"
    link = give_public_address(url_for(page))
    body = read_circle_calendar(meeting_id=public_id, actor=actor, link=link, neutral=_("Appointment"))
    return Response(
        body, content_type=ICS, headers={"Content-Disposition": f'attachment; filename="cercle-{public_id}.ics"'}
    )


def _find(public_id: UUID) -> CircleMeeting:
    found = queries.get_circle_meeting(db.session(), public_id)
    if not can(current_actor(), Permission.CIRCLE_LEAD, found.circle):
        raise NotFoundError(record="CircleMeeting")
    return found


def _show(
    found: CircleMeeting,
    *,
    move_form: meeting_forms.MoveMeetingForm | None = None,
    report_form: meeting_forms.ReportForm | None = None,
    place_form: meeting_forms.PlaceForm | None = None,
) -> tuple[str, int]:
    session, at = db.session(), utc_now()
    circle = session.get_one(Circle, found.circle_id, populate_existing=True)
    sheet = read_sheet(session, circle, at=at)
    is_next = sheet.next is not None and sheet.next.id == found.id
    body = render_template(
        "circles/meeting.html",
        meeting=found,
        sheet=sheet,
        attendees=queries.list_attendees(session, found),
        is_next=is_next,
        now=at,
        is_past=found.starts_at <= at,
        back_url=_circle_url(circle),
        move_form=move_form or meeting_forms.MoveMeetingForm(),
        place_form=place_form or meeting_forms.PlaceForm(formdata=None, data={"place": circle.place}),
        report_form=report_form or _report_form(found),
        turn_form=meeting_forms.build_turn_form(sheet.list_able(found)) if is_next else None,
    )
    return body, 422 if move_form or report_form or place_form else 200


def _report_form(found: CircleMeeting) -> meeting_forms.ReportForm:
    members = queries.list_attendees(db.session(), found)
    noted = {one.member_id: one.was_there for one in found.attendances if one.was_there is not None}
    able = circle_turns.list_able(found, members)
    present = [member for member in members if noted.get(member.id)] if noted else able
    return meeting_forms.build_report_form(
        members, present=present, client=_client(found, present), minutes=found.minutes
    )


def _client(found: CircleMeeting, present: list[CircleMember]) -> CircleMember | None:
    return next((member for member in present if member.id == found.client_member_id), None)


def _circle_url(circle: Circle) -> str:
    """Give the page of a circle that the actor has: the facilitator's, or the coordinator's."""
    if circle.facilitator_id in current_actor().supporter_ids:
        return url_for("circles.led_circle", public_id=circle.public_id)
    return url_for("circles.show", public_id=circle.public_id)


def _back(public_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("circles.meeting", public_id=public_id), code=303)
