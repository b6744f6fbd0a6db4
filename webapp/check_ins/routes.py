"""Routes: three questions, and what may help. The answers are read, answered on the same page, and forgotten."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from models.db import db
from models.queries import members
from webapp.access import Access, access
from webapp.check_ins import bp
from webapp.check_ins.forms import CheckInForm
from webapp.members import own_entrepreneur
from webapp.services.check_ins import Activity, Advice, Cash, Mood, advise


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
    return render_template("check_ins/ask.html", form=form, advice=advice, contact=contact), status
