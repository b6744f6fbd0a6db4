"""Forms of the life of a pairing: a question, dates, a talk that was held, a signature."""

from collections.abc import Iterator
from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField, TimeField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from models.charters import CharterParty
from models.exceptions import InvalidInputError
from models.meetings import MeetingFormat
from webapp.clock import day_of
from webapp.form_errors import show_on_field
from webapp.labels import list_choices
from webapp.members import clean_text
from webapp.people_fields import WholeNumberField
from webapp.services.meeting_dates import ProposedDate
from webapp.services.meetings import MeetingPlan

MAX_WORDS = 1000
A_TEXT = Length(max=MAX_WORDS, message=_l("This is too long: 1,000 characters at most."))
NEEDED = InputRequired(_l("Please fill this in."))
MINUTES = [
    ("30", _l("Half an hour")),
    ("60", _l("One hour")),
    ("90", _l("An hour and a half")),
    ("120", _l("Two hours")),
    ("180", _l("Three hours")),
    ("240", _l("Half a day (4 hours)")),
]
"""A mentor gives an hour a month and half a day a quarter: what was given must be sayable, certificates count it."""


class WordsForm(FlaskForm):
    """A text that has to be there."""

    words = TextAreaField(validators=[DataRequired(NEEDED.message), A_TEXT], filters=[clean_text])


class WordForm(FlaskForm):
    """A word for the other, if one likes."""

    word = TextAreaField(
        _l("A word for the other, if you like"), validators=[Length(max=MAX_WORDS)], filters=[clean_text]
    )


class HoursForm(FlaskForm):
    """Some more hours for a path."""

    hours = WholeNumberField(_l("Hours more"), default=1, validators=[NEEDED, NumberRange(min=1, max=10)])


class TermForm(FlaskForm):
    """Until when two people go on."""

    until = DateField(_l("Until which day?"), validators=[NEEDED])


class DatesForm(FlaskForm):
    """One to three dates, how to meet, and where."""

    day_1 = DateField(_l("First day"), validators=[NEEDED])
    hour_1 = TimeField(_l("First hour"), validators=[NEEDED])
    day_2 = DateField(_l("Second day"), validators=[Optional()])
    hour_2 = TimeField(_l("Second hour"), validators=[Optional()])
    day_3 = DateField(_l("Third day"), validators=[Optional()])
    hour_3 = TimeField(_l("Third hour"), validators=[Optional()])
    format = RadioField(_l("How would you like to meet?"), default=MeetingFormat.PHONE.value)
    place = StringField(_l("Place, address or link"), validators=[Optional(), Length(max=255)], filters=[clean_text])

    def validate_hour_2(self, field: TimeField) -> None:
        """Ask for both or neither."""
        self._require_both(2)

    def validate_day_2(self, field: DateField) -> None:
        """Ask for both or neither."""
        self._require_both(2)

    def validate_day_3(self, field: DateField) -> None:
        """Ask for both or neither."""
        self._require_both(3)

    def validate_hour_3(self, field: TimeField) -> None:
        """Ask for both or neither."""
        self._require_both(3)

    def _require_both(self, number: int) -> None:
        day, hour = self[f"day_{number}"].data, self[f"hour_{number}"].data
        if (day is None) != (hour is None):
            raise ValidationError(_l("A date needs its day and its hour."))

    def build_plan(self) -> MeetingPlan:
        """Give what was filled in."""
        return MeetingPlan(
            dates=tuple(self._list_dates()), format=MeetingFormat(self.format.data), place=self.place.data or ""
        )

    def _list_dates(self) -> Iterator[ProposedDate]:
        for number in self._list_filled():
            yield ProposedDate(day=self[f"day_{number}"].data, hour=self[f"hour_{number}"].data)

    def _list_filled(self) -> list[int]:
        return [one for one in (1, 2, 3) if self[f"day_{one}"].data and self[f"hour_{one}"].data is not None]

    @property
    def has_other_dates(self) -> bool:
        """Say whether something of a second or third date is filled in, so that it lies open."""
        return any(
            self[f"{part}_{number}"].raw_data not in (None, [], [""]) for part in ("day", "hour") for number in (2, 3)
        )

    def note_refusal(self, error: InvalidInputError) -> None:
        """Show a refusal on the day it is about."""
        names = {f"date_{place}": f"day_{number}" for place, number in enumerate(self._list_filled(), 1)}
        show_on_field(self, error, names)


class TogetherForm(FlaskForm):
    """A yes without dates, chosen as such: the two find one together, and a day is set for it."""

    together = HiddenField(validators=[AnyOf(["yes"])])


class LogForm(FlaskForm):
    """A talk that was held: when, how long, and what comes next if one likes."""

    day = DateField(_l("Which day?"), validators=[NEEDED])
    minutes = RadioField(_l("How long?"), default="60")
    next_step = TextAreaField(
        _l("What comes next"),
        description=_l("Only the two of you read it."),
        validators=[A_TEXT],
        filters=[clean_text],
    )


class SignForm(FlaskForm):
    """A name, typed as a signature."""

    name = StringField(
        _l("Your first and last name, as your signature"),
        validators=[NEEDED, Length(min=3, max=170)],
        filters=[clean_text],
    )


class PaperForm(FlaskForm):
    """A signature on paper that a coordinator has before her."""

    party = SelectField(_l("Who signed on paper?"))
    name = StringField(_l("Name as signed"), validators=[NEEDED, Length(min=3, max=170)], filters=[clean_text])


def build_ask_form() -> WordsForm:
    """Ask something before deciding."""
    form = WordsForm(prefix="ask-")
    form.words.label.text = _l("What would you like to know?")
    form.words.description = _l("The coordinator reads it and answers you. The person's place with you is kept.")
    return form


def build_answer_form() -> WordsForm:
    """Answer a supporter's question."""
    form = WordsForm(prefix="answer-")
    form.words.label.text = _l("Your answer")
    form.words.description = _l("Say no more than the person agrees to.")
    return form


def build_dates_form() -> DatesForm:
    """Propose dates."""
    form = DatesForm(prefix="dates-")
    form.format.choices = list_choices(MeetingFormat)
    return form


def build_paper_form() -> PaperForm:
    """Note a signature on paper."""
    form = PaperForm(prefix="paper-")
    form.party.choices = list_choices(CharterParty)
    return form


def build_log_form(at: datetime) -> LogForm:
    """Note a talk; today unless said otherwise."""
    form = LogForm(prefix="log-")
    form.minutes.choices = MINUTES
    if form.day.data is None and not form.is_submitted():
        form.day.data = day_of(at)
    return form
