"""Reads of support plans, with the lines that count now."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from models.associations import Association
from models.circles import CircleMember
from models.entrepreneurs import Entrepreneur
from models.exceptions import NotFoundError
from models.match_runs import Suggestion
from models.pairings import Pairing
from models.plans import PlanLine, SupportPlan
from models.queries.pages import Page, fetch_page
from models.states import (
    LIVE_BOOKING_STATES,
    LIVE_CIRCLE_MEMBER_STATES,
    LIVE_PAIRING_STATES,
    EntrepreneurState,
    PairingState,
    PlanLineState,
    SessionState,
    SuggestionState,
)
from models.workshops import Booking, WorkshopSession

STATE_OF_SUGGESTION: Mapping[SuggestionState, PlanLineState] = {
    SuggestionState.ALTERNATIVE: PlanLineState.SUPERSEDED,
    SuggestionState.OPEN: PlanLineState.PROPOSED,
    SuggestionState.APPROVED: PlanLineState.APPROVED,
    SuggestionState.REJECTED: PlanLineState.REJECTED,
    SuggestionState.SUPERSEDED: PlanLineState.SUPERSEDED,
}
"""What a line about a supporter stands at: its suggestion says so, and nothing else does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSheet:
    """One plan with its association and the lines that count now; `booked` are sessions that she has booked.

    `place` is hers in a circle, read from the circle itself: it is decided there, with everybody in it. `since` are
    suggestions that came up after the plan was made, as when somebody said no.
    """

    plan: SupportPlan
    association: Association
    lines: tuple[PlanLine, ...]
    pairings: Mapping[int, Pairing]
    booked: frozenset[int]
    place: CircleMember | None = None
    since: tuple[Suggestion, ...] = ()

    def stand_of(self, line: PlanLine) -> PlanLineState | PairingState:
        """Say where a line of it stands."""
        return stand_of(line, self.pairings)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanList:
    """One page of plans, with the lines that count now by plan, and what became of them by suggestion."""

    page: Page[SupportPlan]
    lines: Mapping[int, tuple[PlanLine, ...]]
    pairings: Mapping[int, Pairing]

    def stand_of(self, line: PlanLine) -> PlanLineState | PairingState:
        """Say where a line stands, as on the page of its plan."""
        return stand_of(line, self.pairings)


def stand_of(line: PlanLine, pairings: Mapping[int, Pairing]) -> PlanLineState | PairingState:
    """Say where a line stands; of an approval that led to somebody, and is over, what became of the two."""
    pairing = pairings.get(line.suggestion_id or 0)
    return state_of(line) if pairing is None or pairing.state in LIVE_PAIRING_STATES else pairing.state


def state_of(line: PlanLine) -> PlanLineState:
    """Say where a line stands. Its suggestion must be loaded, if it has one."""
    return line.state if line.suggestion is None else STATE_OF_SUGGESTION[line.suggestion.state]


def is_unanswered(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Conditions of an invitation to a session to come that led to no booking; plan and session must be joined."""
    return (PlanLine.state == PlanLineState.APPROVED, *is_to_come(at), ~_has_booked())


def is_to_come(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Conditions of a session that takes place and has not begun."""
    return (WorkshopSession.state == SessionState.SCHEDULED, WorkshopSession.starts_at > at)


def _has_booked() -> ColumnElement[bool]:
    """Whether the person of a plan has had a booking of a line's session, cancelled by now or not."""
    return exists().where(
        Booking.session_id == PlanLine.session_id, Booking.entrepreneur_id == SupportPlan.entrepreneur_id
    )


def list_invitations(session: Session, entrepreneur_id: int, *, at: datetime) -> Sequence[PlanLine]:
    """Give the sessions to come that a person is invited to and has not booked, with their themes, the first first."""
    return session.scalars(
        select(PlanLine)
        .join(SupportPlan, SupportPlan.id == PlanLine.plan_id)
        .join(PlanLine.session)
        .where(SupportPlan.entrepreneur_id == entrepreneur_id, *is_unanswered(at))
        .options(contains_eager(PlanLine.session).joinedload(WorkshopSession.theme))
        .order_by(WorkshopSession.starts_at, PlanLine.id)
    ).all()


def select_plans_to_decide(association_id: int, *, at: datetime) -> Select[SupportPlan]:
    """Select the plans of open files in which something waits for a decision, the first deadline first."""
    open_suggestion = exists().where(
        PlanLine.plan_id == SupportPlan.id,
        Suggestion.id == PlanLine.suggestion_id,
        Suggestion.state == SuggestionState.OPEN,
    )
    open_session = exists().where(
        PlanLine.plan_id == SupportPlan.id,
        PlanLine.state == PlanLineState.PROPOSED,
        WorkshopSession.id == PlanLine.session_id,
        *is_to_come(at),
    )
    return (
        select(SupportPlan)
        .join(SupportPlan.entrepreneur)
        .where(
            SupportPlan.association_id == association_id,
            Entrepreneur.state == EntrepreneurState.READY,
            or_(open_suggestion, open_session),
        )
        .order_by(SupportPlan.deadline_at, Entrepreneur.search_name, SupportPlan.id)
    )


def list_plans_to_decide(session: Session, association_id: int, *, at: datetime, page: int = 1) -> PlanList:
    """List one page of plans to decide with their people, the lines of each, and where these stand."""
    rows = select_plans_to_decide(association_id, at=at).options(contains_eager(SupportPlan.entrepreneur))
    plans = fetch_page(session, rows, page)
    lines = list_lines(session, [plan.id for plan in plans.lines], at=at)
    pairings = _map_pairings(session, [line for found in lines.values() for line in found])
    return PlanList(page=plans, lines=lines, pairings=pairings)


def _map_pairings(session: Session, lines: Collection[PlanLine]) -> Mapping[int, Pairing]:
    """Give what became of the suggestions of some lines, by suggestion."""
    named = [line.suggestion_id for line in lines if line.suggestion_id is not None]
    asked = session.scalars(select(Pairing).where(Pairing.suggestion_id.in_(named))) if named else ()
    return {pairing.suggestion_id: pairing for pairing in asked if pairing.suggestion_id is not None}


def list_lines(session: Session, plan_ids: Collection[int], *, at: datetime) -> Mapping[int, tuple[PlanLine, ...]]:
    """Give the lines that count now, by plan: those of its last run, and what was approved earlier and goes on."""
    still_together = exists().where(
        Pairing.suggestion_id == PlanLine.suggestion_id, Pairing.state.in_(LIVE_PAIRING_STATES)
    )
    rows = session.scalars(
        select(PlanLine)
        .join(SupportPlan, SupportPlan.id == PlanLine.plan_id)
        .outerjoin(PlanLine.session)
        .where(
            PlanLine.plan_id.in_(plan_ids),
            or_(
                (PlanLine.run_id == SupportPlan.run_id) & (PlanLine.state.is_(None) | _counts(at)),
                (PlanLine.state == PlanLineState.APPROVED) & (WorkshopSession.ends_at > at),
                still_together,
            ),
        )
        .options(
            contains_eager(PlanLine.session).joinedload(WorkshopSession.theme),
            joinedload(PlanLine.suggestion).joinedload(Suggestion.supporter),
        )
        .order_by(PlanLine.plan_id, PlanLine.position, WorkshopSession.starts_at, PlanLine.id)
    )
    found: dict[int, list[PlanLine]] = {}
    for line in rows:
        found.setdefault(line.plan_id, []).append(line)
    return {plan_id: tuple(lines) for plan_id, lines in found.items()}


def list_waiting_lines(session: Session, plan_id: int, *, at: datetime) -> Sequence[UUID]:
    """Give the public ids of the lines of a plan that wait for a decision, in their order."""
    return session.scalars(
        select(PlanLine.public_id)
        .outerjoin(PlanLine.suggestion)
        .outerjoin(PlanLine.session)
        .where(
            PlanLine.plan_id == plan_id,
            or_(
                Suggestion.state == SuggestionState.OPEN,
                (PlanLine.state == PlanLineState.PROPOSED) & (WorkshopSession.starts_at > at),
            ),
        )
        .order_by(PlanLine.position, WorkshopSession.starts_at, PlanLine.id)
    ).all()


def _counts(at: datetime) -> ColumnElement[bool]:
    """Whether the session of a line is still to come; what was set aside is kept in sight until then."""
    return (PlanLine.state != PlanLineState.SUPERSEDED) & (WorkshopSession.starts_at > at)


def get_plan_sheet(session: Session, public_id: UUID, *, association_ids: frozenset[int], at: datetime) -> PlanSheet:
    """Get a plan of one's own associations.

    Raises
    ------
    NotFoundError
        If there is none, or it belongs to others.
    """
    plan = session.scalar(
        select(SupportPlan)
        .where(SupportPlan.public_id == public_id, SupportPlan.association_id.in_(association_ids))
        .options(joinedload(SupportPlan.entrepreneur))
    )
    if plan is None:
        raise NotFoundError(record="SupportPlan")
    sheet = _read_sheet(session, plan, at=at)
    named = [line.suggestion_id for line in sheet.lines if line.suggestion_id is not None]
    return replace(
        sheet,
        place=session.scalar(
            select(CircleMember)
            .where(
                CircleMember.entrepreneur_id == plan.entrepreneur_id,
                CircleMember.state.in_(LIVE_CIRCLE_MEMBER_STATES),
            )
            .options(joinedload(CircleMember.circle))
        ),
        since=tuple(
            session.scalars(
                select(Suggestion)
                .where(
                    Suggestion.entrepreneur_id == plan.entrepreneur_id,
                    Suggestion.state == SuggestionState.OPEN,
                    Suggestion.id.not_in(named),
                )
                .options(joinedload(Suggestion.supporter))
                .order_by(Suggestion.id)
            )
        ),
    )


def find_plan_sheet(session: Session, entrepreneur_id: int, *, at: datetime) -> PlanSheet | None:
    """Give the plan of a person, if a run has made one, without her circle and what came since."""
    plan = session.scalar(
        select(SupportPlan)
        .where(SupportPlan.entrepreneur_id == entrepreneur_id)
        .options(joinedload(SupportPlan.entrepreneur))
    )
    return None if plan is None else _read_sheet(session, plan, at=at)


def _read_sheet(session: Session, plan: SupportPlan, *, at: datetime) -> PlanSheet:
    lines = list_lines(session, [plan.id], at=at).get(plan.id, ())
    session_ids = [line.session_id for line in lines if line.session_id is not None]
    taken = select(Booking.session_id).where(
        Booking.entrepreneur_id == plan.entrepreneur_id,
        Booking.session_id.in_(session_ids),
        Booking.state.in_(LIVE_BOOKING_STATES),
    )
    booked = session.scalars(taken) if session_ids else ()
    return PlanSheet(
        plan=plan,
        association=session.get_one(Association, plan.association_id),
        lines=lines,
        pairings=_map_pairings(session, lines),
        booked=frozenset(booked),
    )


def get_plan(session: Session, public_id: UUID) -> SupportPlan:
    """Give a plan.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    plan = session.scalar(select(SupportPlan).where(SupportPlan.public_id == public_id))
    if plan is None:
        raise NotFoundError(record="SupportPlan")
    return plan


def get_line(session: Session, public_id: UUID) -> PlanLine:
    """Give a line with its plan, and its suggestion if it has one.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    line = session.scalar(
        select(PlanLine)
        .where(PlanLine.public_id == public_id)
        .options(joinedload(PlanLine.plan), joinedload(PlanLine.suggestion))
        .execution_options(populate_existing=True)
    )
    if line is None:
        raise NotFoundError(record="PlanLine")
    return line


def lock_line(session: Session, line_id: int) -> PlanLine:
    """Give a line as it is now, and keep others from changing it until the end."""
    return session.get_one(PlanLine, line_id, with_for_update=True, populate_existing=True)


def map_plans(session: Session, association_id: int) -> Mapping[int, SupportPlan]:
    """Give the plans of an association by their people's row numbers."""
    plans = session.scalars(select(SupportPlan).where(SupportPlan.association_id == association_id))
    return {plan.entrepreneur_id: plan for plan in plans}


def list_decided_sessions(session: Session, association_id: int) -> frozenset[tuple[int, int | None]]:
    """Give plan and session of every invitation of an association, so that none is proposed beside it."""
    rows = session.execute(
        select(PlanLine.plan_id, PlanLine.session_id).where(
            PlanLine.association_id == association_id, PlanLine.state == PlanLineState.APPROVED
        )
    )
    return frozenset((row.plan_id, row.session_id) for row in rows)


def list_proposed_lines(session: Session, association_id: int) -> Sequence[PlanLine]:
    """Give the workshop lines of an association that wait for a decision."""
    return session.scalars(
        select(PlanLine)
        .where(PlanLine.association_id == association_id, PlanLine.state == PlanLineState.PROPOSED)
        .order_by(PlanLine.id)
        .execution_options(populate_existing=True)
    ).all()
