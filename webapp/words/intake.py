"""The words of first interviews."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_pgettext as _p

from models.interviews import InterviewOutcome
from models.meetings import MeetingFormat
from models.states import InterviewAction, InterviewState
from webapp.translation import gettext

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


def tell_how(channel: MeetingFormat, *, place: str, person_calls: bool, name: str) -> str:
    """Say to a person where she and who meets her talk, by which link, or who calls which number."""
    if channel is MeetingFormat.IN_PERSON:
        return gettext("In person: %(place)s", place=place)
    if channel is MeetingFormat.ONLINE:
        return gettext("Online, by this link: %(link)s", link=place)
    if person_calls:
        return gettext("By telephone: you call %(name)s at %(number)s.", name=name, number=place)
    return gettext("By telephone: %(name)s calls you at %(number)s.", name=name, number=place)
