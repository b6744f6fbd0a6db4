"""The form by which an account is closed: who takes over what rests with it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.validators import InputRequired

from models.accounts import Account
from models.names import full_name
from webapp.translation import gettext as _


class ClosingForm(FlaskForm):
    """Who takes over; nobody when nothing rests with the account."""

    successor = SelectField(_l("Who takes over"))

    def __init__(self, people: Sequence[Account], *args: Any, is_needed: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if is_needed:
            self.successor.validators = [InputRequired(_("Please choose one answer."))]
            self.successor.flags.required = True
        named = [(str(one.public_id), full_name(one)) for one in people]
        self.successor.choices = [("", _("Choose somebody")), *named]

    def read(self) -> UUID | None:
        """Give who was chosen."""
        return UUID(self.successor.data) if self.successor.data else None
