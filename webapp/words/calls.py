"""What was done with a person on the telephone, said to her."""

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from models.queries.assisted import DoneLine
from webapp.translation import fill
from webapp.translation import gettext as _

SENTENCES: Mapping[tuple[str, str], LazyString] = MappingProxyType(
    {
        ("entrepreneur", "save"): _l("A part of your profile was filled in."),
        ("entrepreneur", "correct"): _l("Your file was corrected."),
        ("entrepreneur", "complete"): _l("Your profile was sent: somebody is looked for."),
        ("entrepreneur", "check_qpv"): _l("Your neighbourhood was checked."),
        ("booking", "book"): _l("Booked: %(about)s."),
        ("booking", "create"): _l("Booked: %(about)s."),
        ("booking", "accept"): _l("The place that was offered is taken: %(about)s."),
        ("booking", "cancel"): _l("Cancelled: %(about)s."),
        ("circle_member", "join"): _l("You joined a circle."),
        ("circle_member", "agree"): _l("You said yes to the contract of the circle."),
        ("circle_member", "decline"): _l("You declined a circle."),
        ("circle_member", "leave"): _l("You left a circle."),
        ("meeting", "propose"): _l("Dates to meet were proposed."),
        ("meeting", "move"): _l("Other dates to meet were proposed."),
        ("meeting", "confirm"): _l("A date to meet was chosen."),
        ("meeting", "cancel"): _l("A date to meet was called off."),
        ("meeting", "hold"): _l("A talk that took place was noted."),
        ("meeting", "log"): _l("A talk that took place was noted."),
        ("meeting", "miss"): _l("It was noted that a talk has not taken place."),
        ("pairing", "pause"): _l("One of your pairings is on pause."),
        ("pairing", "resume"): _l("One of your pairings goes on."),
        ("pairing", "end"): _l("One of your pairings is over."),
    }
)
OF_RECORD: Mapping[str, LazyString] = MappingProxyType(
    {
        "interview": _l("Something about your first interview was noted."),
    }
)


def tell_done(line: DoneLine) -> str:
    """Say one thing that was done, to the person with whom it was."""
    sentence = SENTENCES.get((line.record, line.action)) or OF_RECORD.get(line.record)
    return fill(sentence, {"about": line.about}) if sentence else _("Something in your file was changed.")
