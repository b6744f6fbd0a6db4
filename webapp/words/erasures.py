"""The words of wishes to be forgotten, and of what is still open for who wishes it."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_pgettext as _p

from models.erasures import ErasureGround
from models.queries.erasures import StillOpen
from models.states import ErasureAction, ErasureState
from webapp.translation import ngettext

ERASURE_WORDS: Mapping[type[StrEnum], Mapping[StrEnum, LazyString]] = {
    ErasureState: {
        ErasureState.ASKED: _p("erasure", "Asked: can still be taken back"),
        ErasureState.UNDER_WAY: _p("erasure", "Under way"),
        ErasureState.KEPT: _p("erasure", "Taken back"),
        ErasureState.DONE: _p("erasure", "Carried out"),
    },
    ErasureAction: {
        ErasureAction.KEEP: _p("action", "Erasing taken back"),
        ErasureAction.BEGIN: _p("action", "Erasing begun"),
        ErasureAction.CARRY_OUT: _p("action", "Erased"),
    },
    ErasureGround: {
        ErasureGround.OWN: _p("erasure", "By yourself"),
        ErasureGround.BY_TELEPHONE: _p("erasure", "The person asked by telephone"),
        ErasureGround.IN_WRITING: _p("erasure", "The person asked in writing"),
        ErasureGround.IN_PERSON: _p("erasure", "The person asked face to face"),
    },
}


def tell_open(numbers: Mapping[StillOpen, int]) -> list[str]:
    """Tell what is still open for somebody, one line a kind."""
    return [_tell(kind, number) for kind, number in numbers.items()]


def _tell(kind: StillOpen, number: int) -> str:
    return {
        StillOpen.PAIRING: ngettext("%(num)d pairing or proposal", "%(num)d pairings or proposals", number),
        StillOpen.BOOKING: ngettext("%(num)d workshop booked", "%(num)d workshops booked", number),
        StillOpen.CIRCLE: ngettext("%(num)d place in a circle", "%(num)d places in circles", number),
        StillOpen.CIRCLE_LED: ngettext(
            "%(num)d circle that needs another facilitator",
            "%(num)d circles that need another facilitator",
            number,
        ),
        StillOpen.QUESTION: ngettext("%(num)d question to an expert", "%(num)d questions to experts", number),
        StillOpen.INTERVIEW: ngettext("%(num)d interview planned", "%(num)d interviews planned", number),
        StillOpen.PROPOSAL: ngettext("%(num)d session proposed", "%(num)d sessions proposed", number),
        StillOpen.CALL: ngettext("%(num)d call asked for", "%(num)d calls asked for", number),
        StillOpen.COACHING: ngettext("%(num)d coaching space", "%(num)d coaching spaces", number),
    }[kind]
