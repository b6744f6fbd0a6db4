"""The form of how an association is reached."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, StringField, TelField
from wtforms.validators import Length, Optional

from models.associations import Association
from webapp.members import clean_text
from webapp.services.associations import MOST_ADDRESS, MOST_EMAIL, MOST_PHONE, AssociationContact


class ContactForm(FlaskForm):
    """Mail, telephone and post; each may stay empty."""

    email = EmailField(
        _l("Email address"),
        description=_l("One that somebody reads every day, not that of one person."),
        validators=[Optional(), Length(max=MOST_EMAIL)],
        filters=[clean_text],
    )
    phone = TelField(_l("Telephone"), validators=[Optional(), Length(max=MOST_PHONE)], filters=[clean_text])
    address = StringField(
        _l("Postal address"),
        description=_l("Where people find you. It is proposed for a first interview in person."),
        validators=[Optional(), Length(max=MOST_ADDRESS)],
        filters=[clean_text],
    )

    def read(self) -> AssociationContact:
        """Give what was filled in."""
        return AssociationContact(
            email=self.email.data or "", phone=self.phone.data or "", address=self.address.data or ""
        )


def build_contact_form(association: Association) -> ContactForm:
    """Show what is known now."""
    return ContactForm(data={"email": association.email, "phone": association.phone, "address": association.address})
