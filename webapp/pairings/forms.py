"""Forms of a pairing: declining, withdrawing, ending. A reason from a closed list, and a note if one wishes."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from models.pairings import DeclineReason, EndReason, WithdrawReason
from webapp import labels
from webapp.members import clean_text

MAX_NOTE = 1000
A_REASON = InputRequired(_l("Please choose a reason: it helps to find better next time."))


WISHES = {"yes": True, "no": False}
WISH_WORDS = [
    ("yes", _l("Yes, please look for somebody")),
    ("no", _l("No, not now")),
    ("", _l("To be talked about")),
]


class ReasonForm(FlaskForm):
    """A reason and a note."""

    reason = RadioField(_l("The reason"), validators=[A_REASON])
    note = TextAreaField(_l("A word, if you like"), validators=[Length(max=MAX_NOTE)], filters=[clean_text])


class EndForm(ReasonForm):
    """A reason, and whether somebody else would be welcome."""

    wants_other = RadioField(
        _l("Would somebody else be welcome?"),
        default="",
    )


def build_reason_form(reasons: type[StrEnum], *, title: LazyString | None = None) -> ReasonForm:
    """Offer the reasons of a closed list."""
    form = ReasonForm(prefix=f"{reasons.__name__.lower()}-")
    form.reason.choices = labels.list_choices(reasons)
    if title is not None:
        form.reason.label.text = title
    return form


def build_decline_form() -> ReasonForm:
    """Ask why a supporter declines."""
    form = build_reason_form(DeclineReason, title=_l("What makes it difficult?"))
    form.note.description = _l("Only the coordinator reads it.")
    return form


def build_withdraw_form() -> ReasonForm:
    """Ask why a proposal is taken back."""
    return build_reason_form(WithdrawReason)


def build_end_form() -> EndForm:
    """Ask why a pairing ends, and what comes after."""
    form = EndForm(prefix="endreason-")
    form.wants_other.choices = WISH_WORDS
    form.reason.choices = labels.list_choices(EndReason)
    form.reason.label.text = _l("What is the main reason? Nobody is at fault.")
    form.note.description = _l("Only the coordinator reads it.")
    return form
