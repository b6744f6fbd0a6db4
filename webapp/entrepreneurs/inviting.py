"""Routes: invite everybody who has no account yet, after an import or at any time."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from models.db import db
from models.queries.invitations import count_uninvited
from webapp.access import Access, access, current_actor
from webapp.clock import utc_now
from webapp.entrepreneurs import bp
from webapp.services import invitations
from webapp.translation import gettext as _
from webapp.translation import ngettext
from webapp.workspace import current_workspace


@bp.get("/invitations")
@access(Access.COORDINATOR)
def uninvited() -> ResponseReturnValue:
    """Say how many people would be written to, before anybody is."""
    found = count_uninvited(db.session(), current_workspace().seat.id)
    return render_template(
        "entrepreneurs/invitations.html", found=found, now_at_most=min(found.reachable, invitations.MOST_AT_ONCE)
    )


@bp.post("/invitations")
@access(Access.COORDINATOR)
def invite_all() -> ResponseReturnValue:
    """Invite them, some at a time; the same form twice writes to nobody twice."""
    seat = current_workspace().seat
    batch = invitations.invite_all(association_id=seat.public_id, actor=current_actor(), at=utc_now())
    if not batch.invited:
        flash(_("Everybody with an address was invited already."), "info")
        return redirect(url_for("entrepreneurs.index"), code=303)
    flash(
        ngettext("%(num)d invitation is on its way.", "%(num)d invitations are on their way.", batch.invited), "success"
    )
    page = "entrepreneurs.uninvited" if batch.left else "entrepreneurs.index"
    return redirect(url_for(page), code=303)
