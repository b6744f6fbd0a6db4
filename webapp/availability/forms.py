"""What a supporter offers: how much, when, how far, in which languages, on which subjects."""

from dataclasses import replace

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, SelectField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from models.supporters import PAIRING_COST, Supporter, SupporterRole
from webapp import labels
from webapp.members import clean_text
from webapp.people_fields import ChecksField, LevelsField, WeekField, WholeNumberField
from webapp.profile.forms import list_distances
from webapp.services.supporters import MAX_WORD
from webapp.spreadsheets.rows import SupporterRow
from webapp.translation import gettext as _

MAX_PRESENTATION = 3000
# Nobody accompanies more people at a time, nor gives more hours; a number beyond is a slip of the finger.
MOST_PEOPLE, MOST_HOURS = 30, 210


class LessForm(FlaskForm):
    """Fewer people from now on, with a word for the coordinator."""

    capacity = WholeNumberField(
        _l("How much can you take from now on?"),
        validators=[InputRequired(_l("Please give a number."))],
    )
    word = TextAreaField(_l("A word for the coordinator"), validators=[Length(max=MAX_WORD)], filters=[clean_text])


class PauseForm(FlaskForm):
    """Until when, with a word for the coordinator."""

    back_on = DateField(
        _l("Ask me again on"),
        validators=[Optional()],
        description=_l("Leave it empty if you do not know: you are asked after a while."),
    )
    word = TextAreaField(_l("A word for the coordinator"), validators=[Length(max=MAX_WORD)], filters=[clean_text])


class ReturnForm(FlaskForm):
    """Another day on which to be asked."""

    back_on = DateField(_l("Ask me again on"), validators=[InputRequired(_l("Please choose a day."))])


def build_less_form(supporter: Supporter) -> LessForm:
    """Ask for less than now; more is another form."""
    form = LessForm(prefix="less-")
    _bound(form.capacity, supporter.capacity)
    return form


def _bound(field: WholeNumberField, most: int) -> None:
    words = _("Please give a number between 0 and %(most)s.", most=most)
    field.flags.min, field.flags.max = 0, most
    field.validators = [*field.validators, NumberRange(0, most, words)]


class SupporterForm(FlaskForm):
    """A supporter's own offer. Her role and what concerns her identity change with the coordinator."""

    capacity = WholeNumberField(
        _l("How many people can you support at the same time?"),
        validators=[InputRequired(_l("Please give a number."))],
    )
    week = WeekField(_l("When could you meet somebody, in a usual week?"))
    max_km = SelectField(_l("How far can you travel to meet somebody?"), coerce=float)
    accepts_remote = BooleanField(_l("A telephone or video call suits me too"))
    languages = ChecksField(_l("Languages you speak"))
    expertise = LevelsField(_l("Subjects you can help with"), terms=labels.list_topics)
    presentation = TextAreaField(
        _l("A few words about you"),
        validators=[Length(max=MAX_PRESENTATION)],
        filters=[clean_text],
        description=_l("The people you support read it: what you have done, what you like to pass on."),
    )

    def validate_languages(self, field: ChecksField) -> None:
        """Ask for one language at least."""
        if not field.data:
            raise ValidationError(_("Choose at least one language."))

    def validate_week(self, field: WeekField) -> None:
        """Ask for one moment at least."""
        if not field.data:
            raise ValidationError(_("Choose at least one moment. To stop for a while, take a pause instead."))

    def row(self, supporter: Supporter) -> SupporterRow:
        """Give what the service wants: the supporter as she is, with what this form changes."""
        return replace(
            build_row(supporter),
            capacity=self.capacity.data,
            availability=self.week.data,
            max_km=self.max_km.data,
            accepts_remote=self.accepts_remote.data,
            languages=_in_order(supporter, self.languages.data),
            expertise=tuple(self.expertise.data.items()),
            text=self.presentation.data or "",
        )


def build_supporter_form(supporter: Supporter, *, is_sent: bool = True) -> SupporterForm:
    """Fill the form with what is known; where another form of the page was sent, with nothing of that one."""
    form = SupporterForm(
        **({} if is_sent else {"formdata": None}),
        data={
            "capacity": supporter.capacity,
            "week": supporter.availability,
            "max_km": supporter.max_km,
            "accepts_remote": supporter.accepts_remote,
            "languages": [spoken.language for spoken in supporter.languages],
            "expertise": {known.topic: known.level for known in supporter.expertise},
            "presentation": supporter.presentation,
        },
    )
    usual = MOST_HOURS if supporter.role is SupporterRole.COACH else MOST_PEOPLE
    _bound(form.capacity, max(usual, supporter.capacity))
    form.max_km.choices = list_distances(supporter.max_km)
    form.max_km.flags.required = True
    form.languages.choices = labels.list_languages()
    if supporter.role is SupporterRole.COACH:
        form.capacity.label.text = _("How many hours can you give?")
        form.capacity.description = _(
            "One path takes %(hours)s hours: with 14 hours you can support two people.",
            hours=PAIRING_COST[SupporterRole.COACH],
        )
    return form


def build_row(supporter: Supporter) -> SupporterRow:
    """Give a supporter as the service takes her."""
    return SupporterRow(
        reference=supporter.reference,
        first_name=supporter.first_name,
        last_name=supporter.last_name,
        email=supporter.email or "",
        phone=supporter.phone or "",
        role=str(supporter.role),
        commune=supporter.commune_code or "",
        latitude=supporter.latitude,
        longitude=supporter.longitude,
        expertise=tuple((known.topic, known.level) for known in supporter.expertise),
        activities=tuple(supporter.activity_codes),
        stages=tuple(supporter.stages),
        languages=tuple(spoken.language for spoken in supporter.languages),
        availability=supporter.availability,
        max_km=supporter.max_km,
        accepts_remote=supporter.accepts_remote,
        capacity=supporter.capacity,
        text=supporter.presentation,
        household=supporter.household or "",
        active_business=supporter.in_business,
        has_bounced_back=supporter.has_bounced_back,
        certified=supporter.is_certified,
    )


def _in_order(supporter: Supporter, chosen: list[str]) -> tuple[str, ...]:
    """Keep the order in which she speaks them, then the new ones."""
    known = [spoken.language for spoken in supporter.languages if spoken.language in chosen]
    return tuple(dict.fromkeys([*known, *chosen]))
