"""What goes on around a file for years: checks and reviews, contacts opened, questions to an expert."""

from enum import StrEnum
from types import MappingProxyType

from models.states.shape import Moves


class ReviewState(StrEnum):
    """A check or a review: due until somebody held it, or said why not."""

    DUE = "due"
    DONE = "done"
    SKIPPED = "skipped"


class ReviewAction(StrEnum):
    """What a coordinator, or the clock, does with a check or a review. Noting it again corrects it."""

    NOTE = "note"
    SKIP = "skip"


REVIEW_MOVES: Moves = MappingProxyType(
    {
        (ReviewState.DUE, ReviewAction.NOTE): ReviewState.DONE,
        (ReviewState.DUE, ReviewAction.SKIP): ReviewState.SKIPPED,
        (ReviewState.DONE, ReviewAction.NOTE): ReviewState.DONE,
        # Somebody could be reached after all.
        (ReviewState.SKIPPED, ReviewAction.NOTE): ReviewState.DONE,
    }
)


class IntroductionState(StrEnum):
    """A contact opened to a person, from the promise to what became of it."""

    PROMISED = "promised"
    MADE = "made"
    MET = "met"
    FRUITFUL = "fruitful"
    LAPSED = "lapsed"


class IntroductionAction(StrEnum):
    """What people, or the clock, tell of an introduction. One that lapsed may still be made."""

    MAKE = "make"
    MEET = "meet"
    SUCCEED = "succeed"
    LAPSE = "lapse"


INTRODUCTION_MOVES: Moves = MappingProxyType(
    {
        (IntroductionState.PROMISED, IntroductionAction.MAKE): IntroductionState.MADE,
        (IntroductionState.PROMISED, IntroductionAction.LAPSE): IntroductionState.LAPSED,
        (IntroductionState.MADE, IntroductionAction.MEET): IntroductionState.MET,
        (IntroductionState.MADE, IntroductionAction.SUCCEED): IntroductionState.FRUITFUL,
        (IntroductionState.MADE, IntroductionAction.LAPSE): IntroductionState.LAPSED,
        (IntroductionState.MET, IntroductionAction.SUCCEED): IntroductionState.FRUITFUL,
        (IntroductionState.LAPSED, IntroductionAction.MAKE): IntroductionState.MADE,
    }
)
LIVE_INTRODUCTION_STATES = (IntroductionState.PROMISED, IntroductionState.MADE)


class ExpertQuestionState(StrEnum):
    """One question of a person to an expert, or to her association."""

    ASKED = "asked"
    ANSWERED = "answered"
    CLOSED = "closed"
    DECLINED = "declined"
    EXPIRED = "expired"


class ExpertQuestionAction(StrEnum):
    """What people, or the clock, do with a question. Passed back or on it waits for somebody else."""

    ANSWER = "answer"
    HAND_BACK = "hand_back"
    HAND_ON = "hand_on"
    DECLINE = "decline"
    EXPIRE = "expire"
    CLOSE = "close"


EXPERT_QUESTION_MOVES: Moves = MappingProxyType(
    {
        (ExpertQuestionState.ASKED, ExpertQuestionAction.ANSWER): ExpertQuestionState.ANSWERED,
        (ExpertQuestionState.ASKED, ExpertQuestionAction.HAND_BACK): ExpertQuestionState.ASKED,
        (ExpertQuestionState.ASKED, ExpertQuestionAction.HAND_ON): ExpertQuestionState.ASKED,
        (ExpertQuestionState.ASKED, ExpertQuestionAction.DECLINE): ExpertQuestionState.DECLINED,
        (ExpertQuestionState.ASKED, ExpertQuestionAction.EXPIRE): ExpertQuestionState.EXPIRED,
        (ExpertQuestionState.ASKED, ExpertQuestionAction.CLOSE): ExpertQuestionState.CLOSED,
        (ExpertQuestionState.ANSWERED, ExpertQuestionAction.CLOSE): ExpertQuestionState.CLOSED,
    }
)
LIVE_QUESTION_STATES = (ExpertQuestionState.ASKED, ExpertQuestionState.ANSWERED)
