"""What there is about a person at all, in one statement: most people have little of it, and no more is read then."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from models.charters import Charter
from models.circles import CircleMember
from models.coaching import CoachingFile
from models.entrepreneurs import Entrepreneur
from models.erasures import Erasure
from models.expert_questions import ExpertQuestion
from models.handovers import Handover
from models.interviews import Interview
from models.introductions import Introduction
from models.match_runs import Suggestion
from models.pairings import Pairing
from models.queries.pairings import IS_TO_CLOSE
from models.reviews import Review
from models.session_proposals import SessionProposal
from models.states import (
    LIVE_ERASURE_STATES,
    LIVE_HANDOVER_STATES,
    LIVE_INTRODUCTION_STATES,
    LIVE_QUESTION_STATES,
    BookingState,
    CharterState,
    ReviewState,
    SuggestionState,
)
from models.supporters import SupporterRole
from models.workshops import Booking, WorkshopSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Whether there is any of each; True may still turn out to be nothing of today, False never is wrong."""

    attended: bool
    call: bool
    charter: bool
    closing: bool
    coaching: bool
    erasure: bool
    interview: bool
    introduction: bool
    place: bool
    proposal: bool
    question: bool
    review: bool
    suggestion: bool


def read_presence(session: Session, entrepreneur_id: int, *, at: datetime) -> Presence:
    """Say what there is about a person. One statement."""
    row = session.execute(select(*(part.label(name) for name, part in _list_parts(entrepreneur_id, at).items()))).one()
    return Presence(**{name: bool(value) for name, value in row._mapping.items()})


def _list_parts(number: int, at: datetime) -> dict[str, ColumnElement[bool]]:
    coached = exists().where(Pairing.entrepreneur_id == number, Pairing.role == SupporterRole.COACH)
    signed_by = and_(Pairing.id == Charter.pairing_id, Pairing.entrepreneur_id == number)
    return {
        "attended": exists().where(
            Booking.entrepreneur_id == number,
            Booking.state.in_((BookingState.CONFIRMED, BookingState.ATTENDED)),
            WorkshopSession.id == Booking.session_id,
            WorkshopSession.ends_at <= at,
        ),
        "call": exists().where(Handover.entrepreneur_id == number, Handover.state.in_(LIVE_HANDOVER_STATES)),
        "charter": exists().where(signed_by, Charter.state == CharterState.OPEN),
        "closing": exists().where(Pairing.entrepreneur_id == number, *IS_TO_CLOSE),
        "coaching": coached | exists().where(CoachingFile.entrepreneur_id == number),
        "erasure": exists().where(
            Entrepreneur.id == number,
            or_(Erasure.entrepreneur_id == number, Erasure.account_id == Entrepreneur.account_id),
            Erasure.state.in_(LIVE_ERASURE_STATES),
        ),
        "interview": exists().where(Interview.entrepreneur_id == number),
        "introduction": exists().where(
            Introduction.entrepreneur_id == number, Introduction.state.in_(LIVE_INTRODUCTION_STATES)
        ),
        "place": exists().where(CircleMember.entrepreneur_id == number),
        "proposal": exists().where(SessionProposal.entrepreneur_id == number),
        "question": exists().where(
            ExpertQuestion.entrepreneur_id == number, ExpertQuestion.state.in_(LIVE_QUESTION_STATES)
        ),
        "review": exists().where(Review.entrepreneur_id == number, Review.state == ReviewState.DUE),
        "suggestion": exists().where(Suggestion.entrepreneur_id == number, Suggestion.state == SuggestionState.OPEN),
    }
