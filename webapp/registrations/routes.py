"""Routes: registering by oneself."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.db import db
from models.exceptions import InvalidInputError, WeakPasswordError
from models.queries.associations import list_associations
from webapp.access import Access, access
from webapp.accounts.forms import NewPasswordForm
from webapp.clock import utc_now
from webapp.errors import describe
from webapp.form_errors import show_on_field
from webapp.identity.entering import enter
from webapp.locale import current_locale
from webapp.registrations import bp
from webapp.registrations.forms import RegisterForm
from webapp.repeated_forms import posted_form_key
from webapp.services import registrations
from webapp.territories.communes import UnclearCommuneError, resolve_commune, write_commune
from webapp.translation import gettext as _


@bp.route("", methods=["GET", "POST"])
@access(Access.PUBLIC)
def register() -> ResponseReturnValue:
    """Register with an association; the answer is the same for everybody."""
    form = RegisterForm(town=request.args.get("town", "")[:100])
    form.offer(list_associations(db.session()))
    is_sent = request.method == "POST" and not form.asks_for_a_town()
    if is_sent and form.validate():
        try:
            registrations.register(
                association_id=UUID(form.association.data),
                applicant=form.read(current_locale()),
                place=request.remote_addr or "",
                at=utc_now(),
                form_key=posted_form_key(),
            )
        except InvalidInputError as error:
            show_on_field(form, error)
        else:
            return redirect(url_for("registrations.asked"), code=303)
    _offer_near(form)
    return render_template("registrations/register.html", form=form), 422 if is_sent else 200


@bp.get("/sent")
@access(Access.PUBLIC)
def asked() -> ResponseReturnValue:
    """Say that a mail is on its way."""
    return render_template("registrations/asked.html")


@bp.route("/<token>", methods=["GET", "POST"])
@access(Access.PUBLIC)
def confirm(token: str) -> ResponseReturnValue:
    """Confirm a registration with the link of its mail."""
    found = registrations.check_registration(token=token, at=utc_now())
    form = NewPasswordForm()
    if request.method == "POST" and (not found.needs_password or form.validate_on_submit()):
        try:
            welcome = registrations.confirm_registration(
                token=token, password=form.password.data if found.needs_password else None, at=utc_now()
            )
        except WeakPasswordError as error:
            form.password.errors = [describe(error).sentence]
        else:
            if welcome.sign_in is not None:
                flash(_("Welcome! Your page says who contacts you, and before when."), "success")
                return enter(welcome.sign_in)
            flash(_("Your request has arrived. Sign in to see who contacts you, and before when."), "success")
            return redirect(url_for("accounts.sign_in"), code=303)
    status = 422 if request.method == "POST" else 200
    return render_template("registrations/confirm.html", form=form, found=found), status


def _offer_near(form: RegisterForm) -> None:
    """Offer the associations near the town that was typed, and say so when it is not clear which one is meant."""
    typed = form.town.data or ""
    department = None
    try:
        commune = resolve_commune(db.session(), typed)
    except UnclearCommuneError as error:
        form.town.errors = [*form.town.errors, str(error)]
    else:
        typed, department = (write_commune(commune), commune.department) if commune else ("", None)
    form.town.data = form.shown.data = typed
    form.offer(list_associations(db.session(), department=department))
