"""Forms of a coaching file: the agreement, and what somebody says of her strengths and gaps."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from models.coaching import CoachingDoor, Statement
from webapp.labels import list_choices
from webapp.services.coaching import LEAST, MAX_WORDS, MOST, SelfAssessment
from webapp.words.enums import LABELS

CHOOSE_ONE = InputRequired(_l("Please choose one answer."))
SCALE = (
    ("1", _l("1: not at all")),
    ("2", _l("2: a little")),
    ("3", _l("3: so-so")),
    ("4", _l("4: rather yes")),
    ("5", _l("5: yes, wholly")),
)


class AgreementForm(FlaskForm):
    """By which door, and the agreement without which nothing opens."""

    door = RadioField(_l("Where are you today?"), validators=[CHOOSE_ONE])
    agrees = BooleanField(
        _l("I agree: my coach and I read what I note here, and nobody else."),
        validators=[InputRequired(_l("Without your agreement nothing is opened. You may also leave it at that."))],
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.door.choices = list_choices(CoachingDoor)


class AssessmentForm(FlaskForm):
    """One answer per statement, made below from the list, and two free words."""

    strengths = TextAreaField(_l("What I am good at"), validators=[Length(max=MAX_WORDS)])
    gaps = TextAreaField(_l("What I would like to get better at"), validators=[Length(max=MAX_WORDS)])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for statement in Statement:
            self[statement.value].choices = list(SCALE)

    def said(self) -> SelfAssessment:
        """Give what the service wants."""
        return SelfAssessment(
            answers={statement: int(self[statement.value].data) for statement in Statement},
            strengths=self.strengths.data or "",
            gaps=self.gaps.data or "",
        )


for _statement in Statement:
    setattr(
        AssessmentForm,
        _statement.value,
        RadioField(LABELS[Statement][_statement], validators=[CHOOSE_ONE]),
    )
assert len(SCALE) == MOST - LEAST + 1


def fill_form(said: SelfAssessment | None) -> AssessmentForm:
    """Give the form with what was said before, if anything."""
    if said is None:
        return AssessmentForm()
    known = {statement.value: str(answer) for statement, answer in said.answers.items()}
    return AssessmentForm(data={**known, "strengths": said.strengths, "gaps": said.gaps})
