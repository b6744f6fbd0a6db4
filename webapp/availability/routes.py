"""Routes: what a supporter offers: capacity, week, languages, subjects; and her pauses."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from models.db import db
from models.exceptions import CapacityInUseError, InvalidInputError, NotFoundError
from models.queries import members
from models.supporters import PAIRING_COST, RESTS_AFTER, Supporter
from webapp.access import Access, access, current_actor
from webapp.availability import bp
from webapp.availability.forms import (
    LessForm,
    PauseForm,
    ReturnForm,
    SupporterForm,
    build_less_form,
    build_supporter_form,
)
from webapp.clock import day_of, utc_now
from webapp.form_errors import show_on_field
from webapp.jobs import enqueue_released, enqueue_supporter
from webapp.services import supporter_rests, supporters
from webapp.translation import gettext as _
from webapp.translation import ngettext as _n


@bp.route("", methods=["GET", "POST"])
@access(Access.SUPPORTER)
def index() -> ResponseReturnValue:
    """Show and save what a supporter offers; who has several roles chooses one in the address."""
    own = members.list_supporters(db.session(), current_actor().supporter_ids)
    supporter = _choose(own, request.args.get("role", ""))
    form = build_supporter_form(supporter)
    if form.validate_on_submit() and _save(supporter, form):
        flash(_("Saved. Thank you!"), "success")
        return redirect(url_for("availability.index", role=request.args.get("role")), code=303)
    return _show(own, supporter, form)


@bp.post("/<uuid:public_id>/pause")
@access(Access.SUPPORTER)
def pause(public_id: UUID) -> ResponseReturnValue:
    """Stop being proposed for a while."""
    form = PauseForm(prefix="pause-")
    if not form.validate_on_submit():
        return _show_again(public_id, pausing=form)
    try:
        released = supporters.pause_supporter(
            supporter_id=public_id,
            back_on=form.back_on.data,
            word=form.word.data or "",
            actor=current_actor(),
            at=utc_now(),
        )
    except InvalidInputError as error:
        show_on_field(form, error)
        return _show_again(public_id, pausing=form)
    enqueue_released(released, public_id)
    flash(_("You are on pause. Nobody new is proposed to you. Come back whenever you like."), "success")
    return redirect(url_for("availability.index"), code=303)


@bp.post("/<uuid:public_id>/put-off")
@access(Access.SUPPORTER)
def put_off(public_id: UUID) -> ResponseReturnValue:
    """Stay on pause, and be asked again on another day."""
    form = ReturnForm(prefix="return-")
    if not form.validate_on_submit():
        return _show_again(public_id, returning=form)
    try:
        supporter_rests.put_off_return(
            supporter_id=public_id, back_on=form.back_on.data, actor=current_actor(), at=utc_now()
        )
    except InvalidInputError as error:
        show_on_field(form, error)
        return _show_again(public_id, returning=form)
    flash(_("Noted: you are asked again on that day. Come back earlier whenever you like."), "success")
    return redirect(url_for("availability.index"), code=303)


@bp.post("/<uuid:public_id>/less")
@access(Access.SUPPORTER)
def take_less(public_id: UUID) -> ResponseReturnValue:
    """Take less from now on: proposals not answered that no longer fit go back."""
    _own, supporter = _find_own(public_id)
    form = build_less_form(supporter)
    if not form.validate_on_submit():
        return _show_again(public_id, less=form)
    try:
        handed = supporters.lower_capacity(
            supporter_id=public_id,
            capacity=form.capacity.data,
            word=form.word.data or "",
            actor=current_actor(),
            at=utc_now(),
        )
    except CapacityInUseError:
        words = _("You support more people than that already. To stop with somebody, open the pairing.")
        form.capacity.errors = [words]
        return _show_again(public_id, less=form)
    enqueue_released(handed, public_id)
    gone = _("Noted, thank you. What no longer fits went back to the coordinator.")
    flash(gone if handed else _("Noted, thank you."), "success")
    return redirect(url_for("availability.index", role=supporter.role), code=303)


@bp.post("/<uuid:public_id>/resume")
@access(Access.SUPPORTER)
def resume(public_id: UUID) -> ResponseReturnValue:
    """Be proposed again."""
    supporters.resume_supporter(supporter_id=public_id, actor=current_actor(), at=utc_now())
    enqueue_supporter(public_id)
    flash(_("Welcome back! You can be proposed again."), "success")
    return redirect(url_for("availability.index"), code=303)


def _find_own(public_id: UUID) -> tuple[list[Supporter], Supporter]:
    own = members.list_supporters(db.session(), current_actor().supporter_ids)
    supporter = next((one for one in own if one.public_id == public_id), None)
    if supporter is None:
        raise NotFoundError(record="Supporter")
    return own, supporter


def _choose(own: list[Supporter], role: str) -> Supporter:
    supporter = next((one for one in own if not role or one.role == role), None)
    if supporter is None:
        raise NotFoundError(record="Supporter")
    return supporter


def _save(supporter: Supporter, form: SupporterForm) -> bool:
    """Save; a capacity below what is in use is said at the field, where everything else that was written stays."""
    try:
        supporters.update_supporter(
            supporter_id=supporter.public_id, row=form.row(supporter), actor=current_actor(), at=utc_now()
        )
    except CapacityInUseError as error:
        taken = int(str(error.facts["taken"]))
        form.capacity.errors = [
            _n(
                "One is in use already: give at least that. To stop new proposals, take a pause.",
                "%(num)d are in use already: give at least that. To stop new proposals, take a pause.",
                taken,
            )
        ]
        return False
    enqueue_supporter(supporter.public_id)
    return True


def _show_again(public_id: UUID, **refused: FlaskForm) -> ResponseReturnValue:
    """Show the page with one of its small forms as it was sent, and why it was refused."""
    own, supporter = _find_own(public_id)
    return _show(own, supporter, build_supporter_form(supporter, is_sent=False), **refused)


def _show(own: list[Supporter], supporter: Supporter, form: SupporterForm, **refused: FlaskForm) -> ResponseReturnValue:
    # A refused save has dropped what was read: the page is made of the row as it is now.
    supporter = _choose(members.list_supporters(db.session(), current_actor().supporter_ids), str(supporter.role))
    body = render_template(
        "availability/index.html",
        supporter=supporter,
        own=own,
        form=form,
        cost=PAIRING_COST[supporter.role],
        **{
            "less": LessForm(formdata=None, prefix="less-", data={"capacity": supporter.capacity}),
            "pausing": PauseForm(formdata=None, prefix="pause-"),
            "returning": ReturnForm(formdata=None, prefix="return-"),
            **refused,
        },
        today=day_of(utc_now()),
        rests_after=RESTS_AFTER,
        contact=members.find_contact(db.session(), association_id=supporter.association_id, referent_id=None),
    )
    return body, 422 if request.method == "POST" else 200
