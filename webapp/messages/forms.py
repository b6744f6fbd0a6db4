"""The form of how somebody wishes to be written to."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from models.correspondence import WAYS, MailGroup, MailPreference, MailWay
from webapp.words.enums import LABELS

NEEDED = InputRequired(_l("Please choose one."))
ROUND_THE_CLOCK = "never"
HOURS = [SelectChoice(str(hour), f"{hour}:00") for hour in range(24)]


class PreferenceForm(FlaskForm):
    """One choice per group of messages, made below from their list, and the hours in which no mail leaves."""

    quiet_from = SelectField(
        _l("No mail from"), choices=[SelectChoice(ROUND_THE_CLOCK, _l("no quiet hours")), *HOURS], validators=[NEEDED]
    )
    quiet_until = SelectField(_l("until"), choices=HOURS, validators=[NEEDED])

    def ways(self) -> Mapping[MailGroup, MailWay]:
        """Give what was chosen, by group that is shown."""
        return {group: MailWay(self[name].data) for group in MailGroup if (name := f"{group}_way") in self}

    def quiet_hours(self) -> tuple[int, int]:
        """Give first and last hour; the same twice when mail may leave at any time."""
        until = int(self.quiet_until.data)
        return (until if self.quiet_from.data == ROUND_THE_CLOCK else int(self.quiet_from.data), until)


def read_choices(kept: MailPreference) -> dict[str, str]:
    """Give the form's values of what is kept."""
    is_never = kept.quiet_from == kept.quiet_until
    return {
        **{f"{group}_way": kept.way_of(group).value for group in MailGroup},
        "quiet_from": ROUND_THE_CLOCK if is_never else str(kept.quiet_from),
        "quiet_until": str(kept.quiet_until),
    }


def _field(group: MailGroup) -> RadioField:
    choices = [SelectChoice(way.value, LABELS[MailWay][way]) for way in WAYS[group]]
    return RadioField(LABELS[MailGroup][group], choices=choices, validators=[NEEDED])


for _group in MailGroup:
    setattr(PreferenceForm, f"{_group}_way", _field(_group))
