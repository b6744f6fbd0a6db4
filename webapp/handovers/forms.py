"""The form by which somebody trained is named."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, SelectField
from wtforms.validators import InputRequired

from models.accounts import Account


class SentinelForm(FlaskForm):
    """Who, trained when, certified by who sends the form."""

    account = SelectField(_l("Who"), validators=[InputRequired(_l("Please choose one answer."))])
    trained_on = DateField(_l("Trained on"), validators=[InputRequired(_l("Please fill this in."))])
    certifies = BooleanField(
        _l("I certify for the association that this person was trained to listen to people in distress."),
        validators=[InputRequired(_l("Only people who were trained can be named."))],
    )

    def __init__(self, people: Sequence[Account], *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.account.choices = [(str(one.public_id), f"{one.last_name} {one.first_name}") for one in people]
