"""Forms of signing in and of one's own account."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, PasswordField
from wtforms.validators import DataRequired, EqualTo, Length

from webapp.identity.passwords import LONGEST, SHORTEST

NEEDED = DataRequired(_l("Please fill this in."))
AT_MOST = Length(max=LONGEST, message=_l("This is too long."))
AS_TYPED = {"autocapitalize": "none", "spellcheck": "false"}


class SignInForm(FlaskForm):
    """Address and password."""

    email = EmailField(
        _l("Email address"), validators=[NEEDED, AT_MOST], render_kw={"autocomplete": "username", **AS_TYPED}
    )
    password = PasswordField(
        _l("Password"), validators=[NEEDED, AT_MOST], render_kw={"autocomplete": "current-password"}
    )
    stay = BooleanField(_l("Stay signed in on this device"))


class AddressForm(FlaskForm):
    """The address to send a link to."""

    email = EmailField(
        _l("Email address"), validators=[NEEDED, AT_MOST], render_kw={"autocomplete": "username", **AS_TYPED}
    )


class NewPasswordForm(FlaskForm):
    """A password, twice."""

    password = PasswordField(
        _l("New password"),
        validators=[
            NEEDED,
            AT_MOST,
            Length(min=SHORTEST, message=_l("Choose at least %(min)d characters.")),
        ],
        description=_l("At least 10 characters. A short sentence that only you would write is a good password."),
        render_kw={"autocomplete": "new-password", "minlength": SHORTEST},
    )
    again = PasswordField(
        _l("The same password again"),
        validators=[NEEDED, EqualTo("password", message=_l("The two passwords differ."))],
        render_kw={"autocomplete": "new-password"},
    )


class ChangePasswordForm(NewPasswordForm):
    """The present password, then the new one."""

    current = PasswordField(
        _l("Present password"), validators=[NEEDED, AT_MOST], render_kw={"autocomplete": "current-password"}
    )
