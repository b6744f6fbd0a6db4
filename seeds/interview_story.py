"""First interviews in the story: newcomers are invited and met; one is arranged, one comes back later, one joins."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from models.associations import Association
from models.db import db
from models.interviews import Interview, InterviewOutcome
from models.meetings import MeetingFormat
from models.states import InterviewState
from webapp.clock import day_of
from webapp.permissions import Actor
from webapp.services.entrepreneurs import NewEntrepreneur, create_entrepreneur
from webapp.services.interview_dates import InterviewPlan, arrange_interview
from webapp.services.interviews import (
    InterviewReport,
    hold_interview,
    plan_interview,
)
from webapp.services.invitations import invite_entrepreneur

# The last one has no address: somebody of the team calls her.
NEWCOMERS = (
    ("Sonia", "Belkacem"),
    ("Moussa", "Traoré"),
    ("Elsa", "Fontaine"),
    ("Rachid", "Amrani"),
    ("Odile", "Petit"),
)
PLANNED_DAYS_AGO, HELD_DAYS_AGO = 8, 3
LATER = timedelta(days=60)
PLACE = "Maison de l’emploi, salle 2, 1 place Jean-Jaurès"
NOTE = "Projet clair. Termine d’abord sa formation en cuisine."

Plan = Callable[[int, Callable[[datetime], object]], None]


class InterviewStory:
    """Whom one association meets first."""

    def __init__(self, association: Association, coordinator: Actor) -> None:
        self._association, self._coordinator = association, coordinator

    def plan(self, on: Plan) -> None:
        """Plan a few interviews, and what becomes of some of them."""
        on(PLANNED_DAYS_AGO, self._welcome)
        on(HELD_DAYS_AGO, self._hold_some)

    def _welcome(self, at: datetime) -> None:
        """Open files as a coordinator does; an invitation plans the interview, without an address she plans it."""
        for first_name, last_name in NEWCOMERS[:-1]:
            email = f"{first_name}.{last_name}.{self._association.slug}@example.org".lower().replace("é", "e")
            person = NewEntrepreneur(first_name=first_name, last_name=last_name, email=email)
            invite_entrepreneur(entrepreneur_id=self._create(person, at), actor=self._coordinator, at=at)
        first_name, last_name = NEWCOMERS[-1]
        person = NewEntrepreneur(first_name=first_name, last_name=last_name, phone="06 00 00 00 00")
        plan_interview(entrepreneur_id=self._create(person, at), actor=self._coordinator, at=at)

    def _create(self, person: NewEntrepreneur, at: datetime) -> UUID:
        association_id = self._association.public_id
        return create_entrepreneur(association_id=association_id, person=person, actor=self._coordinator, at=at)

    def _hold_some(self, at: datetime) -> None:
        planned = self._list_planned()
        if not planned:
            return
        first, *others = planned
        joining = others.pop() if len(others) > 1 else None
        if joining is not None:
            report = InterviewReport(outcome=InterviewOutcome.JOINS)
            hold_interview(interview_id=joining, report=report, actor=self._coordinator, at=at)
        later = InterviewReport(outcome=InterviewOutcome.LATER, again_on=day_of(at) + LATER, note=NOTE)
        hold_interview(interview_id=first, report=later, actor=self._coordinator, at=at)
        if others and self._coordinator.account_id is not None:
            plan = InterviewPlan(
                coordinator_id=self._coordinator.account_id,
                channel=MeetingFormat.IN_PERSON,
                place=PLACE,
                starts_at=(at + timedelta(days=HELD_DAYS_AGO + 2)).replace(hour=13, minute=0, second=0, microsecond=0),
            )
            arrange_interview(interview_id=others[0], plan=plan, actor=self._coordinator, at=at)

    def _list_planned(self) -> list[UUID]:
        rows = select(Interview.public_id).where(
            Interview.association_id == self._association.id, Interview.state == InterviewState.PLANNED
        )
        return list(db.session.scalars(rows.order_by(Interview.id)))
