"""The words of reasons: why something was set aside, declined, withdrawn, ended, chosen, moved or cancelled."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from models.match_runs import RejectReason
from models.pairings import ChoiceReason, DeclineReason, EndReason, WithdrawReason
from models.workshops import CancelReason, MoveReason, WaitingRule

REASON_WORDS: Mapping[type[StrEnum], Mapping[StrEnum, LazyString]] = {
    RejectReason: {
        RejectReason.NEEDS_DIFFER: _l("The needs are different"),
        RejectReason.TOO_FAR: _l("Too far"),
        RejectReason.ALREADY_SUPPORTED: _l("Already supported elsewhere"),
        RejectReason.NOT_NOW: _l("Not the right moment"),
        RejectReason.CONFLICT_OF_INTEREST: _l("Conflict of interest"),
        RejectReason.BETTER_KNOWN: _l("I know somebody who fits better"),
        RejectReason.OTHER: _l("Another reason"),
    },
    DeclineReason: {
        DeclineReason.NO_TIME: _l("No time at the moment"),
        DeclineReason.TOO_FAR: _l("Too far"),
        DeclineReason.OTHER_EXPERTISE: _l("The needs call for another expertise"),
        DeclineReason.CONFLICT_OF_INTEREST: _l("Conflict of interest"),
        DeclineReason.LANGUAGE: _l("We do not share a language well enough"),
        DeclineReason.OTHER: _l("Another reason"),
    },
    WithdrawReason: {
        WithdrawReason.PERSON_CHANGED_MIND: _l("The person changed their mind"),
        WithdrawReason.SUPPORTER_PAUSED: _l("The supporter is on pause"),
        WithdrawReason.SUPPORTER_LESS_TIME: _l("The supporter has less time for now"),
        WithdrawReason.OTHER_CHOICE: _l("Another choice was made"),
        WithdrawReason.OTHER: _l("Another reason"),
    },
    EndReason: {
        EndReason.GOAL_REACHED: _l("The goal is reached"),
        EndReason.TERM_REACHED: _l("The agreed time is over"),
        EndReason.UNAVAILABLE: _l("One of the two is no longer available"),
        EndReason.NEED_CHANGED: _l("The need has changed"),
        EndReason.NOT_A_FIT: _l("The two did not find a way to work together"),
        EndReason.PROJECT_STOPPED: _l("The project has stopped"),
        EndReason.MOVED: _l("One of the two has moved"),
        EndReason.OTHER: _l("Another reason"),
    },
    ChoiceReason: {
        ChoiceReason.ASKED_FOR: _l("The person asked for this supporter"),
        ChoiceReason.KNOWN_FIT: _l("They know each other or fit well"),
        ChoiceReason.BETTER_EXPERTISE: _l("Better expertise for the need"),
        ChoiceReason.CLOSER: _l("Closer"),
        ChoiceReason.SPREAD_LOAD: _l("To share the load between supporters"),
        ChoiceReason.OTHER: _l("Another reason"),
    },
    MoveReason: {
        MoveReason.ACCESS: _l("A need of access or of date"),
        MoveReason.URGENT: _l("A step of the project that cannot wait"),
        MoveReason.CANCELLED_BEFORE: _l("An earlier date was cancelled"),
        MoveReason.AGREED: _l("Agreed with the people concerned"),
        MoveReason.MISTAKE: _l("Puts a mistake right"),
    },
    WaitingRule: {
        WaitingRule.CANCELLED_BEFORE: _l("An earlier date was cancelled"),
        WaitingRule.FIRST_TIME_AND_NEED: _l("Would come for the first time, and needs it"),
        WaitingRule.FIRST_TIME: _l("Would come for the first time"),
        WaitingRule.NEED: _l("Needs it, and had a place before"),
        WaitingRule.ARRIVAL: _l("Order of arrival"),
    },
    CancelReason: {
        CancelReason.BY_PERSON: _l("Cancelled by the person"),
        CancelReason.BY_ORGANISER: _l("Cancelled by the organiser"),
        CancelReason.NO_SEAT_FREED: _l("No place became free"),
        CancelReason.SESSION_CANCELLED: _l("The session was cancelled"),
        CancelReason.OFFER_DECLINED: _l("Did not need the place that was offered"),
        CancelReason.OFFER_LAPSED: _l("No answer in time to the place that was offered"),
    },
}
