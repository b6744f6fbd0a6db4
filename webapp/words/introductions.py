"""The words of introductions: what they are for, where they stand, what was told."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_pgettext as _p

from models.introductions import IntroductionPurpose
from models.queries.introductions import IntroductionSituation
from models.states import IntroductionAction, IntroductionState

INTRODUCTION_WORDS: Mapping[type[StrEnum], Mapping[StrEnum, LazyString]] = {
    IntroductionPurpose: {
        IntroductionPurpose.CUSTOMER: _p("introduction", "A customer"),
        IntroductionPurpose.SUPPLIER: _p("introduction", "A supplier"),
        IntroductionPurpose.FINANCE: _p("introduction", "A bank, finance"),
        IntroductionPurpose.PREMISES: _p("introduction", "Premises"),
        IntroductionPurpose.PARTNER: _p("introduction", "A partner, a network"),
        IntroductionPurpose.PUBLIC_BODY: _p("introduction", "A town hall, a public service"),
        IntroductionPurpose.RECRUITMENT: _p("introduction", "Somebody to hire"),
        IntroductionPurpose.ADVICE: _p("introduction", "Advice"),
        IntroductionPurpose.OTHER: _p("introduction", "Something else"),
    },
    IntroductionState: {
        IntroductionState.PROMISED: _p("introduction", "Contact promised"),
        IntroductionState.MADE: _p("introduction", "Contact made"),
        IntroductionState.MET: _p("introduction", "They have met"),
        IntroductionState.FRUITFUL: _p("introduction", "It bore fruit"),
        IntroductionState.LAPSED: _p("introduction", "Came to nothing"),
    },
    IntroductionSituation: {
        IntroductionSituation.OVERDUE: _p("introduction", "Without news"),
        IntroductionSituation.UNDER_WAY: _p("introduction", "Under way"),
        IntroductionSituation.KEPT: _p("introduction", "Met, or bore fruit"),
        IntroductionSituation.LAPSED: _p("introduction", "Came to nothing"),
    },
    IntroductionAction: {
        IntroductionAction.MAKE: _p("action", "Introduction made"),
        IntroductionAction.MEET: _p("action", "The two have met"),
        IntroductionAction.SUCCEED: _p("action", "The introduction bore fruit"),
        IntroductionAction.LAPSE: _p("action", "The introduction came to nothing"),
    },
}
INTRODUCTION_TONES: Mapping[type[StrEnum], Mapping[StrEnum, str]] = {
    IntroductionState: {
        IntroductionState.PROMISED: "attention",
        IntroductionState.MADE: "info",
        IntroductionState.MET: "good",
        IntroductionState.FRUITFUL: "good",
    }
}
