"""Routes: three questions, what may help, and the wish to be called.

The answers are read, answered on the same page, and forgotten. The wish is asked for on a page of its own, with or
without answers before it, so that a wish says nothing about them.
"""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.db import db
from models.entrepreneurs import Entrepreneur
from models.queries import members
from models.queries.care import KnownHandover, NamedSentinel, find_live_handover, list_askable
from webapp.access import Access, access, current_actor
from webapp.check_ins import bp
from webapp.check_ins.forms import CallForm, CheckInForm, ReachForm
from webapp.clock import utc_now
from webapp.members import clean_text, own_entrepreneur
from webapp.services.check_ins import Activity, Advice, Cash, Mood, advise
from webapp.services.handovers import ask_for_call, change_reach
from webapp.translation import gettext as _


@bp.route("", methods=["GET", "POST"])
@access(Access.ENTREPRENEUR)
def ask() -> ResponseReturnValue:
    """Ask the three questions; answer at once. No redirect: there is nothing to come back to, for nothing is kept."""
    entrepreneur = own_entrepreneur()
    form = CheckInForm()
    advice: tuple[Advice, ...] = ()
    if form.validate_on_submit():
        advice = advise(activity=Activity(form.activity.data), cash=Cash(form.cash.data), mood=Mood(form.mood.data))
    contact = members.find_contact(
        db.session(), association_id=entrepreneur.association_id, referent_id=entrepreneur.referent_id
    )
    status = 422 if request.method == "POST" and not advice else 200
    trained = list_askable(db.session(), entrepreneur) if Advice.HELP_NOW in advice else []
    return render_template("check_ins/ask.html", form=form, advice=advice, contact=contact, trained=trained), status


@bp.route("/call", methods=["GET", "POST"])
@access(Access.ENTREPRENEUR)
def call() -> ResponseReturnValue:
    """Ask to be called by somebody trained; or say who calls, and until when."""
    entrepreneur = own_entrepreneur()
    known = find_live_handover(db.session(), entrepreneur.id)
    if known is not None:
        return _show_known(known)
    trained = _in_turn(list_askable(db.session(), entrepreneur), entrepreneur)
    form = CallForm(trained, data={"reach": entrepreneur.phone or "", "sentinel": _only(trained)})
    form.reach.data = clean_text(form.reach.data)
    if trained and form.validate_on_submit():
        ask_for_call(
            entrepreneur_id=entrepreneur.public_id,
            sentinel_id=UUID(form.sentinel.data),
            reach=form.reach.data or "",
            tells_name=form.tells_name.data,
            tells_reach=form.tells_reach.data,
            agrees=form.agrees.data,
            actor=current_actor(),
            at=utc_now(),
        )
        flash(_("It is asked. You find here who calls you, and until when."), "success")
        return redirect(url_for("check_ins.call"), code=303)
    status = 422 if form.errors else 200
    return render_template("check_ins/call.html", form=form, known=None, trained=trained), status


@bp.post("/call/number")
@access(Access.ENTREPRENEUR)
def change_number() -> ResponseReturnValue:
    """Be called on another number."""
    entrepreneur = own_entrepreneur()
    known = find_live_handover(db.session(), entrepreneur.id)
    form = _reach_form()
    if known is not None and not form.validate_on_submit():
        return _render_known(known, form), 422
    change_reach(
        entrepreneur_id=entrepreneur.public_id,
        reach=form.reach.data or "",
        tells_reach=form.tells_reach.data and known is not None and known.handover.tells_name,
        actor=current_actor(),
        at=utc_now(),
    )
    flash(_("Noted: who calls you sees this number from now on."), "success")
    return redirect(url_for("check_ins.call"), code=303)


def _in_turn(trained: list[NamedSentinel], entrepreneur: Entrepreneur) -> list[NamedSentinel]:
    """Begin with another name for each person, always the same: the least asked first would tell that others asked."""
    ordered = sorted(trained, key=lambda one: one.sentinel.id)
    start = entrepreneur.id % max(1, len(ordered))
    return [*ordered[start:], *ordered[:start]]


def _show_known(known: KnownHandover) -> ResponseReturnValue:
    """Show a wish as it stands; a second one, of a page opened before, says that it changed nothing."""
    handover, form = known.handover, _reach_form()
    if request.method == "GET":
        return _render_known(known, ReachForm(data={"reach": handover.reach, "tells_reach": handover.tells_reach}))
    if " ".join((form.reach.data or "").split()) in ("", handover.reach):
        flash(_("You had asked already: it counts once."), "info")
        return redirect(url_for("check_ins.call"), code=303)
    return _render_known(known, form, is_other=True), 409


def _render_known(known: KnownHandover, form: ReachForm, *, is_other: bool = False) -> str:
    return render_template("check_ins/call.html", form=form, known=known, is_other=is_other)


def _reach_form() -> ReachForm:
    form = ReachForm()
    form.reach.data = clean_text(form.reach.data)
    return form


def _only(trained: list[NamedSentinel]) -> str | None:
    """Give the only one who can be chosen, chosen already."""
    return str(trained[0].sentinel.public_id) if len(trained) == 1 else None
