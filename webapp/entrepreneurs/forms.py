"""Forms of a coordinator about an entrepreneur: the file, the follow-up, the choice of a supporter."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    RadioField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import UUID, DataRequired, InputRequired, Length, NumberRange, Optional

from models.accounts import Account
from models.entrepreneurs import Entrepreneur
from models.names import full_name
from models.pairings import ChoiceReason
from models.supporters import Supporter, SupporterRole
from models.territories import QpvGround
from models.wall import ToldStage, tell_stage
from webapp.labels import label, list_choices, list_languages, list_topics, role_label
from webapp.people_fields import AN_ADDRESS, ChecksField, FrenchFloatField, LevelsField, WeekField

NEEDED = DataRequired(_l("Please fill this in."))
SHORT = Length(max=80, message=_l("This is too long: 80 characters at most."))
MOST_LANGUAGES = 6
MOST_NEEDS = 8
NONE_OF_THEM, NOT_KNOWN = "none", "unknown"


class EntrepreneurForm(FlaskForm):
    """Everything a coordinator knows of a person; only the name is needed to begin."""

    first_name = StringField(_l("First name"), validators=[NEEDED, SHORT])
    last_name = StringField(_l("Last name"), validators=[NEEDED, SHORT])
    email = EmailField(
        _l("Email address"),
        description=_l("Needed to invite the person to sign in."),
        validators=[Optional(), Length(max=254), AN_ADDRESS],
    )
    phone = TelField(_l("Telephone"), validators=[Optional(), Length(max=32)])
    referent = SelectField(_l("Who answers for what comes next"), validators=[Optional()])
    stage = SelectField(_l("Stage of the project"), validators=[Optional()])
    project_title = StringField(_l("The project in a few words"), validators=[Optional(), Length(max=160)])
    project_text = TextAreaField(_l("The project in the person’s own words"), validators=[Optional(), Length(max=3000)])
    activity = StringField(
        _l("Activity"),
        description=_l("A code of the NAF such as 56.10A, or everyday words such as “food truck”."),
        validators=[Optional(), Length(max=120)],
    )
    commune = StringField(
        _l("Town"),
        description=_l("Name, postal code or INSEE code."),
        validators=[Optional(), Length(max=100)],
    )
    needs = LevelsField(_l("Needs"), description=_l("At most eight; the urgent ones weigh most."), terms=list_topics)
    languages = ChecksField(_l("Languages spoken"), validators=[Optional()])
    first_language = SelectField(_l("Language the person is most at ease in"), validators=[Optional()])
    availability = WeekField(_l("When the person is free"), description=_l("A usual week is enough."))
    max_km = FrenchFloatField(
        _l("Kilometres the person can travel"),
        validators=[Optional(), NumberRange(min=0, max=1000, message=_l("Between 0 and 1000 kilometres."))],
        default=30.0,
    )
    accepts_remote = BooleanField(_l("Accepts meeting by telephone or screen"), default=True)
    wanted_roles = ChecksField(_l("Whom the person would like to meet"), validators=[Optional()])
    wants_bridging = BooleanField(_l("Wishes to meet people beyond the neighbourhood"))
    household = StringField(
        _l("Household"),
        description=_l("The same word for people of one household: they are never paired with each other."),
        validators=[Optional(), Length(max=64)],
    )
    coaching_consent = BooleanField(_l("Agrees to be proposed to a resilience coach (said by the person)"))
    after_liquidation = BooleanField(_l("Has been through a liquidation (said by the person, kept private)"))

    def __init__(
        self,
        *args: Any,
        colleagues: list[Account],
        is_private: bool,
        stages: Sequence[ToldStage],
        lends: bool,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.languages.choices = list_languages()
        self.first_language.choices = [("", "—"), *list_languages()]
        self.stage.choices = [("", "—"), *((stage.value, label(stage)) for stage in stages)]
        # On the lending side the wish for a coach is the person's alone: it is told with her agreement, or not at all.
        self.wanted_roles.choices = [
            choice for choice in list_choices(SupporterRole) if not (lends and choice[0] == SupporterRole.COACH)
        ]
        self.referent.choices = [("", "—"), *((str(one.id), full_name(one)) for one in colleagues)]
        if is_private:
            # The lending side neither asks nor sees what a person confides.
            del self.coaching_consent
            del self.after_liquidation

    def validate(self, extra_validators: Any = None) -> bool:
        """Check also that lists are not longer than the engine reads."""
        is_valid = bool(super().validate(extra_validators))
        if len(self.needs.data) > MOST_NEEDS:
            self.needs.errors = [_l("Choose at least one need, and no more than eight.")]
            is_valid = False
        if len(self.languages.data or ()) > MOST_LANGUAGES:
            self.languages.errors = [_l("Choose at least one language, and no more than six.")]
            is_valid = False
        return is_valid


class FollowUpForm(FlaskForm):
    """The day by which somebody comes back to the person."""

    follow_up_on = DateField(_l("News to give by"), validators=[InputRequired(_l("Please fill this in."))])


class QpvForm(FlaskForm):
    """Where a home or a head office lies: its exact position, or the neighbourhood among those of the commune."""

    ground = RadioField(_l("What is checked"), validators=[InputRequired(_l("Choose one."))], default="residence")
    choice = RadioField(_l("Neighbourhood"), validators=[Optional()])
    latitude = FrenchFloatField(
        _l("Latitude"), validators=[Optional(), NumberRange(-90, 90, _l("Between -90 and 90 degrees."))]
    )
    longitude = FrenchFloatField(
        _l("Longitude"), validators=[Optional(), NumberRange(-180, 180, _l("Between -180 and 180 degrees."))]
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.ground.choices = list_choices(QpvGround)
        others = [(NONE_OF_THEM, _l("None of these")), (NOT_KNOWN, _l("Not known for now"))]
        self.choice.choices = [*choices, *others]

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for a whole position or a neighbourhood."""
        is_valid = bool(super().validate(extra_validators))
        has_position = self.latitude.data is not None and self.longitude.data is not None
        if not has_position and (self.latitude.data is not None or self.longitude.data is not None):
            self.longitude.errors = [_l("Give latitude and longitude together.")]
            return False
        if not has_position and not self.choice.data:
            self.choice.errors = [_l("Choose a neighbourhood, or give the exact position.")]
            return False
        return is_valid


class ChoiceForm(FlaskForm):
    """Whom the coordinator chooses, and why."""

    supporter = StringField(
        _l("Supporter"),
        validators=[DataRequired(_l("Choose a supporter of the list.")), UUID(_l("Choose a supporter of the list."))],
    )
    reason = RadioField(_l("Why this person"), validators=[InputRequired(_l("Say why: it is kept with the pairing."))])
    note = TextAreaField(_l("A note for the team"), validators=[Optional(), Length(max=1000)])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.reason.choices = list_choices(ChoiceReason)


class ExaminerForm(FlaskForm):
    """Which supporter examines a file."""

    supporter = SelectField(_l("Supporter"), validators=[InputRequired(_l("Choose a supporter of the list."))])

    def __init__(self, *args: Any, supporters: Sequence[Supporter], **kwargs: Any):
        super().__init__(*args, **kwargs)
        named = [(str(one.public_id), f"{full_name(one)} ({role_label(one.role)})") for one in supporters]
        self.supporter.choices = [("", _l("Choose")), *named]


def entrepreneur_data(person: Entrepreneur, *, commune: str, lends: bool) -> dict[str, Any]:
    """Give a file as the form shows it; needs and languages are loaded."""
    spoken = [line.language for line in person.languages]
    return {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": person.email or "",
        "phone": person.phone or "",
        "referent": str(person.referent_id or ""),
        "stage": tell_stage(person.stage, lends=lends).value if person.stage else "",
        "project_title": person.project_title,
        "project_text": person.project_text,
        "activity": person.activity_code or "",
        "commune": commune,
        "needs": {need.topic: need.priority for need in person.needs},
        "languages": spoken,
        "first_language": spoken[0] if spoken else "",
        "availability": person.availability,
        "max_km": person.max_km,
        "accepts_remote": person.accepts_remote,
        "wanted_roles": list(person.wanted_roles),
        "wants_bridging": person.wants_bridging,
        "household": person.household or "",
    }
