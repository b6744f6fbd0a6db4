"""Routes: the calls that trained people are asked for, and who is trained."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.db import db
from models.exceptions import InvalidInputError
from models.queries.care import list_handovers_of, list_nameable, list_trained, list_untaken_handovers
from webapp.access import Access, access, current_actor
from webapp.clock import utc_now
from webapp.form_errors import show_on_field
from webapp.handovers import bp
from webapp.handovers.forms import SentinelForm
from webapp.services import handovers, sentinels
from webapp.translation import gettext as _
from webapp.workspace import current_workspace


@bp.get("/handovers")
@access(Access.SENTINEL)
def index() -> ResponseReturnValue:
    """Show whom to call, and until when."""
    found = list_handovers_of(db.session(), current_actor().sentinel_ids)
    return render_template("handovers/index.html", found=found, now=utc_now())


@bp.post("/handovers/<uuid:public_id>/take")
@access(Access.SENTINEL)
def take(public_id: UUID) -> ResponseReturnValue:
    """Say that one calls."""
    handovers.take_call(handover_id=public_id, actor=current_actor(), at=utc_now())
    flash(_("Thank you. Please say here when you have called."), "success")
    return redirect(url_for("handovers.index"), code=303)


@bp.post("/handovers/<uuid:public_id>/pass")
@access(Access.SENTINEL)
def hand_on(public_id: UUID) -> ResponseReturnValue:
    """Say that one cannot."""
    if handovers.hand_on(handover_id=public_id, actor=current_actor(), at=utc_now()):
        flash(_("Thank you for telling. Somebody else is asked at once."), "success")
    else:
        flash(_("Thank you for telling. Nobody is left to ask: the coordinators know that somebody waits."), "info")
    return redirect(url_for("handovers.index"), code=303)


@bp.post("/handovers/<uuid:public_id>/close")
@access(Access.MEMBER)
def close(public_id: UUID) -> ResponseReturnValue:
    """Say that it is over: the two have talked, or the wish is taken back."""
    handovers.close_call(handover_id=public_id, actor=current_actor(), at=utc_now())
    flash(_("Noted, thank you. The number is forgotten."), "success")
    actor = current_actor()
    if actor.sentinel_ids:
        return redirect(url_for("handovers.index"), code=303)
    return redirect(url_for("handovers.trained" if actor.coordinates else "check_ins.call"), code=303)


@bp.route("/sentinels", methods=["GET", "POST"])
@access(Access.COORDINATOR)
def trained() -> ResponseReturnValue:
    """Show who is trained to listen, and name somebody."""
    session, seat = db.session(), current_workspace().seat
    form = SentinelForm(list_nameable(session, seat.id))
    if form.validate_on_submit():
        try:
            sentinels.name_sentinel(
                association_id=seat.public_id,
                account_id=UUID(form.account.data),
                trained_on=form.trained_on.data,
                actor=current_actor(),
                at=utc_now(),
            )
        except InvalidInputError as error:
            show_on_field(form, error)
        else:
            flash(_("Noted. People who wish it can now ask to be called."), "success")
            return redirect(url_for("handovers.trained"), code=303)
    page = render_template(
        "handovers/trained.html",
        form=form,
        named=list_trained(session, seat.id),
        untaken=list_untaken_handovers(session, seat.id),
    )
    return page, 422 if request.method == "POST" else 200


@bp.post("/sentinels/<uuid:public_id>/end")
@access(Access.MEMBER)
def end(public_id: UUID) -> ResponseReturnValue:
    """Let somebody be a sentinel no more."""
    sentinels.end_sentinel(sentinel_id=public_id, actor=current_actor(), at=utc_now())
    flash(_("Noted. Whoever waited for a call is handed on to the next person."), "success")
    return redirect(url_for("handovers.trained" if current_actor().coordinates else "home.index"), code=303)
