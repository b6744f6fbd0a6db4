"""A refusal of a service shown on the field it is about, with what was typed still in the form."""

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from models.exceptions import DomainError, FarDateError, InvalidInputError
from webapp.errors import describe

A_DATE_TO_COME = _l("This day and hour have already gone by.")
# What each field's rule asks for, where the service alone can know it.
FIELD_WORDS: Mapping[str, LazyString] = MappingProxyType(
    {
        "theme": _l("People have booked this private workshop: its theme must stay a private one."),
        "day": _l("This day and hour have already gone by."),
        "meeting_day": _l("Choose a day to come, before the meeting after this one."),
        "circle_place": _l("An address that everybody finds, 160 characters at most."),
        "same_time": _l("This is the day and hour that it has already: choose another."),
        "other": _l("This session cannot be proposed any more: choose another one of the list."),
        "other_day": _l("Choose a day that leaves people more than a day to answer."),
        "ends_at": _l("The end must come after the beginning."),
        "online_url": _l("A link begins with https://"),
        "reference": _l("Somebody of your association already has this reference."),
        "email": _l("Please check this address."),
        "needs": _l("Choose at least one need, and no more than eight."),
        "languages": _l("Choose at least one language, and no more than six."),
        "availability": _l("Choose at least one moment of the week."),
        "follow_up_on": _l("Choose a day from today on, within a year."),
        "again_on": _l("Choose a day after today, within a year."),
        "orientation": _l("Say where the person can turn to: she reads it too."),
        "gathering_day": _l("This day and hour have gone by, or are more than a year away."),
        "interview_day": _l("This day and hour have gone by, or are more than a year away."),
        "interview_place": _l("Say where you meet: an address that the person finds."),
        "interview_link": _l("Give the link by which you talk. It begins with https://"),
        "interview_number": _l("Give the number that is called."),
        "house_email": _l("Please check this address."),
        "house_phone": _l("Please check this number."),
        "house_address": _l("An address on one line, 255 characters at most."),
        "has_bounced_back": _l("An ambassador is somebody who has bounced back."),
        "is_public": _l("The theme of this workshop is private: it cannot be shown to everybody."),
        "name": _l("Please check this name."),
        "series": _l("The dates of a series have its theme: choose that theme, or no series."),
        "series_theme": _l("The theme of a series is chosen once: make another series for another theme."),
        "successor": _l("Choose somebody who runs all of the associations concerned."),
        "peer_theme": _l("Who leads it sees who comes: choose a theme that is not private."),
        "wished_on": _l("Choose a day from tomorrow on, within a year, or leave it empty."),
        "back_on": _l("Choose a day from tomorrow on, within a year."),
        "date_1": A_DATE_TO_COME,
        "date_2": A_DATE_TO_COME,
        "date_3": A_DATE_TO_COME,
        "talk_day": _l("Choose a day from the one on which you began together until today."),
        "capacity": _l("This number of places cannot be kept."),
    }
)


def show_on_field(
    form: FlaskForm, error: DomainError, names: Mapping[str, str] | None = None, *, field: str = ""
) -> None:
    """Note a refusal on its field, or above the form when no field bears its name.

    `names` says which field of the form stands for a value that the service calls otherwise; `field` is where a refusal
    that names none belongs.
    """
    named = str(error.facts.get("field", field))
    name = (names or {}).get(named, named)
    words = describe(error)
    sentence = words.sentence if isinstance(error, FarDateError) else words.what
    if type(error) is InvalidInputError and named in FIELD_WORDS:
        sentence = str(FIELD_WORDS[named])
    if name in form:
        form[name].errors = [*form[name].errors, sentence]
    else:
        form.form_errors.append(sentence if named in FIELD_WORDS else words.sentence)
