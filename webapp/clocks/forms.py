"""The form of an association's delays: one number of days per clock."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from models.clocks import SPANS, Clock
from webapp.words.enums import LABELS

BOUNDS = _l("Between %(min)s and %(max)s days.")


class ClocksForm(FlaskForm):
    """One field per clock, made below from the list of clocks."""

    def days(self) -> Mapping[Clock, int]:
        """Give what was typed, by clock."""
        return {clock: int(self[clock.value].data) for clock in Clock}


def _field(clock: Clock) -> IntegerField:
    span = SPANS[clock]
    words: LazyString = LABELS[Clock][clock]
    return IntegerField(
        words,
        validators=[
            InputRequired(_l("Please fill this in.")),
            NumberRange(min=span.least, max=span.most, message=BOUNDS),
        ],
        render_kw={"inputmode": "numeric"},
    )


for _clock in Clock:
    setattr(ClocksForm, _clock.value, _field(_clock))
