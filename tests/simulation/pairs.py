"""What two people do together: they meet, pause, go on, sign, or fall silent."""

from collections.abc import Callable, Sequence
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select

from models.charters import Charter
from models.db import db
from models.meetings import Meeting
from models.pairings import Pairing
from models.states import LIVE_MEETING_STATES, CharterState, MeetingState, PairingState
from tests.simulation.world import instant
from webapp.permissions import Actor
from webapp.services.charters import sign_charter
from webapp.services.meeting_dates import ProposedDate, list_instants
from webapp.services.meetings import MeetingPlan, confirm_meeting, log_meeting, miss_meeting, propose_meeting
from webapp.services.pairing_pauses import answer_question, pause_pairing, resume_pairing

# Every fourth pair falls silent after its first weeks: the charter's rhythm is what the clocks must remind of.
SILENT_PAIRS = 4
PROPOSES, MOVES, MEETS, CONFIRMS, MISSES, SIGNS = 0.1, 0.02, 0.5, 0.4, 0.15, 0.15
PAUSES, RESUMES, ANSWERS_QUESTION = 0.002, 0.02, 0.3


class Pairs:
    """The pairs of one association; what acts and draws comes from the branch."""

    id: int
    rng: Any
    coordinator: Actor
    _do: Callable[..., Any]
    _ids: Callable[..., Sequence[UUID]]
    _drawn: Callable[..., list[UUID]]
    _happens: Callable[[float], bool]

    def answer_questions(self, at: Any) -> None:
        """Let the coordinator answer what supporters asked before deciding."""
        for pairing_id in self._drawn(Pairing, ANSWERS_QUESTION, Pairing.state == PairingState.ASKED):
            self._do(answer_question, pairing_id=pairing_id, answer="Deux heures par mois.", at=at)

    def live_together(self, day: date) -> None:
        """Let pairs propose, agree on, hold and miss meetings, sign their charter, pause and go on."""
        at = instant(day, 18)
        self._sign(day)
        self._agree(day)
        self._meet(day)
        planned = exists().where(Meeting.pairing_id == Pairing.id, Meeting.state.in_(LIVE_MEETING_STATES))
        lacking = (Pairing.state == PairingState.ACTIVE, Pairing.next_meeting_due_at <= at + timedelta(days=7))
        for pairing, has_date in self._read_pairings(planned, *lacking):
            if pairing.id % SILENT_PAIRS and self._happens(MOVES if has_date else PROPOSES):
                days = int(self.rng.integers(2, 9))
                plan = MeetingPlan(dates=[ProposedDate(day=day + timedelta(days=days), hour=time(10))])
                actor = _supporter(pairing)
                self._do(propose_meeting, pairing_id=pairing.public_id, plan=plan, actor=actor, at=at)
        for pairing_id in self._drawn(Pairing, PAUSES, Pairing.state == PairingState.ACTIVE):
            self._do(pause_pairing, pairing_id=pairing_id, at=at)
        for pairing_id in self._drawn(Pairing, RESUMES, Pairing.state == PairingState.PAUSED):
            self._do(resume_pairing, pairing_id=pairing_id, at=at)

    def _agree(self, day: date) -> None:
        at = instant(day, 17)
        for meeting, pairing in self._meetings(MeetingState.PROPOSED):
            instants = [one for one in list_instants(meeting) if one > at]
            if instants and self._happens(CONFIRMS):
                actor = _person(pairing)
                self._do(confirm_meeting, meeting_id=meeting.public_id, starts_at=instants[0], actor=actor, at=at)

    def _meet(self, day: date) -> None:
        at = instant(day, 16)
        for meeting, pairing in self._meetings(MeetingState.CONFIRMED):
            if meeting.starts_at is None or meeting.starts_at > at or not self._happens(MEETS):
                continue
            if self._happens(MISSES):
                self._do(miss_meeting, meeting_id=meeting.public_id, actor=_person(pairing), at=at)
            else:
                held = {"pairing_id": pairing.public_id, "day": meeting.starts_at.date(), "minutes": 60}
                self._do(log_meeting, **held, actor=_supporter(pairing), at=at)

    def _sign(self, day: date) -> None:
        at = instant(day, 12)
        rows = db.session.execute(
            select(Pairing)
            .join(Charter, Charter.pairing_id == Pairing.id)
            .where(Charter.association_id == self.id, Charter.state == CharterState.OPEN)
            .order_by(Pairing.id)
        ).scalars()
        for pairing in rows.all():
            for actor in (_person(pairing), _supporter(pairing), self.coordinator):
                if self._happens(SIGNS):
                    self._do(sign_charter, pairing_id=pairing.public_id, name="Camille Martin", actor=actor, at=at)

    def _meetings(self, state: MeetingState) -> list[tuple[Meeting, Pairing]]:
        db.session.rollback()
        rows = db.session.execute(
            select(Meeting, Pairing)
            .join(Pairing, Pairing.id == Meeting.pairing_id)
            .where(Meeting.association_id == self.id, Meeting.state == state)
            .order_by(Meeting.id)
            .execution_options(populate_existing=True)
        )
        return [(meeting, pairing) for meeting, pairing in rows]

    def _read_pairings(self, fact: Any, *conditions: Any) -> list[tuple[Pairing, bool]]:
        db.session.rollback()
        rows = db.session.execute(
            select(Pairing, fact)
            .where(Pairing.association_id == self.id, *conditions)
            .order_by(Pairing.id)
            .execution_options(populate_existing=True)
        )
        return [(pairing, is_so) for pairing, is_so in rows]


def _supporter(pairing: Pairing) -> Actor:
    return Actor(account_id=None, supporter_ids=frozenset({pairing.supporter_id}))


def _person(pairing: Pairing) -> Actor:
    return Actor(account_id=None, entrepreneur_ids=frozenset({pairing.entrepreneur_id}))
