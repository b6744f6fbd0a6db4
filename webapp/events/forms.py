"""The form of a visitor: a name and an address, nothing else."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, StringField
from wtforms.validators import InputRequired, Length, Regexp

NEEDED = InputRequired(_l("Please fill this in."))


class VisitorForm(FlaskForm):
    """Who would like to come."""

    name = StringField(
        _l("Your name"),
        validators=[NEEDED, Length(max=120, message=_l("This is too long: 120 characters at most."))],
        render_kw={"autocomplete": "name"},
    )
    email = EmailField(
        _l("Your email address"),
        description=_l("We send a link there: the place is yours once you have confirmed it."),
        validators=[
            NEEDED,
            Length(max=254, message=_l("Please check this address.")),
            Regexp(r"^[^@\s]+@[^@\s]+\.[^@\s]+$", message=_l("Please check this address.")),
        ],
        render_kw={"autocomplete": "email"},
    )
