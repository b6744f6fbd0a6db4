"""What must hold of introductions and of questions put to experts."""

from sqlalchemy import ColumnElement, Select, exists

from models.entrepreneurs import Entrepreneur
from models.expert_questions import ExpertQuestion
from models.introductions import Introduction
from models.pairings import Pairing
from models.queries.laws.law import Law, count_all
from models.states import (
    LIVE_INTRODUCTION_STATES,
    LIVE_QUESTION_STATES,
    TOGETHER_PAIRING_STATES,
    EntrepreneurState,
    ExpertQuestionState,
)


def list_laws() -> list[Law]:
    """List the laws, as the check names them."""
    return [
        ("introduction_is_of_its_pairing", count_all(Introduction), _introduction_of_others),
        ("live_introduction_has_an_open_file", count_all(Introduction, _is_live_introduction()), _introduction_closed),
        ("asked_question_is_with_her_expert", count_all(ExpertQuestion, _is_asked()), _asked_of_others),
        ("live_question_has_an_open_file", count_all(ExpertQuestion, _is_live_question()), _question_closed),
    ]


def _introduction_of_others() -> Select[int]:
    """Count introductions whose pairing is of somebody else."""
    same = exists().where(
        Pairing.id == Introduction.pairing_id,
        Pairing.entrepreneur_id == Introduction.entrepreneur_id,
        Pairing.supporter_id == Introduction.supporter_id,
    )
    return count_all(Introduction, Introduction.pairing_id.is_not(None), ~same)


def _is_live_introduction() -> ColumnElement[bool]:
    return Introduction.state.in_(LIVE_INTRODUCTION_STATES)


def _introduction_closed() -> Select[int]:
    closed = exists().where(
        Entrepreneur.id == Introduction.entrepreneur_id, Entrepreneur.state == EntrepreneurState.CLOSED
    )
    return count_all(Introduction, _is_live_introduction(), closed)


def _is_asked() -> ColumnElement[bool]:
    return ExpertQuestion.state == ExpertQuestionState.ASKED


def _asked_of_others() -> Select[int]:
    """Count questions put to an expert who does not work with the person, or no longer."""
    together = exists().where(
        Pairing.id == ExpertQuestion.pairing_id,
        Pairing.entrepreneur_id == ExpertQuestion.entrepreneur_id,
        Pairing.supporter_id == ExpertQuestion.supporter_id,
        Pairing.state.in_(TOGETHER_PAIRING_STATES),
    )
    return count_all(ExpertQuestion, _is_asked(), ExpertQuestion.pairing_id.is_not(None), ~together)


def _is_live_question() -> ColumnElement[bool]:
    return ExpertQuestion.state.in_(LIVE_QUESTION_STATES)


def _question_closed() -> Select[int]:
    closed = exists().where(
        Entrepreneur.id == ExpertQuestion.entrepreneur_id, Entrepreneur.state == EntrepreneurState.CLOSED
    )
    return count_all(ExpertQuestion, _is_live_question(), closed)
