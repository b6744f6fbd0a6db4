"""What two people do together: they meet, pause, go on, sign, or fall silent."""

from collections.abc import Callable, Sequence
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists

from models.charters import Charter
from models.meetings import Meeting
from models.pairings import Pairing
from models.states import LIVE_MEETING_STATES, CharterState, MeetingState, PairingState
from tests.simulation.world import AT, as_person, as_supporter, ids_of, instant, rows_of
from webapp.permissions import Actor
from webapp.services.charters import sign_charter
from webapp.services.meeting_dates import ProposedDate, list_instants
from webapp.services.meetings import MeetingPlan, confirm_meeting, log_meeting, miss_meeting, propose_meeting
from webapp.services.pairing_pauses import answer_question, pause_pairing, resume_pairing

# Every fourth pair falls silent after its first weeks: the charter's rhythm is what the clocks must remind of.
SILENT_PAIRS = 4
PROPOSES, MOVES, MEETS, CONFIRMS, MISSES, SIGNS = 0.1, 0.02, 0.5, 0.4, 0.15, 0.15
PAUSES, RESUMES, ANSWERS_QUESTION = 0.002, 0.02, 0.3
ASKING_PAIRS = ids_of(Pairing, Pairing.state == PairingState.ASKED)
ACTIVE_PAIRS = ids_of(Pairing, Pairing.state == PairingState.ACTIVE)
PAUSING_PAIRS = ids_of(Pairing, Pairing.state == PairingState.PAUSED)
TWO = (Pairing.public_id, Pairing.entrepreneur_id, Pairing.supporter_id)
TO_MEET_SOON = rows_of(
    *TWO,
    Pairing.id,
    exists().where(Meeting.pairing_id == Pairing.id, Meeting.state.in_(LIVE_MEETING_STATES)).label("has_date"),
    where=[Pairing.state == PairingState.ACTIVE, Pairing.next_meeting_due_at <= AT],
)
OF_THE_PAIR = Pairing.id == Meeting.pairing_id
DATES_PROPOSED = rows_of(
    Meeting.public_id,
    Meeting.slots,
    Pairing.entrepreneur_id,
    where=[OF_THE_PAIR, Meeting.state == MeetingState.PROPOSED],
)
MEETINGS_AGREED = rows_of(
    Meeting.starts_at,
    Meeting.public_id.label("meeting_id"),
    *TWO,
    where=[OF_THE_PAIR, Meeting.state == MeetingState.CONFIRMED, Meeting.starts_at <= AT],
)
TO_SIGN = rows_of(Charter.id, *TWO, where=[Charter.pairing_id == Pairing.id, Charter.state == CharterState.OPEN])


class Pairs:
    """The pairs of one association; what acts and draws comes from the branch."""

    id: int
    rng: Any
    coordinator: Actor
    _do: Callable[..., Any]
    _rows: Callable[..., Sequence[Any]]
    _drawn: Callable[..., list[UUID]]
    _happens: Callable[[float], bool]

    def answer_questions(self, at: Any) -> None:
        """Let the coordinator answer what supporters asked before deciding."""
        for pairing_id in self._drawn(ASKING_PAIRS, ANSWERS_QUESTION):
            self._do(answer_question, pairing_id=pairing_id, answer="Deux heures par mois.", at=at)

    def live_together(self, day: date) -> None:
        """Let pairs propose, agree on, hold and miss meetings, sign their charter, pause and go on."""
        at = instant(day, 18)
        self._sign(day)
        self._agree(day)
        self._meet(day)
        for pairing in self._rows(TO_MEET_SOON, at=at + timedelta(days=7)):
            if pairing.id % SILENT_PAIRS and self._happens(MOVES if pairing.has_date else PROPOSES):
                days = int(self.rng.integers(2, 9))
                plan = MeetingPlan(dates=[ProposedDate(day=day + timedelta(days=days), hour=time(10))])
                actor = as_supporter(pairing.supporter_id)
                self._do(propose_meeting, pairing_id=pairing.public_id, plan=plan, actor=actor, at=at)
        for pairing_id in self._drawn(ACTIVE_PAIRS, PAUSES):
            self._do(pause_pairing, pairing_id=pairing_id, at=at)
        for pairing_id in self._drawn(PAUSING_PAIRS, RESUMES):
            self._do(resume_pairing, pairing_id=pairing_id, at=at)

    def _agree(self, day: date) -> None:
        at = instant(day, 17)
        for meeting in self._rows(DATES_PROPOSED):
            instants = [one for one in list_instants(meeting) if one > at]
            if instants and self._happens(CONFIRMS):
                actor = as_person(meeting.entrepreneur_id)
                self._do(confirm_meeting, meeting_id=meeting.public_id, starts_at=instants[0], actor=actor, at=at)

    def _meet(self, day: date) -> None:
        at = instant(day, 16)
        for meeting in self._rows(MEETINGS_AGREED, at=at):
            if not self._happens(MEETS):
                continue
            if self._happens(MISSES):
                self._do(miss_meeting, meeting_id=meeting.meeting_id, actor=as_person(meeting.entrepreneur_id), at=at)
            else:
                held = {"pairing_id": meeting.public_id, "day": meeting.starts_at.date(), "minutes": 60}
                self._do(log_meeting, **held, actor=as_supporter(meeting.supporter_id), at=at)

    def _sign(self, day: date) -> None:
        at = instant(day, 12)
        for pairing in self._rows(TO_SIGN):
            for actor in (as_person(pairing.entrepreneur_id), as_supporter(pairing.supporter_id), self.coordinator):
                if self._happens(SIGNS):
                    self._do(sign_charter, pairing_id=pairing.public_id, name="Camille Martin", actor=actor, at=at)
