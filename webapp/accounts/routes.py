"""Routes: signing in and out, invitations, resets, one's own account."""

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from models.accounts import Locale
from models.exceptions import InvalidCredentialsError
from webapp.access import Access, access, current_actor
from webapp.accounts import bp
from webapp.accounts.forms import SignInForm
from webapp.clock import utc_now
from webapp.errors import describe
from webapp.locale import keep_locale
from webapp.services import accounts
from webapp.sessions import load_signed_in


@bp.route("/sign-in", methods=["GET", "POST"])
@access(Access.PUBLIC)
def sign_in() -> ResponseReturnValue:
    """Sign in with an address and a password."""
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form), 422 if request.method == "POST" else 200
    cheap = current_app.config["SETTINGS"].testing
    try:
        outcome = accounts.sign_in(email=form.email.data, password=form.password.data, at=utc_now(), cheap=cheap)
    except InvalidCredentialsError as error:
        flash(describe(error).sentence, "danger")
        return render_template("accounts/sign_in.html", form=form), 422
    session.clear()
    keep_locale(outcome.locale)
    session.permanent = bool(form.stay.data)
    login_user(load_signed_in(outcome.token))
    return redirect(url_for("home.index"), code=303)


@bp.post("/sign-out")
@access(Access.PUBLIC)
def sign_out() -> ResponseReturnValue:
    """End this sign-in."""
    if current_user.is_authenticated:
        accounts.sign_out(session_id=current_user.session_id, actor=current_actor(), at=utc_now())
    locale = session.get("locale")
    logout_user()
    session.clear()
    if locale:
        session["locale"] = locale
    flash(_("You are signed out. See you soon."), "success")
    return redirect(url_for("home.index"), code=303)


@bp.post("/language")
@access(Access.PUBLIC)
def set_locale() -> ResponseReturnValue:
    """Change the language of the screens."""
    keep_locale(Locale(request.form.get("locale", "fr")))
    return redirect(url_for("home.index"), code=303)


@bp.get("/account")
@access(Access.MEMBER)
def show() -> ResponseReturnValue:
    """Show one's own account."""
    return render_template("accounts/show.html", actor=current_actor())
