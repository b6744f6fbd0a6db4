"""The words and tones of states: files, runs, drafts, suggestions, plans, pairings, sessions, bookings."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from models.states import (
    BookingState,
    EntrepreneurState,
    MatchRunState,
    PairingState,
    PlanLineState,
    SessionState,
    SuggestionState,
    SupporterState,
    WeightDraftState,
)

STATE_WORDS: Mapping[type[StrEnum], Mapping[StrEnum, LazyString]] = {
    EntrepreneurState: {
        EntrepreneurState.INCOMPLETE: _l("Profile to complete"),
        EntrepreneurState.READY: _l("Ready to be matched"),
        EntrepreneurState.CLOSED: _l("File closed"),
    },
    SupporterState: {
        SupporterState.ACTIVE: _p("supporter", "Active"),
        SupporterState.PAUSED: _p("supporter", "On pause"),
        SupporterState.LEFT: _p("supporter", "Has left"),
    },
    WeightDraftState: {
        WeightDraftState.QUEUED: _l("About to be replayed"),
        WeightDraftState.RUNNING: _l("Being replayed"),
        WeightDraftState.READY: _p("draft", "Ready to be published"),
        WeightDraftState.FAILED: _p("draft", "Stopped by a problem"),
        WeightDraftState.PUBLISHED: _p("draft", "Published"),
        WeightDraftState.DISCARDED: _p("draft", "Set aside"),
    },
    MatchRunState: {
        MatchRunState.QUEUED: _l("About to start"),
        MatchRunState.RUNNING: _l("Under way"),
        MatchRunState.DONE: _p("match run", "Finished"),
        MatchRunState.FAILED: _p("match run", "Stopped by a problem"),
    },
    SuggestionState: {
        SuggestionState.ALTERNATIVE: _l("Other choice"),
        SuggestionState.OPEN: _l("To be decided"),
        SuggestionState.APPROVED: _p("suggestion", "Approved"),
        SuggestionState.REJECTED: _p("suggestion", "Set aside"),
        SuggestionState.SUPERSEDED: _p("suggestion", "Replaced"),
    },
    PlanLineState: {
        PlanLineState.PROPOSED: _p("plan", "To be decided"),
        PlanLineState.APPROVED: _p("plan", "Approved"),
        PlanLineState.REJECTED: _p("plan", "Set aside"),
        PlanLineState.SUPERSEDED: _p("plan", "Replaced"),
    },
    PairingState: {
        PairingState.PROPOSED: _p("pairing", "Sent, answer awaited"),
        PairingState.ASKED: _p("pairing", "A question to answer"),
        PairingState.ACTIVE: _p("pairing", "Active"),
        PairingState.PAUSED: _p("pairing", "On pause"),
        PairingState.DECLINED: _p("pairing", "Declined"),
        PairingState.WITHDRAWN: _p("pairing", "Withdrawn"),
        PairingState.EXPIRED: _p("pairing", "No answer in time"),
        PairingState.ENDED: _p("pairing", "Ended"),
    },
    SessionState: {
        SessionState.SCHEDULED: _p("workshop session", "Scheduled"),
        SessionState.CANCELLED: _p("workshop session", "Cancelled"),
        SessionState.HELD: _p("workshop session", "Held"),
    },
    BookingState: {
        BookingState.CONFIRMED: _p("booking", "Place confirmed"),
        BookingState.WAITING: _p("booking", "On the waiting list"),
        BookingState.OFFERED: _p("booking", "A place is kept, to be confirmed"),
        BookingState.CANCELLED: _p("booking", "Cancelled"),
        BookingState.ATTENDED: _p("booking", "Present"),
        BookingState.ABSENT: _p("booking", "Absent"),
    },
}
STATE_TONES: Mapping[type[StrEnum], Mapping[StrEnum, str]] = {
    EntrepreneurState: {EntrepreneurState.INCOMPLETE: "attention", EntrepreneurState.READY: "good"},
    SupporterState: {SupporterState.ACTIVE: "good", SupporterState.PAUSED: "attention"},
    WeightDraftState: {
        WeightDraftState.RUNNING: "info",
        WeightDraftState.QUEUED: "info",
        WeightDraftState.READY: "attention",
        WeightDraftState.FAILED: "problem",
        WeightDraftState.PUBLISHED: "good",
        WeightDraftState.DISCARDED: "plain",
    },
    MatchRunState: {
        MatchRunState.RUNNING: "info",
        MatchRunState.QUEUED: "info",
        MatchRunState.DONE: "good",
        MatchRunState.FAILED: "problem",
    },
    PlanLineState: {PlanLineState.PROPOSED: "attention", PlanLineState.APPROVED: "good"},
    SuggestionState: {SuggestionState.OPEN: "attention", SuggestionState.APPROVED: "good"},
    PairingState: {
        PairingState.PROPOSED: "info",
        PairingState.ASKED: "attention",
        PairingState.ACTIVE: "good",
        PairingState.PAUSED: "info",
        PairingState.EXPIRED: "attention",
    },
    SessionState: {SessionState.SCHEDULED: "info", SessionState.HELD: "good"},
    BookingState: {
        BookingState.CONFIRMED: "good",
        BookingState.WAITING: "attention",
        BookingState.OFFERED: "attention",
        BookingState.ATTENDED: "good",
    },
}
