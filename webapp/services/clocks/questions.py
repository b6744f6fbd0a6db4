"""Expert questions nobody answers: a reminder, then the association, then an end with a word and a day.

============  ==================================  ==========================================
who has it    at its day                          by itself
============  ==================================  ==========================================
an expert     the expert is reminded              QUESTION days later it goes back
association   the coordinators are reminded       EXPERT_ANSWER days later it ends, and the person gets a day
the person    -                                   an answer closes on its day, and frees the expert
============  ==================================  ==========================================
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from models.db import db, retried, transaction
from models.exceptions import DomainError
from models.expert_questions import ExpertQuestion
from models.notices import NoticeKind
from models.queries.coordinators import list_coordinators
from models.queries.expert_questions import list_overdue_questions
from models.queries.overdue import Overdue, list_due
from models.states import ExpertQuestionState
from models.supporters import Supporter
from webapp.permissions import SYSTEM
from webapp.services.expert_questions import close_question, expire_question, pass_question_back
from webapp.services.notices import Addressee, notice


def notice_questions(*, at: datetime) -> int:
    """Notice questions past their day, for who is to answer."""
    kind = NoticeKind.EXPERT_QUESTION_WAITS
    return sum(_notice(overdue, at=at) for overdue in list_due(db.session(), kind, at=at))


def settle_questions(*, at: datetime) -> int:
    """Do what happens by itself to questions that nobody answers, and to answers that nobody closes."""
    settled = 0
    for question in list_overdue_questions(db.session(), at=at):
        question_id, state, is_with_expert = question.public_id, question.state, question.supporter_id is not None
        try:
            if state is ExpertQuestionState.ANSWERED:
                close_question(question_id=question_id, actor=SYSTEM, at=at)
            elif is_with_expert:
                pass_question_back(question_id=question_id, actor=SYSTEM, at=at)
            else:
                expire_question(question_id=question_id, actor=SYSTEM, at=at)
        except DomainError:
            continue
        settled += 1
    return settled


@retried
def _notice(overdue: Overdue, *, at: datetime) -> int:
    with transaction() as session:
        question = session.get_one(ExpertQuestion, overdue.record_id)
        return notice(session, NoticeKind.EXPERT_QUESTION_WAITS, overdue, _people(session, question), at=at)


def _people(session: Session, question: ExpertQuestion) -> Iterable[Addressee]:
    if question.supporter_id is not None:
        return [session.get_one(Supporter, question.supporter_id)]
    return list_coordinators(session, question.association_id)
