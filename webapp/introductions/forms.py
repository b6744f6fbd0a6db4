"""The form of an introduction: to whom and what for; the rest can wait."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from models.introductions import IntroductionPurpose
from webapp import labels
from webapp.members import clean_text
from webapp.services.introductions import MAX_NAME, Contact

SHORT = Length(max=MAX_NAME, message=_l("That is too long: %(max)d characters at most."))


class IntroductionForm(FlaskForm):
    """Two fields, a tick, and two more for who likes."""

    organisation = StringField(
        _l("To whom? A company, a bank, somebody"),
        validators=[InputRequired(_l("Please say to whom.")), SHORT],
        filters=[clean_text],
    )
    purpose = SelectField(_l("What for?"), validators=[InputRequired(_l("Please choose one answer."))])
    is_made = BooleanField(_l("It is done: the two can get in touch"))
    function = StringField(_l("What this person does there"), validators=[SHORT], filters=[clean_text])
    name = StringField(_l("The name"), validators=[SHORT], filters=[clean_text])

    def build_contact(self) -> Contact:
        """Give what the service wants."""
        return Contact(
            organisation=self.organisation.data or "",
            purpose=IntroductionPurpose(self.purpose.data),
            function=self.function.data or "",
            name=self.name.data or "",
        )


def build_introduction_form() -> IntroductionForm:
    """Offer the purposes."""
    form = IntroductionForm(prefix="introduction-")
    form.purpose.choices = labels.list_choices(IntroductionPurpose)
    return form
