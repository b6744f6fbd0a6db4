"""The three questions of a check-in."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.validators import InputRequired

from webapp.labels import list_choices
from webapp.services.check_ins import Activity, Cash, Mood

CHOOSE_ONE = InputRequired(_l("Please choose one answer."))


class CheckInForm(FlaskForm):
    """One tap per question."""

    activity = RadioField(_l("How is your business going?"), validators=[CHOOSE_ONE])
    cash = RadioField(_l("How long will your money last?"), validators=[CHOOSE_ONE])
    mood = RadioField(_l("And you, how are you?"), validators=[CHOOSE_ONE])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.activity.choices = list_choices(Activity)
        self.cash.choices = list_choices(Cash)
        self.mood.choices = list_choices(Mood)
