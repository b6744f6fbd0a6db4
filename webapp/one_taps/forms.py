"""The form of a no to a proposal; a yes is a button."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from models.pairings import DeclineReason
from webapp import labels

LONGEST_NOTE = 1000


class DeclineForm(FlaskForm):
    """Why it is difficult, from the closed list; a word if one likes."""

    reason = RadioField(_l("What makes it difficult?"), validators=[InputRequired(_l("Please choose one."))])
    note = TextAreaField(
        _l("A word to the coordinator"),
        validators=[Length(max=LONGEST_NOTE, message=_l("This is too long."))],
        description=_l("Only the coordinator reads it."),
    )

    def chosen(self) -> DeclineReason:
        """Give the reason."""
        return DeclineReason(self.reason.data)


def build_decline_form() -> DeclineForm:
    """Offer the reasons."""
    form = DeclineForm()
    form.reason.choices = labels.list_choices(DeclineReason)
    return form
