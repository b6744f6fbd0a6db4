"""Coaching files: opened by the person's agreement, read by her and her coach, hidden and emptied when she wishes.

Nothing of a file is logged, exported, told to an association, or given to the clocks: these see states and days only.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from models.coaching import CoachingAssessment, CoachingDoor, CoachingFile, CoachingMoment, Statement
from models.db import retried, transaction
from models.exceptions import InvalidInputError, InvalidTransitionError, NotFoundError
from models.moves import move, write_event
from models.pairings import Pairing
from models.queries.care import find_file_of_pairing, get_file
from models.queries.meetings import HeldMeetings, read_held
from models.queries.pairings import get_pairing, lock_pairing
from models.states import TOGETHER_PAIRING_STATES, CoachingFileAction, CoachingFileState
from models.supporters import SupporterRole
from webapp.clock import day_of
from webapp.permissions import Actor, Permission, require_known
from webapp.services.pairing_terms import COACHING_MINUTES

CONSENT_VERSION = "2026-1"
ERASED_AFTER_WITHDRAWAL = timedelta(days=30)
KEPT_AFTER_CLOSE = timedelta(days=365)
AFTER_END = timedelta(days=30)
"""How long a file stays open when the two have ended, so that she can look back."""
BEFORE_DUE = timedelta(days=7)
NEAR_END_MINUTES = 60
NEAR_END_DAYS = 30
LEAST, MOST = 1, 5
MAX_WORDS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfAssessment:
    """What somebody says of herself: an answer from 1 to 5 per statement, and two free words."""

    answers: Mapping[Statement, int]
    strengths: str = ""
    gaps: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachingView:
    """A file as the person or her coach reads it: what was looked at, the hours used, and what is due when."""

    file: CoachingFile
    looks: Mapping[CoachingMoment, SelfAssessment]
    held: HeldMeetings
    budget_minutes: int
    due: CoachingMoment | None = None
    due_on: date | None = None

    @property
    def offered(self) -> tuple[CoachingMoment, ...]:
        """Give the looks to offer: the one at the end only after the one at the beginning, or when it is due."""
        at_the_end = CoachingMoment.AFTER in (self.due, *self.looks) or CoachingMoment.BEFORE in self.looks
        return tuple(CoachingMoment) if at_the_end else (CoachingMoment.BEFORE,)

    @property
    def left_minutes(self) -> int:
        """Give the minutes that are left of the path, never below none."""
        return max(0, self.budget_minutes - self.held.minutes)


@retried
def open_file(*, pairing_id: UUID, door: CoachingDoor, agrees: bool, actor: Actor, at: datetime) -> UUID:
    """Open the person's file with her coach, by her agreement and by her alone. Twice is once.

    Raises NotFoundError, InvalidInputError (no agreement) or InvalidTransitionError (no coach, or no longer).
    """
    if not agrees:
        raise InvalidInputError(field="agrees")
    with transaction() as session:
        pairing = _lock_own(session, pairing_id, actor)
        if pairing.role is not SupporterRole.COACH or pairing.state not in TOGETHER_PAIRING_STATES:
            raise InvalidTransitionError(record="pairing", state=str(pairing.state), action="open_file")
        file = find_file_of_pairing(session, pairing.id)
        if file is None:
            file = _build(pairing, door, at)
            session.add(file)
            session.flush()
            write_event(session, file, "open", to_state=file.state, actor_id=actor.account_id, at=at)
        elif file.state is CoachingFileState.WITHDRAWN:
            values: dict[str, Any] = {"withdrawn_at": None, "erase_at": None, "erased_at": None, "door": door.value}
            values |= {"consent_at": at, "text_version": CONSENT_VERSION}
            move(session, file, CoachingFileAction.RENEW, actor_id=actor.account_id, at=at, **values)
        elif file.state is CoachingFileState.CLOSED:
            raise InvalidTransitionError(record="coaching_file", state=str(file.state), action="open")
    return file.public_id


@retried
def withdraw_agreement(*, file_id: UUID, actor: Actor, at: datetime) -> None:
    """Take the agreement back: her coach reads nothing from now on, and all of it is erased some days later.

    Raises NotFoundError or InvalidTransitionError.
    """
    with transaction() as session:
        file = _lock_file(session, file_id, actor, Permission.COACHING_OWN)
        if file.state is CoachingFileState.WITHDRAWN:
            return
        values: dict[str, Any] = {"withdrawn_at": at, "erase_at": at + ERASED_AFTER_WITHDRAWAL}
        move(session, file, CoachingFileAction.WITHDRAW, actor_id=actor.account_id, at=at, **values)


@retried
def erase_now(*, file_id: UUID, actor: Actor, at: datetime) -> None:
    """Erase the words of a file at once, at the person's wish.

    Raises NotFoundError or InvalidTransitionError (a file that is open: the agreement is taken back first).
    """
    with transaction() as session:
        file = _lock_file(session, file_id, actor, Permission.COACHING_OWN)
        if file.state is CoachingFileState.OPEN:
            raise InvalidTransitionError(record="coaching_file", state=str(file.state), action="erase")
        _erase(file, at)


@retried
def assess(*, file_id: UUID, moment: CoachingMoment, said: SelfAssessment, actor: Actor, at: datetime) -> None:
    """Note what the person says of herself before or after; said again, it replaces. Nobody else can say it for her.

    Raises NotFoundError, InvalidTransitionError (a file that is not open) or InvalidInputError.
    """
    answers = {statement.value: said.answers.get(statement, 0) for statement in Statement}
    if not all(LEAST <= answer <= MOST for answer in answers.values()):
        raise InvalidInputError(field="answers", minimum=LEAST, maximum=MOST)
    words = {"strengths": said.strengths.strip()[:MAX_WORDS], "gaps": said.gaps.strip()[:MAX_WORDS]}
    content = json.dumps({"answers": answers, **words}, ensure_ascii=False)
    with transaction() as session:
        file = _lock_file(session, file_id, actor, Permission.COACHING_OWN)
        if file.state is not CoachingFileState.OPEN:
            raise InvalidTransitionError(record="coaching_file", state=str(file.state), action="assess")
        known = next((one for one in file.assessments if one.moment is moment), None)
        if known is None:
            file.assessments.append(CoachingAssessment(moment=moment, content=content, noted_at=at))
        else:
            known.content, known.noted_at = content, at


@retried
def close_file(*, file_id: UUID, at: datetime) -> int:
    """Close a file whose path is over, for the clocks; a year later its words go. Twice is once."""
    with transaction() as session:
        file = _reread(session, get_file(session, file_id))
        if file.state is not CoachingFileState.OPEN:
            return 0
        values: dict[str, Any] = {"closed_at": at, "erase_at": at + KEPT_AFTER_CLOSE}
        move(session, file, CoachingFileAction.CLOSE, actor_id=None, at=at, **values)
    return 1


@retried
def erase_file(*, file_id: UUID, at: datetime) -> int:
    """Erase the words of a file whose day has come, for the clocks. Twice is once."""
    with transaction() as session:
        file = _reread(session, get_file(session, file_id))
        if file.erase_at is None or file.erase_at > at or file.erased_at is not None:
            return 0
        _erase(file, at)
    return 1


def read_own(session: Session, file: CoachingFile, *, actor: Actor, at: datetime) -> CoachingView:
    """Give a person her own file, whatever became of it, with what is due.

    Raises NotFoundError.
    """
    require_known(actor, Permission.COACHING_OWN, file)
    return build_view(session, file, at=at)


def read_as_coach(session: Session, file_id: UUID, *, actor: Actor, at: datetime) -> CoachingView:
    """Give the file to the coach whom the person agreed to show it to, as long as it is open.

    Raises NotFoundError: whoever else asks, and after the agreement was taken back, there is none.
    """
    file = get_file(session, file_id)
    if not may_coach(actor, file):
        raise NotFoundError(record="CoachingFile")
    return build_view(session, file, at=at)


def find_for_coach(session: Session, pairing: Pairing, *, actor: Actor) -> CoachingFile | None:
    """Give the open file of a pairing if the actor is the coach in it."""
    if pairing.role is not SupporterRole.COACH or pairing.supporter_id not in actor.supporter_ids:
        return None
    file = find_file_of_pairing(session, pairing.id)
    return file if file is not None and file.state is CoachingFileState.OPEN else None


def may_coach(actor: Actor, file: CoachingFile) -> bool:
    """Say whether the actor is the coach of an open file. Its pairing must be loaded."""
    return file.state is CoachingFileState.OPEN and file.pairing.supporter_id in actor.supporter_ids


def build_view(session: Session, file: CoachingFile, *, at: datetime) -> CoachingView:
    """Read hours and looks of a file; who may see it was asked before."""
    held = read_held(session, file.pairing_id, at=at)
    budget = file.pairing.budget_minutes or COACHING_MINUTES
    due, due_on = tell_due(file, held=held, budget_minutes=budget, at=at)
    return CoachingView(
        file=file,
        looks={one.moment: _read(one.content) for one in file.assessments},
        held=held,
        budget_minutes=budget,
        due=due,
        due_on=due_on,
    )


def tell_due(
    file: CoachingFile, *, held: HeldMeetings, budget_minutes: int, at: datetime
) -> tuple[CoachingMoment | None, date | None]:
    """Say which look at oneself is due, and by which day: the first after the first talk, the last near the end."""
    if file.state is not CoachingFileState.OPEN:
        return None, None
    noted, pairing = {one.moment for one in file.assessments}, file.pairing
    ended_on = day_of(pairing.ended_at) if pairing.ended_at else None
    if CoachingMoment.AFTER not in noted:
        if ended_on is not None:
            return CoachingMoment.AFTER, ended_on + AFTER_END
        today = day_of(at)
        is_near = held.minutes >= budget_minutes - NEAR_END_MINUTES or file.ends_on - today <= timedelta(NEAR_END_DAYS)
        if CoachingMoment.BEFORE in noted and is_near:
            return CoachingMoment.AFTER, file.ends_on
    if not noted and held.first_at is not None:
        first = max(held.first_at, file.opened_at)
        return CoachingMoment.BEFORE, day_of(first + BEFORE_DUE)
    return None, None


def _build(pairing: Pairing, door: CoachingDoor, at: datetime) -> CoachingFile:
    return CoachingFile(
        public_id=uuid4(),
        association_id=pairing.association_id,
        entrepreneur_id=pairing.entrepreneur_id,
        pairing_id=pairing.id,
        state=CoachingFileState.OPEN,
        door=door.value,
        text_version=CONSENT_VERSION,
        consent_at=at,
        opened_at=at,
        ends_on=pairing.ends_on,
        assessments=[],
    )


def _erase(file: CoachingFile, at: datetime) -> None:
    if file.erased_at is None:
        file.assessments.clear()
        file.door, file.erased_at = None, at


def _read(content: str) -> SelfAssessment:
    said = json.loads(content)
    answers = {Statement(name): answer for name, answer in said["answers"].items()}
    return SelfAssessment(answers=answers, strengths=said["strengths"], gaps=said["gaps"])


def _lock_own(session: Session, pairing_id: UUID, actor: Actor) -> Pairing:
    """Lock a pairing of the actor's own: for anybody else it does not exist here."""
    found = get_pairing(session, pairing_id)
    if found.entrepreneur_id not in actor.entrepreneur_ids:
        raise NotFoundError(record="Pairing")
    return lock_pairing(session, found.id)


def _lock_file(session: Session, file_id: UUID, actor: Actor, permission: Permission) -> CoachingFile:
    """Lock a file for who may know of it."""
    found = get_file(session, file_id)
    require_known(actor, permission, found)
    return _reread(session, found)


def _reread(session: Session, found: CoachingFile) -> CoachingFile:
    """Lock the pairing of a file, then read the file as it is now: whoever changes one holds its pairing."""
    lock_pairing(session, found.pairing_id)
    return get_file(session, found.public_id)
