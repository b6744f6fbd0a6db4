"""The people's files: an entrepreneur's file, the first interview, a supporter's, and the wish to be forgotten."""

from enum import StrEnum
from types import MappingProxyType

from models.states.shape import Moves


class EntrepreneurState(StrEnum):
    """Where a person's file stands."""

    INCOMPLETE = "incomplete"
    READY = "ready"
    CLOSED = "closed"


class EntrepreneurAction(StrEnum):
    """What can happen to a person's file."""

    COMPLETE = "complete"
    REOPEN = "reopen"
    CLOSE = "close"


ENTREPRENEUR_MOVES: Moves = MappingProxyType(
    {
        (EntrepreneurState.INCOMPLETE, EntrepreneurAction.COMPLETE): EntrepreneurState.READY,
        (EntrepreneurState.READY, EntrepreneurAction.REOPEN): EntrepreneurState.INCOMPLETE,
        (EntrepreneurState.CLOSED, EntrepreneurAction.REOPEN): EntrepreneurState.INCOMPLETE,
        (EntrepreneurState.INCOMPLETE, EntrepreneurAction.CLOSE): EntrepreneurState.CLOSED,
        (EntrepreneurState.READY, EntrepreneurAction.CLOSE): EntrepreneurState.CLOSED,
    }
)


class InterviewState(StrEnum):
    """A first interview, from the day it is planned to what became of it."""

    PLANNED = "planned"
    HELD = "held"
    MISSED = "missed"
    CANCELLED = "cancelled"


class InterviewAction(StrEnum):
    """What a coordinator does with an interview."""

    HOLD = "hold"
    MISS = "miss"
    CANCEL = "cancel"


INTERVIEW_MOVES: Moves = MappingProxyType(
    {
        (InterviewState.PLANNED, InterviewAction.HOLD): InterviewState.HELD,
        (InterviewState.PLANNED, InterviewAction.MISS): InterviewState.MISSED,
        (InterviewState.PLANNED, InterviewAction.CANCEL): InterviewState.CANCELLED,
        # What was noted can be corrected.
        (InterviewState.HELD, InterviewAction.HOLD): InterviewState.HELD,
    }
)


class SupporterState(StrEnum):
    """Whether a supporter can be proposed."""

    ACTIVE = "active"
    PAUSED = "paused"
    LEFT = "left"


class SupporterAction(StrEnum):
    """What a supporter decides about being proposed."""

    PAUSE = "pause"
    RESUME = "resume"
    LEAVE = "leave"


class ErasureState(StrEnum):
    """A wish to be forgotten, from the day to think it over to what became of it."""

    ASKED = "asked"
    UNDER_WAY = "under_way"
    KEPT = "kept"
    DONE = "done"


class ErasureAction(StrEnum):
    """What becomes of such a wish: taken back, or begun, after which there is no way back, and carried out."""

    KEEP = "keep"
    BEGIN = "begin"
    CARRY_OUT = "carry_out"


ERASURE_MOVES: Moves = MappingProxyType(
    {
        (ErasureState.ASKED, ErasureAction.KEEP): ErasureState.KEPT,
        (ErasureState.ASKED, ErasureAction.BEGIN): ErasureState.UNDER_WAY,
        (ErasureState.UNDER_WAY, ErasureAction.CARRY_OUT): ErasureState.DONE,
    }
)
LIVE_ERASURE_STATES = (ErasureState.ASKED, ErasureState.UNDER_WAY)

SUPPORTER_MOVES: Moves = MappingProxyType(
    {
        (SupporterState.ACTIVE, SupporterAction.PAUSE): SupporterState.PAUSED,
        (SupporterState.PAUSED, SupporterAction.RESUME): SupporterState.ACTIVE,
        (SupporterState.ACTIVE, SupporterAction.LEAVE): SupporterState.LEFT,
        (SupporterState.PAUSED, SupporterAction.LEAVE): SupporterState.LEFT,
    }
)
