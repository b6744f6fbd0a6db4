"""The people's files and what begins them: an entrepreneur's file, the first interview, a supporter's."""

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


SUPPORTER_MOVES: Moves = MappingProxyType(
    {
        (SupporterState.ACTIVE, SupporterAction.PAUSE): SupporterState.PAUSED,
        (SupporterState.PAUSED, SupporterAction.RESUME): SupporterState.ACTIVE,
        (SupporterState.ACTIVE, SupporterAction.LEAVE): SupporterState.LEFT,
        (SupporterState.PAUSED, SupporterAction.LEAVE): SupporterState.LEFT,
    }
)
