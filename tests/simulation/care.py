"""Care in a year: files with coaches, opened, looked at, withdrawn; calls asked for, taken, handed on, forgotten."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists

from models.coaching import CoachingAssessment, CoachingDoor, CoachingFile, CoachingMoment, Statement
from models.entrepreneurs import Entrepreneur
from models.handovers import Handover, Sentinel
from models.pairings import Pairing
from models.states import CoachingFileState, EntrepreneurState, HandoverState, PairingState, SupporterState
from models.supporters import Supporter, SupporterRole
from tests.simulation.world import as_person, ids_of, instant, read_account, rows_of
from webapp.permissions import Actor
from webapp.services.coaching import SelfAssessment, assess, open_file, withdraw_agreement
from webapp.services.handovers import ask_for_call, close_call, hand_on, take_call
from webapp.services.invitations import invite_supporter
from webapp.services.sentinels import end_sentinel, name_sentinel

TRAINED, NAMED_ON = 3, 6
OPENS_FILE, LOOKS_BEFORE, WITHDRAWS = 0.15, 0.05, 0.004
ASKS_FOR_CALL, TAKES, HANDS_ON, CALLS, STOPS = 0.0004, 0.5, 0.2, 0.5, 0.001

MENTORS = ids_of(Supporter, Supporter.state == SupporterState.ACTIVE, Supporter.role == SupporterRole.MENTOR)
PEOPLE = rows_of(Entrepreneur.public_id, Entrepreneur.id, where=[Entrepreneur.state == EntrepreneurState.READY])
COACHED = rows_of(
    Pairing.public_id,
    Pairing.entrepreneur_id,
    where=[
        Pairing.role == SupporterRole.COACH,
        Pairing.state == PairingState.ACTIVE,
        ~exists().where(CoachingFile.pairing_id == Pairing.id),
    ],
)
OPEN_FILES = rows_of(
    CoachingFile.public_id,
    CoachingFile.entrepreneur_id,
    exists().where(CoachingAssessment.file_id == CoachingFile.id).label("is_looked_at"),
    where=[CoachingFile.state == CoachingFileState.OPEN],
)
SENTINELS = rows_of(Sentinel.public_id, Sentinel.account_id, where=[Sentinel.ended_at.is_(None)])
CALL = (Handover.public_id, Handover.sentinel_id, Handover.entrepreneur_id)
CALLS_ASKED = rows_of(*CALL, where=[Handover.state == HandoverState.OPEN, Handover.sentinel_id.is_not(None)])
CALLS_TAKEN = rows_of(*CALL, where=[Handover.state == HandoverState.TAKEN])


class Care:
    """The care in one association; what acts and draws comes from the branch."""

    public_id: UUID
    _do: Callable[..., Any]
    _ids: Callable[..., list[UUID]]
    _rows: Callable[..., Sequence[Any]]
    _chosen: Callable[..., list[Any]]
    _happens: Callable[[float], bool]

    def train(self, day: date, number: int) -> None:
        """Name the coordinator and two volunteers, once they were trained."""
        if number != NAMED_ON:
            return
        at = instant(day, 10)
        invited = [self._do(invite_supporter, supporter_id=one, at=at) for one in self._ids(MENTORS)[: TRAINED - 1]]
        for account_id in [*invited, read_account(self.coordinator.account_id).public_id]:
            trained = {"account_id": account_id, "trained_on": day - timedelta(days=30)}
            self._do(name_sentinel, association_id=self.public_id, **trained, at=at)

    def care(self, day: date) -> None:
        """Let people open files with their coaches, ask for calls, and let who is trained call them."""
        at = instant(day, 15)
        self._coach(at)
        for person in self._chosen(PEOPLE, ASKS_FOR_CALL):
            wish = {"sentinel_id": None, "reach": "06 00 00 00 00", "tells_name": self._happens(0.5), "agrees": True}
            self._do(ask_for_call, entrepreneur_id=person.public_id, **wish, actor=as_person(person.id), at=at)
        for call in self._rows(CALLS_ASKED):
            if self._happens(TAKES):
                decide = hand_on if self._happens(HANDS_ON) else take_call
                self._do(decide, handover_id=call.public_id, actor=_sentinel(call), at=at)
        for call in self._chosen(CALLS_TAKEN, CALLS):
            self._do(close_call, handover_id=call.public_id, actor=_sentinel(call), at=at)
        for sentinel in self._chosen(SENTINELS, STOPS):
            actor = Actor(account_id=sentinel.account_id)
            self._do(end_sentinel, sentinel_id=sentinel.public_id, actor=actor, at=at)

    def _coach(self, at: datetime) -> None:
        for pairing in self._chosen(COACHED, OPENS_FILE):
            said = {"door": CoachingDoor.PREVENTION, "agrees": True, "actor": as_person(pairing.entrepreneur_id)}
            self._do(open_file, pairing_id=pairing.public_id, **said, at=at)
        for file in self._rows(OPEN_FILES):
            person = as_person(file.entrepreneur_id)
            if not file.is_looked_at and self._happens(LOOKS_BEFORE):
                said = SelfAssessment(answers=dict.fromkeys(Statement, 3), strengths="Patiente")
                moment = CoachingMoment.BEFORE
                self._do(assess, file_id=file.public_id, moment=moment, said=said, actor=person, at=at)
            elif self._happens(WITHDRAWS):
                self._do(withdraw_agreement, file_id=file.public_id, actor=person, at=at)


def _sentinel(call: Any) -> Actor:
    return Actor(account_id=None, sentinel_ids=frozenset({call.sentinel_id}))
