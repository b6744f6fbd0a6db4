"""Routes: the supporters' circle as one of them sees it: her yes, the others, the next gathering, her answer."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.circle_meetings import CircleAnswer
from models.db import db
from models.exceptions import NotFoundError
from models.queries.gatherings import get_gathering
from models.queries.members import list_supporters
from webapp.access import Access, access, current_actor
from webapp.clock import utc_now
from webapp.gatherings import bp
from webapp.gatherings.forms import JoinForm
from webapp.gatherings.reading import find_own_listing, list_own_circles
from webapp.services import gatherings, supporter_listings
from webapp.translation import gettext as _


@bp.get("/mine")
@access(Access.SUPPORTER)
def mine() -> ResponseReturnValue:
    """Show the circle: who is in it to who is, how to join to who is not."""
    return _show()


@bp.post("/mine/<uuid:public_id>/join")
@access(Access.SUPPORTER)
def join(public_id: UUID) -> ResponseReturnValue:
    """Agree to be seen by the others, or change how to be reached."""
    if all(one.public_id != public_id for one in list_supporters(db.session(), current_actor().supporter_ids)):
        raise NotFoundError(record="Supporter")
    form = JoinForm()
    if not form.validate_on_submit():
        return _show(form, wrong=public_id)
    supporter_listings.join_supporters_circle(
        supporter_id=public_id, contact=form.contact.data or "", actor=current_actor(), at=utc_now()
    )
    flash(_("Noted, thank you. You can take it back here whenever you like."), "success")
    return redirect(url_for("gatherings.mine"), code=303)


@bp.post("/mine/<uuid:public_id>/leave")
@access(Access.SUPPORTER)
def leave(public_id: UUID) -> ResponseReturnValue:
    """Take the yes back."""
    supporter_listings.leave_supporters_circle(supporter_id=public_id, actor=current_actor(), at=utc_now())
    flash(_("Done: the other supporters do not see you any more."), "success")
    return redirect(url_for("gatherings.mine"), code=303)


@bp.post("/<uuid:public_id>/answer")
@access(Access.SUPPORTER)
def answer(public_id: UUID) -> ResponseReturnValue:
    """Say with one tap whether one comes."""
    session, actor = db.session(), current_actor()
    listing = find_own_listing(session, actor, get_gathering(session, public_id).association_id)
    own = [one for one in list_supporters(session, actor.supporter_ids) if listing and one.id == listing.supporter_id]
    if not own:
        raise NotFoundError(record="Gathering")
    try:
        said = CircleAnswer(request.form.get("answer", ""))
    except ValueError:
        return abort(422)
    gatherings.answer_gathering(
        gathering_id=public_id, supporter_id=own[0].public_id, answer=said, actor=actor, at=utc_now()
    )
    is_yes = said is CircleAnswer.YES
    flash(_("See you there!") if is_yes else _("Thank you for telling us. You can change your answer."), "success")
    return redirect(url_for("gatherings.mine"), code=303)


def _show(form: JoinForm | None = None, *, wrong: UUID | None = None) -> ResponseReturnValue:
    circles = list_own_circles(db.session(), current_actor(), at=utc_now())
    joining = {
        one.supporter.id: form
        if form is not None and one.supporter.public_id == wrong
        else JoinForm(formdata=None, data={"contact": one.listing.contact if one.listing else ""})
        for one in circles
    }
    body = render_template("gatherings/mine.html", circles=circles, joining=joining)
    return body, 422 if form is not None else 200
