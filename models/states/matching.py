"""What the engine is asked and what it answers: runs, drafts of weights, suggestions, lines of a plan."""

from enum import StrEnum
from types import MappingProxyType

from models.states.shape import Moves


class MatchRunState(StrEnum):
    """How far a match run is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class MatchRunAction(StrEnum):
    """What the worker does with a match run."""

    START = "start"
    FINISH = "finish"
    FAIL = "fail"


MATCH_RUN_MOVES: Moves = MappingProxyType(
    {
        (MatchRunState.QUEUED, MatchRunAction.START): MatchRunState.RUNNING,
        (MatchRunState.RUNNING, MatchRunAction.FINISH): MatchRunState.DONE,
        (MatchRunState.RUNNING, MatchRunAction.FAIL): MatchRunState.FAILED,
        (MatchRunState.QUEUED, MatchRunAction.FAIL): MatchRunState.FAILED,
    }
)


class WeightDraftState(StrEnum):
    """A draft of weights: it is replayed first, then published or set aside."""

    QUEUED = "queued"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class WeightDraftAction(StrEnum):
    """What the worker, then a coordinator, does with a draft of weights."""

    START = "start"
    FINISH = "finish"
    FAIL = "fail"
    PUBLISH = "publish"
    DISCARD = "discard"


WEIGHT_DRAFT_MOVES: Moves = MappingProxyType(
    {
        (WeightDraftState.QUEUED, WeightDraftAction.START): WeightDraftState.RUNNING,
        (WeightDraftState.RUNNING, WeightDraftAction.FINISH): WeightDraftState.READY,
        (WeightDraftState.RUNNING, WeightDraftAction.FAIL): WeightDraftState.FAILED,
        (WeightDraftState.READY, WeightDraftAction.PUBLISH): WeightDraftState.PUBLISHED,
        (WeightDraftState.READY, WeightDraftAction.DISCARD): WeightDraftState.DISCARDED,
        (WeightDraftState.FAILED, WeightDraftAction.DISCARD): WeightDraftState.DISCARDED,
    }
)


class SuggestionState(StrEnum):
    """What became of a suggestion. An alternative waits behind the open one."""

    ALTERNATIVE = "alternative"
    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"


class SuggestionAction(StrEnum):
    """What a coordinator, or a newer run, does with a suggestion."""

    PRESENT = "present"
    APPROVE = "approve"
    REJECT = "reject"
    SUPERSEDE = "supersede"
    STEP_BACK = "step_back"


SUGGESTION_MOVES: Moves = MappingProxyType(
    {
        (SuggestionState.ALTERNATIVE, SuggestionAction.PRESENT): SuggestionState.OPEN,
        (SuggestionState.ALTERNATIVE, SuggestionAction.APPROVE): SuggestionState.APPROVED,
        (SuggestionState.ALTERNATIVE, SuggestionAction.SUPERSEDE): SuggestionState.SUPERSEDED,
        (SuggestionState.OPEN, SuggestionAction.APPROVE): SuggestionState.APPROVED,
        (SuggestionState.OPEN, SuggestionAction.REJECT): SuggestionState.REJECTED,
        (SuggestionState.OPEN, SuggestionAction.SUPERSEDE): SuggestionState.SUPERSEDED,
        # Her supporter had paused, or she had: both are back, and it is the best there is.
        (SuggestionState.SUPERSEDED, SuggestionAction.PRESENT): SuggestionState.OPEN,
        # Another one is presented in its place, and it waits behind that one.
        (SuggestionState.OPEN, SuggestionAction.STEP_BACK): SuggestionState.ALTERNATIVE,
    }
)


class PlanLineState(StrEnum):
    """What became of a session that a plan proposes. Once approved she is invited; the seat is hers when she books."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"


class PlanLineAction(StrEnum):
    """What a coordinator, or a newer run, does with it."""

    APPROVE = "approve"
    REJECT = "reject"
    SUPERSEDE = "supersede"


PLAN_LINE_MOVES: Moves = MappingProxyType(
    {
        (PlanLineState.PROPOSED, PlanLineAction.APPROVE): PlanLineState.APPROVED,
        (PlanLineState.PROPOSED, PlanLineAction.REJECT): PlanLineState.REJECTED,
        (PlanLineState.PROPOSED, PlanLineAction.SUPERSEDE): PlanLineState.SUPERSEDED,
    }
)
