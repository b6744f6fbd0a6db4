"""The form of a series."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from webapp.labels import list_themes
from webapp.workshops.forms import A_TITLE, NEEDED


class SeriesForm(FlaskForm):
    """What an organiser decides about a series."""

    theme = SelectField(
        _l("Theme"), description=_l("The same for every date. It cannot be changed later."), validators=[NEEDED]
    )
    title = StringField(_l("Title"), validators=[NEEDED, A_TITLE])
    description = TextAreaField(_l("What people will do and take home"), validators=[Optional(), Length(max=4000)])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.theme.choices = list_themes()
