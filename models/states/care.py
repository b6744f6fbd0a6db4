"""What stays between the person and who looks after her: the coaching file, the wish to be called."""

from enum import StrEnum
from types import MappingProxyType

from models.states.shape import Moves


class CoachingFileState(StrEnum):
    """A coaching file: open by agreement, withdrawn when it is taken back, closed when the path is over."""

    OPEN = "open"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class CoachingFileAction(StrEnum):
    """What the person, or the clock, does with her coaching file."""

    WITHDRAW = "withdraw"
    RENEW = "renew"
    CLOSE = "close"


COACHING_FILE_MOVES: Moves = MappingProxyType(
    {
        (CoachingFileState.OPEN, CoachingFileAction.WITHDRAW): CoachingFileState.WITHDRAWN,
        (CoachingFileState.OPEN, CoachingFileAction.CLOSE): CoachingFileState.CLOSED,
        (CoachingFileState.WITHDRAWN, CoachingFileAction.RENEW): CoachingFileState.OPEN,
    }
)


class HandoverState(StrEnum):
    """A wish to be called: somebody trained is asked, has taken it, and it is over."""

    OPEN = "open"
    TAKEN = "taken"
    CLOSED = "closed"


class HandoverAction(StrEnum):
    """What sentinels, the person, or the clock do with it. Handing it on asks the next sentinel."""

    TAKE = "take"
    HAND_ON = "hand_on"
    CLOSE = "close"


HANDOVER_MOVES: Moves = MappingProxyType(
    {
        (HandoverState.OPEN, HandoverAction.TAKE): HandoverState.TAKEN,
        (HandoverState.OPEN, HandoverAction.HAND_ON): HandoverState.OPEN,
        (HandoverState.OPEN, HandoverAction.CLOSE): HandoverState.CLOSED,
        (HandoverState.TAKEN, HandoverAction.HAND_ON): HandoverState.OPEN,
        (HandoverState.TAKEN, HandoverAction.CLOSE): HandoverState.CLOSED,
    }
)
LIVE_HANDOVER_STATES = (HandoverState.OPEN, HandoverState.TAKEN)
