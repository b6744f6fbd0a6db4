"""Forms of a first interview: who meets the person and when, and what came of it."""

from collections.abc import Sequence
from datetime import datetime
from types import MappingProxyType

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField, StringField, TelField, TextAreaField, TimeField, URLField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from models.accounts import Account
from models.associations import Association
from models.interviews import Interview, InterviewOutcome
from models.meetings import MeetingFormat
from models.names import full_name
from webapp.clock import PARIS
from webapp.labels import list_choices
from webapp.members import clean_text
from webapp.services.interview_dates import MOST_PLACE, InterviewPlan
from webapp.services.interviews import InterviewReport
from webapp.services.wall_times import resolve_wall_time

NEEDED = InputRequired(_l("Please fill this in."))
MAX_NOTE = 2000
WE_CALL, SHE_CALLS = "team", "person"
CALLERS = [(WE_CALL, _l("We call the person")), (SHE_CALLS, _l("The person calls us"))]
PLACES = MappingProxyType(
    {MeetingFormat.IN_PERSON: "place", MeetingFormat.ONLINE: "link", MeetingFormat.PHONE: "number"}
)
"""The field that says where, by the way in which the two talk."""


class OutcomeForm(FlaskForm):
    """What came of it: two minutes, most of it one choice."""

    outcome = RadioField(_l("What did you agree on?"), validators=[NEEDED])
    again_on = DateField(
        _l("Day on which you talk again"),
        description=_l("For “later” and “elsewhere”: on that day the person comes back to your list by herself."),
        validators=[Optional()],
    )
    orientation = StringField(
        _l("Where the person can turn to"),
        description=_l("For “elsewhere”: the person reads it on her page. No mail names it."),
        validators=[Optional(), Length(max=200)],
        filters=[clean_text],
    )
    note = TextAreaField(
        _l("A note for the team"),
        description=_l("Read by the coordinators of your association alone. Only what is useful to the project."),
        validators=[Optional(), Length(max=MAX_NOTE)],
        filters=[clean_text],
    )

    def read(self) -> InterviewReport:
        """Give what was filled in."""
        return InterviewReport(
            outcome=InterviewOutcome(self.outcome.data),
            again_on=self.again_on.data,
            orientation=self.orientation.data or "",
            note=self.note.data or "",
        )


class ArrangeForm(FlaskForm):
    """Who meets the person, how, and when."""

    coordinator = SelectField(_l("Who meets the person"), validators=[NEEDED])
    channel = RadioField(_l("How"), validators=[NEEDED])
    place = StringField(_l("Where"), validators=[Optional(), Length(max=MOST_PLACE)], filters=[clean_text])
    link = URLField(_l("Link to join"), validators=[Optional(), Length(max=MOST_PLACE)], filters=[clean_text])
    caller = RadioField(_l("Who calls"))
    number = TelField(_l("Number that is called"), validators=[Optional(), Length(max=32)], filters=[clean_text])
    interview_day = DateField(_l("Day, once agreed with the person"), validators=[Optional()])
    hour = TimeField(_l("Hour"), validators=[Optional()])

    def validate_hour(self, field: TimeField) -> None:
        """Ask for both or neither."""
        self._require_both()

    def validate_interview_day(self, field: DateField) -> None:
        """Ask for both or neither."""
        self._require_both()

    def _require_both(self) -> None:
        if (self.hour.data is None) != (self.interview_day.data is None):
            raise ValidationError(_l("A date needs its day and its hour."))

    def read(self, colleagues: Sequence[Account]) -> InterviewPlan:
        """Give what was filled in."""
        day, hour = self.interview_day.data, self.hour.data
        starts_at = resolve_wall_time(day, hour, field="interview_day").instant if day and hour else None
        chosen = next(one.id for one in colleagues if str(one.id) == self.coordinator.data)
        channel = MeetingFormat(self.channel.data)
        return InterviewPlan(
            coordinator_id=chosen,
            channel=channel,
            starts_at=starts_at,
            place=self[PLACES[channel]].data or "",
            person_calls=self.caller.data == SHE_CALLS,
        )


def build_outcome_form(interview: Interview) -> OutcomeForm:
    """Note, or correct, what came of an interview."""
    form = OutcomeForm(
        prefix="outcome-",
        data={
            "outcome": interview.outcome.value if interview.outcome else None,
            "again_on": interview.again_on,
            "orientation": interview.orientation,
            "note": interview.team_note,
        },
    )
    form.outcome.choices = list_choices(InterviewOutcome)
    return form


def build_arrange_form(interview: Interview, association: Association, colleagues: Sequence[Account]) -> ArrangeForm:
    """Arrange an interview as it stands now; where is proposed for each way until it is agreed."""
    starts_at: datetime | None = interview.starts_at.astimezone(PARIS) if interview.starts_at else None
    form = ArrangeForm(
        prefix="arrange-",
        data={
            "coordinator": str(interview.coordinator_id),
            "channel": interview.channel.value,
            "caller": SHE_CALLS if interview.person_calls else WE_CALL,
            "place": association.address,
            "number": interview.entrepreneur.phone or "",
            **({PLACES[interview.channel]: interview.place} if interview.place else {}),
            "interview_day": starts_at.date() if starts_at else None,
            "hour": starts_at.time() if starts_at else None,
        },
    )
    form.coordinator.choices = [(str(one.id), full_name(one)) for one in colleagues]
    form.channel.choices = list_choices(MeetingFormat)
    form.caller.choices = CALLERS
    return form
