"""The words of what goes with workshop sessions: formats, feedback, visitors."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from models.feedback import FeedbackFace
from models.states import VisitorAction, VisitorState
from models.workshops import SessionFormat

PROGRAMME_WORDS: Mapping[type[StrEnum], Mapping[StrEnum, LazyString]] = {
    FeedbackFace: {
        FeedbackFace.GOOD: _p("feedback", "It helped me"),
        FeedbackFace.FAIR: _p("feedback", "So-so"),
        FeedbackFace.POOR: _p("feedback", "Not for me"),
    },
    VisitorState: {
        VisitorState.ASKED: _p("visitor", "Not confirmed yet"),
        VisitorState.CONFIRMED: _p("visitor", "Place confirmed"),
        VisitorState.CANCELLED: _p("visitor", "Cancelled"),
        VisitorState.LAPSED: _p("visitor", "Not confirmed in time"),
    },
    VisitorAction: {
        VisitorAction.CONFIRM: _p("action", "Place confirmed by a visitor"),
        VisitorAction.CANCEL: _p("action", "Place of a visitor given back"),
        VisitorAction.LAPSE: _p("action", "Place not confirmed in time"),
    },
    SessionFormat: {
        SessionFormat.IN_PERSON: _l("In person"),
        SessionFormat.ONLINE: _l("Online"),
        SessionFormat.HYBRID: _l("In person or online"),
    },
}
