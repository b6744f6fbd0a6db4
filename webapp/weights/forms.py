"""Forms of weights: points per role and criterion, and the note that a publication needs."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from models.associations import MatchAim
from models.supporters import SupporterRole
from webapp.decision_bridge import COMPONENTS, MAX_TEXT_SHARE
from webapp.labels import list_choices
from webapp.people_fields import WholeNumberField
from webapp.translation import gettext as _
from webapp.words.engine import COMPONENTS as COMPONENT_WORDS

MOST_POINTS = 100
LONGEST_NOTE = 1000


class WeightsForm(FlaskForm):
    """Points of each criterion in each role; what counts is a criterion's share of its role's points."""

    aim = RadioField(
        _l("What matching aims at"),
        description=_l(
            "As many people as possible are served either way, and the same ones: who waits longest goes first. "
            "The second way then looks after the person whose supporter fits least, and the next, "
            "even where others get a supporter who fits a little less. "
            "It takes a little longer, some seconds for thousands of people: the draft tells how long it took."
        ),
        validators=[InputRequired(_l("Please choose one answer."))],
    )
    note = TextAreaField(_l("Why this change (for your colleagues)"), validators=[Optional(), Length(max=LONGEST_NOTE)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.aim.choices = list_choices(MatchAim)

    def role_fields(self, role: SupporterRole) -> list[Field]:
        """Give the fields of one role, in the order in which criteria are shown."""
        return [self[_name(role, component)] for component in COMPONENTS]

    def fill(self, weights: Mapping[str, Mapping[str, float]], aim: MatchAim) -> None:
        """Show weights, in whole points, and the aim."""
        self.aim.data = str(aim)
        for role in SupporterRole:
            for component in COMPONENTS:
                self[_name(role, component)].data = round(weights.get(role, {}).get(component, 0))

    def weights(self) -> dict[str, dict[str, float]]:
        """Give what was entered."""
        return {
            str(role): {component: float(self[_name(role, component)].data) for component in COMPONENTS}
            for role in SupporterRole
        }

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each role as a whole: something counts, and free text for a quarter at most."""
        if not super().validate(extra_validators):
            return False
        fits = [self._validate_role(role, self.weights()[role]) for role in SupporterRole]
        return all(fits)

    def _validate_role(self, role: SupporterRole, parts: Mapping[str, float]) -> bool:
        total = sum(parts.values())
        if total == 0:
            self[_name(role, COMPONENTS[0])].errors = [_("At least one criterion must count for this role.")]
            return False
        if parts["text"] > total * MAX_TEXT_SHARE:
            self[_name(role, "text")].errors = [_("Free text may hold at most a quarter of a role’s points.")]
            return False
        return True


def _name(role: SupporterRole, component: str) -> str:
    return f"{role}_{component}"


for _role in SupporterRole:
    for _component in COMPONENTS:
        setattr(
            WeightsForm,
            _name(_role, _component),
            WholeNumberField(
                COMPONENT_WORDS[_component],
                validators=[
                    InputRequired(_l("Please give a number.")),
                    NumberRange(0, MOST_POINTS, _l("Please give a number between 0 and 100.")),
                ],
            ),
        )


class PublishForm(FlaskForm):
    """Why these weights are published: it stays with them."""

    note = TextAreaField(
        _l("Why these weights"),
        description=_l("Your colleagues read it beside the version, and so will you in a year."),
        validators=[InputRequired(_l("Write a word of why.")), Length(max=LONGEST_NOTE)],
    )


class AgainForm(FlaskForm):
    """Which version to publish again."""

    number = WholeNumberField(validators=[InputRequired(), NumberRange(1, 1_000_000)])
    is_national = BooleanField()
