"""Forms of an organiser: a session, its seats."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    Field,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
    URLField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, StopValidation, ValidationError

from models.entrepreneurs import Stage
from models.series import WorkshopSeries
from models.workshops import MoveReason, SessionFormat, WorkshopSession
from webapp.clock import PARIS
from webapp.labels import list_choices, list_languages, list_themes
from webapp.people_fields import ChecksField, WholeNumberField

MOST_SEATS = 500
NEEDED = InputRequired(_l("Please fill this in."))
A_TITLE = Length(max=160, message=_l("This is too long: 160 characters at most."))
A_LINE = Length(max=255, message=_l("This is too long: 255 characters at most."))
NO_SEATS = NumberRange(min=0, max=MOST_SEATS, message=_l("Between 0 and 500 people."))
SEATS = NumberRange(min=1, max=MOST_SEATS, message=_l("Between 1 and 500 seats."))


def after(other: str) -> Callable[[Any, Field], None]:
    """Refuse a time that does not come after another field's."""

    def check(form: Any, field: Field) -> None:
        begins = form[other].data
        if begins is not None and field.data is not None and field.data <= begins:
            raise ValidationError(_l("The end must come after the beginning."))

    return check


def needed_in_person(form: Any, field: Field) -> None:
    """Ask for a place when people come to one."""
    if form["format"].data == SessionFormat.IN_PERSON.value and not (field.data or "").strip():
        raise ValidationError(_l("People come in person: say where."))


def needed_online(form: Any, field: Field) -> None:
    """Ask for the link when people take part online."""
    online = (SessionFormat.ONLINE.value, SessionFormat.HYBRID.value)
    if form["format"].data in online and not (field.data or "").strip():
        raise ValidationError(_l("People take part online: give the link. You can change it later."))


def at_most_seats(form: Any, field: Field) -> None:
    """Refuse to need more people than there are seats."""
    if form.seats.data is not None and field.data is not None and field.data > form.seats.data:
        raise ValidationError(_l("No more people can be needed than there are seats."))


class SessionForm(FlaskForm):
    """What an organiser decides about a session; hours are those of a clock in France."""

    theme = SelectField(_l("Theme"), validators=[NEEDED])
    series = SelectField(
        _l("Series"), description=_l("When it is one of several dates that belong together."), validators=[Optional()]
    )
    title = StringField(_l("Title"), validators=[NEEDED, A_TITLE])
    description = TextAreaField(_l("What people will do and take home"), validators=[Optional(), Length(max=4000)])
    day = DateField(_l("Day"), validators=[NEEDED])
    starts_at = TimeField(_l("Begins at (time in France)"), validators=[NEEDED])
    ends_at = TimeField(_l("Ends at"), validators=[NEEDED, after("starts_at")])
    seats = WholeNumberField(_l("Seats"), validators=[NEEDED, SEATS])
    minimum = WholeNumberField(
        _l("People needed"),
        description=_l("Leave empty when it takes place in any case. Else you decide some days before."),
        validators=[Optional(), SEATS, at_most_seats],
    )
    format = RadioField(_l("How people take part"), validators=[NEEDED])
    place = StringField(
        _l("Place"), description=_l("Needed when people come in person."), validators=[A_TITLE, needed_in_person]
    )
    address = StringField(_l("Address"), validators=[Optional(), A_LINE])
    commune = StringField(
        _l("Town"),
        description=_l("Name, postal code or INSEE code. It helps to suggest the workshop to people who live near."),
        validators=[Optional(), Length(max=100)],
    )
    online_url = URLField(
        _l("Link for taking part online"),
        description=_l("Needed when people take part online. Shown only to people who have a place."),
        validators=[A_LINE, needed_online],
    )
    language = SelectField(_l("Language spoken"), validators=[NEEDED])
    stages = ChecksField(
        _l("For which stages"), description=_l("Leave all empty when it is for everybody."), validators=[Optional()]
    )
    is_public = BooleanField(
        _l("Open to everybody, without an account"),
        description=_l("Shown on the public page; visitors come by name and address. Not for private themes."),
    )
    accessibility = StringField(
        _l("Accessibility"),
        description=_l("For example: step-free entrance, sign language on request, childcare."),
        validators=[Optional(), A_LINE],
    )

    def __init__(self, *args: Any, series: Sequence[WorkshopSeries] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.series.choices = [("", _l("No series")), *((str(one.public_id), one.title) for one in series)]
        self.theme.choices = list_themes()
        self.language.choices = list_languages()
        self.format.choices = list_choices(SessionFormat)
        self.stages.choices = list_choices(Stage)


class MoveForm(FlaskForm):
    """Another position for somebody who waits, and why."""

    position = WholeNumberField(_l("New position"), validators=[NEEDED, NumberRange(min=1, max=10_000)])
    reason = SelectField(_l("Reason"), validators=[NEEDED])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.reason.choices = list_choices(MoveReason)


class AfterCancelling(StrEnum):
    """What is proposed to the people of a session that is cancelled."""

    NOTHING = "nothing"
    OTHER = "other"
    NEW = "new"


AFTER_CANCELLING = (
    SelectChoice(AfterCancelling.NOTHING.value, _l("No other date for now")),
    SelectChoice(AfterCancelling.OTHER.value, _l("Another session, chosen below")),
    SelectChoice(AfterCancelling.NEW.value, _l("The same session at another date, given below")),
)


def needed_for(choice: AfterCancelling) -> Callable[[Any, Field], None]:
    """Ask for a field when this is what was chosen, and leave it alone else."""

    def check(form: Any, field: Field) -> None:
        is_asked = form.choice.data == choice.value
        if is_asked and any(field.raw_data or ()):
            return
        field.errors = []
        raise StopValidation(_l("Please fill this in.") if is_asked else "")

    return check


class CancelForm(FlaskForm):
    """What the people of a session that is cancelled are told: nothing else, another session, or a copy of it."""

    choice = RadioField(_l("What do you propose to the people instead?"), validators=[NEEDED], choices=AFTER_CANCELLING)
    other = SelectField(
        _l("Which session"),
        description=_l("When you propose another session."),
        validators=[needed_for(AfterCancelling.OTHER)],
        validate_choice=False,
    )
    day = DateField(
        _l("New day"), description=_l("When you propose another date."), validators=[needed_for(AfterCancelling.NEW)]
    )
    starts_at = TimeField(_l("Begins at (time in France)"), validators=[needed_for(AfterCancelling.NEW)])
    ends_at = TimeField(_l("Ends at"), validators=[needed_for(AfterCancelling.NEW), after("starts_at")])

    def __init__(self, *args: Any, others: Sequence[tuple[str, str]] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.other.choices = [
            SelectChoice("", _l("Choose a session")),
            *(SelectChoice(value, words) for value, words in others),
        ]


class VisitorsForm(FlaskForm):
    """How many visitors came."""

    came = WholeNumberField(_l("Visitors who came"), validators=[InputRequired(_l("Please fill this in.")), NO_SEATS])


class SeatsForm(FlaskForm):
    """The number of seats alone."""

    seats = WholeNumberField(_l("Seats"), validators=[NEEDED, SEATS])


def session_data(
    workshop: WorkshopSession, commune: str | None, series: WorkshopSeries | None = None
) -> dict[str, Any]:
    """Give a session as the form shows it."""
    starts, ends = workshop.starts_at.astimezone(PARIS), workshop.ends_at.astimezone(PARIS)
    return {
        "theme": workshop.theme_slug,
        "series": str(series.public_id) if series is not None else "",
        "title": workshop.title,
        "description": workshop.description,
        "day": starts.date(),
        "starts_at": starts.time(),
        "ends_at": ends.time(),
        "seats": workshop.seats,
        "minimum": workshop.minimum,
        "format": workshop.format.value,
        "place": workshop.place,
        "address": workshop.address,
        "commune": commune or "",
        "online_url": workshop.online_url,
        "language": workshop.language,
        "stages": list(workshop.stages),
        "accessibility": workshop.accessibility,
        "is_public": workshop.is_public,
    }
