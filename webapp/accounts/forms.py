"""Forms of signing in and of one's own account."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, PasswordField
from wtforms.validators import DataRequired, Length

NEEDED = DataRequired(_l("Please fill this in."))


class SignInForm(FlaskForm):
    """Address and password."""

    email = EmailField(_l("Email address"), validators=[NEEDED, Length(max=254)])
    password = PasswordField(_l("Password"), validators=[NEEDED, Length(max=200)])
    stay = BooleanField(_l("Stay signed in on this device"))
