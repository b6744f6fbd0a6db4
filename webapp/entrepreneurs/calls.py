"""Routes: a coordinator begins and ends to act with a person on the telephone."""

from uuid import UUID

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from models.db import db
from models.exceptions import InvalidInputError
from models.queries.assisted import CallUnderWay, find_call_under_way
from webapp.access import Access, access, current_actor
from webapp.clock import utc_now
from webapp.entrepreneurs import bp
from webapp.services import assisted_calls
from webapp.translation import gettext as _


@bp.post("/<uuid:public_id>/call")
@access(Access.COORDINATOR)
def begin_call(public_id: UUID) -> ResponseReturnValue:
    """Begin: from now on, what is done about this person is done with her."""
    try:
        assisted_calls.begin_call(
            entrepreneur_id=public_id,
            agreed=request.form.get("agreed") == "yes",
            actor=current_actor(),
            at=utc_now(),
        )
    except InvalidInputError:
        flash(_("Ask the person first, then tick that she agrees."), "warning")
    else:
        flash(_("You are doing this together. End the call below the menu when you hang up."), "success")
    return redirect(url_for("entrepreneurs.show", public_id=public_id), code=303)


@bp.post("/<uuid:public_id>/call/end")
@access(Access.COORDINATOR)
def end_call(public_id: UUID) -> ResponseReturnValue:
    """End the call."""
    done = assisted_calls.end_call(entrepreneur_id=public_id, actor=current_actor(), at=utc_now())
    flash(_("The call is over. What you did together is marked so.") if done else _("The call is over."), "success")
    return redirect(url_for("entrepreneurs.show", public_id=public_id), code=303)


def call_under_way() -> CallUnderWay | None:
    """Give the call that the one behind the request is in, and with whom: for the banner. Read once per request."""
    if not current_user.is_on_the_phone:
        return None
    if "call_under_way" not in g:
        actor = current_actor()
        found = find_call_under_way(db.session(), actor.account_id, at=utc_now())
        g.call_under_way = found if found is not None and found.person.association_id in actor.coordinates else None
    under_way: CallUnderWay | None = g.call_under_way
    return under_way
