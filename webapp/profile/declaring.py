"""Routes: one question that no match depends on, asked apart so that nobody takes it for a condition."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from models.entrepreneurs import Gender
from webapp.access import Access, access, current_actor
from webapp.clock import utc_now
from webapp.members import own_entrepreneur
from webapp.profile import bp
from webapp.profile.forms import build_gender_form
from webapp.services import entrepreneurs
from webapp.translation import gettext as _


@bp.route("/declaration", methods=["GET", "POST"])
@access(Access.ENTREPRENEUR)
def declare() -> ResponseReturnValue:
    """Ask for the gender, which only serves to check that the service is fair."""
    person = own_entrepreneur()
    form = build_gender_form(person)
    if form.validate_on_submit():
        chosen = Gender(form.gender.data) if form.gender.data else None
        entrepreneurs.declare_gender(
            entrepreneur_id=person.public_id, gender=chosen, actor=current_actor(), at=utc_now()
        )
        flash(_("Noted. Thank you!"), "success")
        return redirect(url_for("profile.index"), code=303)
    return render_template("profile/declaration.html", form=form), 422 if form.is_submitted() else 200
