"""Routes: gatherings of supporters as a coordinator plans and notes them, and one gathering as each side sees it."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from models.circle_meetings import CircleAnswer
from models.clocks import Clock
from models.db import db
from models.exceptions import InvalidInputError, InvalidTransitionError, NotFoundError, RepeatedRequestError
from models.gatherings import Gathering, SupporterListing
from models.queries import gatherings as queries
from models.queries.clocks import get_clocks
from models.queries.pages import Page
from models.states import GatheringState
from webapp.access import Access, access, current_actor
from webapp.clock import utc_now
from webapp.form_errors import show_on_field
from webapp.gatherings import bp, reading
from webapp.gatherings.forms import GatheringForm, ReportForm, build_report_form, gathering_data
from webapp.permissions import Permission, can
from webapp.repeated_forms import posted_form_key, show_first_outcome
from webapp.services import gatherings
from webapp.services.gatherings import GatheringReport
from webapp.translation import gettext as _
from webapp.twice import say_if_twice
from webapp.workspace import current_workspace, work_in

FIELDS = {"gathering_day": "day"}


@bp.get("")
@access(Access.COORDINATOR)
def index() -> ResponseReturnValue:
    """Show who is in the circle, the gathering that is planned, and what became of those before."""
    session, at, seat = db.session(), utc_now(), current_workspace().seat
    planned = queries.find_planned(session, seat.id)
    days, gathered_at = get_clocks(session, seat.id)[Clock.GATHERING], queries.find_last_gathered(session, seat.id)
    to_note = planned is not None and planned.report_due_at <= at
    is_wanted = queries.is_overdue(gathered_at, days=days, at=at)
    return render_template(
        "gatherings/index.html",
        listed=queries.list_listed(session, seat.id),
        planned=planned,
        past=queries.list_past_gatherings(session, seat.id),
        waiting=Page(lines=("",) * (to_note or is_wanted), total=int(to_note or is_wanted)),
        to_note=to_note,
        gathered_at=gathered_at,
        coming=reading.list_saying(planned, CircleAnswer.YES) if planned else (),
    )


@bp.route("/new", methods=["GET", "POST"])
@access(Access.COORDINATOR)
def plan() -> ResponseReturnValue:
    """Plan the next gathering."""
    seat, form = current_workspace().seat, GatheringForm()
    if form.validate_on_submit():
        try:
            made = gatherings.plan_gathering(
                association_id=seat.public_id,
                values=form.build_values(),
                actor=current_actor(),
                at=utc_now(),
                form_key=posted_form_key(),
            )
        except RepeatedRequestError as error:
            return show_first_outcome(error, "gatherings.show")
        except InvalidInputError as error:
            show_on_field(form, error, FIELDS)
        else:
            say_if_twice((form.day.data, form.starts_at.data))
            return _back(made, _("The meeting is planned, and everybody in the circle is told."))
    planned = queries.find_planned(db.session(), seat.id)
    if planned is not None:
        return redirect(url_for("gatherings.show", public_id=planned.public_id), code=303)
    return render_template("gatherings/form.html", form=form, gathering=None), 422 if form.errors else 200


@bp.get("/<uuid:public_id>")
@access(Access.MEMBER)
def show(public_id: UUID) -> ResponseReturnValue:
    """Show a gathering to its coordinators, and to who is in the circle."""
    session, actor = db.session(), current_actor()
    gathering = queries.get_gathering(session, public_id)
    if can(actor, Permission.GATHERING_STEER, gathering):
        return _show_desk(gathering)
    listing = reading.find_own_listing(session, actor, gathering.association_id)
    if listing is None:
        raise NotFoundError(record="Gathering")
    return _show_to_supporter(gathering, listing)


@bp.route("/<uuid:public_id>/change", methods=["GET", "POST"])
@access(Access.COORDINATOR)
def change(public_id: UUID) -> ResponseReturnValue:
    """Move a gathering, or change where it is or what it is about."""
    gathering = _find_steered(public_id)
    form = GatheringForm(data=gathering_data(gathering))
    if form.validate_on_submit():
        try:
            gatherings.change_gathering(
                gathering_id=public_id, values=form.build_values(), actor=current_actor(), at=utc_now()
            )
        except InvalidInputError as error:
            show_on_field(form, error, FIELDS)
        else:
            say_if_twice((form.day.data, form.starts_at.data))
            return _back(public_id, _("The change is kept, and everybody in the circle is told."))
    gathering = _find_steered(public_id)
    if gathering.state is not GatheringState.PLANNED or gathering.starts_at <= utc_now():
        raise InvalidTransitionError(record="gathering", state=str(gathering.state), action="change")
    return render_template("gatherings/form.html", form=form, gathering=gathering), 422 if form.errors else 200


@bp.post("/<uuid:public_id>/cancel")
@access(Access.COORDINATOR)
def cancel(public_id: UUID) -> ResponseReturnValue:
    """Call a gathering off."""
    _find_steered(public_id)
    gatherings.cancel_gathering(gathering_id=public_id, actor=current_actor(), at=utc_now())
    flash(_("The meeting is called off, and everybody in the circle is told."), "success")
    return redirect(url_for("gatherings.index"), code=303)


@bp.post("/<uuid:public_id>/hold")
@access(Access.COORDINATOR)
def hold(public_id: UUID) -> ResponseReturnValue:
    """Note who was there."""
    gathering = _find_steered(public_id)
    form = _report_form(gathering)
    if not form.validate_on_submit():
        return _show_desk(gathering, report_form=form)
    report = GatheringReport(present=[UUID(one) for one in form.present.data or ()], minutes=int(form.minutes.data))
    gatherings.hold_gathering(gathering_id=public_id, report=report, actor=current_actor(), at=utc_now())
    return _back(public_id, _("Noted, thank you. The hours count by themselves."))


@bp.post("/<uuid:public_id>/missed")
@access(Access.COORDINATOR)
def miss(public_id: UUID) -> ResponseReturnValue:
    """Note that a gathering did not take place."""
    _find_steered(public_id)
    gatherings.miss_gathering(gathering_id=public_id, actor=current_actor(), at=utc_now())
    flash(_("Noted: this meeting did not take place. You can plan another one."), "success")
    return redirect(url_for("gatherings.index"), code=303)


def _find_steered(public_id: UUID) -> Gathering:
    gathering = queries.get_gathering(db.session(), public_id)
    if not can(current_actor(), Permission.GATHERING_STEER, gathering):
        raise NotFoundError(record="Gathering")
    work_in(gathering.association_id)
    return gathering


def _show_desk(gathering: Gathering, *, report_form: ReportForm | None = None) -> ResponseReturnValue:
    work_in(gathering.association_id)
    people = queries.list_attendees(db.session(), gathering)
    body = render_template(
        "gatherings/desk.html",
        gathering=gathering,
        people=people,
        present=reading.list_present(gathering, people),
        answers={one.supporter_id: one.answer for one in gathering.attendances if one.answer is not None},
        coming=reading.list_saying(gathering, CircleAnswer.YES),
        host=reading.name_host(db.session(), gathering),
        has_begun=gathering.starts_at <= utc_now(),
        report_form=report_form or _report_form(gathering),
    )
    return body, 422 if report_form else 200


def _show_to_supporter(gathering: Gathering, listing: SupporterListing) -> ResponseReturnValue:
    listed = [one.supporter for one in queries.list_listed(db.session(), gathering.association_id)]
    coming = reading.list_saying(gathering, CircleAnswer.YES)
    return render_template(
        "gatherings/show.html",
        gathering=gathering,
        coming=[one.first_name for one in listed if one.id in coming],
        said=reading.answer_of(gathering, listing.supporter_id),
        host=reading.name_host(db.session(), gathering),
        is_to_come=gathering.state is GatheringState.PLANNED and gathering.starts_at > utc_now(),
    )


def _report_form(gathering: Gathering) -> ReportForm:
    """Tick who was noted as there; before anything is noted, who said that she comes."""
    people = queries.list_attendees(db.session(), gathering)
    there = frozenset(one.id for one in reading.list_present(gathering, people))
    return build_report_form(
        people, present=there or reading.list_saying(gathering, CircleAnswer.YES), minutes=gathering.minutes
    )


def _back(public_id: UUID, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("gatherings.show", public_id=public_id), code=303)
