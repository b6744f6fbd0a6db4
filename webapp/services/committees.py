"""Who examines whose file in an approval committee: named and released by a coordinator.

Whoever examines a file is never proposed to its person. Naming her takes back what was proposed and sets aside what was
suggested, in the same transaction; while the two work together she cannot be named.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from models.committees import CommitteeFile
from models.db import retried, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import AlreadyTogetherError, NotFoundError
from models.messages import MessageKind
from models.moves import move_all, write_event
from models.names import full_name
from models.pairings import Pairing, WithdrawReason
from models.queries.associations import get_association
from models.queries.committees import find_examination, get_committee_file, list_rows_of_person, lock_committee_file
from models.queries.pairings import list_live_pairings_of_entrepreneur
from models.queries.suggestions import get_entrepreneur, list_waiting_suggestions_of_person, lock_entrepreneur
from models.queries.supporters import get_supporter, lock_supporters
from models.states import TOGETHER_PAIRING_STATES, EntrepreneurState, SuggestionAction, SuggestionState, SupporterState
from models.supporters import SupporterRole
from webapp.clock import day_of
from webapp.permissions import Actor, Permission, require
from webapp.services.alternatives import present_next
from webapp.services.pairings import withdraw_locked
from webapp.services.parties import lock_parties_of, name_coordinator, tell_supporter

logger = logging.getLogger(__name__)


@retried
def name_examiner(*, entrepreneur_id: UUID, supporter_id: UUID, actor: Actor, at: datetime) -> UUID:
    """Write down that a supporter examines a person's file; twice is once.

    Raises NotFoundError, PermissionDeniedError or AlreadyTogetherError.
    """
    with transaction() as session:
        person, supporter = get_entrepreneur(session, entrepreneur_id), get_supporter(session, supporter_id)
        require(actor, Permission.SUGGESTION_DECIDE, person)
        if supporter.association_id != person.association_id or supporter.state is SupporterState.LEFT:
            raise NotFoundError(record="Supporter")
        rows = list_rows_of_person(session, supporter)
        lock_supporters(session, rows)
        person = lock_entrepreneur(session, person.id)
        known = find_examination(session, person.id, supporter.id)
        if known is not None:
            return known.public_id
        held = [one for one in list_live_pairings_of_entrepreneur(session, person.id) if one.supporter_id in rows]
        if any(pairing.state in TOGETHER_PAIRING_STATES for pairing in held):
            raise AlreadyTogetherError(supporter_id=supporter_id, entrepreneur_id=entrepreneur_id)
        line = CommitteeFile(
            public_id=uuid4(),
            association_id=person.association_id,
            entrepreneur_id=person.id,
            supporter_id=supporter.id,
            since=day_of(at),
            noted_by_id=actor.account_id,
            noted_at=at,
        )
        session.add(line)
        _write_event(session, person, "name_examiner", full_name(supporter), actor, at)
        session.flush()
        _set_aside(session, person, rows, actor=actor, at=at)
        for pairing in held:
            _take_back(session, pairing, actor=actor, at=at)
    logger.info("examiner named", extra={"committee_file_id": str(line.public_id), "actor_id": actor.account_id})
    return line.public_id


@retried
def release_examiner(*, committee_file_id: UUID, actor: Actor, at: datetime) -> UUID:
    """Write down that a supporter examines a file no longer: from today on she may be proposed. Gives the person's id.

    Raises NotFoundError or PermissionDeniedError.
    """
    with transaction() as session:
        found = get_committee_file(session, committee_file_id)
        require(actor, Permission.SUGGESTION_DECIDE, found)
        (supporter,) = lock_supporters(session, [found.supporter_id])
        person = lock_entrepreneur(session, found.entrepreneur_id)
        line = lock_committee_file(session, found.id)
        if line.until is None:
            line.until = max(line.since, day_of(at))
            _write_event(session, person, "release_examiner", full_name(supporter), actor, at)
        public_id = person.public_id
    logger.info("examiner released", extra={"committee_file_id": str(committee_file_id), "actor_id": actor.account_id})
    return public_id


def _set_aside(session: Session, person: Entrepreneur, rows: Sequence[int], *, actor: Actor, at: datetime) -> None:
    """Set aside what was suggested of the examiner, and present who comes next."""
    waiting = [one for one in list_waiting_suggestions_of_person(session, person.id) if one.supporter_id in rows]
    emptied = [one.role for one in waiting if one.state is SuggestionState.OPEN]
    move_all(session, waiting, SuggestionAction.SUPERSEDE, actor_id=actor.account_id, at=at, reason="examines_the_file")
    for role in emptied:
        _present(session, person, role, actor=actor, at=at)


def _present(session: Session, person: Entrepreneur, role: SupporterRole, *, actor: Actor, at: datetime) -> None:
    if person.state is EntrepreneurState.READY:
        association = get_association(session, person.association_id)
        present_next(session, entrepreneur=person, role=role, association=association, actor_id=actor.account_id, at=at)


def _take_back(session: Session, pairing: Pairing, *, actor: Actor, at: datetime) -> None:
    parties = lock_parties_of(session, pairing)
    withdraw_locked(session, parties, reason=WithdrawReason.OTHER_CHOICE, actor=actor, at=at)
    coordinator = name_coordinator(session, parties)
    tell_supporter(session, parties, MessageKind.PAIRING_WITHDRAWN, at=at, coordinator=coordinator)


def _write_event(session: Session, person: Entrepreneur, action: str, name: str, actor: Actor, at: datetime) -> None:
    write_event(session, person, action, actor_id=actor.account_id, at=at, note=name)
