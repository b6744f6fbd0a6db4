"""Forms of the short steps of an entrepreneur's profile. They check shape; the services check rules."""

from collections.abc import Collection, Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from models.entrepreneurs import Entrepreneur, Gender, Stage
from models.supporters import SupporterRole
from webapp import labels
from webapp.people_fields import ChecksField, FrenchFloatField, WeekField, chosen_first
from webapp.services.profile_steps import (
    CONFIDED_TOPICS,
    MAX_LANGUAGES,
    MAX_NEEDS,
    MAX_OFFERS,
    MAX_TEXT,
    MAX_TITLE,
    AvailabilityValues,
    CircleValues,
    LanguagesValues,
    NeedsValues,
    ProjectValues,
    WishesValues,
    WordsValues,
)
from webapp.territories.index import Neighbourhood
from webapp.translation import gettext as _
from webapp.words import members as member_words

DISTANCES_KM = (2, 5, 10, 20, 30, 50, 100)
IMPORTANT = 2
PRIORITIES = (1, 2, 3)
NOT_KNOWN_YET = "none"
NOTHING_SAID = ""
NO_QPV = "none"
UNKNOWN_QPV = "unknown"
CHOOSE_ONE = InputRequired(_l("Please choose one answer."))


class ProjectForm(FlaskForm):
    """What the project is, and how far it has come."""

    project_title = StringField(
        _l("Your project in a few words"),
        validators=[Length(max=MAX_TITLE)],
        description=_l("For example: a hair salon, a food truck, repairing phones."),
    )
    stage = RadioField(_l("Where are you today?"), validators=[CHOOSE_ONE])

    def values(self) -> ProjectValues:
        """Give what the service wants."""
        return ProjectValues(stage=Stage(self.stage.data), project_title=self.project_title.data or "")


class ActivityForm(FlaskForm):
    """One heading of those that were found, or none yet."""

    activity_code = RadioField(_l("Which line is closest to what you do?"), validators=[CHOOSE_ONE])


class NeedsForm(FlaskForm):
    """Topics to be helped with."""

    topics = ChecksField(_l("What do you need help with?"))

    def validate_topics(self, field: ChecksField) -> None:
        """Ask for one topic at least, and not too many to be helped well."""
        if not field.data:
            raise ValidationError(_("Choose at least one subject: that is how we find the right person."))
        if len(field.data) > MAX_NEEDS:
            raise ValidationError(_("Choose %(most)s subjects at most: the ones that matter first.", most=MAX_NEEDS))

    def values(self, kept: dict[str, int]) -> NeedsValues:
        """Give what the service wants: known topics keep their priority, new ones are important."""
        return NeedsValues(needs={topic: kept.get(topic, IMPORTANT) for topic in self.topics.data})


class LanguagesForm(FlaskForm):
    """The easiest language, and the others."""

    first = SelectField(_l("The language in which you are most at ease"), validators=[CHOOSE_ONE])
    others = ChecksField(_l("Other languages you speak"))

    def validate_others(self, field: ChecksField) -> None:
        """Keep the list short enough to mean something."""
        if len(set(field.data) | {self.first.data}) > MAX_LANGUAGES:
            raise ValidationError(_("Choose %(most)s languages at most.", most=MAX_LANGUAGES))

    def values(self) -> LanguagesValues:
        """Give what the service wants."""
        return LanguagesValues(languages=chosen_first(self.others.data, self.first.data))


class AvailabilityForm(FlaskForm):
    """When, how far, and whether a screen will do."""

    week = WeekField(_l("When could you meet somebody, in a usual week?"))
    max_km = SelectField(_l("How far can you travel to meet somebody?"), coerce=float)
    accepts_remote = BooleanField(_l("A telephone or video call suits me too"))

    def validate_week(self, field: WeekField) -> None:
        """Ask for one moment at least."""
        if not field.data:
            raise ValidationError(_("Choose at least one moment: without one, nobody can meet you."))

    def values(self) -> AvailabilityValues:
        """Give what the service wants."""
        return AvailabilityValues(
            availability=self.week.data, max_km=self.max_km.data, accepts_remote=self.accepts_remote.data
        )


class WishesForm(FlaskForm):
    """Whom the person would like to meet; a coach only with her agreement."""

    roles = ChecksField(_l("Whom would you like to meet?"))
    coaching_consent = BooleanField(_l("I agree that a coach is looked for, for me"))
    after_liquidation = BooleanField(_l("I have been through the liquidation of a business"))
    wants_bridging = BooleanField(_l("I would like to meet people outside my neighbourhood and my usual circle"))

    def validate_coaching_consent(self, field: BooleanField) -> None:
        """Ask for the agreement when a coach is wished for: nothing is done without it."""
        if str(SupporterRole.COACH) in (self.roles.data or ()) and not field.data:
            raise ValidationError(
                _("To look for a coach we need your agreement. Tick this box, or untick “Coach” above.")
            )

    def values(self) -> WishesValues:
        """Give what the service wants."""
        return WishesValues(
            wanted_roles=frozenset(SupporterRole(role) for role in self.roles.data),
            wants_bridging=self.wants_bridging.data,
            coaching_consent=self.coaching_consent.data,
            after_liquidation=self.after_liquidation.data,
        )


class CircleForm(FlaskForm):
    """Whether the person wants a circle, and what she can help others with."""

    wants_circle = BooleanField(_l("Yes, I would like to join a circle"))
    offers = ChecksField(_l("What could you help the others with?"))

    def validate_offers(self, field: ChecksField) -> None:
        """Keep the list short enough to mean something."""
        if len(field.data) > MAX_OFFERS:
            raise ValidationError(_("Choose %(most)s subjects at most: those that you know best.", most=MAX_OFFERS))

    def values(self) -> CircleValues:
        """Give what the service wants."""
        return CircleValues(wants_circle=self.wants_circle.data, offers=frozenset(self.offers.data))


class WordsForm(FlaskForm):
    """The project in the person's own words."""

    project_text = TextAreaField(
        _l("Tell us about your project"),
        validators=[Length(max=MAX_TEXT)],
        description=_l("In your own words, in the language you like. Mistakes do not matter."),
    )

    def values(self) -> WordsValues:
        """Give what the service wants."""
        return WordsValues(project_text=self.project_text.data or "")


class GenderForm(FlaskForm):
    """What the person wishes to declare, apart from her profile; saying nothing comes first."""

    gender = RadioField(_l("You are"), default=NOTHING_SAID)


class NeighbourhoodForm(FlaskForm):
    """One neighbourhood of a commune, none of them, or an exact position."""

    choice = RadioField(_l("Which neighbourhood is it?"), validate_choice=False)
    latitude = FrenchFloatField(
        _l("Latitude"), validators=[Optional(), NumberRange(-90, 90, _l("A latitude lies between -90 and 90."))]
    )
    longitude = FrenchFloatField(
        _l("Longitude"), validators=[Optional(), NumberRange(-180, 180, _l("A longitude lies between -180 and 180."))]
    )

    def validate_latitude(self, field: FrenchFloatField) -> None:
        """Ask for both parts of a position."""
        if field.data is not None and self.longitude.data is None:
            raise ValidationError(_("A position has two numbers: latitude and longitude."))

    def validate_longitude(self, field: FrenchFloatField) -> None:
        """Ask for both parts of a position."""
        if field.data is not None and self.latitude.data is None:
            raise ValidationError(_("A position has two numbers: latitude and longitude."))

    def validate_choice(self, field: RadioField) -> None:
        """Ask for one of the answers when no position is given."""
        has_no_position = self.latitude.data is None and self.longitude.data is None
        if has_no_position and field.data not in [value for value, _label in field.choices]:
            raise ValidationError(_("Please choose one answer."))


def build_project_form(entrepreneur: Entrepreneur) -> ProjectForm:
    """Fill the step with what is known."""
    form = ProjectForm(data={"project_title": entrepreneur.project_title, "stage": entrepreneur.stage})
    form.stage.choices = labels.list_choices(Stage)
    return form


def build_needs_form(entrepreneur: Entrepreneur) -> NeedsForm:
    """Fill the step with what is known."""
    form = NeedsForm(data={"topics": [need.topic for need in entrepreneur.needs]})
    form.topics.choices = labels.list_topics()
    return form


def build_priorities_form(entrepreneur: Entrepreneur) -> FlaskForm:
    """Ask a priority for each topic chosen before: one radio field per topic, named by its slug."""
    choices = [(str(priority), labels.priority_label(priority)) for priority in PRIORITIES]
    fields = {
        need.topic: RadioField(labels.topic_label(need.topic), default=str(need.priority), validators=[Optional()])
        for need in entrepreneur.needs
    }
    form = type("PrioritiesForm", (FlaskForm,), fields)()
    for topic in fields:
        form[topic].choices = choices
    return form


def read_priorities(form: FlaskForm, entrepreneur: Entrepreneur) -> NeedsValues:
    """Give what the service wants: a topic without an answer keeps its priority."""
    known = {need.topic: need.priority for need in entrepreneur.needs}
    return NeedsValues(needs={topic: int(form[topic].data or priority) for topic, priority in known.items()})


def build_languages_form(entrepreneur: Entrepreneur) -> LanguagesForm:
    """Fill the step with what is known; French comes first for who has not answered."""
    spoken = [known.language for known in entrepreneur.languages]
    form = LanguagesForm(data={"first": spoken[0] if spoken else "fr", "others": spoken[1:]})
    form.first.choices = [(code, _with_own_name(code, label)) for code, label in labels.list_languages()]
    form.others.choices = form.first.choices
    return form


def build_availability_form(entrepreneur: Entrepreneur) -> AvailabilityForm:
    """Fill the step with what is known."""
    form = AvailabilityForm(
        data={
            "week": entrepreneur.availability,
            "max_km": entrepreneur.max_km,
            "accepts_remote": entrepreneur.accepts_remote,
        }
    )
    form.max_km.choices = list_distances(entrepreneur.max_km)
    form.max_km.flags.required = True
    return form


def build_wishes_form(entrepreneur: Entrepreneur) -> WishesForm:
    """Fill the step with what is known."""
    confided = entrepreneur.confided
    form = WishesForm(
        data={
            "roles": entrepreneur.wanted_roles,
            "wants_bridging": entrepreneur.wants_bridging,
            "coaching_consent": bool(confided and confided.coaching_consent_at),
            "after_liquidation": bool(confided and confided.after_liquidation),
        }
    )
    form.roles.choices = labels.list_choices(SupporterRole)
    return form


def build_gender_form(entrepreneur: Entrepreneur) -> GenderForm:
    """Fill the question with what was declared."""
    declared = entrepreneur.confided.gender if entrepreneur.confided else None
    form = GenderForm(data={"gender": declared or NOTHING_SAID})
    form.gender.choices = [(NOTHING_SAID, _("I prefer not to say")), *labels.list_choices(Gender)]
    return form


def build_circle_form(entrepreneur: Entrepreneur, offers: Collection[str]) -> CircleForm:
    """Fill the step with what is known. What people only confide is not asked for: nobody must guess who needs it."""
    form = CircleForm(data={"wants_circle": entrepreneur.wants_circle, "offers": list(offers)})
    form.offers.choices = [(slug, label) for slug, label in labels.list_topics() if slug not in CONFIDED_TOPICS]
    return form


def build_words_form(entrepreneur: Entrepreneur) -> WordsForm:
    """Fill the step with what is known."""
    return WordsForm(data={"project_text": entrepreneur.project_text})


def build_activity_form(headings: Sequence[tuple[str, str]], chosen: str | None) -> ActivityForm:
    """Offer the headings that were found, and the answer « not yet »."""
    form = ActivityForm(data={"activity_code": chosen})
    form.activity_code.choices = [*headings, (NOT_KNOWN_YET, _("I do not know yet"))]
    return form


def build_neighbourhood_form(qpvs: Sequence[Neighbourhood], chosen: str | None) -> NeighbourhoodForm:
    """Offer the neighbourhoods of a commune, and the two other answers."""
    form = NeighbourhoodForm(data={"choice": chosen})
    form.choice.choices = [(qpv.code, qpv.name) for qpv in qpvs]
    form.choice.choices.append((NO_QPV, _("None of these neighbourhoods")))
    form.choice.flags.required = True
    if qpvs:
        form.choice.choices.append((UNKNOWN_QPV, _("I do not know")))
    return form


def list_distances(current: float) -> list[tuple[float, str]]:
    """Give the distances to choose from; one that was kept and is not among them stays."""
    distances = sorted({*map(float, DISTANCES_KM), current})
    return [(km, _("%(km)s km at most", km=f"{km:g}".replace(".", ","))) for km in distances]


def _with_own_name(code: str, label: str) -> str:
    own = member_words.own_name(code)
    return f"{label} · {own}" if own and own != label else label
