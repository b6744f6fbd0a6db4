"""Forms of a decision about a suggestion."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from models.match_runs import RejectReason
from webapp.labels import list_choices


class RejectForm(FlaskForm):
    """Why a suggestion is set aside."""

    reason = RadioField(_l("Why"), validators=[InputRequired(_l("Choose a reason."))])
    note = TextAreaField(_l("A note for the team"), validators=[Optional(), Length(max=1000)])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.reason.choices = list_choices(RejectReason)
