"""What waits for a coordinator: each number is counted by the select of the list it links to."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from models.charters import Charter
from models.clocks import SPANS, AssociationClock, Clock
from models.days import day_of
from models.entrepreneurs import Entrepreneur
from models.match_runs import Suggestion
from models.pairings import Pairing
from models.queries.agenda import SessionSituation, select_sessions
from models.queries.care import select_untaken
from models.queries.circle_waiting import of_association, select_decisions, select_unnoted
from models.queries.directory import (
    EntrepreneurFilter,
    EntrepreneurSituation,
    SupporterFilter,
    SupporterSituation,
    select_entrepreneurs,
    select_supporters,
)
from models.queries.expert_questions import QuestionSituation, select_questions
from models.queries.gatherings import is_overdue, last_gathered, select_to_note
from models.queries.interviews import select_to_meet
from models.queries.introductions import IntroductionSituation, select_introductions
from models.queries.meetings import hours_used_at
from models.queries.pages import Page, fetch_page
from models.queries.pairings import IS_TO_CLOSE, is_past_term
from models.queries.plans import select_plans_to_decide
from models.queries.review import select_open_suggestions
from models.queries.reviews import ReviewSituation, select_reviews
from models.queries.session_proposals import select_session_proposals
from models.states import (
    TOGETHER_PAIRING_STATES,
    CharterState,
    EntrepreneurState,
    PairingState,
    SuggestionState,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Numbers of the dashboard, with the first deadline where there is one."""

    calls: int
    call_asked_at: datetime | None
    to_decide: int
    decide_before: datetime | None
    plans_to_decide: int
    unanswered: int
    answer_before: datetime | None
    to_meet: int
    meet_before: datetime | None
    returned: int
    introductions: int
    papers: int
    away: int
    questions: int
    question_before: datetime | None
    proposed_sessions: int
    proposed_before: datetime | None
    circle_decisions: int
    circle_decide_before: datetime | None
    circle_notes: int
    circle_met_at: datetime | None
    to_follow: int
    reviews: int
    review_before: datetime | None
    alone: int
    follow_up_on: date | None
    incomplete: int
    qpv_borderline: int
    attendance: int
    to_decide_sessions: int
    free_sessions: int
    waiting_sessions: int
    gatherings: int
    gathered_at: datetime | None
    gathering_days: int | None
    entrepreneurs: int

    def lacks_a_gathering(self, *, at: datetime) -> bool:
        """Say whether the supporters have met last longer ago than the association wants, and nothing is planned."""
        days = self.gathering_days or SPANS[Clock.GATHERING].default
        return is_overdue(self.gathered_at, days=days, at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedLine:
    """A proposal that came back without a yes, and what lies ready instead."""

    pairing: Pairing
    next_suggestion: Suggestion | None


def get_overview(session: Session, association_id: int, *, account_id: int | None, at: datetime) -> Overview:
    """Count what waits for a coordinator, in one statement."""
    attendance = select_sessions(association_id, SessionSituation.ATTENDANCE, at=at, account_id=account_id)
    alone = EntrepreneurFilter(situation=EntrepreneurSituation.ALONE)
    to_meet = select_to_meet(association_id, on=day_of(at))
    decide, unanswered = select_open_suggestions(association_id), select_unanswered(association_id)
    reviews = select_reviews(association_id, ReviewSituation.DUE, at=at)
    papers = SupporterFilter(situation=SupporterSituation.PAPERS, today=day_of(at))
    away = SupporterFilter(situation=SupporterSituation.AWAY, today=day_of(at))
    proposed = select_session_proposals(association_id)
    circles = of_association(association_id)
    decisions, unnoted = select_decisions(circles, at=at), select_unnoted(circles, at=at)
    untaken = select_untaken(association_id)
    unguided = select_entrepreneurs(association_id, alone)
    counted: dict[str, ScalarSelect[Any]] = {
        "calls": _number(untaken),
        "call_asked_at": _first(untaken, "asked_at"),
        "to_decide": _number(decide),
        "decide_before": _first(decide, "deadline_at"),
        "plans_to_decide": _number(select_plans_to_decide(association_id, at=at)),
        "unanswered": _number(unanswered),
        "answer_before": _first(unanswered, "deadline_at"),
        "to_meet": _number(to_meet),
        "meet_before": _first(to_meet, "due_at"),
        "returned": _number(select_returned(association_id)),
        "questions": _number(select_questions(association_id, QuestionSituation.YOURS)),
        "question_before": _first(select_questions(association_id, QuestionSituation.YOURS), "due_at"),
        "proposed_sessions": _number(proposed),
        "proposed_before": _first(proposed, "due_at"),
        "papers": _number(select_supporters(association_id, papers)),
        "away": _number(select_supporters(association_id, away)),
        "introductions": _number(select_introductions(association_id, IntroductionSituation.OVERDUE, at=at)),
        "circle_decisions": _number(decisions),
        "circle_decide_before": _first(decisions, "due_at"),
        "circle_notes": _number(unnoted),
        "circle_met_at": _first(unnoted, "starts_at"),
        "to_follow": _number(select_to_follow(association_id, at=at)),
        "reviews": _number(reviews),
        "review_before": _first(reviews, "deadline_at"),
        "alone": _number(unguided),
        "follow_up_on": _first(unguided, "follow_up_on"),
        "incomplete": _situation(association_id, EntrepreneurSituation.INCOMPLETE),
        "qpv_borderline": _situation(association_id, EntrepreneurSituation.QPV_BORDERLINE),
        "attendance": _number(attendance),
        "to_decide_sessions": _number(select_sessions(association_id, SessionSituation.TO_DECIDE, at=at)),
        "free_sessions": _number(select_sessions(association_id, SessionSituation.FREE, at=at)),
        "waiting_sessions": _number(select_sessions(association_id, SessionSituation.WAITING, at=at)),
        "gatherings": _number(select_to_note(association_id, at=at)),
        "gathered_at": last_gathered(association_id),
        "gathering_days": select(AssociationClock.days)
        .where(AssociationClock.association_id == association_id, AssociationClock.clock == Clock.GATHERING)
        .scalar_subquery(),
        "entrepreneurs": _number(select_entrepreneurs(association_id, EntrepreneurFilter())),
    }
    row = session.execute(select(*(part.label(name) for name, part in counted.items()))).mappings().one()
    return Overview(**row)


def select_unanswered(association_id: int) -> Select[Pairing]:
    """Select the proposals that supporters have not answered, the first deadline first."""
    return (
        select(Pairing)
        .where(Pairing.association_id == association_id, Pairing.state == PairingState.PROPOSED)
        .order_by(Pairing.deadline_at, Pairing.id)
    )


def list_unanswered(session: Session, association_id: int, *, page: int = 1) -> Page[Pairing]:
    """List one page of proposals without an answer."""
    rows = select_unanswered(association_id).options(joinedload(Pairing.entrepreneur), joinedload(Pairing.supporter))
    return fetch_page(session, rows, page)


def select_to_follow(association_id: int, *, at: datetime) -> Select[Pairing]:
    """Select the pairings where it is the coordinator's turn: the longest waiting first.

    A question before deciding, the hours of a coach that are used, a day to meet that has passed, a pause that is over,
    a time together that is over, a charter that is overdue, an interview at the end that was not held.
    """
    unsigned = exists().where(Charter.pairing_id == Pairing.id, Charter.state == CharterState.OPEN, Charter.due_at < at)
    turn = or_(
        Pairing.state == PairingState.ASKED,
        and_(Pairing.state == PairingState.ACTIVE, or_(Pairing.next_meeting_due_at < at, hours_used_at().is_not(None))),
        and_(Pairing.state == PairingState.PAUSED, Pairing.pause_until < at),
        and_(*IS_TO_CLOSE),
        is_past_term(day_of(at)),
        and_(Pairing.state.in_(TOGETHER_PAIRING_STATES), unsigned),
    )
    return (
        select(Pairing).where(Pairing.association_id == association_id, turn).order_by(Pairing.proposed_at, Pairing.id)
    )


def list_to_follow(session: Session, association_id: int, *, at: datetime, page: int = 1) -> Page[Pairing]:
    """List one page of pairings where it is the coordinator's turn."""
    rows = select_to_follow(association_id, at=at)
    people = (joinedload(Pairing.entrepreneur), joinedload(Pairing.supporter))
    return fetch_page(session, rows.options(*people), page)


def select_returned(association_id: int) -> Select[Pairing]:
    """Select the proposals that were declined or expired and that nothing has replaced in the same role."""
    later = aliased(Pairing)
    return (
        select(Pairing)
        .join(Pairing.entrepreneur)
        .where(
            Pairing.association_id == association_id,
            Pairing.state.in_((PairingState.DECLINED, PairingState.EXPIRED)),
            Entrepreneur.state == EntrepreneurState.READY,
            ~exists().where(
                and_(
                    later.entrepreneur_id == Pairing.entrepreneur_id,
                    later.role == Pairing.role,
                    later.id > Pairing.id,
                )
            ),
        )
        .order_by(Pairing.ended_at, Pairing.id)
    )


def list_returned(session: Session, association_id: int, *, page: int = 1) -> Page[ReturnedLine]:
    """List one page of proposals that came back, each with the suggestion that lies ready instead."""
    rows = select_returned(association_id).options(contains_eager(Pairing.entrepreneur), joinedload(Pairing.supporter))
    found = fetch_page(session, rows, page)
    ready = session.scalars(
        select(Suggestion)
        .where(
            Suggestion.entrepreneur_id.in_([pairing.entrepreneur_id for pairing in found.lines]),
            Suggestion.state == SuggestionState.OPEN,
        )
        .options(joinedload(Suggestion.supporter))
    )
    by_place = {(suggestion.entrepreneur_id, suggestion.role): suggestion for suggestion in ready}
    return found.with_lines(
        [
            ReturnedLine(pairing=pairing, next_suggestion=by_place.get((pairing.entrepreneur_id, pairing.role)))
            for pairing in found.lines
        ]
    )


def _situation(association_id: int, situation: EntrepreneurSituation) -> ScalarSelect[Any]:
    return _number(select_entrepreneurs(association_id, EntrepreneurFilter(situation=situation)))


def _number(chosen: Select[Any]) -> ScalarSelect[Any]:
    return select(func.count()).select_from(chosen.order_by(None).subquery()).scalar_subquery()


def _first(chosen: Select[Any], column: str) -> ScalarSelect[Any]:
    lines = chosen.order_by(None).subquery()
    return select(func.min(lines.c[column])).scalar_subquery()
