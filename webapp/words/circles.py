"""The words of circles: states, reasons to leave or to end one, formats."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from models.circle_meetings import CircleAnswer
from models.circles import CircleFormat, CircleRule, DepartureReason, DissolveReason
from models.states import (
    CircleAction,
    CircleMeetingAction,
    CircleMeetingState,
    CircleMemberAction,
    CircleMemberState,
    CircleState,
)

CIRCLE_WORDS: Mapping[type[StrEnum], Mapping[StrEnum, LazyString]] = {
    CircleFormat: {CircleFormat.IN_PERSON: _p("circle", "In person"), CircleFormat.ONLINE: _p("circle", "By video")},
    CircleState: {
        CircleState.PROPOSED: _p("circle", "Proposed, to be confirmed"),
        CircleState.CONFIRMED: _p("circle", "Confirmed"),
        CircleState.DISSOLVED: _p("circle", "Over"),
    },
    CircleMemberState: {
        CircleMemberState.PROPOSED: _p("circle", "Not invited yet"),
        CircleMemberState.INVITED: _p("circle", "Invited"),
        CircleMemberState.JOINED: _p("circle", "Joined"),
        CircleMemberState.DECLINED: _p("circle", "Said no"),
        CircleMemberState.LEFT: _p("circle", "Left"),
    },
    CircleMeetingState: {
        CircleMeetingState.PLANNED: _p("circle", "Planned"),
        CircleMeetingState.HELD: _p("circle", "Took place"),
        CircleMeetingState.MISSED: _p("circle", "Did not take place"),
        CircleMeetingState.CANCELLED: _p("circle", "Called off"),
    },
    CircleAnswer: {
        CircleAnswer.YES: _p("circle", "Is coming"),
        CircleAnswer.NO: _p("circle", "Cannot come"),
    },
    CircleRule: {
        CircleRule.TIME: _p("circle", "not everybody is free then"),
        CircleRule.LANGUAGE: _p("circle", "not everybody speaks its language"),
        CircleRule.PLACE: _p("circle", "it is too far for somebody, or not possible online"),
    },
    DissolveReason: {
        DissolveReason.REPLACED: _l("Replaced by a newer composition"),
        DissolveReason.NOT_FITTING: _l("This group does not fit"),
        DissolveReason.TOO_FEW: _l("Too few people in the end"),
        DissolveReason.FACILITATOR_UNAVAILABLE: _l("The facilitator is no longer available"),
        DissolveReason.TERM_REACHED: _p("circle", "The agreed time is over"),
        DissolveReason.OTHER: _p("circle", "Another reason"),
    },
    DepartureReason: {
        DepartureReason.DECLINED: _l("Declined the invitation"),
        DepartureReason.NO_ANSWER: _l("No answer in time"),
        DepartureReason.OWN_WISH: _l("At her own wish"),
        DepartureReason.MOVED: _l("Moved to another circle"),
        DepartureReason.NOT_TOGETHER: _l("Must not sit with these people"),
        DepartureReason.OTHER_CHOICE: _l("Another choice was made for this person"),
        DepartureReason.FILE_CLOSED: _l("The file was closed"),
        DepartureReason.CIRCLE_OVER: _l("The circle is over"),
    },
    CircleAction: {
        CircleAction.CONFIRM: _p("action", "Circle confirmed"),
        CircleAction.REPLACE: _p("action", "Circle replaced by a newer composition"),
        CircleAction.GO_ON: _p("action", "Circle goes on with fewer people"),
        CircleAction.DISSOLVE: _p("action", "Circle ended"),
    },
    CircleMemberAction: {
        CircleMemberAction.INVITE: _p("action", "Invited to a circle"),
        CircleMemberAction.JOIN: _p("action", "Joined a circle"),
        CircleMemberAction.AGREE: _p("action", "Said yes to the contract of the circle"),
        CircleMemberAction.DECLINE: _p("action", "Declined a circle"),
        CircleMemberAction.EXPIRE: _p("action", "Invitation to a circle ended without an answer"),
        CircleMemberAction.LEAVE: _p("action", "Left a circle"),
        CircleMemberAction.REMOVE: _p("action", "Taken out of a circle"),
    },
    CircleMeetingAction: {
        CircleMeetingAction.MOVE: _p("action", "Meeting of a circle moved"),
        CircleMeetingAction.KEEP: _p("action", "Meeting of a circle kept, though few come"),
        CircleMeetingAction.HOLD: _p("action", "Meeting of a circle noted"),
        CircleMeetingAction.MISS: _p("action", "Meeting of a circle noted as missed"),
        CircleMeetingAction.CANCEL: _p("action", "Meeting of a circle called off"),
    },
}
CIRCLE_TONES: Mapping[type[StrEnum], Mapping[StrEnum, str]] = {
    CircleState: {CircleState.PROPOSED: "attention", CircleState.CONFIRMED: "good"},
    CircleMemberState: {CircleMemberState.INVITED: "info", CircleMemberState.JOINED: "good"},
    CircleMeetingState: {CircleMeetingState.PLANNED: "info", CircleMeetingState.HELD: "good"},
    CircleAnswer: {CircleAnswer.YES: "good", CircleAnswer.NO: "attention"},
}
