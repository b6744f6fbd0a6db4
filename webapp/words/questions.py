"""The words of expert questions."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_pgettext as _p

from models.queries.expert_questions import QuestionSituation
from models.states import ExpertQuestionAction, ExpertQuestionState

QUESTION_WORDS: Mapping[type[StrEnum], Mapping[StrEnum, LazyString]] = {
    ExpertQuestionState: {
        ExpertQuestionState.ASKED: _p("question", "Sent"),
        ExpertQuestionState.ANSWERED: _p("question", "Answered"),
        ExpertQuestionState.CLOSED: _p("question", "Closed"),
        ExpertQuestionState.DECLINED: _p("question", "Nobody here can answer"),
        ExpertQuestionState.EXPIRED: _p("question", "No answer in time"),
    },
    ExpertQuestionAction: {
        ExpertQuestionAction.ANSWER: _p("action", "Expert question answered"),
        ExpertQuestionAction.HAND_BACK: _p("action", "Expert question given back to the association"),
        ExpertQuestionAction.HAND_ON: _p("action", "Expert question put to an expert"),
        ExpertQuestionAction.DECLINE: _p("action", "Expert question declined"),
        ExpertQuestionAction.EXPIRE: _p("action", "Expert question ended without an answer"),
        ExpertQuestionAction.CLOSE: _p("action", "Expert question closed"),
    },
    QuestionSituation: {
        QuestionSituation.YOURS: _p("question", "For you to answer"),
        QuestionSituation.WITH_AN_EXPERT: _p("question", "With an expert"),
        QuestionSituation.ANSWERED: _p("question", "Answered, to be closed"),
    },
}
QUESTION_TONES: Mapping[type[StrEnum], Mapping[StrEnum, str]] = {
    ExpertQuestionState: {
        ExpertQuestionState.ASKED: "info",
        ExpertQuestionState.ANSWERED: "good",
        ExpertQuestionState.DECLINED: "attention",
        ExpertQuestionState.EXPIRED: "attention",
    }
}
