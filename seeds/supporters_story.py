"""The supporters' circle in the story: some agreed to be seen, they have met once; those who lend meet again soon."""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import select

from models.associations import Association
from models.circle_meetings import CircleAnswer
from models.db import db
from models.gatherings import SupporterListing
from models.queries.gatherings import find_planned, list_listed
from models.states import SupporterState
from models.supporters import Supporter
from models.wall import lends
from webapp.clock import day_of
from webapp.permissions import Actor
from webapp.services.gatherings import (
    GatheringReport,
    GatheringValues,
    answer_gathering,
    hold_gathering,
    plan_gathering,
)
from webapp.services.supporter_listings import join_supporters_circle

JOINED, PLANNED, HELD, NEXT_PLANNED = 26, 22, 9, 6
"""Days ago."""
MOST_LISTED = 7
CONTACT = "06 00 00 00 {number}, le soir"
PLACE = "Maison des projets, salle 2"
FIRST = "Notre premier échange : ce qui nous a surpris en accompagnant, et ce qui nous a aidés."
NEXT = "Comment dire ce qui fâche sans décourager ? Chacun vient avec une situation, sans nom ni détail reconnaissable."
HOUR = time(18, 30)
MINUTES = 120

Plan = Callable[[int, Callable[[datetime], object]], None]


class SupportersStory:
    """What the supporters of one association make of their circle. Nothing is drawn."""

    def __init__(self, association: Association, coordinator: Actor) -> None:
        self._association, self._coordinator = association, coordinator

    def plan(self, on: Plan) -> None:
        """Plan who joins, a first gathering that took place, and the next one."""
        on(JOINED, self._join)
        on(PLANNED, lambda at: self._meet(at, FIRST, days=PLANNED - HELD - 1))
        on(HELD, self._hold)
        if lends(self._association.network):
            on(NEXT_PLANNED, lambda at: self._meet(at, NEXT, days=NEXT_PLANNED + 8))
            on(NEXT_PLANNED - 1, self._answer)

    def _join(self, at: datetime) -> None:
        """Let who has an account come first: it is she who looks at the demo."""
        supporters = db.session.scalars(
            select(Supporter)
            .where(Supporter.association_id == self._association.id, Supporter.state == SupporterState.ACTIVE)
            .order_by(Supporter.account_id.is_(None), Supporter.id)
            .limit(MOST_LISTED)
        ).all()
        for number, supporter in enumerate(supporters):
            contact = CONTACT.format(number=10 + number) if number % 3 == 1 else ""
            join_supporters_circle(supporter_id=supporter.public_id, contact=contact, actor=_as(supporter), at=at)

    def _meet(self, at: datetime, words: str, *, days: int) -> None:
        day = day_of(at + timedelta(days=days))
        values = GatheringValues(day=day, starts_at=HOUR, minutes=MINUTES, place=PLACE, words=words)
        plan_gathering(association_id=self._association.public_id, values=values, actor=self._coordinator, at=at)

    def _answer(self, at: datetime) -> None:
        """Let all but the first and the last say whether they come; one of them cannot."""
        gathering = find_planned(db.session(), self._association.id)
        assert gathering is not None  # planned the day before
        for number, listing in enumerate(self._listed()[1:-1]):
            answer = CircleAnswer.NO if number == 2 else CircleAnswer.YES
            answer_gathering(
                gathering_id=gathering.public_id,
                supporter_id=listing.supporter.public_id,
                answer=answer,
                actor=_as(listing.supporter),
                at=at,
            )

    def _hold(self, at: datetime) -> None:
        gathering = find_planned(db.session(), self._association.id)
        assert gathering is not None  # planned two weeks before
        present = [listing.supporter.public_id for listing in self._listed()[:-2]]
        report = GatheringReport(present=present, minutes=MINUTES)
        hold_gathering(gathering_id=gathering.public_id, report=report, actor=self._coordinator, at=at)

    def _listed(self) -> Sequence[SupporterListing]:
        return sorted(list_listed(db.session(), self._association.id), key=lambda one: one.supporter_id)


def _as(supporter: Supporter) -> Actor:
    return Actor(account_id=supporter.account_id, supporter_ids=frozenset({supporter.id}))
