"""The words of coaching files and of calls asked for."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from models.coaching import CoachingDoor, CoachingMoment, Statement
from models.states import CoachingFileAction, CoachingFileState, HandoverAction, HandoverState

CARE_WORDS: Mapping[type[StrEnum], Mapping[StrEnum, LazyString]] = {
    CoachingDoor: {
        CoachingDoor.AFTER_LIQUIDATION: _l("My business had to stop, and I want to start again"),
        CoachingDoor.PREVENTION: _l("My business goes on, and I want to look after myself"),
    },
    CoachingMoment: {
        CoachingMoment.BEFORE: _p("coaching", "At the start"),
        CoachingMoment.AFTER: _p("coaching", "At the end"),
    },
    Statement: {
        Statement.CONFIDENCE: _l("I trust myself when I decide"),
        Statement.TALENTS: _l("I know what I am good at"),
        Statement.LIMITS: _l("I know what I still have to learn"),
        Statement.SPEAKING: _l("I can speak of what was hard, without shame"),
        Statement.ENERGY: _l("I have the energy for my days"),
        Statement.PEOPLE: _l("I have people I can count on"),
        Statement.NEXT_STEP: _l("I know what my next step is"),
        Statement.ASKING: _l("I dare to ask for help"),
    },
    CoachingFileState: {
        CoachingFileState.OPEN: _p("coaching", "Open"),
        CoachingFileState.WITHDRAWN: _p("coaching", "Agreement taken back"),
        CoachingFileState.CLOSED: _p("coaching", "Over"),
    },
    CoachingFileAction: {
        CoachingFileAction.WITHDRAW: _p("action", "Agreement taken back"),
        CoachingFileAction.RENEW: _p("action", "Agreement given again"),
        CoachingFileAction.CLOSE: _p("action", "Space closed"),
    },
    HandoverState: {
        HandoverState.OPEN: _p("call", "Asked for"),
        HandoverState.TAKEN: _p("call", "Will be called"),
        HandoverState.CLOSED: _p("call", "Over"),
    },
    HandoverAction: {
        HandoverAction.TAKE: _p("action", "Call taken"),
        HandoverAction.HAND_ON: _p("action", "Call handed on"),
        HandoverAction.CLOSE: _p("action", "Call over"),
    },
}
CARE_TONES: Mapping[type[StrEnum], Mapping[StrEnum, str]] = {
    CoachingFileState: {CoachingFileState.OPEN: "good", CoachingFileState.WITHDRAWN: "attention"},
    HandoverState: {HandoverState.OPEN: "attention", HandoverState.TAKEN: "info"},
}
