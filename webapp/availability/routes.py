"""Routes: what a supporter offers: capacity, week, languages, subjects; and her pauses."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.db import db
from models.exceptions import CapacityInUseError, NotFoundError
from models.queries import members
from models.supporters import PAIRING_COST, Supporter
from webapp.access import Access, access, current_actor
from webapp.availability import bp
from webapp.availability.forms import LessForm, SupporterForm, build_less_form, build_supporter_form
from webapp.clock import day_of, utc_now
from webapp.jobs import enqueue_released, enqueue_supporter
from webapp.services import supporters
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
    word = request.form.get("word", "").replace("\x00", "")
    released = supporters.pause_supporter(supporter_id=public_id, word=word, actor=current_actor(), at=utc_now())
    enqueue_released(released, public_id)
    flash(_("You are on pause. Nobody new is proposed to you. Come back whenever you like."), "success")
    return redirect(url_for("availability.index"), code=303)


@bp.post("/<uuid:public_id>/less")
@access(Access.SUPPORTER)
def take_less(public_id: UUID) -> ResponseReturnValue:
    """Take less from now on: proposals not answered that no longer fit go back."""
    own = members.list_supporters(db.session(), current_actor().supporter_ids)
    supporter = next((one for one in own if one.public_id == public_id), None)
    if supporter is None:
        raise NotFoundError(record="Supporter")
    form = build_less_form(supporter)
    if not form.validate_on_submit():
        return _show(own, supporter, build_supporter_form(supporter, is_sent=False), less=form)
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
        return _show(own, supporter, build_supporter_form(supporter, is_sent=False), less=form)
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


def _show(
    own: list[Supporter], supporter: Supporter, form: SupporterForm, *, less: LessForm | None = None
) -> ResponseReturnValue:
    # A refused save has dropped what was read: the page is made of the row as it is now.
    supporter = _choose(members.list_supporters(db.session(), current_actor().supporter_ids), str(supporter.role))
    body = render_template(
        "availability/index.html",
        supporter=supporter,
        own=own,
        form=form,
        cost=PAIRING_COST[supporter.role],
        less=less or LessForm(formdata=None, prefix="less-", data={"capacity": supporter.capacity}),
        today=day_of(utc_now()),
        contact=members.find_contact(db.session(), association_id=supporter.association_id, referent_id=None),
    )
    return body, 422 if request.method == "POST" else 200
