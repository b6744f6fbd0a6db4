"""First interviews in the story: people whose profile is not complete are met; one of them a little later."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from models.associations import Association
from models.db import db
from models.entrepreneurs import Entrepreneur
from models.interviews import Interview, InterviewOutcome
from models.meetings import MeetingFormat
from models.states import EntrepreneurState, InterviewState
from webapp.clock import PARIS
from webapp.permissions import Actor
from webapp.services.interviews import (
    InterviewPlan,
    InterviewReport,
    arrange_interview,
    hold_interview,
    plan_interview,
)

PEOPLE_MET = 4
PLANNED_DAYS_AGO, HELD_DAYS_AGO = 8, 3
LATER = timedelta(days=60)
NOTE = "Projet clair. Termine d’abord sa formation en cuisine."

Plan = Callable[[int, Callable[[datetime], object]], None]


class InterviewStory:
    """Whom one association meets first."""

    def __init__(self, association: Association, coordinator: Actor) -> None:
        self._association, self._coordinator = association, coordinator

    def plan(self, on: Plan) -> None:
        """Plan a few interviews, and what becomes of two of them."""
        on(PLANNED_DAYS_AGO, self._plan_some)
        on(HELD_DAYS_AGO, self._hold_two)

    def _plan_some(self, at: datetime) -> None:
        rows = select(Entrepreneur.public_id).where(
            Entrepreneur.association_id == self._association.id, Entrepreneur.state == EntrepreneurState.INCOMPLETE
        )
        for public_id in db.session.scalars(rows.order_by(Entrepreneur.id).limit(PEOPLE_MET)).all():
            plan_interview(entrepreneur_id=public_id, actor=self._coordinator, at=at)

    def _hold_two(self, at: datetime) -> None:
        planned = self._list_planned()
        if not planned:
            return
        first, *others = planned
        later = InterviewReport(outcome=InterviewOutcome.LATER, again_on=at.astimezone(PARIS).date() + LATER, note=NOTE)
        hold_interview(interview_id=first, report=later, actor=self._coordinator, at=at)
        if others and self._coordinator.account_id is not None:
            plan = InterviewPlan(
                coordinator_id=self._coordinator.account_id,
                channel=MeetingFormat.IN_PERSON,
                starts_at=(at + timedelta(days=HELD_DAYS_AGO + 2)).replace(hour=13, minute=0, second=0, microsecond=0),
            )
            arrange_interview(interview_id=others[0], plan=plan, actor=self._coordinator, at=at)

    def _list_planned(self) -> list[UUID]:
        rows = select(Interview.public_id).where(
            Interview.association_id == self._association.id, Interview.state == InterviewState.PLANNED
        )
        return list(db.session.scalars(rows.order_by(Interview.id)))
