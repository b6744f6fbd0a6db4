"""Forms about the meetings of a circle: another day, who was there, whose turn it is."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField, StringField, TimeField
from wtforms.validators import InputRequired, Length, Optional

from models.circles import CircleMember
from models.names import full_name
from webapp.people_fields import ChecksField

FILL_IN = InputRequired(_l("Please fill this in."))
MINUTES = [
    ("60", _l("One hour")),
    ("90", _l("An hour and a half")),
    ("120", _l("Two hours")),
    ("180", _l("Three hours")),
]
USUAL = "120"


class MoveMeetingForm(FlaskForm):
    """Another day and hour."""

    day = DateField(_l("New day"), validators=[FILL_IN])
    hour = TimeField(_l("New hour"), validators=[FILL_IN])


class PlaceForm(FlaskForm):
    """Where the circle meets."""

    place = StringField(_l("Where the circle meets"), validators=[FILL_IN, Length(max=160)])


class ReportForm(FlaskForm):
    """Who was there, whose turn it was, and how long it took."""

    present = ChecksField(_l("Who was there?"), validators=[InputRequired(_l("Tick who was there."))])
    client = SelectField(_l("Whose question was it?"), validators=[Optional()])
    minutes = RadioField(_l("How long?"), default=USUAL)

    def validate(self, extra_validators: object = None) -> bool:
        """Ask that whose turn it was is one of those who were there."""
        is_valid = super().validate(extra_validators)
        if is_valid and self.client.data and self.client.data not in self.present.data:
            self.client.errors = [_l("Choose somebody who was there.")]
            return False
        return bool(is_valid)


class TurnForm(FlaskForm):
    """A member."""

    member = SelectField(_l("Who?"), validators=[FILL_IN])


def build_report_form(
    members: Sequence[CircleMember], *, present: Sequence[CircleMember], client: CircleMember | None, minutes: int
) -> ReportForm:
    """Offer who may have been there; those expected are ticked already."""
    form = ReportForm(
        data={
            "present": [str(member.public_id) for member in present],
            "client": str(client.public_id) if client else "",
            "minutes": str(minutes) if str(minutes) in dict(MINUTES) else USUAL,
        }
    )
    form.minutes.choices = MINUTES
    form.present.choices = _choices(members)
    form.client.choices = [("", _l("Nobody’s this time")), *_choices(members)]
    return form


def build_turn_form(members: Sequence[CircleMember], *, is_whole_name: bool = True) -> TurnForm:
    """Offer who can take a turn; members read first names only."""
    form = TurnForm()
    form.member.choices = _choices(members) if is_whole_name else _first_names(members)
    return form


def _choices(members: Sequence[CircleMember]) -> list[tuple[str, str]]:
    return [(str(member.public_id), full_name(member.entrepreneur)) for member in members]


def _first_names(members: Sequence[CircleMember]) -> list[tuple[str, str]]:
    return [(str(member.public_id), member.entrepreneur.first_name) for member in members]
