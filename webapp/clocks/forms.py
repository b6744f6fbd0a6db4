"""The form of an association's delays: one number of days each."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, NumberRange

from models.associations import Delay
from models.clocks import WAITS, Clock, Wait, span_of
from webapp.people_fields import WholeNumberField
from webapp.words.enums import LABELS

GROUPS: tuple[tuple[LazyString, tuple[Wait, ...]], ...] = (
    (
        _l("From a suggestion to an answer"),
        (
            *(Delay.DECISION, Clock.SUGGESTION_ESCALATION, Delay.REMINDER, Delay.EXPIRY, Clock.QUESTION),
            Delay.FOLLOW_UP,
        ),
    ),
    (
        _l("From the first talk to the first meeting"),
        (Clock.INTERVIEW, Clock.FIRST_MEETING, Clock.CHARTER),
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
"""The delays as the page shows them, each once."""

BOUNDS = _l("Between %(min)s and %(max)s days.")


class ClocksForm(FlaskForm):
    """One field per clock and per delay, made below from their lists."""

    def days(self) -> Mapping[Wait, int]:
        """Give what was typed, by what is waited for."""
        return {wait: int(self[wait.value].data) for wait in WAITS}


def _field(clock: Wait) -> WholeNumberField:
    span = span_of(clock)
    words: LazyString = LABELS[type(clock)][clock]
    return WholeNumberField(
        words,
        validators=[
            InputRequired(_l("Please fill this in.")),
            NumberRange(min=span.least, max=span.most, message=BOUNDS),
        ],
        render_kw={"inputmode": "numeric"},
    )


for _wait in WAITS:
    setattr(ClocksForm, _wait.value, _field(_wait))
