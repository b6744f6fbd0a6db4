"""Reads of expert questions: a person's, an expert's, an association's."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, joinedload

from models.clocks import Clock
from models.exceptions import NotFoundError
from models.expert_questions import ExpertQuestion
from models.pairings import Pairing
from models.queries.clocks import list_clocks
from models.queries.pages import Page, fetch_page
from models.states import LIVE_QUESTION_STATES, TOGETHER_PAIRING_STATES, ExpertQuestionState
from models.supporters import SupporterRole

WITH_PEOPLE = (joinedload(ExpertQuestion.entrepreneur), joinedload(ExpertQuestion.supporter))
MOST_OWN = 50


class QuestionSituation(StrEnum):
    """What the list of questions can be narrowed to."""

    YOURS = "yours"
    WITH_AN_EXPERT = "with_an_expert"
    ANSWERED = "answered"


def get_question(session: Session, public_id: UUID) -> ExpertQuestion:
    """Give a question as it is now, with its people.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    rows = select(ExpertQuestion).where(ExpertQuestion.public_id == public_id).options(*WITH_PEOPLE)
    found = session.scalar(rows.execution_options(populate_existing=True))
    if found is None:
        raise NotFoundError(record="ExpertQuestion")
    return found


def find_live_question(session: Session, entrepreneur_id: int) -> ExpertQuestion | None:
    """Give the one question of a person that is asked or answered and not closed.

    The person is left as the caller loaded her: to read her anew would forget what was loaded with her.
    """
    return session.scalar(
        select(ExpertQuestion)
        .where(ExpertQuestion.entrepreneur_id == entrepreneur_id, ExpertQuestion.state.in_(LIVE_QUESTION_STATES))
        .options(*WITH_PEOPLE)
    )


def list_roles_of_question(session: Session, entrepreneur_id: int) -> frozenset[SupporterRole]:
    """Give the role that a question asks for besides a person's wishes: an expert, while it waits for its answer."""
    asked = select(ExpertQuestion.id).where(
        ExpertQuestion.entrepreneur_id == entrepreneur_id, ExpertQuestion.state == ExpertQuestionState.ASKED
    )
    return frozenset({SupporterRole.EXPERT} if session.scalar(asked) is not None else ())


def list_asked_of_pairing(session: Session, pairing_id: int) -> Sequence[ExpertQuestion]:
    """Give what the expert of a pairing has not answered."""
    return session.scalars(
        select(ExpertQuestion).where(
            ExpertQuestion.pairing_id == pairing_id, ExpertQuestion.state == ExpertQuestionState.ASKED
        )
    ).all()


def list_past_questions(session: Session, entrepreneur_id: int) -> Sequence[ExpertQuestion]:
    """Give what a person asked before, the last first."""
    return session.scalars(
        select(ExpertQuestion)
        .where(ExpertQuestion.entrepreneur_id == entrepreneur_id, ExpertQuestion.ended_at.is_not(None))
        .options(*WITH_PEOPLE)
        .order_by(ExpertQuestion.ended_at.desc(), ExpertQuestion.id.desc())
        .limit(MOST_OWN)
    ).all()


def list_questions_for(session: Session, supporter_ids: Collection[int]) -> Sequence[ExpertQuestion]:
    """Give what these supporters are asked, the first deadline first."""
    return session.scalars(
        select(ExpertQuestion)
        .where(ExpertQuestion.supporter_id.in_(supporter_ids), ExpertQuestion.state == ExpertQuestionState.ASKED)
        .options(*WITH_PEOPLE)
        .order_by(ExpertQuestion.due_at, ExpertQuestion.id)
        .limit(MOST_OWN)
    ).all()


def find_expert_pairing(session: Session, entrepreneur_id: int) -> Pairing | None:
    """Give the pairing with the expert of a person, if she has one."""
    return session.scalar(
        select(Pairing)
        .where(
            Pairing.entrepreneur_id == entrepreneur_id,
            Pairing.role == SupporterRole.EXPERT,
            Pairing.state.in_(TOGETHER_PAIRING_STATES),
        )
        .options(joinedload(Pairing.supporter))
    )


def select_questions(association_id: int, situation: QuestionSituation | None) -> Select[ExpertQuestion]:
    """Select the open questions of an association, or those in one situation: the first deadline first."""
    rows = select(ExpertQuestion).where(
        ExpertQuestion.association_id == association_id, ExpertQuestion.state.in_(LIVE_QUESTION_STATES)
    )
    asked = ExpertQuestion.state == ExpertQuestionState.ASKED
    if situation is QuestionSituation.YOURS:
        rows = rows.where(asked, ExpertQuestion.supporter_id.is_(None))
    elif situation is QuestionSituation.WITH_AN_EXPERT:
        rows = rows.where(asked, ExpertQuestion.supporter_id.is_not(None))
    elif situation is QuestionSituation.ANSWERED:
        rows = rows.where(~asked)
    return rows.order_by(ExpertQuestion.due_at, ExpertQuestion.id)


def list_questions(
    session: Session, association_id: int, situation: QuestionSituation | None, *, page: int = 1
) -> Page[ExpertQuestion]:
    """List one page of open questions."""
    return fetch_page(session, select_questions(association_id, situation).options(*WITH_PEOPLE), page)


# Each tick asks this and so does each look at the laws: it is written once.
_OVERDUE = (
    select(ExpertQuestion)
    .where(ExpertQuestion.state.in_(LIVE_QUESTION_STATES), ExpertQuestion.due_at <= bindparam("at"))
    .order_by(ExpertQuestion.id)
)


def list_overdue_questions(session: Session, *, at: datetime) -> Sequence[ExpertQuestion]:
    """Give the questions for which the time of the next step by itself has come.

    With an expert: QUESTION days after its day it goes back; with the association: EXPERT_ANSWER days after, it ends.
    One that is answered closes on its day.
    """
    found = session.scalars(_OVERDUE, {"at": at}).all()
    clocks = list_clocks(session, {one.association_id for one in found}) if found else {}

    def is_over(one: ExpertQuestion) -> bool:
        if one.due_at is None or one.state is ExpertQuestionState.ANSWERED:
            return True
        clock = Clock.EXPERT_ANSWER if one.supporter_id is None else Clock.QUESTION
        return one.due_at + timedelta(days=clocks[one.association_id][clock]) <= at

    return [one for one in found if is_over(one)]
