"""The form of a coordinator who writes down that somebody wishes to be forgotten."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from models.erasures import ErasureGround
from webapp.labels import label

BY_THE_TEAM = tuple(ground for ground in ErasureGround if ground is not ErasureGround.OWN)


class ErasureForm(FlaskForm):
    """How the person asked, and that she knows what it means."""

    ground = RadioField(_l("How did the person ask?"), validators=[InputRequired(_l("Please choose one answer."))])
    is_told = BooleanField(
        _l("I told the person what goes, what stays, and that there is one day to change one’s mind"),
        validators=[InputRequired(_l("Please tell the person first: afterwards nobody can bring it back."))],
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.ground.choices = [(ground.value, label(ground)) for ground in BY_THE_TEAM]

    def read(self) -> ErasureGround:
        """Give the ground chosen."""
        return ErasureGround(self.ground.data)
