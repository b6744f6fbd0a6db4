"""Routes: the people a coordinator follows."""

from functools import partial
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.db import db
from models.entrepreneurs import Entrepreneur
from models.exceptions import InvalidInputError, RepeatedRequestError
from models.names import full_name
from models.queries.directory import EntrepreneurFilter, EntrepreneurSituation, list_entrepreneurs
from models.queries.invitations import count_uninvited
from models.queries.members import find_commune
from models.queries.plans import find_plan_sheet
from models.queries.sheets import (
    EntrepreneurSheet,
    get_entrepreneur_sheet,
    get_followed_entrepreneur,
    list_colleagues,
)
from models.states import EntrepreneurState
from models.territories import QpvCheck, QpvGround, QpvResult
from models.wall import ToldStage, list_told_stages, list_written_stages, tell_stage
from webapp.access import Access, access, current_actor
from webapp.clock import day_of, utc_now
from webapp.entrepreneurs import bp
from webapp.entrepreneurs.assisting import list_bookable
from webapp.entrepreneurs.files import read_correction, read_new
from webapp.entrepreneurs.forms import EntrepreneurForm, FollowUpForm, entrepreneur_data
from webapp.entrepreneurs.steps import list_next_steps, tell_missing, tell_situation
from webapp.form_errors import show_on_field
from webapp.jobs import enqueue_person
from webapp.labels import label, list_choices
from webapp.paging import chosen_member, kept_filters, page_number, searched_text
from webapp.repeated_forms import posted_form_key, show_first_outcome
from webapp.services import entrepreneur_files, entrepreneurs, invitations
from webapp.services.profile_steps import list_missing_steps
from webapp.territories.communes import write_commune
from webapp.translation import gettext as _
from webapp.words.history import tell_events
from webapp.words.profiles import Facts, entrepreneur_facts, list_needs
from webapp.workspace import current_workspace, work_in

FIELDS = {"activity_code": "activity", "commune_code": "commune"}


@bp.get("")
@access(Access.COORDINATOR)
def index() -> ResponseReturnValue:
    """List the people followed, narrowed by name, state, stage and situation."""
    chosen = EntrepreneurFilter(
        text=searched_text(),
        state=chosen_member("state", EntrepreneurState),
        stage=_chosen_stage(),
        situation=chosen_member("situation", EntrepreneurSituation),
    )
    page = list_entrepreneurs(db.session(), current_workspace().seat.id, chosen, page=page_number())
    return render_template(
        "entrepreneurs/index.html",
        page=page,
        chosen=chosen,
        filters=kept_filters(q=chosen.text, state=chosen.state, stage=chosen.stage, situation=chosen.situation),
        states=list_choices(EntrepreneurState),
        stages=[(stage.value, label(stage)) for stage in list_told_stages(lends=current_workspace().seat.lends)],
        tell_stage=partial(tell_stage, lends=current_workspace().seat.lends),
        tell_situation=tell_situation,
        uninvited=count_uninvited(db.session(), current_workspace().seat.id).reachable,
        today=day_of(utc_now()),
    )


@bp.route("/add", methods=["GET", "POST"])
@access(Access.COORDINATOR)
def add() -> ResponseReturnValue:
    """Open a file by hand."""
    workspace, actor = current_workspace(), current_actor()
    colleagues = list_colleagues(db.session(), workspace.seat.id)
    form = EntrepreneurForm(
        colleagues=colleagues,
        is_private=workspace.seat.lends,
        stages=list_written_stages(lends=workspace.seat.lends),
        lends=workspace.seat.lends,
        data={
            "referent": str(actor.account_id),
            "languages": ["fr"],
            "first_language": "fr",
            "max_km": 30.0,
            "accepts_remote": True,
            "wanted_roles": ["mentor"],
        },
    )
    person = read_new(form) if form.validate_on_submit() else None
    if person is not None:
        try:
            public_id = entrepreneurs.create_entrepreneur(
                association_id=workspace.seat.public_id,
                person=person,
                actor=actor,
                at=utc_now(),
                form_key=posted_form_key(),
            )
        except RepeatedRequestError as error:
            return show_first_outcome(error, "entrepreneurs.show")
        except InvalidInputError as error:
            show_on_field(form, error, FIELDS)
        else:
            _complete_if_whole(public_id)
            return redirect(url_for("entrepreneurs.show", public_id=public_id), code=303)
    return render_template("entrepreneurs/form.html", form=form, person=None), _status()


@bp.get("/<uuid:public_id>")
@access(Access.COORDINATOR)
def show(public_id: UUID) -> ResponseReturnValue:
    """Show a person's sheet."""
    return _show(public_id, FollowUpForm())


@bp.route("/<uuid:public_id>/edit", methods=["GET", "POST"])
@access(Access.COORDINATOR)
def edit(public_id: UUID) -> ResponseReturnValue:
    """Correct a file."""
    session, actor = db.session(), current_actor()
    person = get_followed_entrepreneur(session, public_id, association_ids=actor.coordinates)
    work_in(person.association_id)
    colleagues = list_colleagues(session, person.association_id)
    town = write_commune(find_commune(session, person.commune_code))
    lends = current_workspace().seat.lends
    form = EntrepreneurForm(
        colleagues=colleagues,
        is_private=True,
        stages=list_told_stages(lends=lends),
        lends=lends,
        data=entrepreneur_data(person, commune=town, lends=lends),
    )
    file = read_correction(form, person, colleagues, lends=lends) if form.validate_on_submit() else None
    if file is not None:
        try:
            entrepreneur_files.update_entrepreneur(entrepreneur_id=public_id, file=file, actor=actor, at=utc_now())
        except InvalidInputError as error:
            show_on_field(form, error, FIELDS)
        else:
            _complete_if_whole(public_id)
            return redirect(url_for("entrepreneurs.show", public_id=public_id), code=303)
    return render_template("entrepreneurs/form.html", form=form, person=person), _status()


@bp.post("/<uuid:public_id>/complete")
@access(Access.COORDINATOR)
def complete(public_id: UUID) -> ResponseReturnValue:
    """Send a filled profile for the person."""
    entrepreneurs.complete_entrepreneur(entrepreneur_id=public_id, actor=current_actor(), at=utc_now())
    enqueue_person(public_id)
    flash(_("The profile is ready: somebody is looked for from now on."), "success")
    return redirect(url_for("entrepreneurs.show", public_id=public_id), code=303)


@bp.post("/<uuid:public_id>/reopen")
@access(Access.COORDINATOR)
def reopen(public_id: UUID) -> ResponseReturnValue:
    """Open a file again."""
    entrepreneurs.reopen_entrepreneur(entrepreneur_id=public_id, actor=current_actor(), at=utc_now())
    flash(_("The file is open again: complete the profile to look for somebody."), "success")
    return redirect(url_for("entrepreneurs.show", public_id=public_id), code=303)


@bp.post("/<uuid:public_id>/close")
@access(Access.COORDINATOR)
def close(public_id: UUID) -> ResponseReturnValue:
    """Close a file: proposals are taken back, places given to who waits."""
    entrepreneurs.close_entrepreneur(entrepreneur_id=public_id, actor=current_actor(), at=utc_now())
    enqueue_person(public_id)
    flash(_("The file is closed. It can be opened again at any time."), "success")
    return redirect(url_for("entrepreneurs.show", public_id=public_id), code=303)


@bp.post("/<uuid:public_id>/follow-up")
@access(Access.COORDINATOR)
def follow_up(public_id: UUID) -> ResponseReturnValue:
    """Set the day by which somebody comes back to the person."""
    form = FollowUpForm()
    if form.validate_on_submit():
        try:
            entrepreneur_files.set_follow_up(
                entrepreneur_id=public_id, on=form.follow_up_on.data, actor=current_actor(), at=utc_now()
            )
        except InvalidInputError as error:
            show_on_field(form, error)
        else:
            flash(_("The day is noted. It shows on your dashboard."), "success")
            return redirect(url_for("entrepreneurs.show", public_id=public_id), code=303)
    return _show(public_id, form), 422


@bp.post("/<uuid:public_id>/confirm-qpv")
@access(Access.COORDINATOR)
def confirm_qpv(public_id: UUID) -> ResponseReturnValue:
    """Settle a neighbourhood check that lay on a border."""
    entrepreneur_files.confirm_qpv(
        entrepreneur_id=public_id,
        ground=_posted_ground(),
        is_inside=request.form.get("inside") == "yes",
        actor=current_actor(),
        at=utc_now(),
    )
    flash(_("Confirmed, with your name and the date."), "success")
    return redirect(url_for("entrepreneurs.show", public_id=public_id), code=303)


@bp.post("/<uuid:public_id>/confided")
@access(Access.COORDINATOR)
def confided(public_id: UUID) -> ResponseReturnValue:
    """Show what a person confided, once, and write down who read it; a POST because reading leaves a trace."""
    person = get_followed_entrepreneur(db.session(), public_id, association_ids=current_actor().coordinates)
    name = full_name(person)
    found = entrepreneur_files.read_confided(entrepreneur_id=public_id, actor=current_actor(), at=utc_now())
    return render_template("entrepreneurs/confided.html", confided=found, name=name, public_id=public_id)


@bp.post("/<uuid:public_id>/invite")
@access(Access.COORDINATOR)
def invite(public_id: UUID) -> ResponseReturnValue:
    """Invite the person to sign in."""
    key = posted_form_key()
    try:
        invitations.invite_entrepreneur(entrepreneur_id=public_id, actor=current_actor(), at=utc_now(), form_key=key)
    except RepeatedRequestError as error:
        return show_first_outcome(error, "entrepreneurs.show")
    flash(_("The invitation is on its way."), "success")
    return redirect(url_for("entrepreneurs.show", public_id=public_id), code=303)


def _show(public_id: UUID, form: FollowUpForm) -> str:
    now = utc_now()
    sheet = get_entrepreneur_sheet(db.session(), public_id, association_ids=current_actor().coordinates)
    work_in(sheet.association.id)
    if not form.is_submitted():
        form.follow_up_on.data = sheet.entrepreneur.follow_up_on
    return render_template(
        "entrepreneurs/show.html",
        sheet=sheet,
        form=form,
        steps=list_next_steps(sheet, at=now),
        plan=find_plan_sheet(db.session(), sheet.entrepreneur.id, at=now),
        facts=_facts(sheet),
        needs=list_needs(sheet.entrepreneur),
        to_confirm=_list_to_confirm(sheet),
        bookable=list_bookable(db.session(), sheet.entrepreneur, sheet.booked_sessions),
        missing=tell_missing(list_missing_steps(sheet.entrepreneur)),
        events=tell_events(sheet.events),
        erasure=sheet.erasure,
        now=now,
    )


def _facts(sheet: EntrepreneurSheet) -> Facts:
    person, lends = sheet.entrepreneur, current_workspace().seat.lends
    referent = full_name(sheet.referent) if sheet.referent else _("Nobody by name: the whole team")
    return [
        (_("Telephone"), person.phone or _("Not given")),
        (_("Email address"), person.email or _("Not given")),
        *entrepreneur_facts(person, commune=sheet.commune.name if sheet.commune else None, lends=lends),
        (_("Answers for what comes next"), referent),
        (_("Reference"), person.reference),
    ]


def _list_to_confirm(sheet: EntrepreneurSheet) -> list[QpvCheck]:
    """Give the checks that lie on a border and are the latest of their ground; the newest come first."""
    latest = {check.ground: check for check, _name in reversed(sheet.checks)}
    return [check for check in latest.values() if check.result is QpvResult.BORDERLINE]


def _complete_if_whole(public_id: UUID) -> None:
    """Send the profile when nothing is missing, so that hand-entered people need no second click."""
    person: Entrepreneur = get_followed_entrepreneur(
        db.session(), public_id, association_ids=current_actor().coordinates
    )
    if person.state is not EntrepreneurState.INCOMPLETE:
        enqueue_person(public_id)
        flash(_("The file is saved."), "success")
    elif list_missing_steps(person):
        flash(_("The file is saved. Some parts are missing before somebody can be looked for."), "warning")
    else:
        entrepreneurs.complete_entrepreneur(entrepreneur_id=public_id, actor=current_actor(), at=utc_now())
        enqueue_person(public_id)
        flash(_("The file is saved and ready: somebody is looked for from now on."), "success")


def _chosen_stage() -> ToldStage | None:
    """Give the stage asked for; one that this side of the wall is not told is no filter of its own."""
    told = list_told_stages(lends=current_workspace().seat.lends)
    return next((stage for stage in told if stage.value == request.args.get("stage", "")), None)


def _posted_ground() -> QpvGround:
    value = request.form.get("ground", "")
    if value not in {ground.value for ground in QpvGround}:
        raise InvalidInputError(field="ground")
    return QpvGround(value)


def _status() -> int:
    return 422 if request.method == "POST" else 200
