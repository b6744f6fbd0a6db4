"""The words of every enum member, and the tone of a state's badge; each subject has a module of its own."""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from models.supporters import SupporterRole
from models.wall import read_told_stage
from webapp.locale import current_locale
from webapp.words.actions import ACTIONS, FILTERS
from webapp.words.care import CARE_TONES, CARE_WORDS
from webapp.words.circles import CIRCLE_TONES, CIRCLE_WORDS
from webapp.words.correspondence import CORRESPONDENCE_TONES, CORRESPONDENCE_WORDS
from webapp.words.erasures import ERASURE_WORDS
from webapp.words.gatherings import GATHERING_TONES, GATHERING_WORDS
from webapp.words.intake import INTAKE_TONES, INTAKE_WORDS
from webapp.words.introductions import INTRODUCTION_TONES, INTRODUCTION_WORDS
from webapp.words.meeting_enums import MEETING_TONES, MEETINGS
from webapp.words.people import PEOPLE_WORDS
from webapp.words.programme import PROGRAMME_WORDS
from webapp.words.questions import QUESTION_TONES, QUESTION_WORDS
from webapp.words.reasons import REASON_WORDS
from webapp.words.reviews import REVIEW_TONES, REVIEWS
from webapp.words.session_proposals import PROPOSAL_TONES, PROPOSAL_WORDS
from webapp.words.states import STATE_TONES, STATE_WORDS

Words = Mapping[StrEnum, LazyString]

LABELS: Mapping[type[StrEnum], Words] = MappingProxyType(
    {
        **PEOPLE_WORDS,
        **STATE_WORDS,
        **REASON_WORDS,
        **CORRESPONDENCE_WORDS,
        **ACTIONS,
        **FILTERS,
        **MEETINGS,
        **CIRCLE_WORDS,
        **GATHERING_WORDS,
        **PROGRAMME_WORDS,
        **INTRODUCTION_WORDS,
        **REVIEWS,
        **CARE_WORDS,
        **QUESTION_WORDS,
        **PROPOSAL_WORDS,
        **INTAKE_WORDS,
        **ERASURE_WORDS,
    }
)
PRIORITIES = MappingProxyType({1: _l("Useful"), 2: _l("Important"), 3: _l("Urgent")})
LEVELS = MappingProxyType({1: _l("Some knowledge"), 2: _l("Good knowledge"), 3: _p("level", "Expert")})

TONES: Mapping[type[StrEnum], Mapping[StrEnum, str]] = MappingProxyType(
    {
        **STATE_TONES,
        **MEETING_TONES,
        **REVIEW_TONES,
        **CORRESPONDENCE_TONES,
        **CIRCLE_TONES,
        **GATHERING_TONES,
        **INTRODUCTION_TONES,
        **CARE_TONES,
        **QUESTION_TONES,
        **PROPOSAL_TONES,
        **INTAKE_TONES,
    }
)


def label(member: StrEnum) -> str:
    """Give the word of an enum member in the language of the page.

    Raises
    ------
    KeyError
        If nobody gave it a word; a test of the house keeps that from happening.
    """
    return _label(type(member), member.value, current_locale())


def tone(member: StrEnum) -> str:
    """Give the tone of a state's badge: good, info, attention, problem or plain. Never the only sign of a state."""
    return TONES.get(type(member), {}).get(member, "plain")


@lru_cache(maxsize=2048)
def _label(kind: type[StrEnum], value: str, _locale: str) -> str:
    return str(LABELS[kind][kind(value)])


def role_label(value: str) -> str:
    """Give the word of a supporter's role kept as text."""
    return label(SupporterRole(value))


def stage_label(value: str) -> str:
    """Give the word of a stage kept as text."""
    return label(read_told_stage(value))


def list_choices(kind: type[StrEnum]) -> list[tuple[str, str]]:
    """Give the values of an enum with their words, for a select or radio field."""
    return [(member.value, label(member)) for member in kind]


def priority_label(priority: int) -> str:
    """Give the word of a need's priority."""
    return str(PRIORITIES[priority])


def level_label(level: int) -> str:
    """Give the word of a supporter's level in a topic."""
    return str(LEVELS[level])
