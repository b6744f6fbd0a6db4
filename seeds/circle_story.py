"""Circles in the story: some people ask for one, a few supporters lead, one circle is under way, others wait today."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

import numpy as np
from sqlalchemy import select

from models.associations import Association
from models.circle_meetings import CircleAnswer
from models.circles import Circle, CircleMember
from models.db import db
from models.entrepreneurs import Entrepreneur
from models.queries.circle_meetings import find_next_meeting
from models.states import CircleMemberState, CircleState, EntrepreneurState, SupporterState
from models.supporters import Supporter, SupporterRole
from models.topics import Topic
from webapp.circle_bridge import CircleSizes
from webapp.permissions import Actor
from webapp.services import circles
from webapp.services.circle_meetings import answer_meeting
from webapp.services.entrepreneurs import save_profile_step
from webapp.services.profile_steps import CONFIDED_TOPICS, CircleValues

WISHING = 0.6
MOST_WISHES = 22
"""People of one association who ask for a circle at most: a story is told in seconds, whatever its size."""

LEADERS = 4
CONFIRMED_DAYS_AGO = 5
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

    def plan(self, on: Plan) -> None:
        """Plan wishes, a first composition, and the answers of the people invited."""
        on(CONFIRMED_DAYS_AGO + 2, self._wish)
        on(CONFIRMED_DAYS_AGO, self._confirm_first)
        on(CONFIRMED_DAYS_AGO - 2, self._answer)

    def end(self, at: datetime) -> None:
        """Compose again, so that proposals wait for the coordinator; who joined says whether she comes."""
        self._propose(at)
        self._say_who_comes(at)

    def _wish(self, at: datetime) -> None:
        session = db.session()
        people = session.execute(
            select(Entrepreneur.public_id, Entrepreneur.id)
            .where(Entrepreneur.association_id == self._association.id, Entrepreneur.state == EntrepreneurState.READY)
            .order_by(Entrepreneur.id)
        ).all()
        topics = sorted(set(session.scalars(select(Topic.slug))) - CONFIDED_TOPICS)
        wishing = [row for row in people if self._rng.random() < WISHING][:MOST_WISHES]
        for public_id, number in wishing:
            count = int(self._rng.integers(1, 4))
            offers = frozenset(str(topic) for topic in self._rng.choice(topics, count, replace=False))
            actor = Actor(account_id=None, entrepreneur_ids=frozenset({number}))
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

    def _confirm_first(self, at: datetime) -> None:
        self._propose(at)
        first = db.session.scalar(
            select(Circle.public_id)
            .where(Circle.association_id == self._association.id, Circle.state == CircleState.PROPOSED)
            .order_by(Circle.id)
            .limit(1)
        )
        if first is not None:
            circles.confirm_circle(circle_id=first, actor=self._coordinator, at=at)

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
                actor = Actor(account_id=None, entrepreneur_ids=frozenset({member.entrepreneur_id}))
                answer = CircleAnswer.NO if number % 3 == 2 else CircleAnswer.YES
                answer_meeting(
                    meeting_id=meeting.public_id, member_id=member.public_id, answer=answer, actor=actor, at=at
                )

    def _answer(self, at: datetime) -> None:
        rows = db.session.execute(
            select(CircleMember.public_id, CircleMember.entrepreneur_id)
            .where(
                CircleMember.association_id == self._association.id,
                CircleMember.state == CircleMemberState.INVITED,
            )
            .order_by(CircleMember.id)
        ).all()
        for member_id, number in rows:
            fate, actor = self._rng.random(), Actor(account_id=None, entrepreneur_ids=frozenset({number}))
            if fate < JOINED:
                circles.join_circle(member_id=member_id, actor=actor, at=at)
            elif fate < JOINED + DECLINED:
                circles.decline_circle(member_id=member_id, actor=actor, at=at)
