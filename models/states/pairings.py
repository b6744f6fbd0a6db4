"""Two people together: the pairing, its meetings, its charter."""

from enum import StrEnum
from types import MappingProxyType

from models.states.shape import Moves


class PairingState(StrEnum):
    """A pairing from proposal to end. Asked: a question goes first. Paused: the place is kept for the person."""

    PROPOSED = "proposed"
    ASKED = "asked"
    ACTIVE = "active"
    PAUSED = "paused"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    ENDED = "ended"


class PairingAction(StrEnum):
    """What people, or the clock, do with a pairing."""

    ACCEPT = "accept"
    DECLINE = "decline"
    ASK = "ask"
    ANSWER = "answer"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    PAUSE = "pause"
    RESUME = "resume"
    END = "end"


PAIRING_MOVES: Moves = MappingProxyType(
    {
        (PairingState.PROPOSED, PairingAction.ACCEPT): PairingState.ACTIVE,
        (PairingState.PROPOSED, PairingAction.DECLINE): PairingState.DECLINED,
        (PairingState.PROPOSED, PairingAction.ASK): PairingState.ASKED,
        (PairingState.PROPOSED, PairingAction.WITHDRAW): PairingState.WITHDRAWN,
        (PairingState.PROPOSED, PairingAction.EXPIRE): PairingState.EXPIRED,
        (PairingState.ASKED, PairingAction.ACCEPT): PairingState.ACTIVE,
        (PairingState.ASKED, PairingAction.DECLINE): PairingState.DECLINED,
        (PairingState.ASKED, PairingAction.ANSWER): PairingState.PROPOSED,
        (PairingState.ASKED, PairingAction.WITHDRAW): PairingState.WITHDRAWN,
        (PairingState.ACTIVE, PairingAction.PAUSE): PairingState.PAUSED,
        (PairingState.ACTIVE, PairingAction.END): PairingState.ENDED,
        (PairingState.PAUSED, PairingAction.RESUME): PairingState.ACTIVE,
        (PairingState.PAUSED, PairingAction.END): PairingState.ENDED,
    }
)
UNANSWERED_PAIRING_STATES = (PairingState.PROPOSED, PairingState.ASKED)
TOGETHER_PAIRING_STATES = (PairingState.ACTIVE, PairingState.PAUSED)
LIVE_PAIRING_STATES = UNANSWERED_PAIRING_STATES + TOGETHER_PAIRING_STATES


class MeetingState(StrEnum):
    """A meeting of the two, from the dates proposed to what became of it."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    HELD = "held"
    MISSED = "missed"
    CANCELLED = "cancelled"


class MeetingAction(StrEnum):
    """What either side does with a meeting. Moving it proposes other dates."""

    CONFIRM = "confirm"
    MOVE = "move"
    HOLD = "hold"
    MISS = "miss"
    CANCEL = "cancel"


MEETING_MOVES: Moves = MappingProxyType(
    {
        (MeetingState.PROPOSED, MeetingAction.CONFIRM): MeetingState.CONFIRMED,
        (MeetingState.PROPOSED, MeetingAction.MOVE): MeetingState.PROPOSED,
        (MeetingState.PROPOSED, MeetingAction.CANCEL): MeetingState.CANCELLED,
        (MeetingState.CONFIRMED, MeetingAction.MOVE): MeetingState.PROPOSED,
        (MeetingState.CONFIRMED, MeetingAction.HOLD): MeetingState.HELD,
        (MeetingState.CONFIRMED, MeetingAction.MISS): MeetingState.MISSED,
        (MeetingState.CONFIRMED, MeetingAction.CANCEL): MeetingState.CANCELLED,
        (MeetingState.HELD, MeetingAction.MISS): MeetingState.MISSED,
        (MeetingState.MISSED, MeetingAction.HOLD): MeetingState.HELD,
    }
)
LIVE_MEETING_STATES = (MeetingState.PROPOSED, MeetingState.CONFIRMED)


class CharterState(StrEnum):
    """A charter of a pairing: open until everybody has signed, closed when the pairing ended before."""

    OPEN = "open"
    SIGNED = "signed"
    CLOSED = "closed"


class CharterAction(StrEnum):
    """What happens to a charter: the last signature, or the end of the pairing."""

    COMPLETE = "complete"
    CLOSE = "close"


CHARTER_MOVES: Moves = MappingProxyType(
    {
        (CharterState.OPEN, CharterAction.COMPLETE): CharterState.SIGNED,
        (CharterState.OPEN, CharterAction.CLOSE): CharterState.CLOSED,
    }
)
