"""Routes: whom to meet first, and what came of it."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from models.db import db
from models.exceptions import InvalidInputError
from models.interviews import Interview
from models.queries.associations import get_association
from models.queries.interviews import get_interview, list_to_meet, list_to_meet_again
from models.queries.sheets import list_colleagues
from webapp.access import Access, access, current_actor
from webapp.clock import day_of, utc_now
from webapp.form_errors import show_on_field
from webapp.interviews import bp
from webapp.interviews.forms import PLACES, ArrangeForm, OutcomeForm, build_arrange_form, build_outcome_form
from webapp.jobs import enqueue_person
from webapp.paging import page_number
from webapp.services import interviews
from webapp.services.interview_dates import FIELDS, arrange_interview
from webapp.translation import gettext as _
from webapp.twice import say_if_twice
from webapp.workspace import current_workspace, work_in

LATER_SHOWN = 50


@bp.get("")
@access(Access.COORDINATOR)
def index() -> ResponseReturnValue:
    """List the people to meet, and those who are met again later."""
    session, now, seat = db.session(), utc_now(), current_workspace().seat
    today = day_of(now)
    return render_template(
        "interviews/index.html",
        page=list_to_meet(session, seat.id, on=today, page=page_number()),
        later=list_to_meet_again(session, seat.id, on=today, limit=LATER_SHOWN),
        now=now,
    )


@bp.route("/<uuid:public_id>", methods=["GET", "POST"])
@access(Access.COORDINATOR)
def show(public_id: UUID) -> ResponseReturnValue:
    """Show an interview, and note what came of it."""
    interview = _get(public_id)
    person_id = interview.entrepreneur.public_id
    form = build_outcome_form(interview)
    if not form.is_submitted():
        return _show(interview, form, _arrange_form(interview))
    if form.validate():
        try:
            interviews.hold_interview(interview_id=public_id, report=form.read(), actor=current_actor(), at=utc_now())
        except InvalidInputError as error:
            show_on_field(form, error)
        else:
            enqueue_person(person_id)
            flash(_("Noted. The person is told, with what comes next and when."), "success")
            return redirect(url_for("entrepreneurs.show", public_id=person_id), code=303)
    interview = _get(public_id)
    return _show(interview, form, _arrange_form(interview)), 422


@bp.post("/<uuid:public_id>/arrange")
@access(Access.COORDINATOR)
def arrange(public_id: UUID) -> ResponseReturnValue:
    """Say who meets the person, how and when."""
    interview = _get(public_id)
    form = _arrange_form(interview)
    if form.validate_on_submit():
        try:
            plan = form.read(list_colleagues(db.session(), interview.association_id))
            arrange_interview(interview_id=public_id, plan=plan, actor=current_actor(), at=utc_now())
        except InvalidInputError as error:
            show_on_field(form, error, {FIELDS[channel]: name for channel, name in PLACES.items()})
        else:
            flash(_("The interview is arranged."), "success")
            say_if_twice((form.interview_day.data, form.hour.data))
            return redirect(url_for("interviews.show", public_id=public_id), code=303)
    interview = _get(public_id)
    return _show(interview, build_outcome_form(interview), form), 422


@bp.post("/<uuid:public_id>/miss")
@access(Access.COORDINATOR)
def miss(public_id: UUID) -> ResponseReturnValue:
    """Note that the two did not meet."""
    _get(public_id)
    following = interviews.miss_interview(interview_id=public_id, actor=current_actor(), at=utc_now())
    flash(_("Noted without reproach. Another interview is planned, and the person is told."), "success")
    return redirect(url_for("interviews.show", public_id=following), code=303)


@bp.post("/<uuid:public_id>/cancel")
@access(Access.COORDINATOR)
def cancel(public_id: UUID) -> ResponseReturnValue:
    """Call an interview off."""
    person_id = _get(public_id).entrepreneur.public_id
    interviews.cancel_interview(interview_id=public_id, actor=current_actor(), at=utc_now())
    flash(_("The interview is called off. The day of the next news is on the person’s sheet."), "success")
    return redirect(url_for("entrepreneurs.show", public_id=person_id), code=303)


@bp.post("/plan/<uuid:public_id>")
@access(Access.COORDINATOR)
def plan(public_id: UUID) -> ResponseReturnValue:
    """Plan to meet somebody."""
    planned = interviews.plan_interview(entrepreneur_id=public_id, actor=current_actor(), at=utc_now())
    flash(_("An interview is planned, and the person is told. Agree on an hour if you like."), "success")
    return redirect(url_for("interviews.show", public_id=planned), code=303)


def _get(public_id: UUID) -> Interview:
    interview = get_interview(db.session(), public_id, association_ids=current_actor().coordinates)
    work_in(interview.association_id)
    return interview


def _arrange_form(interview: Interview) -> ArrangeForm:
    session, association_id = db.session(), interview.association_id
    return build_arrange_form(
        interview, get_association(session, association_id), list_colleagues(session, association_id)
    )


def _show(interview: Interview, form: OutcomeForm, arranging: ArrangeForm) -> str:
    now = utc_now()
    return render_template(
        "interviews/show.html",
        interview=interview,
        form=form,
        arranging=arranging,
        now=now,
        today=day_of(now),
    )
