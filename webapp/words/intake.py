"""The words of first interviews."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_pgettext as _p

from models.interviews import InterviewOutcome
from models.states import InterviewAction, InterviewState

INTAKE_WORDS: Mapping[type[StrEnum], Mapping[StrEnum, LazyString]] = {
    InterviewState: {
        InterviewState.PLANNED: _p("interview", "To hold"),
        InterviewState.HELD: _p("interview", "Held"),
        InterviewState.MISSED: _p("interview", "Did not take place"),
        InterviewState.CANCELLED: _p("interview", "Called off"),
    },
    InterviewAction: {
        InterviewAction.HOLD: _p("action", "Interview held"),
        InterviewAction.MISS: _p("action", "Interview that did not take place"),
        InterviewAction.CANCEL: _p("action", "Interview called off"),
    },
    InterviewOutcome: {
        InterviewOutcome.JOINS: _p("interview", "Joins: we look for people"),
        InterviewOutcome.LATER: _p("interview", "Later: we talk again on a day that suits"),
        InterviewOutcome.ELSEWHERE: _p("interview", "Better helped elsewhere for now"),
    },
}
INTAKE_TONES: Mapping[type[StrEnum], Mapping[StrEnum, str]] = {
    InterviewState: {InterviewState.PLANNED: "attention", InterviewState.HELD: "good"},
}
