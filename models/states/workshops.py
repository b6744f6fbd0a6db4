"""A session and its proposal, a person's place in it, a visitor's registration."""

from enum import StrEnum
from types import MappingProxyType

from models.states.shape import Moves


class SessionState(StrEnum):
    """A workshop session before and after its day."""

    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"
    HELD = "held"


class SessionAction(StrEnum):
    """What an organiser does with a session."""

    CANCEL = "cancel"
    HOLD = "hold"


SESSION_MOVES: Moves = MappingProxyType(
    {
        (SessionState.SCHEDULED, SessionAction.CANCEL): SessionState.CANCELLED,
        (SessionState.SCHEDULED, SessionAction.HOLD): SessionState.HELD,
    }
)


class BookingState(StrEnum):
    """A person's place in a session. Offered: a seat is held for who waited, until she answers or time is up."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    ABSENT = "absent"
    OFFERED = "offered"


class BookingAction(StrEnum):
    """What happens to a place."""

    OFFER = "offer"
    ACCEPT = "accept"
    PROMOTE = "promote"
    CANCEL = "cancel"
    ATTEND = "attend"
    MISS = "miss"


BOOKING_MOVES: Moves = MappingProxyType(
    {
        (BookingState.WAITING, BookingAction.OFFER): BookingState.OFFERED,
        # In the last day before the start a free seat is for who answers first, without an offer.
        (BookingState.WAITING, BookingAction.PROMOTE): BookingState.CONFIRMED,
        (BookingState.WAITING, BookingAction.CANCEL): BookingState.CANCELLED,
        (BookingState.OFFERED, BookingAction.ACCEPT): BookingState.CONFIRMED,
        (BookingState.OFFERED, BookingAction.CANCEL): BookingState.CANCELLED,
        (BookingState.CONFIRMED, BookingAction.CANCEL): BookingState.CANCELLED,
        (BookingState.CONFIRMED, BookingAction.ATTEND): BookingState.ATTENDED,
        (BookingState.CONFIRMED, BookingAction.MISS): BookingState.ABSENT,
        (BookingState.ATTENDED, BookingAction.MISS): BookingState.ABSENT,
        (BookingState.ABSENT, BookingAction.ATTEND): BookingState.ATTENDED,
    }
)
# An offered seat is held, and so taken; in line are those who have no seat of their own yet.
SEATED_BOOKING_STATES = (
    BookingState.CONFIRMED,
    BookingState.OFFERED,
    BookingState.ATTENDED,
    BookingState.ABSENT,
)
IN_LINE_BOOKING_STATES = (BookingState.WAITING, BookingState.OFFERED)
OPEN_BOOKING_STATES = (BookingState.CONFIRMED, *IN_LINE_BOOKING_STATES)
LIVE_BOOKING_STATES = (BookingState.WAITING, *SEATED_BOOKING_STATES)


class VisitorState(StrEnum):
    """The registration of somebody without an account for a public session."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"


class VisitorAction(StrEnum):
    """What the visitor, the organiser or the clock does with it."""

    CONFIRM = "confirm"
    CANCEL = "cancel"
    LAPSE = "lapse"


VISITOR_MOVES: Moves = MappingProxyType(
    {
        (VisitorState.ASKED, VisitorAction.CONFIRM): VisitorState.CONFIRMED,
        (VisitorState.ASKED, VisitorAction.CANCEL): VisitorState.CANCELLED,
        (VisitorState.ASKED, VisitorAction.LAPSE): VisitorState.LAPSED,
        (VisitorState.CONFIRMED, VisitorAction.CANCEL): VisitorState.CANCELLED,
    }
)
LIVE_VISITOR_STATES = (VisitorState.ASKED, VisitorState.CONFIRMED)


class SessionProposalState(StrEnum):
    """A session that a member wishes to lead."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class SessionProposalAction(StrEnum):
    """What a coordinator answers to it, and what its proposer may do."""

    CONFIRM = "confirm"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


SESSION_PROPOSAL_MOVES: Moves = MappingProxyType(
    {
        (SessionProposalState.PROPOSED, SessionProposalAction.CONFIRM): SessionProposalState.CONFIRMED,
        (SessionProposalState.PROPOSED, SessionProposalAction.DECLINE): SessionProposalState.DECLINED,
        (SessionProposalState.PROPOSED, SessionProposalAction.WITHDRAW): SessionProposalState.WITHDRAWN,
    }
)
