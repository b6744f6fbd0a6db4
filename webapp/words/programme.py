"""The words of what goes with workshop sessions: what people thought of them."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_pgettext as _p

from models.feedback import FeedbackFace

PROGRAMME_WORDS: Mapping[type[StrEnum], Mapping[StrEnum, LazyString]] = {
    FeedbackFace: {
        FeedbackFace.GOOD: _p("feedback", "It helped me"),
        FeedbackFace.FAIR: _p("feedback", "So-so"),
        FeedbackFace.POOR: _p("feedback", "Not for me"),
    },
}
