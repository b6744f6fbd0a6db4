"""Routes: signing in and out, invitations, resets, one's own account."""

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user

from models.accounts import LinkPurpose, Locale
from models.exceptions import InvalidCredentialsError, InvalidInputError, WeakPasswordError
from webapp.access import Access, access, current_actor
from webapp.accounts import bp
from webapp.accounts.forms import AddressForm, ChangePasswordForm, NewPasswordForm, SignInForm
from webapp.clock import utc_now
from webapp.errors import describe
from webapp.identity.destinations import FOR_EVERYBODY, find_page, levels_of
from webapp.identity.entering import enter
from webapp.jobs import enqueue_reset
from webapp.locale import LOCALE_KEY, keep_locale
from webapp.services import accounts
from webapp.translation import gettext as _


@bp.route("/sign-in", methods=["GET", "POST"])
@access(Access.PUBLIC)
def sign_in() -> ResponseReturnValue:
    """Sign in with an address and a password."""
    if current_user.is_authenticated and request.method == "GET":
        return redirect(url_for("home.index"), code=303)
    form = SignInForm()
    wanted = request.values.get("next", "")
    if not form.validate_on_submit():
        return _show("accounts/sign_in.html", form=form, wanted=wanted)
    try:
        outcome = accounts.sign_in(
            email=form.email.data, password=form.password.data, place=request.remote_addr or "", at=utc_now()
        )
    except InvalidCredentialsError as error:
        form.password.errors = [describe(error).what]
        return _show("accounts/sign_in.html", form=form, wanted=wanted)
    return enter(outcome, stay=bool(form.stay.data), wanted=wanted)


@bp.post("/sign-out")
@access(Access.PUBLIC)
def sign_out() -> ResponseReturnValue:
    """End this sign-in."""
    if current_user.is_authenticated:
        accounts.sign_out(session_id=current_user.session_id, actor=current_actor(), at=utc_now())
    locale = session.get(LOCALE_KEY)
    logout_user()
    session.clear()
    if locale:
        session[LOCALE_KEY] = locale
    flash(_("You are signed out. See you soon."), "success")
    return redirect(url_for("home.index"), code=303)


@bp.post("/language")
@access(Access.PUBLIC)
def set_locale() -> ResponseReturnValue:
    """Change the language of the screens."""
    try:
        locale = Locale(request.form.get("locale", ""))
    except ValueError as error:
        raise InvalidInputError(field="locale") from error
    levels = FOR_EVERYBODY
    if current_user.is_authenticated:
        accounts.set_locale(locale=locale, actor=current_actor(), at=utc_now())
        levels = levels | levels_of(current_actor())
    keep_locale(locale)
    return redirect(find_page(request.form.get("here"), levels=levels) or url_for("home.index"), code=303)


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@access(Access.PUBLIC)
def accept_invitation(token: str) -> ResponseReturnValue:
    """Choose a first password with the link of an invitation."""
    email = accounts.check_link(token=token, purpose=LinkPurpose.INVITATION, at=utc_now())
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            outcome = accounts.accept_invitation(token=token, password=form.password.data, at=utc_now())
        except WeakPasswordError as error:
            form.password.errors = [describe(error).sentence]
        else:
            flash(_("Your account is ready. Welcome!"), "success")
            return enter(outcome)
    return _show("accounts/invitation.html", form=form, email=email)


@bp.route("/new-password", methods=["GET", "POST"])
@access(Access.PUBLIC)
def request_reset() -> ResponseReturnValue:
    """Ask for a link to choose a new password; the answer is the same for everybody."""
    form = AddressForm()
    if not form.validate_on_submit():
        return _show("accounts/request_reset.html", form=form)
    email = form.email.data
    if accounts.count_reset(email=email, place=request.remote_addr or "", at=utc_now()):
        enqueue_reset(email)
    return render_template("accounts/reset_requested.html")


@bp.route("/new-password/<token>", methods=["GET", "POST"])
@access(Access.PUBLIC)
def reset_password(token: str) -> ResponseReturnValue:
    """Choose a new password with the link of a reset."""
    email = accounts.check_link(token=token, purpose=LinkPurpose.RESET, at=utc_now())
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            outcome = accounts.reset_password(token=token, password=form.password.data, at=utc_now())
        except WeakPasswordError as error:
            form.password.errors = [describe(error).sentence]
        else:
            flash(_("Your new password is set. Other devices were signed out."), "success")
            return enter(outcome)
    return _show("accounts/reset_password.html", form=form, email=email)


@bp.get("/account")
@access(Access.MEMBER)
def show() -> ResponseReturnValue:
    """Show one's own account."""
    return render_template("accounts/show.html", actor=current_actor())


@bp.route("/account/password", methods=["GET", "POST"])
@access(Access.MEMBER)
def change_password() -> ResponseReturnValue:
    """Change one's own password."""
    form = ChangePasswordForm()
    if not form.validate_on_submit():
        return _show("accounts/change_password.html", form=form)
    try:
        accounts.change_password(
            current=form.current.data,
            new=form.password.data,
            session_id=current_user.session_id,
            actor=current_actor(),
            at=utc_now(),
        )
    except InvalidCredentialsError:
        form.current.errors = [_("This is not your present password.")]
        return _show("accounts/change_password.html", form=form)
    except WeakPasswordError as error:
        form.password.errors = [describe(error).sentence]
        return _show("accounts/change_password.html", form=form)
    flash(_("Your password is changed. Other devices were signed out."), "success")
    return redirect(url_for("accounts.show"), code=303)


@bp.post("/account/other-devices")
@access(Access.MEMBER)
def end_other_sessions() -> ResponseReturnValue:
    """Sign out everywhere else."""
    accounts.end_other_sessions(actor=current_actor(), at=utc_now(), keep_session_id=current_user.session_id)
    flash(_("All your other devices are signed out."), "success")
    return redirect(url_for("accounts.show"), code=303)


def _show(template: str, **values: object) -> ResponseReturnValue:
    return render_template(template, **values), 422 if request.method == "POST" else 200
