"""Routes: how an association is reached."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from models.db import db
from models.exceptions import InvalidInputError
from models.queries.associations import get_association
from webapp.access import Access, access, current_actor
from webapp.associations import bp
from webapp.associations.forms import build_contact_form
from webapp.clock import utc_now
from webapp.form_errors import show_on_field
from webapp.services.associations import set_contact
from webapp.translation import gettext as _
from webapp.workspace import current_workspace


@bp.route("", methods=["GET", "POST"])
@access(Access.COORDINATOR)
def edit() -> ResponseReturnValue:
    """Show how the association is reached, and change it."""
    seat = current_workspace().seat
    form = build_contact_form(get_association(db.session(), seat.id))
    if form.validate_on_submit():
        try:
            set_contact(association_id=seat.public_id, contact=form.read(), actor=current_actor(), at=utc_now())
        except InvalidInputError as error:
            show_on_field(form, error, {"house_email": "email", "house_phone": "phone", "house_address": "address"})
        else:
            flash(_("Saved: this is how people reach you from now on."), "success")
            return redirect(url_for("associations.edit"), code=303)
    return render_template("associations/edit.html", form=form), 422 if form.is_submitted() else 200
