"""Forms of a coordinator about a supporter: the profile, the number of places."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    RadioField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from models.entrepreneurs import Stage
from models.supporters import Supporter, SupporterRole
from webapp.labels import list_choices, list_languages, list_topics
from webapp.people_fields import AN_ADDRESS, ChecksField, FrenchFloatField, LevelsField, WeekField, WholeNumberField

MOST_PLACES = 500
NEEDED = DataRequired(_l("Please fill this in."))
SHORT = Length(max=80, message=_l("This is too long: 80 characters at most."))
PLACES = NumberRange(min=0, max=MOST_PLACES, message=_l("Between 0 and 500."))


class PapersForm(FlaskForm):
    """Until when training and insurance are good."""

    training_until = DateField(_l("Training good until"), validators=[Optional()])
    insurance_until = DateField(_l("Insurance good until"), validators=[Optional()])


class BackForm(FlaskForm):
    """The day on which a supporter on pause is asked whether she is available again, if one is known."""

    back_on = DateField(_l("Ask again on"), validators=[Optional()])


class LaterForm(FlaskForm):
    """Another day for the same."""

    back_on = DateField(_l("Ask again on"), validators=[InputRequired(_l("Please choose a day."))])


class SupporterForm(FlaskForm):
    """Everything a coordinator knows of a supporter."""

    first_name = StringField(_l("First name"), validators=[NEEDED, SHORT])
    last_name = StringField(_l("Last name"), validators=[NEEDED, SHORT])
    role = RadioField(
        _l("Role"),
        description=_l("One role per profile; who plays two has two profiles. It cannot be changed afterwards."),
        validators=[InputRequired(_l("Choose a role."))],
    )
    email = EmailField(
        _l("Email address"),
        description=_l("Proposals are sent to it."),
        validators=[Optional(), Length(max=254), AN_ADDRESS],
    )
    phone = TelField(_l("Telephone"), validators=[Optional(), Length(max=32)])
    commune = StringField(
        _l("Town"), description=_l("Name, postal code or INSEE code."), validators=[NEEDED, Length(max=100)]
    )
    capacity = WholeNumberField(
        _l("Capacity"),
        description=_l("How many people at the same time; for a coach, hours (7 hours are one path)."),
        validators=[InputRequired(_l("Please fill this in.")), PLACES],
    )
    expertise = LevelsField(_l("What this person can help with"), terms=list_topics)
    activities = TextAreaField(
        _l("Activities known"),
        description=_l("One per line: a code of the NAF such as 56.10A, or everyday words such as “food truck”."),
        validators=[Optional(), Length(max=1000)],
    )
    stages = ChecksField(
        _l("Stages preferred"), description=_l("Leave all empty when any will do."), validators=[Optional()]
    )
    languages = ChecksField(_l("Languages spoken"), validators=[InputRequired(_l("Choose at least one language."))])
    availability = WeekField(_l("When this person is free"), description=_l("A usual week is enough."))
    max_km = FrenchFloatField(
        _l("Kilometres this person can travel"),
        validators=[Optional(), NumberRange(min=0, max=1000, message=_l("Between 0 and 1000 kilometres."))],
    )
    accepts_remote = BooleanField(_l("Accepts meeting by telephone or screen"))
    text = TextAreaField(_l("Presentation"), validators=[Optional(), Length(max=3000)])
    household = StringField(
        _l("Household"),
        description=_l("The same word for people of one household: they are never paired with each other."),
        validators=[Optional(), Length(max=64)],
    )
    active_business = BooleanField(_l("Is in business today (so could be a competitor)"))
    has_bounced_back = BooleanField(_l("Has bounced back after a failure"))
    certified = BooleanField(_l("Holds the network’s certificate"))

    def __init__(self, *args: Any, fixed_role: SupporterRole | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.role.choices = list_choices(SupporterRole)
        self.stages.choices = list_choices(Stage)
        self.languages.choices = list_languages()
        if fixed_role is not None:
            del self.role


class CapacityForm(FlaskForm):
    """The number of places alone."""

    capacity = WholeNumberField(_l("Capacity"), validators=[InputRequired(_l("Please fill this in.")), PLACES])


def supporter_data(person: Supporter, *, commune: str) -> dict[str, Any]:
    """Give a profile as the form shows it; expertise and languages are loaded."""
    return {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": person.email or "",
        "phone": person.phone or "",
        "commune": commune,
        "capacity": person.capacity,
        "expertise": {line.topic: line.level for line in person.expertise},
        "activities": "\n".join(person.activity_codes),
        "stages": list(person.stages),
        "languages": [line.language for line in person.languages],
        "availability": person.availability,
        "max_km": person.max_km,
        "accepts_remote": person.accepts_remote,
        "text": person.presentation,
        "household": person.household or "",
        "active_business": person.in_business,
        "has_bounced_back": person.has_bounced_back,
        "certified": person.is_certified,
    }
