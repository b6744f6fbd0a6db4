"""A peer circle, its members, its meetings; and when the supporters of an association meet."""

from enum import StrEnum
from types import MappingProxyType

from models.states.shape import Moves


class CircleState(StrEnum):
    """A peer circle, from the engine's proposal to its end."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DISSOLVED = "dissolved"


class CircleAction(StrEnum):
    """What a coordinator, or a newer composition, does with a circle."""

    CONFIRM = "confirm"
    REPLACE = "replace"
    GO_ON = "go_on"
    DISSOLVE = "dissolve"


CIRCLE_MOVES: Moves = MappingProxyType(
    {
        (CircleState.PROPOSED, CircleAction.CONFIRM): CircleState.CONFIRMED,
        (CircleState.PROPOSED, CircleAction.REPLACE): CircleState.DISSOLVED,
        (CircleState.PROPOSED, CircleAction.DISSOLVE): CircleState.DISSOLVED,
        # With fewer people than planned: somebody decided so.
        (CircleState.CONFIRMED, CircleAction.GO_ON): CircleState.CONFIRMED,
        (CircleState.CONFIRMED, CircleAction.DISSOLVE): CircleState.DISSOLVED,
    }
)
LIVE_CIRCLE_STATES = (CircleState.PROPOSED, CircleState.CONFIRMED)


class CircleMemberState(StrEnum):
    """A person's place in a circle."""

    PROPOSED = "proposed"
    INVITED = "invited"
    JOINED = "joined"
    DECLINED = "declined"
    LEFT = "left"


class CircleMemberAction(StrEnum):
    """What people, or the clock, do with a place in a circle."""

    INVITE = "invite"
    JOIN = "join"
    AGREE = "agree"
    DECLINE = "decline"
    EXPIRE = "expire"
    LEAVE = "leave"
    REMOVE = "remove"


CIRCLE_MEMBER_MOVES: Moves = MappingProxyType(
    {
        (CircleMemberState.PROPOSED, CircleMemberAction.INVITE): CircleMemberState.INVITED,
        (CircleMemberState.PROPOSED, CircleMemberAction.REMOVE): CircleMemberState.LEFT,
        (CircleMemberState.INVITED, CircleMemberAction.JOIN): CircleMemberState.JOINED,
        (CircleMemberState.INVITED, CircleMemberAction.DECLINE): CircleMemberState.DECLINED,
        (CircleMemberState.INVITED, CircleMemberAction.EXPIRE): CircleMemberState.DECLINED,
        (CircleMemberState.INVITED, CircleMemberAction.REMOVE): CircleMemberState.LEFT,
        (CircleMemberState.JOINED, CircleMemberAction.AGREE): CircleMemberState.JOINED,
        (CircleMemberState.JOINED, CircleMemberAction.LEAVE): CircleMemberState.LEFT,
        (CircleMemberState.JOINED, CircleMemberAction.REMOVE): CircleMemberState.LEFT,
    }
)
LIVE_CIRCLE_MEMBER_STATES = (CircleMemberState.PROPOSED, CircleMemberState.INVITED, CircleMemberState.JOINED)


class CircleMeetingState(StrEnum):
    """A meeting of a circle, from its day in the calendar to what became of it."""

    PLANNED = "planned"
    HELD = "held"
    MISSED = "missed"
    CANCELLED = "cancelled"


class CircleMeetingAction(StrEnum):
    """What its facilitator, or a coordinator, does with it. Kept: it takes place though few come."""

    MOVE = "move"
    KEEP = "keep"
    HOLD = "hold"
    MISS = "miss"
    CANCEL = "cancel"


CIRCLE_MEETING_MOVES: Moves = MappingProxyType(
    {
        (CircleMeetingState.PLANNED, CircleMeetingAction.MOVE): CircleMeetingState.PLANNED,
        (CircleMeetingState.PLANNED, CircleMeetingAction.KEEP): CircleMeetingState.PLANNED,
        (CircleMeetingState.PLANNED, CircleMeetingAction.HOLD): CircleMeetingState.HELD,
        (CircleMeetingState.PLANNED, CircleMeetingAction.MISS): CircleMeetingState.MISSED,
        (CircleMeetingState.PLANNED, CircleMeetingAction.CANCEL): CircleMeetingState.CANCELLED,
        # What was noted can be corrected.
        (CircleMeetingState.HELD, CircleMeetingAction.HOLD): CircleMeetingState.HELD,
        (CircleMeetingState.HELD, CircleMeetingAction.MISS): CircleMeetingState.MISSED,
        (CircleMeetingState.MISSED, CircleMeetingAction.HOLD): CircleMeetingState.HELD,
    }
)


class GatheringState(StrEnum):
    """A meeting of the supporters of an association, from its day in the calendar to what became of it."""

    PLANNED = "planned"
    HELD = "held"
    MISSED = "missed"
    CANCELLED = "cancelled"


class GatheringAction(StrEnum):
    """What a coordinator does with it. Changed: another day, another place, other words."""

    CHANGE = "change"
    HOLD = "hold"
    MISS = "miss"
    CANCEL = "cancel"


GATHERING_MOVES: Moves = MappingProxyType(
    {
        (GatheringState.PLANNED, GatheringAction.CHANGE): GatheringState.PLANNED,
        (GatheringState.PLANNED, GatheringAction.HOLD): GatheringState.HELD,
        (GatheringState.PLANNED, GatheringAction.MISS): GatheringState.MISSED,
        (GatheringState.PLANNED, GatheringAction.CANCEL): GatheringState.CANCELLED,
        # What was noted can be corrected.
        (GatheringState.HELD, GatheringAction.HOLD): GatheringState.HELD,
        (GatheringState.HELD, GatheringAction.MISS): GatheringState.MISSED,
        (GatheringState.MISSED, GatheringAction.HOLD): GatheringState.HELD,
    }
)
