"""Routes: questions, pauses, dates, talks held, and the interview at the end."""

from datetime import datetime
from uuid import UUID

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from models.exceptions import InvalidInputError, RepeatedRequestError
from webapp.access import Access, access, current_actor
from webapp.clock import utc_now
from webapp.errors import describe
from webapp.form_errors import show_on_field
from webapp.introductions.forms import build_introduction_form
from webapp.pairings import bp, meeting_forms
from webapp.pairings.pages import find_known_pairing, is_one_of_two, say_if_far, show_pairing
from webapp.public_address import give_public_address
from webapp.repeated_forms import posted_form_key, show_first_outcome
from webapp.services import coaching_hours, introductions, meetings, pairing_pauses
from webapp.services.closing_interviews import note_closing_interview
from webapp.services.meeting_calendars import read_meeting_calendar
from webapp.services.term_extensions import extend_term
from webapp.templating import format_day
from webapp.translation import gettext as _
from webapp.twice import say_if_twice

ICS = "text/calendar; charset=utf-8"


@bp.post("/<uuid:public_id>/ask")
@access(Access.SUPPORTER)
def ask(public_id: UUID) -> ResponseReturnValue:
    """Ask something before deciding."""
    form = meeting_forms.build_ask_form()
    if not form.validate_on_submit():
        return show_pairing(find_known_pairing(public_id), ask_form=form)
    words = form.words.data or ""
    pairing_pauses.ask_question(pairing_id=public_id, question=words, actor=current_actor(), at=utc_now())
    flash(_("Your question is sent. The place is kept, and your time to decide waits for the answer."), "success")
    return _back(public_id)


@bp.post("/<uuid:public_id>/answer")
@access(Access.COORDINATOR)
def answer(public_id: UUID) -> ResponseReturnValue:
    """Answer a supporter's question."""
    form = meeting_forms.build_answer_form()
    if not form.validate_on_submit():
        return show_pairing(find_known_pairing(public_id), answer_form=form)
    words = form.words.data or ""
    pairing_pauses.answer_question(pairing_id=public_id, answer=words, actor=current_actor(), at=utc_now())
    flash(_("Your answer is sent, with a new day to decide by."), "success")
    return _back(public_id)


@bp.post("/<uuid:public_id>/pause")
@access(Access.MEMBER)
def pause(public_id: UUID) -> ResponseReturnValue:
    """Pause."""
    pairing_pauses.pause_pairing(pairing_id=public_id, actor=current_actor(), at=utc_now())
    flash(_("The pause has begun. The place is kept, and everybody is told."), "success")
    return _back(public_id)


@bp.post("/<uuid:public_id>/resume")
@access(Access.MEMBER)
def resume(public_id: UUID) -> ResponseReturnValue:
    """Go on."""
    pairing_pauses.resume_pairing(pairing_id=public_id, actor=current_actor(), at=utc_now())
    flash(_("You go on together. Propose a date for the next talk."), "success")
    return _back(public_id)


@bp.post("/<uuid:public_id>/meetings")
@access(Access.MEMBER)
def propose_meeting(public_id: UUID) -> ResponseReturnValue:
    """Propose dates, or other dates."""
    pairing, form = find_known_pairing(public_id), meeting_forms.build_dates_form()
    if not form.validate_on_submit():
        return show_pairing(pairing, dates_form=form)
    plan = form.build_plan()
    try:
        meetings.propose_meeting(
            pairing_id=public_id,
            plan=plan,
            actor=current_actor(),
            at=utc_now(),
            form_key=posted_form_key(),
        )
    except RepeatedRequestError as error:
        return show_first_outcome(error, "pairings.show")
    except InvalidInputError as error:
        form.note_refusal(error)
        return show_pairing(find_known_pairing(public_id), dates_form=form)
    flash(
        _("Your dates are sent: the other chooses with one tap.")
        if is_one_of_two(pairing)
        else _("The dates are sent: one of the two chooses with one tap."),
        "success",
    )
    say_if_twice(*((one.day, one.hour) for one in plan.dates))
    say_if_far(pairing, plan, at=utc_now())
    return _back(public_id)


@bp.post("/<uuid:public_id>/meetings/<uuid:meeting_id>/confirm")
@access(Access.MEMBER)
def confirm_meeting(public_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    """Choose one of the dates."""
    try:
        starts_at = datetime.fromisoformat(request.form.get("starts_at", ""))
    except ValueError:
        return abort(422)
    if starts_at.tzinfo is None:
        return abort(422)
    try:
        meetings.confirm_meeting(meeting_id=meeting_id, starts_at=starts_at, actor=current_actor(), at=utc_now())
    except InvalidInputError:
        flash(_("This date is no longer proposed, or has gone by. Here is where things stand now."), "warning")
    else:
        flash(
            _("It is agreed, and both of you are told. You can add it to your calendar.")
            if is_one_of_two(find_known_pairing(public_id))
            else _("It is agreed, and the two are told."),
            "success",
        )
    return _back(public_id)


@bp.post("/<uuid:public_id>/meetings/<uuid:meeting_id>/cancel")
@access(Access.MEMBER)
def cancel_meeting(public_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    """Call a meeting off."""
    form = meeting_forms.WordForm(prefix="cancel-")
    if not form.validate_on_submit():
        return show_pairing(find_known_pairing(public_id), cancel_form=form)
    meetings.cancel_meeting(meeting_id=meeting_id, word=form.word.data or "", actor=current_actor(), at=utc_now())
    flash(
        _("The meeting is called off, and the other is told. Propose another date when you can.")
        if is_one_of_two(find_known_pairing(public_id))
        else _("The meeting is called off, and the two are told. They agree on another date together."),
        "success",
    )
    return _back(public_id)


@bp.post("/<uuid:public_id>/meetings/<uuid:meeting_id>/missed")
@access(Access.MEMBER)
def miss_meeting(public_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    """Say that it did not take place."""
    meetings.miss_meeting(meeting_id=meeting_id, actor=current_actor(), at=utc_now())
    flash(_("Thank you for telling. It happens: propose another date."), "success")
    return _back(public_id)


@bp.post("/<uuid:public_id>/meetings/log")
@access(Access.MEMBER)
def log_meeting(public_id: UUID) -> ResponseReturnValue:
    """Note that the two met."""
    pairing, form = find_known_pairing(public_id), meeting_forms.build_log_form(utc_now())
    if not form.validate_on_submit():
        return show_pairing(pairing, log_form=form)
    try:
        meetings.log_meeting(
            pairing_id=public_id,
            day=form.day.data,
            minutes=int(form.minutes.data),
            next_step=form.next_step.data or "",
            actor=current_actor(),
            at=utc_now(),
        )
    except InvalidInputError as error:
        show_on_field(form, error, {"talk_day": "day"})
        return show_pairing(find_known_pairing(public_id), log_form=form)
    flash(_("Noted, thank you."), "success")
    return _back(public_id)


@bp.get("/<uuid:public_id>/meetings/<uuid:meeting_id>/calendar.ics")
@access(Access.MEMBER)
def meeting_calendar(public_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    """Give the calendar file of a meeting."""
    link = give_public_address(url_for("pairings.show", public_id=public_id))
    actor = current_actor()
    body = read_meeting_calendar(meeting_id=meeting_id, actor=actor, link=link, neutral=_("Appointment"))
    return Response(body, content_type=ICS, headers={"Content-Disposition": 'attachment; filename="rendez-vous.ics"'})


@bp.post("/<uuid:public_id>/introductions")
@access(Access.MEMBER)
def introduce(public_id: UUID) -> ResponseReturnValue:
    """Note to whom the entrepreneur is introduced."""
    pairing, form = find_known_pairing(public_id), build_introduction_form()
    if not form.validate_on_submit():
        return show_pairing(pairing, introduction_form=form)
    try:
        introductions.introduce(
            pairing_id=public_id,
            contact=form.build_contact(),
            is_made=form.is_made.data,
            actor=current_actor(),
            at=utc_now(),
            form_key=posted_form_key(),
        )
    except RepeatedRequestError as error:
        flash(describe(error).what, "warning")
    else:
        flash(_("Noted, thank you. In some weeks one tap tells what became of it."), "success")
    return _back(public_id)


@bp.post("/<uuid:public_id>/hours")
@access(Access.COORDINATOR)
def grant_hours(public_id: UUID) -> ResponseReturnValue:
    """Let a coach's path go on for some more hours."""
    form = meeting_forms.HoursForm(prefix="hours-")
    if not form.validate_on_submit():
        return show_pairing(find_known_pairing(public_id), hours_form=form)
    hours, form_key = form.hours.data or 0, posted_form_key()
    try:
        coaching_hours.grant_hours(
            pairing_id=public_id, hours=hours, actor=current_actor(), at=utc_now(), form_key=form_key
        )
    except RepeatedRequestError as error:
        return show_first_outcome(error, "pairings.show")
    flash(_("The hours are added."), "success")
    return _back(public_id)


@bp.post("/<uuid:public_id>/term")
@access(Access.COORDINATOR)
def extend(public_id: UUID) -> ResponseReturnValue:
    """Let two people go on until another day."""
    form = meeting_forms.TermForm(prefix="term-")
    if not form.validate_on_submit() or form.until.data is None:
        return show_pairing(find_known_pairing(public_id), term_form=form)
    try:
        extend_term(pairing_id=public_id, until=form.until.data, actor=current_actor(), at=utc_now())
    except InvalidInputError as error:
        show_on_field(form, error)
        return show_pairing(find_known_pairing(public_id), term_form=form)
    flash(_("They go on until %(day)s: both are told.", day=format_day(form.until.data)), "success")
    return _back(public_id)


@bp.post("/<uuid:public_id>/closing")
@access(Access.COORDINATOR)
def closing(public_id: UUID) -> ResponseReturnValue:
    """Note that the interview at the end was held."""
    note_closing_interview(pairing_id=public_id, actor=current_actor(), at=utc_now())
    flash(_("Noted, thank you."), "success")
    return _back(public_id)


def _back(public_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("pairings.show", public_id=public_id), code=303)
