"""Routes: how long each state may last before somebody is reminded."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.clocks import span_of
from models.db import db
from models.exceptions import InvalidInputError
from models.queries.clocks import get_waits
from webapp.access import Access, access, current_actor
from webapp.clock import utc_now
from webapp.clocks import bp
from webapp.clocks.forms import GROUPS, ClocksForm
from webapp.form_errors import show_on_field
from webapp.services.clock_settings import set_clocks
from webapp.translation import gettext as _
from webapp.translation import ngettext
from webapp.workspace import current_workspace


@bp.route("", methods=["GET", "POST"])
@access(Access.COORDINATOR)
def edit() -> ResponseReturnValue:
    """Show the delays, and change them."""
    seat = current_workspace().seat
    form = ClocksForm(data={wait.value: days for wait, days in get_waits(db.session(), seat.id).items()})
    if form.validate_on_submit():
        try:
            changed = set_clocks(
                association_id=seat.public_id,
                days=form.days(),
                actor=current_actor(),
                at=utc_now(),
            )
        except InvalidInputError as error:
            show_on_field(form, error)
        else:
            flash(
                ngettext("%(num)d delay is changed.", "%(num)d delays are changed.", changed)
                if changed
                else _("Nothing has changed."),
                "success",
            )
            return redirect(url_for("clocks.edit"), code=303)
    status = 422 if request.method == "POST" else 200
    return render_template("clocks/edit.html", form=form, groups=GROUPS, span_of=span_of), status
