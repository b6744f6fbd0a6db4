"""The form of an association's delays: one number of days per clock."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, NumberRange

from models.clocks import SPANS, Clock
from webapp.people_fields import WholeNumberField
from webapp.words.enums import LABELS

GROUPS: tuple[tuple[LazyString, tuple[Clock, ...]], ...] = (
    (
        _l("From the first talk to the first meeting"),
        (Clock.INTERVIEW, Clock.SUGGESTION_ESCALATION, Clock.QUESTION, Clock.FIRST_MEETING, Clock.CHARTER),
    ),
    (
        _l("While two people work together"),
        (Clock.MEETING_REPORT, Clock.SILENCE, Clock.SILENCE_ESCALATION, Clock.PAUSE, Clock.REVIEW),
    ),
    (
        _l("Workshops and circles"),
        (Clock.SEAT_OFFER, Clock.GO_OR_NO_GO, Clock.SESSION_PROPOSAL, Clock.CIRCLE_ANSWER, Clock.GATHERING),
    ),
    (
        _l("Help from others"),
        (Clock.EXPERT_ANSWER, Clock.INTRODUCTION, Clock.HANDOVER, Clock.HANDOVER_ESCALATION, Clock.AWAY),
    ),
)
"""The clocks as the page shows them, each once."""

BOUNDS = _l("Between %(min)s and %(max)s days.")


class ClocksForm(FlaskForm):
    """One field per clock, made below from the list of clocks."""

    def days(self) -> Mapping[Clock, int]:
        """Give what was typed, by clock."""
        return {clock: int(self[clock.value].data) for clock in Clock}


def _field(clock: Clock) -> WholeNumberField:
    span = SPANS[clock]
    words: LazyString = LABELS[Clock][clock]
    return WholeNumberField(
        words,
        validators=[
            InputRequired(_l("Please fill this in.")),
            NumberRange(min=span.least, max=span.most, message=BOUNDS),
        ],
        render_kw={"inputmode": "numeric"},
    )


for _clock in Clock:
    setattr(ClocksForm, _clock.value, _field(_clock))
