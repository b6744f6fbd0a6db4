"""The supporters' circle in a year: joined and left; gatherings planned, moved, called off, answered and noted.

It draws from a stream of its own: nothing else in the year depends on it.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists

from models.circle_meetings import CircleAnswer
from models.gatherings import Gathering, SupporterListing
from models.states import GatheringState, SupporterState
from models.supporters import Supporter
from tests.simulation.world import AT, as_supporter, instant, rows_of
from webapp.services.gatherings import (
    GatheringReport,
    GatheringValues,
    answer_gathering,
    cancel_gathering,
    change_gathering,
    hold_gathering,
    miss_gathering,
    plan_gathering,
)
from webapp.services.supporter_listings import join_supporters_circle, leave_supporters_circle

JOINS, LEAVES, ANSWERS, COMES = 0.004, 0.001, 0.05, 0.8
PLANS, MOVES, CALLS_OFF, NOTES, MISSES = 0.08, 0.03, 0.04, 0.3, 0.4
# Every fourth gathering is noted by nobody: the clocks ask for it, then count it as missed.
FORGOTTEN = 4

IS_LISTED = exists().where(SupporterListing.supporter_id == Supporter.id)
SUPPORTER = (Supporter.public_id, Supporter.id)
LISTED = rows_of(*SUPPORTER, where=[IS_LISTED, Supporter.state != SupporterState.LEFT])
NOT_LISTED = rows_of(*SUPPORTER, where=[~IS_LISTED, Supporter.state == SupporterState.ACTIVE])
GATHERING = (Gathering.public_id, Gathering.id, Gathering.starts_at)
IS_PLANNED = Gathering.state == GatheringState.PLANNED
AHEAD = rows_of(*GATHERING, where=[IS_PLANNED, Gathering.starts_at > AT])
PLANNED = rows_of(*GATHERING, where=[IS_PLANNED])


class Gatherings:
    """The supporters' circle of one association; what acts and draws comes from the branch."""

    public_id: UUID
    rng: Any
    circle_rng: Any
    _do: Callable[..., Any]
    _rows: Callable[..., Sequence[Any]]
    _chosen: Callable[..., list[Any]]
    _happens: Callable[[float], bool]
    _pick: Callable[[Sequence[Any]], Any]
    _drawing_from: Callable[[Any], AbstractContextManager[None]]

    def call_together(self, day: date) -> None:
        """Plan the next gathering at the desk, move it, call it off, and note what became of it."""
        with self._drawing_from(self.circle_rng):
            self._steer(day, instant(day, 15))

    def _steer(self, day: date, at: datetime) -> None:
        planned = self._rows(PLANNED)
        if not planned and self._happens(PLANS):
            self._do(plan_gathering, association_id=self.public_id, values=self._when(day), at=at)
        for gathering in planned:
            if gathering.starts_at <= at:
                self._note(gathering, at)
            elif self._happens(MOVES):
                self._do(change_gathering, gathering_id=gathering.public_id, values=self._when(day), at=at)
            elif self._happens(CALLS_OFF):
                self._do(cancel_gathering, gathering_id=gathering.public_id, at=at)

    def gather(self, day: date) -> None:
        """Let supporters join the circle, leave it, and say whether they come."""
        with self._drawing_from(self.circle_rng):
            self._join_and_answer(instant(day, 20))

    def _join_and_answer(self, at: datetime) -> None:
        for chance, decide, rows in (
            (JOINS, join_supporters_circle, NOT_LISTED),
            (LEAVES, leave_supporters_circle, LISTED),
        ):
            for one in self._chosen(rows, chance):
                self._do(decide, supporter_id=one.public_id, actor=as_supporter(one.id), at=at)
        answering = self._chosen(LISTED, ANSWERS)
        for gathering in self._rows(AHEAD, at=at) if answering else ():
            for one in answering:
                said = {"supporter_id": one.public_id, "answer": self._pick(list(CircleAnswer))}
                actor = as_supporter(one.id)
                self._do(answer_gathering, gathering_id=gathering.public_id, **said, actor=actor, at=at)

    def _when(self, day: date) -> GatheringValues:
        ahead = timedelta(days=int(self.rng.integers(10, 30)))
        return GatheringValues(day=day + ahead, starts_at=time(18, 30), minutes=90, place="Maison des associations")

    def _note(self, gathering: Any, at: datetime) -> None:
        if gathering.id % FORGOTTEN == 0 or not self._happens(NOTES):
            return
        present = [one.public_id for one in self._rows(LISTED) if self._happens(COMES)]
        if not present or self._happens(MISSES):
            self._do(miss_gathering, gathering_id=gathering.public_id, at=at)
        else:
            report = GatheringReport(present=present, minutes=90)
            self._do(hold_gathering, gathering_id=gathering.public_id, report=report, at=at)
