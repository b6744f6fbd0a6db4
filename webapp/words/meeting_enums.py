"""The words of meetings and charters."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_pgettext as _p

from models.charters import CharterParty
from models.meetings import MeetingFormat, MeetingSide
from models.states import CharterAction, CharterState, MeetingAction, MeetingState

MEETINGS: Mapping[type[StrEnum], Mapping[StrEnum, LazyString]] = {
    MeetingState: {
        MeetingState.PROPOSED: _p("meeting", "Dates proposed"),
        MeetingState.CONFIRMED: _p("meeting", "Agreed"),
        MeetingState.HELD: _p("meeting", "Held"),
        MeetingState.MISSED: _p("meeting", "Did not take place"),
        MeetingState.CANCELLED: _p("meeting", "Called off"),
    },
    MeetingAction: {
        MeetingAction.CONFIRM: _p("action", "Meeting agreed"),
        MeetingAction.MOVE: _p("action", "Other dates proposed"),
        MeetingAction.HOLD: _p("action", "Meeting noted as held"),
        MeetingAction.MISS: _p("action", "Meeting noted as not held"),
        MeetingAction.CANCEL: _p("action", "Meeting called off"),
    },
    MeetingSide: {
        MeetingSide.ENTREPRENEUR: _p("meeting", "Entrepreneur"),
        MeetingSide.SUPPORTER: _p("meeting", "Supporter"),
        MeetingSide.COORDINATOR: _p("meeting", "Coordination"),
    },
    MeetingFormat: {
        MeetingFormat.IN_PERSON: _p("meeting", "Face to face"),
        MeetingFormat.ONLINE: _p("meeting", "By video"),
        MeetingFormat.PHONE: _p("meeting", "By telephone"),
    },
    CharterState: {
        CharterState.OPEN: _p("charter", "To be signed"),
        CharterState.SIGNED: _p("charter", "Signed"),
        CharterState.CLOSED: _p("charter", "Closed without all signatures"),
    },
    CharterAction: {
        CharterAction.COMPLETE: _p("action", "Charter signed by all three"),
        CharterAction.CLOSE: _p("action", "Charter closed"),
    },
    CharterParty: {
        CharterParty.ENTREPRENEUR: _p("charter", "Entrepreneur"),
        CharterParty.SUPPORTER: _p("charter", "Supporter"),
        CharterParty.REFERENT: _p("charter", "Referent of the association"),
    },
}
MEETING_TONES: Mapping[type[StrEnum], Mapping[StrEnum, str]] = {
    MeetingState: {
        MeetingState.PROPOSED: "attention",
        MeetingState.CONFIRMED: "info",
        MeetingState.HELD: "good",
    },
    CharterState: {CharterState.OPEN: "attention", CharterState.SIGNED: "good"},
}
