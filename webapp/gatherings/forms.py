"""Forms of the supporters' circle: one's yes to be seen, a gathering, who was there."""

from collections.abc import Collection, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, Field, RadioField, StringField, TextAreaField, TimeField, URLField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from models.gatherings import Gathering
from models.names import full_name
from models.supporters import Supporter
from webapp.circles.meeting_forms import MINUTES, USUAL
from webapp.clock import PARIS
from webapp.members import clean_text
from webapp.people_fields import ChecksField
from webapp.services.gatherings import MOST_WORDS, GatheringValues
from webapp.services.supporter_listings import MOST_CONTACT
from webapp.workshops.forms import A_LINE, A_TITLE, NEEDED


def needed_without_link(form: Any, field: Field) -> None:
    """Ask where people meet: at a place, online, or both."""
    if not (field.data or "").strip() and not (form.online_url.data or "").strip():
        raise ValidationError(_l("Say where: a place, a link, or both."))


class JoinForm(FlaskForm):
    """A way to be reached, for who likes."""

    contact = StringField(
        _l("How the others can reach you"),
        description=_l(
            "An address or a telephone number, for this circle alone. Leave it empty if you would rather not."
        ),
        validators=[Optional(), Length(max=MOST_CONTACT, message=_l("This is too long: 160 characters at most."))],
        filters=[clean_text],
    )


class GatheringForm(FlaskForm):
    """What a coordinator decides about a gathering; the hour is that of a clock in France."""

    day = DateField(_l("Day"), validators=[NEEDED])
    starts_at = TimeField(_l("Begins at (time in France)"), validators=[NEEDED])
    minutes = RadioField(_l("How long?"), default=USUAL)
    place = StringField(_l("Place"), validators=[A_TITLE, needed_without_link], filters=[clean_text])
    online_url = URLField(_l("Link for taking part online"), validators=[Optional(), A_LINE])
    words = TextAreaField(
        _l("What it is about"),
        description=_l("A question of practice, a guest, news. Never about somebody who is accompanied."),
        validators=[Optional(), Length(max=MOST_WORDS, message=_l("That is too long: %(max)d characters at most."))],
        filters=[clean_text],
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.minutes.choices = MINUTES

    def build_values(self) -> GatheringValues:
        """Give what was typed."""
        return GatheringValues(
            day=self.day.data,
            starts_at=self.starts_at.data,
            minutes=int(self.minutes.data),
            place=self.place.data or "",
            online_url=self.online_url.data or "",
            words=self.words.data or "",
        )


class ReportForm(FlaskForm):
    """Who was there, and how long it took."""

    present = ChecksField(_l("Who was there?"), validators=[InputRequired(_l("Tick who was there."))])
    minutes = RadioField(_l("How long?"), default=USUAL)


def gathering_data(gathering: Gathering) -> dict[str, Any]:
    """Give a gathering as its form shows it."""
    local = gathering.starts_at.astimezone(PARIS)
    return {
        "day": local.date(),
        "starts_at": local.time(),
        "minutes": _usual_or(gathering.minutes),
        "place": gathering.place,
        "online_url": gathering.online_url,
        "words": gathering.words,
    }


def build_report_form(people: Sequence[Supporter], *, present: Collection[int], minutes: int) -> ReportForm:
    """Offer who may have been there; those expected are ticked already."""
    ticked = [str(one.public_id) for one in people if one.id in present]
    form = ReportForm(data={"present": ticked, "minutes": _usual_or(minutes)})
    form.minutes.choices = MINUTES
    form.present.choices = [(str(one.public_id), full_name(one)) for one in people]
    return form


def _usual_or(minutes: int) -> str:
    return str(minutes) if str(minutes) in dict(MINUTES) else USUAL
