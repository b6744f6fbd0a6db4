"""The words of what one does, and of what one looks for."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from models.queries.agenda import SessionSituation
from models.queries.directory import EntrepreneurSituation, SupporterSituation
from models.queries.review import SuggestionOrder
from models.states import (
    BookingAction,
    EntrepreneurAction,
    MatchRunAction,
    MessageAction,
    PairingAction,
    PlanLineAction,
    SessionAction,
    SuggestionAction,
    SupporterAction,
    WeightDraftAction,
)

Words = Mapping[StrEnum, LazyString]

ACTIONS: Mapping[type[StrEnum], Words] = {
    EntrepreneurAction: {
        EntrepreneurAction.COMPLETE: _l("Profile completed"),
        EntrepreneurAction.REOPEN: _l("File opened again"),
        EntrepreneurAction.CLOSE: _p("action", "File closed"),
    },
    SupporterAction: {
        SupporterAction.PAUSE: _l("Pause begun"),
        SupporterAction.RESUME: _l("Pause ended"),
        SupporterAction.LEAVE: _l("Left the association"),
    },
    WeightDraftAction: {
        WeightDraftAction.START: _l("Replay started"),
        WeightDraftAction.FINISH: _l("Replay finished"),
        WeightDraftAction.FAIL: _l("Replay stopped by a problem"),
        WeightDraftAction.PUBLISH: _l("Publish"),
        WeightDraftAction.DISCARD: _l("Set the draft aside"),
    },
    MatchRunAction: {
        MatchRunAction.START: _l("Match run started"),
        MatchRunAction.FINISH: _l("Match run finished"),
        MatchRunAction.FAIL: _l("Match run stopped by a problem"),
    },
    SuggestionAction: {
        SuggestionAction.PRESENT: _l("Suggestion presented"),
        SuggestionAction.APPROVE: _l("Suggestion approved"),
        SuggestionAction.REJECT: _l("Suggestion set aside"),
        SuggestionAction.SUPERSEDE: _l("Suggestion replaced by a newer one"),
        SuggestionAction.STEP_BACK: _l("Suggestion kept as another choice"),
    },
    PlanLineAction: {
        PlanLineAction.APPROVE: _l("Invited to a workshop"),
        PlanLineAction.REJECT: _l("Workshop set aside"),
        PlanLineAction.SUPERSEDE: _l("Workshop replaced by a newer plan"),
    },
    PairingAction: {
        PairingAction.ACCEPT: _p("action", "Pairing accepted"),
        PairingAction.DECLINE: _p("action", "Pairing declined"),
        PairingAction.ASK: _p("action", "Question asked before deciding"),
        PairingAction.ANSWER: _p("action", "Question answered"),
        PairingAction.WITHDRAW: _p("action", "Proposal withdrawn"),
        PairingAction.EXPIRE: _p("action", "Proposal ended without an answer"),
        PairingAction.PAUSE: _p("action", "Pairing paused"),
        PairingAction.RESUME: _p("action", "Pairing resumed"),
        PairingAction.END: _p("action", "Pairing ended"),
    },
    SessionAction: {
        SessionAction.CANCEL: _p("action", "Session cancelled"),
        SessionAction.HOLD: _p("action", "Session held"),
    },
    BookingAction: {
        BookingAction.OFFER: _l("A free place was offered from the waiting list"),
        BookingAction.ACCEPT: _l("The place that was offered is taken"),
        BookingAction.PROMOTE: _l("A free place was given from the waiting list"),
        BookingAction.CANCEL: _p("action", "Booking cancelled"),
        BookingAction.ATTEND: _l("Presence noted"),
        BookingAction.MISS: _l("Absence noted"),
    },
    MessageAction: {
        MessageAction.TAKE: _l("Sending begun"),
        MessageAction.DELIVER: _l("Message delivered"),
        MessageAction.RELEASE: _l("Sending put off"),
        MessageAction.GIVE_UP: _l("Sending given up"),
        MessageAction.GATHER: _l("Told in a summary"),
    },
}
# What a list can be narrowed to or sorted by.
FILTERS: Mapping[type[StrEnum], Words] = {
    EntrepreneurSituation: {
        EntrepreneurSituation.ALONE: _l("Nobody at their side yet"),
        EntrepreneurSituation.INCOMPLETE: _l("Profile to complete"),
        EntrepreneurSituation.QPV_BORDERLINE: _l("Neighbourhood to be checked"),
        EntrepreneurSituation.ACCOMPANIED: _l("Accompanied"),
    },
    SupporterSituation: {
        SupporterSituation.FREE: _l("With a free place"),
        SupporterSituation.FULL: _l("Without a free place"),
        SupporterSituation.PAPERS: _l("Training or insurance to renew"),
        SupporterSituation.AWAY: _l("On pause, and past the day"),
    },
    SessionSituation: {
        SessionSituation.UPCOMING: _l("To come"),
        SessionSituation.FREE: _l("With free seats"),
        SessionSituation.WAITING: _l("With a waiting list"),
        SessionSituation.TO_DECIDE: _l("Go or no-go"),
        SessionSituation.ATTENDANCE: _l("Attendance to be noted"),
        SessionSituation.PAST: _l("Past"),
    },
    SuggestionOrder: {
        SuggestionOrder.DEADLINE: _l("Deadline, soonest first"),
        SuggestionOrder.SCORE: _l("Score, best first"),
        SuggestionOrder.WAITING: _l("Waiting time, longest first"),
        SuggestionOrder.NAME: _l("Name"),
    },
}
# Members of different enums with the same value are equal as text: the class is part of the key.
