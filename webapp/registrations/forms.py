"""The form of who registers: a name, an address, a few words."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, SelectField, StringField, SubmitField, TelField, TextAreaField
from wtforms.validators import UUID, DataRequired, Length, Optional

from models.accounts import Locale
from models.associations import Association
from webapp.members import clean_text
from webapp.people_fields import AN_ADDRESS
from webapp.services.registrations import Applicant

NEEDED = DataRequired(_l("Please fill this in."))
SHORT = Length(max=80, message=_l("This is too long: 80 characters at most."))
LONGEST_WORDS = 1000


class RegisterForm(FlaskForm):
    """Who one is, how to be reached, and a few words. Nothing else is asked before the two have talked.

    The town only says which associations are near by; `shown` is the one that the list was made for.
    """

    town = StringField(
        _l("Your town"),
        validators=[Optional(), Length(max=100)],
        filters=[clean_text],
        render_kw={"autocomplete": "address-level2", "maxlength": "100"},
    )
    shown = HiddenField()
    find = SubmitField(_l("Show those near by"))
    association = SelectField(_l("Association near you"), validators=[NEEDED, UUID()])
    first_name = StringField(
        _l("First name"), validators=[NEEDED, SHORT], filters=[clean_text], render_kw={"autocomplete": "given-name"}
    )
    last_name = StringField(
        _l("Last name"), validators=[NEEDED, SHORT], filters=[clean_text], render_kw={"autocomplete": "family-name"}
    )
    email = EmailField(
        _l("Email address"),
        validators=[NEEDED, Length(max=254), AN_ADDRESS],
        render_kw={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"},
    )
    phone = TelField(
        _l("Telephone"),
        validators=[Optional(), Length(max=32)],
        filters=[clean_text],
        render_kw={"autocomplete": "tel"},
    )
    words = TextAreaField(
        _l("Your project, in a few words"),
        description=_l("As you would tell a friend. Even an idea is enough."),
        validators=[Optional(), Length(max=LONGEST_WORDS, message=_l("This is too long: 1,000 characters at most."))],
        filters=[clean_text],
    )

    def asks_for_a_town(self) -> bool:
        """Say whether the list is wanted for another town; the key Enter in any other field sends the form."""
        return bool(self.find.data) and self.town.data != self.shown.data

    def offer(self, associations: Sequence[Association]) -> None:
        """Give the associations to choose from."""
        choices = [(str(one.public_id), one.name) for one in associations]
        self.association.choices = choices if len(choices) == 1 else [("", "—"), *choices]

    def read(self, locale: str) -> Applicant:
        """Give what was written."""
        return Applicant(
            first_name=self.first_name.data,
            last_name=self.last_name.data,
            email=self.email.data,
            phone=self.phone.data or "",
            words=self.words.data or "",
            locale=Locale(locale),
        )
