"""Circles in the story: people ask for one, a few supporters lead, one has met, one is new, others wait today."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from uuid import UUID

import numpy as np
from sqlalchemy import select

from models.associations import Association
from models.circle_meetings import CircleAnswer
from models.circles import Circle, CircleMember
from models.db import db
from models.entrepreneurs import Entrepreneur
from models.queries.circle_meetings import find_next_meeting, list_joined
from models.queries.circle_waiting import of_association, select_unnoted
from models.states import CircleMemberState, CircleState, EntrepreneurState, SupporterState
from models.supporters import Supporter, SupporterRole
from models.topics import Topic
from webapp.circle_bridge import CircleSizes
from webapp.permissions import Actor
from webapp.services import circles
from webapp.services.circle_contracts import agree_to_contract
from webapp.services.circle_meetings import MeetingReport, answer_meeting, hold_meeting
from webapp.services.entrepreneurs import save_profile_step
from webapp.services.profile_steps import CONFIDED_TOPICS, CircleValues

WISHING = 0.6
MOST_WISHES = 22
"""People of one association who ask for a circle at most: a story is told in seconds, whatever its size."""

LEADERS = 4
EARLY_DAYS_AGO, CONFIRMED_DAYS_AGO = 27, 5
ANSWERED_AFTER_DAYS = 2
MINUTES = 120
JOINED, DECLINED = 0.6, 0.15

Plan = Callable[[int, Callable[[datetime], object]], None]


class CircleStory:
    """What one association makes of circles.

    Parameters
    ----------
    association : Association
        Whose.
    coordinator : Actor
        Who decides.
    rng : Generator
        Its own chance, so that the rest of the story stays as it is.
    """

    def __init__(self, association: Association, coordinator: Actor, rng: np.random.Generator) -> None:
        self._association, self._coordinator, self._rng = association, coordinator, rng
        self._early = rng.spawn(1)[0]

    def plan(self, on: Plan, aside: Plan) -> None:
        """Plan wishes and answers of two circles: one that has met since, and one whose invitations are out."""
        aside(EARLY_DAYS_AGO + 1, partial(self._wish, self._early))
        aside(EARLY_DAYS_AGO, partial(self._confirm_early, aside))
        aside(EARLY_DAYS_AGO - ANSWERED_AFTER_DAYS, partial(self._answer, self._early))
        on(CONFIRMED_DAYS_AGO + 2, partial(self._wish, self._rng))
        on(CONFIRMED_DAYS_AGO, self._confirm_first)
        on(CONFIRMED_DAYS_AGO - ANSWERED_AFTER_DAYS, partial(self._answer, self._rng))

    def end(self, at: datetime) -> None:
        """Compose again, so that proposals wait for the coordinator; who joined says whether she comes."""
        self._propose(at)
        self._say_who_comes(at)

    def _wish(self, rng: np.random.Generator, at: datetime) -> None:
        session = db.session()
        people = session.execute(
            select(Entrepreneur.public_id, Entrepreneur.id)
            .where(Entrepreneur.association_id == self._association.id, Entrepreneur.state == EntrepreneurState.READY)
            .order_by(Entrepreneur.id)
        ).all()
        topics = sorted(set(session.scalars(select(Topic.slug))) - CONFIDED_TOPICS)
        wishing = [row for row in people if rng.random() < WISHING][:MOST_WISHES]
        for public_id, number in wishing:
            count = int(rng.integers(1, 4))
            offers = frozenset(str(topic) for topic in rng.choice(topics, count, replace=False))
            actor = _herself(number)
            values = CircleValues(wants_circle=True, offers=offers)
            save_profile_step(entrepreneur_id=public_id, values=values, actor=actor, at=at)
        for supporter_id in self._leaders():
            circles.set_circle_capacity(supporter_id=supporter_id, capacity=1, actor=self._coordinator, at=at)

    def _leaders(self) -> Sequence[UUID]:
        """Choose who is free most often."""
        rows = db.session.execute(
            select(Supporter.public_id, Supporter.availability)
            .where(
                Supporter.association_id == self._association.id,
                Supporter.state == SupporterState.ACTIVE,
                Supporter.role != SupporterRole.COACH,
            )
            .order_by(Supporter.id)
        ).all()
        ranked = sorted(rows, key=lambda row: -row.availability.bit_count())
        return [row.public_id for row in ranked[:LEADERS]]

    def _propose(self, at: datetime) -> None:
        circles.propose_circles(
            association_id=self._association.public_id, sizes=CircleSizes(), actor=self._coordinator, at=at
        )

    def _confirm_early(self, aside: Plan, at: datetime) -> None:
        """Confirm a circle early enough for it to meet, and plan that its meeting is noted the day after."""
        met_on = self._confirm_first(at)
        if met_on is not None:
            aside(EARLY_DAYS_AGO - (met_on - at.date()).days - 1, self._note_meeting)

    def _note_meeting(self, at: datetime) -> None:
        """Let who leads note the meeting that has begun: all who had joined were there but the last."""
        meeting = db.session.scalars(select_unnoted(of_association(self._association.id), at=at)).first()
        joined = list_joined(db.session(), meeting.circle_id) if meeting is not None else ()
        if meeting is None or not joined:
            return
        leader = db.session.get_one(Circle, meeting.circle_id).facilitator_id
        present = joined[:-1] or joined
        report = MeetingReport(
            present=[member.public_id for member in present],
            client=next((one.public_id for one in present if one.id == meeting.client_member_id), None),
            minutes=MINUTES,
        )
        for member in present:
            agree_to_contract(member_id=member.public_id, actor=_herself(member.entrepreneur_id), at=at)
        actor = Actor(account_id=None, supporter_ids=frozenset({leader}))
        hold_meeting(meeting_id=meeting.public_id, report=report, actor=actor, at=at)

    def _confirm_first(self, at: datetime) -> date | None:
        self._propose(at)
        first = db.session.scalar(
            select(Circle.public_id)
            .where(Circle.association_id == self._association.id, Circle.state == CircleState.PROPOSED)
            .order_by(Circle.id)
            .limit(1)
        )
        if first is None:
            return None
        return circles.confirm_circle(circle_id=first, actor=self._coordinator, at=at)

    def _say_who_comes(self, at: datetime) -> None:
        """Let all who joined but the last say whether they come to the next meeting; one in three cannot."""
        joined = db.session.scalars(
            select(CircleMember)
            .where(
                CircleMember.association_id == self._association.id,
                CircleMember.state == CircleMemberState.JOINED,
            )
            .order_by(CircleMember.id)
        ).all()
        for number, member in enumerate(joined[:-1]):
            meeting = find_next_meeting(db.session(), member.circle_id, at=at)
            if meeting is not None:
                actor = _herself(member.entrepreneur_id)
                answer = CircleAnswer.NO if number % 3 == 2 else CircleAnswer.YES
                answer_meeting(
                    meeting_id=meeting.public_id, member_id=member.public_id, answer=answer, actor=actor, at=at
                )

    def _answer(self, rng: np.random.Generator, at: datetime) -> None:
        rows = db.session.execute(
            select(CircleMember.public_id, CircleMember.entrepreneur_id)
            .where(
                CircleMember.association_id == self._association.id,
                CircleMember.state == CircleMemberState.INVITED,
            )
            .order_by(CircleMember.id)
        ).all()
        for member_id, number in rows:
            fate, actor = rng.random(), _herself(number)
            if fate < JOINED:
                circles.join_circle(member_id=member_id, actor=actor, at=at)
            elif fate < JOINED + DECLINED:
                circles.decline_circle(member_id=member_id, actor=actor, at=at)


def _herself(number: int) -> Actor:
    return Actor(account_id=None, entrepreneur_ids=frozenset({number}))
