"""Routes: the supporters of an association, for its coordinators."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.db import db
from models.exceptions import CapacityInUseError, InvalidInputError, RepeatedRequestError
from models.queries.circle_meetings import list_led_circles
from models.queries.directory import SupporterFilter, SupporterSituation, list_supporters
from models.queries.erasures import find_live_erasure
from models.queries.members import find_commune
from models.queries.sheets import get_known_supporter, get_supporter_sheet
from models.states import CircleState, SupporterState
from models.supporters import RESTS_AFTER, SupporterRole
from webapp.access import Access, access, current_actor
from webapp.clock import day_of, utc_now
from webapp.form_errors import show_on_field
from webapp.jobs import enqueue_released, enqueue_supporter
from webapp.labels import list_choices
from webapp.paging import chosen_member, kept_filters, page_number, searched_text
from webapp.repeated_forms import posted_form_key, show_first_outcome
from webapp.services import invitations, supporter_papers, supporter_rests, supporters
from webapp.supporters import bp
from webapp.supporters.forms import BackForm, CapacityForm, LaterForm, PapersForm, SupporterForm, supporter_data
from webapp.supporters.rows import read_row
from webapp.territories.communes import write_commune
from webapp.translation import gettext as _
from webapp.words.history import tell_events
from webapp.words.profiles import list_expertise, supporter_facts
from webapp.words.week import SLOTS
from webapp.workspace import current_workspace, work_in

FIELDS = {"activity_codes": "activities", "commune_code": "commune"}


@bp.get("")
@access(Access.COORDINATOR)
def index() -> ResponseReturnValue:
    """List supporters, narrowed by name, role, state and free places."""
    chosen = SupporterFilter(
        text=searched_text(),
        state=chosen_member("state", SupporterState),
        role=chosen_member("role", SupporterRole),
        situation=chosen_member("situation", SupporterSituation),
        today=day_of(utc_now()),
    )
    page = list_supporters(db.session(), current_workspace().seat.id, chosen, page=page_number())
    return render_template(
        "supporters/index.html",
        page=page,
        chosen=chosen,
        filters=kept_filters(q=chosen.text, state=chosen.state, role=chosen.role, situation=chosen.situation),
        states=list_choices(SupporterState),
        roles=list_choices(SupporterRole),
    )


@bp.route("/add", methods=["GET", "POST"])
@access(Access.COORDINATOR)
def add() -> ResponseReturnValue:
    """Add a supporter by hand."""
    form = SupporterForm(data={"languages": ["fr"], "capacity": 2, "max_km": 30.0, "accepts_remote": True})
    row = read_row(form, None) if form.validate_on_submit() else None
    if row is not None:
        try:
            public_id = supporters.create_supporter(
                association_id=current_workspace().seat.public_id,
                row=row,
                actor=current_actor(),
                at=utc_now(),
                form_key=posted_form_key(),
            )
        except RepeatedRequestError as error:
            return show_first_outcome(error, "supporters.show")
        except InvalidInputError as error:
            show_on_field(form, error, FIELDS)
        else:
            enqueue_supporter(public_id)
            flash(_("The supporter is added and can be proposed from now on."), "success")
            return redirect(url_for("supporters.show", public_id=public_id), code=303)
    return render_template("supporters/form.html", form=form, person=None), _status()


@bp.get("/<uuid:public_id>")
@access(Access.COORDINATOR)
def show(public_id: UUID) -> ResponseReturnValue:
    """Show a supporter's sheet."""
    return _show(public_id, CapacityForm())


@bp.route("/<uuid:public_id>/edit", methods=["GET", "POST"])
@access(Access.COORDINATOR)
def edit(public_id: UUID) -> ResponseReturnValue:
    """Correct a profile."""
    session, actor = db.session(), current_actor()
    person = get_known_supporter(session, public_id, association_ids=actor.coordinates)
    work_in(person.association_id)
    town = write_commune(find_commune(session, person.commune_code))
    form = SupporterForm(fixed_role=person.role, data=supporter_data(person, commune=town))
    row = read_row(form, person) if form.validate_on_submit() else None
    if row is not None:
        try:
            supporters.update_supporter(supporter_id=public_id, row=row, actor=actor, at=utc_now())
        except (InvalidInputError, CapacityInUseError) as error:
            show_on_field(form, error, FIELDS, field="capacity")
        else:
            enqueue_supporter(public_id)
            flash(_("The profile is saved."), "success")
            return redirect(url_for("supporters.show", public_id=public_id), code=303)
    return render_template("supporters/form.html", form=form, person=person), _status()


@bp.post("/<uuid:public_id>/capacity")
@access(Access.COORDINATOR)
def set_capacity(public_id: UUID) -> ResponseReturnValue:
    """Change the number of places."""
    form = CapacityForm()
    if form.validate_on_submit():
        try:
            supporters.set_capacity(
                supporter_id=public_id, capacity=form.capacity.data, actor=current_actor(), at=utc_now()
            )
        except (InvalidInputError, CapacityInUseError) as error:
            show_on_field(form, error, field="capacity")
        else:
            enqueue_supporter(public_id)
            flash(_("The number of places is changed."), "success")
            return redirect(url_for("supporters.show", public_id=public_id), code=303)
    return _show(public_id, form), 422


@bp.post("/<uuid:public_id>/papers")
@access(Access.COORDINATOR)
def set_papers(public_id: UUID) -> ResponseReturnValue:
    """Note until when training and insurance are good."""
    form = PapersForm(prefix="papers-")
    if not form.validate_on_submit():
        return _show(public_id, CapacityForm(formdata=None), form), 422
    supporter_papers.set_papers(
        supporter_id=public_id,
        training_until=form.training_until.data,
        insurance_until=form.insurance_until.data,
        actor=current_actor(),
        at=utc_now(),
    )
    flash(_("The dates are noted. A month before each, you and the supporter are reminded."), "success")
    return redirect(url_for("supporters.show", public_id=public_id), code=303)


@bp.post("/<uuid:public_id>/pause")
@access(Access.COORDINATOR)
def pause(public_id: UUID) -> ResponseReturnValue:
    """Stop proposing a supporter; unanswered proposals come back."""
    form = BackForm(prefix="back-")
    if not form.validate_on_submit():
        return _show(public_id, CapacityForm(formdata=None), back=form), 422
    try:
        released = supporters.pause_supporter(
            supporter_id=public_id, back_on=form.back_on.data, actor=current_actor(), at=utc_now()
        )
    except InvalidInputError as error:
        show_on_field(form, error)
        return _show(public_id, CapacityForm(formdata=None), back=form), 422
    enqueue_released(released, public_id)
    flash(_("On pause: no new proposals, and those without an answer came back to you."), "success")
    return redirect(url_for("supporters.show", public_id=public_id), code=303)


@bp.post("/<uuid:public_id>/put-off")
@access(Access.COORDINATOR)
def put_off(public_id: UUID) -> ResponseReturnValue:
    """Leave a supporter on pause until another day."""
    form = LaterForm(prefix="back-")
    if not form.validate_on_submit():
        return _show(public_id, CapacityForm(formdata=None), back=form), 422
    try:
        supporter_rests.put_off_return(
            supporter_id=public_id, back_on=form.back_on.data, actor=current_actor(), at=utc_now()
        )
    except InvalidInputError as error:
        show_on_field(form, error)
        return _show(public_id, CapacityForm(formdata=None), back=form), 422
    flash(_("Noted: the supporter is asked on that day."), "success")
    return redirect(url_for("supporters.show", public_id=public_id), code=303)


@bp.post("/<uuid:public_id>/resume")
@access(Access.COORDINATOR)
def resume(public_id: UUID) -> ResponseReturnValue:
    """Propose a supporter again."""
    supporters.resume_supporter(supporter_id=public_id, actor=current_actor(), at=utc_now())
    enqueue_supporter(public_id)
    flash(_("Available again from now on."), "success")
    return redirect(url_for("supporters.show", public_id=public_id), code=303)


@bp.post("/<uuid:public_id>/leave")
@access(Access.COORDINATOR)
def leave(public_id: UUID) -> ResponseReturnValue:
    """Note that a supporter has left; her pairings end and people come back to the coordinator."""
    released = supporters.let_supporter_leave(supporter_id=public_id, actor=current_actor(), at=utc_now())
    enqueue_released(released, public_id)
    flash(_("The departure is noted. Everybody who was with this person came back to you."), "success")
    return redirect(url_for("supporters.show", public_id=public_id), code=303)


@bp.post("/<uuid:public_id>/invite")
@access(Access.COORDINATOR)
def invite(public_id: UUID) -> ResponseReturnValue:
    """Invite the person to sign in."""
    key = posted_form_key()
    try:
        invitations.invite_supporter(supporter_id=public_id, actor=current_actor(), at=utc_now(), form_key=key)
    except RepeatedRequestError as error:
        return show_first_outcome(error, "supporters.show")
    flash(_("The invitation is on its way."), "success")
    return redirect(url_for("supporters.show", public_id=public_id), code=303)


def _show(
    public_id: UUID, form: CapacityForm, papers: PapersForm | None = None, back: BackForm | LaterForm | None = None
) -> str:
    sheet = get_supporter_sheet(db.session(), public_id, association_ids=current_actor().coordinates)
    work_in(sheet.association.id)
    if form.capacity.data is None and not form.errors:
        form.capacity.data = sheet.supporter.capacity
    back_form = LaterForm if sheet.supporter.state is SupporterState.PAUSED else BackForm
    known = {"training_until": sheet.supporter.training_until, "insurance_until": sheet.supporter.insurance_until}
    return render_template(
        "supporters/show.html",
        sheet=sheet,
        form=form,
        papers=papers or PapersForm(formdata=None, prefix="papers-", data=known),
        back=back or back_form(formdata=None, prefix="back-"),
        today=day_of(utc_now()),
        rests_after=RESTS_AFTER,
        facts=supporter_facts(sheet.supporter, commune=sheet.commune.name if sheet.commune else None),
        expertise=list_expertise(sheet.supporter),
        erasure=find_live_erasure(db.session(), sheet.supporter),
        led=[one for one in list_led_circles(db.session(), [sheet.supporter.id]) if one.state is CircleState.CONFIRMED],
        slots=SLOTS,
        events=tell_events(sheet.events),
    )


def _status() -> int:
    return 422 if request.method == "POST" else 200
