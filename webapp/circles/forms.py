"""Forms about circles: sizes, who leads, why one ends or somebody leaves."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange

from models.circles import Circle, DepartureReason, DissolveReason
from models.names import full_name
from models.supporters import Supporter
from webapp import labels
from webapp.circle_bridge import CircleSizes
from webapp.people_fields import WholeNumberField
from webapp.services.circle_leaders import PossibleLeader
from webapp.services.circles import MOST_CIRCLES
from webapp.translation import gettext as _
from webapp.words.circle_reasons import tell_possible_leader
from webapp.words.week import SLOTS

FILL_IN = InputRequired(_l("Please fill this in."))
MOST_MEMBERS = 12


class SizesForm(FlaskForm):
    """How many people make a circle."""

    minimum = WholeNumberField(_l("At least"), validators=[FILL_IN, NumberRange(2, MOST_MEMBERS)])
    target = WholeNumberField(_l("If possible"), validators=[FILL_IN, NumberRange(2, MOST_MEMBERS)])
    maximum = WholeNumberField(_l("At most"), validators=[FILL_IN, NumberRange(2, MOST_MEMBERS)])
    quorum = WholeNumberField(
        _l("Present for a meeting to be held"), validators=[FILL_IN, NumberRange(2, MOST_MEMBERS)]
    )

    def validate_maximum(self, field: WholeNumberField) -> None:
        """Ask for numbers that follow one another."""
        numbers = [self.minimum.data, self.target.data, field.data]
        if None not in numbers and numbers != sorted(numbers):
            raise ValidationError(_("The numbers must follow one another: at least, if possible, at most."))

    def validate_quorum(self, field: WholeNumberField) -> None:
        """Ask for a quorum that a circle can reach."""
        if field.data is not None and self.minimum.data is not None and field.data > self.minimum.data:
            raise ValidationError(_("No more than the smallest number of members."))

    def values(self) -> CircleSizes:
        """Give what the service wants."""
        return CircleSizes(
            minimum=self.minimum.data, target=self.target.data, maximum=self.maximum.data, quorum=self.quorum.data
        )


class FacilitatorForm(FlaskForm):
    """A supporter, and how many circles she leads at most."""

    supporter = SelectField(_l("Supporter"), validators=[FILL_IN])
    circles = WholeNumberField(
        _l("Circles at most"),
        validators=[
            FILL_IN,
            NumberRange(0, MOST_CIRCLES, _l("Between %(min)s and %(max)s.")),
        ],
        default=1,
    )


class LeaderForm(FlaskForm):
    """Who leads a circle from now on."""

    supporter = RadioField(_l("Who leads it from now on?"), validators=[InputRequired(_l("Please choose one answer."))])
    note = TextAreaField(
        _l("Against a profile: what did you agree on?"),
        description=_l(
            "For coordinators. Only where the choice goes against a profile, once you have spoken together."
        ),
        validators=[Length(max=500)],
    )
    moves_place = BooleanField(_l("From now on it meets in this person’s town"))
    against: frozenset[str] = frozenset()

    def validate_note(self, note: TextAreaField) -> None:
        """Ask for a word where a profile says something else than the choice."""
        if self.supporter.data in self.against and not (note.data or "").strip():
            raise ValidationError(_("Please say in a few words what you agreed on: a profile says something else."))


class DissolveForm(FlaskForm):
    """Why a circle, or its proposal, ends."""

    reason = RadioField(_l("Why?"), validators=[InputRequired(_l("Please choose one answer."))])


class RemoveForm(FlaskForm):
    """Why somebody leaves a circle; the note is for coordinators only."""

    reason = RadioField(_l("Why?"), validators=[InputRequired(_l("Please choose one answer."))])
    note = TextAreaField(_l("A note for the coordinators"), validators=[Length(max=500)])


class MoveForm(FlaskForm):
    """To which circle somebody moves."""

    circle = SelectField(_l("To which circle?"), validators=[FILL_IN])


class NoteForm(FlaskForm):
    """A word with an answer, for the coordinators only."""

    note = TextAreaField(_l("Would you like to say why?"), validators=[Length(max=500)])


def build_sizes_form() -> SizesForm:
    """Give the usual sizes."""
    usual = CircleSizes()
    return SizesForm(
        data={"minimum": usual.minimum, "target": usual.target, "maximum": usual.maximum, "quorum": usual.quorum}
    )


def build_facilitator_form(supporters: Sequence[Supporter]) -> FacilitatorForm:
    """Offer the supporters of the association."""
    form = FacilitatorForm()
    form.supporter.choices = [(str(one.public_id), full_name(one)) for one in supporters]
    return form


def build_leader_form(found: Sequence[PossibleLeader]) -> LeaderForm:
    """Offer who could lead one more circle; of whom a profile says something else, what it says."""
    form = LeaderForm()
    form.supporter.choices = [(str(one.supporter.public_id), tell_possible_leader(one)) for one in found]
    form.against = frozenset(str(one.supporter.public_id) for one in found if one.passed_over)
    form.note.flags.required = len(form.against) == len(found)
    return form


def build_dissolve_form() -> DissolveForm:
    """Offer the reasons of people; that a newer composition replaces one is nobody's reason."""
    form = DissolveForm()
    form.reason.choices = [(value, word) for value, word in labels.list_choices(DissolveReason) if value != "replaced"]
    return form


def build_remove_form() -> RemoveForm:
    """Offer the reasons of a coordinator."""
    form = RemoveForm()
    offered = (DepartureReason.OWN_WISH, DepartureReason.NOT_TOGETHER, DepartureReason.OTHER_CHOICE)
    form.reason.choices = [(reason.value, labels.label(reason)) for reason in offered]
    return form


def build_move_form(circles: Sequence[Circle]) -> MoveForm:
    """Offer the circles that have room."""
    form = MoveForm()
    form.circle.choices = [
        (str(circle.public_id), f"{circle.facilitator.first_name}, {labels.slot_label(SLOTS[circle.slot])}")
        for circle in circles
    ]
    return form
