"""Routes: a person's own coaching space, and what her coach reads of it."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.coaching import CoachingDoor, CoachingFile, CoachingMoment, Statement
from models.db import db
from models.exceptions import NotFoundError
from models.pairings import Pairing
from models.queries import members
from models.queries.care import get_file, list_coachings
from models.states import TOGETHER_PAIRING_STATES, CoachingFileState
from webapp.access import Access, access, current_actor
from webapp.clock import utc_now
from webapp.coaching import bp
from webapp.coaching.forms import SCALE, AgreementForm, fill_form
from webapp.members import clean_text, own_entrepreneur
from webapp.services import coaching
from webapp.services.coaching import CoachingView
from webapp.translation import gettext as _


@bp.route("/my-coaching", methods=["GET", "POST"])
@access(Access.ENTREPRENEUR)
def mine() -> ResponseReturnValue:
    """Show the person's own space; nothing is opened without her agreement."""
    entrepreneur, session, at = own_entrepreneur(), db.session(), utc_now()
    found = list_coachings(session, entrepreneur.id)
    pairing = next((one.pairing for one in found if _may_open(one.pairing, one.file)), None)
    form = AgreementForm()
    if pairing is not None and form.validate_on_submit():
        door = CoachingDoor(form.door.data)
        agrees = form.agrees.data
        coaching.open_file(pairing_id=pairing.public_id, door=door, agrees=agrees, actor=current_actor(), at=at)
        flash(_("Your space is open. Your coach and you read it, nobody else."), "success")
        return _back()
    views = [_view(one.file) for one in found if one.file is not None]
    contact = members.find_contact(
        session, association_id=entrepreneur.association_id, referent_id=entrepreneur.referent_id
    )
    page = render_template(
        "coaching/mine.html",
        views=views,
        coach=pairing.supporter if pairing else None,
        form=form,
        contact=contact,
        days=coaching.ERASED_AFTER_WITHDRAWAL.days,
        statements=list(Statement),
        moments=list(CoachingMoment),
    )
    return page, 422 if request.method == "POST" else 200


@bp.route("/my-coaching/<uuid:public_id>/<any(before, after):moment>", methods=["GET", "POST"])
@access(Access.ENTREPRENEUR)
def assess(public_id: UUID, moment: str) -> ResponseReturnValue:
    """Ask what the person says of her strengths and gaps; said again, it replaces."""
    view, chosen = _own_view(public_id), CoachingMoment(moment)
    form = fill_form(view.looks.get(chosen))
    if view.file.state is not CoachingFileState.OPEN:
        raise NotFoundError(record="CoachingFile")
    form.strengths.data, form.gaps.data = clean_text(form.strengths.data), clean_text(form.gaps.data)
    if form.validate_on_submit():
        coaching.assess(file_id=public_id, moment=chosen, said=form.said(), actor=current_actor(), at=utc_now())
        flash(_("Noted. You can change it whenever you like."), "success")
        return _back()
    page = render_template("coaching/assess.html", form=form, moment=chosen, statements=list(Statement), scale=SCALE)
    return page, 422 if request.method == "POST" else 200


@bp.post("/my-coaching/<uuid:public_id>/withdraw")
@access(Access.ENTREPRENEUR)
def withdraw(public_id: UUID) -> ResponseReturnValue:
    """Take the agreement back."""
    coaching.withdraw_agreement(file_id=public_id, actor=current_actor(), at=utc_now())
    flash(_("Your agreement is taken back. Your coach no longer sees any of it."), "success")
    return _back()


@bp.post("/my-coaching/<uuid:public_id>/erase")
@access(Access.ENTREPRENEUR)
def erase(public_id: UUID) -> ResponseReturnValue:
    """Erase the words at once."""
    coaching.erase_now(file_id=public_id, actor=current_actor(), at=utc_now())
    flash(_("What you had noted is erased."), "success")
    return _back()


@bp.get("/coaching/<uuid:public_id>")
@access(Access.SUPPORTER)
def show(public_id: UUID) -> ResponseReturnValue:
    """Show the coach what the person agreed to show."""
    view = coaching.read_as_coach(db.session(), public_id, actor=current_actor(), at=utc_now())
    return render_template("coaching/show.html", view=view, statements=list(Statement), moments=list(CoachingMoment))


def _own_view(public_id: UUID) -> CoachingView:
    session = db.session()
    return coaching.read_own(session, get_file(session, public_id), actor=current_actor(), at=utc_now())


def _view(file: CoachingFile) -> CoachingView:
    return coaching.read_own(db.session(), file, actor=current_actor(), at=utc_now())


def _may_open(pairing: Pairing, file: CoachingFile | None) -> bool:
    """Say whether the person could open a space with this coach: none yet, or an agreement taken back."""
    is_free = file is None or file.state is CoachingFileState.WITHDRAWN
    return is_free and pairing.state in TOGETHER_PAIRING_STATES


def _back() -> ResponseReturnValue:
    return redirect(url_for("coaching.mine"), code=303)
