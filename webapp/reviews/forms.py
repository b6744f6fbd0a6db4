"""Forms of checks and reviews: what was heard, or why there was nothing to hear."""

from typing import Any

from flask import request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from models.reviews import Review, ReviewKind, SkipReason
from webapp.labels import label
from webapp.members import clean_text
from webapp.people_fields import FrenchFloatField
from webapp.services.reviews import GIVEN_REASONS, MOST_HEARD, MOST_JOBS, ReviewAnswers

YES, NO, UNKNOWN = "yes", "no", ""
ANSWERED = InputRequired(_l("Please choose one answer."))
YES_OR_NO: list[tuple[str, LazyString]] = [(YES, _l("Yes")), (NO, _l("No"))]
OR_UNKNOWN: list[tuple[str, LazyString]] = [*YES_OR_NO, (UNKNOWN, _p("review", "Not known"))]
SOME_JOBS = (Optional(), NumberRange(min=0, max=MOST_JOBS, message=_l("A number from 0 to 1,000, such as 1,5.")))
WORDS = {
    ReviewKind.CHECK: _l("Do the two go on together?"),
    ReviewKind.REVIEW: _l("Does the project go on?"),
}


class CheckForm(FlaskForm):
    """A check of a pairing: one answer, and words if one likes."""

    goes_on = RadioField(validators=[ANSWERED])
    heard = TextAreaField(
        _l("What was heard"),
        description=_l("For your team only. Nothing about health or private troubles."),
        validators=[Length(max=MOST_HEARD, message=_l("This is too long: 2,000 characters at most."))],
        filters=[clean_text],
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.goes_on.choices = YES_OR_NO

    def answers(self) -> ReviewAnswers:
        """Give what was filled in."""
        return ReviewAnswers(goes_on=self.goes_on.data == YES, heard=self.heard.data or "")


class ReviewForm(CheckForm):
    """A review of a project: whether it goes on, jobs, and the neighbourhood."""

    jobs_created = FrenchFloatField(
        _l("Jobs created since the beginning"),
        description=_l("In full-time equivalents, her own included: 1,5 for one and a half."),
        validators=SOME_JOBS,
    )
    jobs_kept = FrenchFloatField(_l("Jobs kept since the beginning"), validators=SOME_JOBS)
    in_neighbourhood = RadioField(
        _l("Is the activity still in the neighbourhood?"), validators=[Optional()], default=UNKNOWN
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.in_neighbourhood.choices = OR_UNKNOWN

    def answers(self) -> ReviewAnswers:
        """Give what was filled in."""
        near = self.in_neighbourhood.data
        return ReviewAnswers(
            goes_on=self.goes_on.data == YES,
            jobs_created=self.jobs_created.data,
            jobs_kept=self.jobs_kept.data,
            in_neighbourhood=None if near == UNKNOWN else near == YES,
            heard=self.heard.data or "",
        )


class SkipForm(FlaskForm):
    """Why one is left out."""

    reason = RadioField(_l("Why?"), validators=[ANSWERED])


def build_answer_form(review: Review, *, is_sent: bool = False) -> CheckForm:
    """Ask what the kind of review asks, with what was noted before, or with what was sent."""
    sent = request.form if is_sent else None
    known = {"goes_on": _yes_or_no(review.goes_on), "heard": review.heard or ""}
    if review.kind is ReviewKind.REVIEW:
        known |= {"in_neighbourhood": _yes_or_no(review.in_neighbourhood)}
        jobs = {"jobs_created": review.jobs_created, "jobs_kept": review.jobs_kept}
        form: CheckForm = ReviewForm(sent, data={**known, **jobs})
    else:
        form = CheckForm(sent, data=known)
    form.goes_on.label.text = WORDS[review.kind]
    return form


def build_skip_form() -> SkipForm:
    """Ask why one is left out."""
    form = SkipForm(prefix="skip-")
    form.reason.choices = [(reason.value, label(reason)) for reason in SkipReason if reason in GIVEN_REASONS]
    return form


def _yes_or_no(value: bool | None) -> str:
    return UNKNOWN if value is None else YES if value else NO
