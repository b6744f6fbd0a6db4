"""The words of sessions that members propose to lead."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_pgettext as _p

from models.states import SessionProposalAction, SessionProposalState

PROPOSAL_WORDS: Mapping[type[StrEnum], Mapping[StrEnum, LazyString]] = {
    SessionProposalState: {
        SessionProposalState.PROPOSED: _p("peer session", "Sent: the association answers"),
        SessionProposalState.CONFIRMED: _p("peer session", "Confirmed"),
        SessionProposalState.DECLINED: _p("peer session", "Not this time"),
        SessionProposalState.WITHDRAWN: _p("peer session", "Withdrawn"),
    },
    SessionProposalAction: {
        SessionProposalAction.CONFIRM: _p("action", "Proposed session confirmed"),
        SessionProposalAction.DECLINE: _p("action", "Proposed session declined"),
        SessionProposalAction.WITHDRAW: _p("action", "Proposed session withdrawn"),
    },
}
PROPOSAL_TONES: Mapping[type[StrEnum], Mapping[StrEnum, str]] = {
    SessionProposalState: {
        SessionProposalState.PROPOSED: "info",
        SessionProposalState.CONFIRMED: "good",
    }
}
