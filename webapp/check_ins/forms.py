"""The three questions of a check-in, and the wish to be called."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from models.names import full_name
from models.queries.care import NamedSentinel
from webapp.labels import list_choices
from webapp.services.check_ins import Activity, Cash, Mood
from webapp.services.handovers import LEAST_REACH, MOST_REACH
from webapp.translation import gettext as _

CHOOSE_ONE = InputRequired(_l("Please choose one answer."))


class CheckInForm(FlaskForm):
    """One tap per question."""

    activity = RadioField(_l("How is your business going?"), validators=[CHOOSE_ONE])
    cash = RadioField(_l("How long will your money last?"), validators=[CHOOSE_ONE])
    mood = RadioField(_l("And you, how are you?"), validators=[CHOOSE_ONE])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.activity.choices = list_choices(Activity)
        self.cash.choices = list_choices(Cash)
        self.mood.choices = list_choices(Mood)


class ReachForm(FlaskForm):
    """On which number, and who may know it."""

    reach = StringField(
        _l("How can we reach you?"),
        validators=[
            InputRequired(_l("Please fill this in.")),
            Length(min=LEAST_REACH, max=MOST_REACH, message=_l("A telephone number, and when it suits you.")),
        ],
        description=_l("A telephone number, and when it suits you."),
    )
    tells_reach = BooleanField(
        _l("If nobody trained can call, my association may know this number too."),
        description=_l("Only together with your name. Otherwise your association has at most the number of your file."),
    )


class CallForm(ReachForm):
    """Who calls, how, and the agreement without which nobody is told anything."""

    sentinel = RadioField(_l("Who may call you?"), validators=[CHOOSE_ONE])
    agrees = BooleanField(
        _l("I agree: this person gets my name and this number, to call me. Nothing else."),
        validators=[InputRequired(_l("Without your agreement nobody is told anything."))],
    )
    tells_name = BooleanField(
        _l("If nobody trained can call, my association may know that it is me who asked."),
        description=_l(
            "Without it, your association is told that somebody waits, not who; and nobody of its team is asked to "
            "call you, unless you choose that person above."
        ),
    )

    def __init__(self, trained: Sequence[NamedSentinel], *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.sentinel.choices = [(str(one.sentinel.public_id), _tell_who(one)) for one in trained]

    def validate_tells_reach(self, field: BooleanField) -> None:
        """Ask for the agreement to the name too: a number says who somebody is."""
        if field.data and not self.tells_name.data:
            raise ValidationError(_("Your number says who you are: tick also that your name may be known, or neither."))


def _tell_who(one: NamedSentinel) -> str:
    """Name somebody trained; of who runs the association this is said, as asking her tells the association."""
    name = full_name(one.account)
    return _("%(name)s, of the team of your association", name=name) if one.is_of_team else name
