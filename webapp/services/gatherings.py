"""Meetings of the supporters' circle: planned by a coordinator, changed or called off with notice, noted afterwards.

Supporters accompany alone: here they meet their peers and talk about their practice, never about somebody by name.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.associations import Association
from models.circle_meetings import CircleAnswer
from models.correspondence import TapPurpose
from models.db import retried, transaction
from models.exceptions import InvalidInputError, InvalidTransitionError, NotFoundError
from models.gatherings import Gathering, GatheringAttendance
from models.messages import MessageKind
from models.moves import move, write_event
from models.queries.associations import get_association, get_association_by_public_id
from models.queries.gatherings import find_listing, find_planned, get_gathering, list_attendees, list_listed
from models.queries.supporters import get_supporter, lock_supporter
from models.states import GatheringAction, GatheringState, SupporterState
from models.supporters import Supporter
from webapp.form_keys import claim_form_key, note_outcome
from webapp.permissions import Actor, Permission, require
from webapp.services.messages import Draft, queue_messages
from webapp.services.tap_links import add_links
from webapp.services.wall_times import resolve_wall_time

logger = logging.getLogger(__name__)
LEAST_MINUTES, MOST_MINUTES = 15, 600
MOST_WORDS = 2000
FURTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheringValues:
    """What a coordinator decides about a gathering; the hour is that of a clock in France. A place, a link, or both."""

    day: date
    starts_at: time
    minutes: int
    place: str = ""
    online_url: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheringReport:
    """What is noted of a gathering that took place: who was there, and how long it took."""

    present: Collection[UUID]
    minutes: int


@retried
def plan_gathering(
    *, association_id: UUID, values: GatheringValues, actor: Actor, at: datetime, form_key: str | None = None
) -> UUID:
    """Plan the next gathering, which the actor answers for; everybody in the circle is told, with a yes and a no.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError (one is planned, or not noted yet),
    InvalidInputError, InvalidWallTimeError or RepeatedRequestError.
    """
    with transaction() as session:
        association = get_association_by_public_id(session, association_id)
        require(actor, Permission.GATHERING_STEER, association)
        claim_form_key(session, key=form_key, account_id=actor.account_id, at=at)
        columns = _read(values, at=at)
        if find_planned(session, association.id) is not None:
            raise _one_at_a_time()
        gathering = _build(session, association, columns, actor=actor, at=at)
        _tell(session, gathering, association, MessageKind.GATHERING_PLANNED, at=at)
        note_outcome(session, key=form_key, outcome=gathering.public_id)
    _log("gathering planned", gathering.public_id, actor)
    return gathering.public_id


@retried
def change_gathering(*, gathering_id: UUID, values: GatheringValues, actor: Actor, at: datetime) -> None:
    """Move a gathering, or change where it is or what it is about; everybody in the circle is told.

    What people said about coming is forgotten when the moment changes: it was about another one.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError, InvalidInputError or InvalidWallTimeError.
    """
    with transaction() as session:
        gathering = _lock_steered(session, gathering_id, actor)
        _require_to_come(gathering, "change", at)
        columns = _read(values, at=at)
        if all(getattr(gathering, name) == value for name, value in columns.items()):
            return
        is_moved = gathering.starts_at != columns["starts_at"]
        lost_at = gathering.starts_at if is_moved else None
        _move(session, gathering, GatheringAction.CHANGE, actor, at, sequence=gathering.sequence + 1, **columns)
        if is_moved:
            session.execute(delete(GatheringAttendance).where(GatheringAttendance.gathering_id == gathering.id))
        association = get_association(session, gathering.association_id)
        kind = MessageKind.GATHERING_CHANGED
        _tell(session, gathering, association, kind, at=at, is_moved=is_moved, lost_at=lost_at)
    _log("gathering changed", gathering_id, actor)


@retried
def cancel_gathering(*, gathering_id: UUID, actor: Actor, at: datetime) -> None:
    """Call a gathering off; everybody in the circle is told.

    Raises NotFoundError, PermissionDeniedError or InvalidTransitionError.
    """
    with transaction() as session:
        gathering = _lock_steered(session, gathering_id, actor)
        _require_to_come(gathering, "cancel", at)
        _move(session, gathering, GatheringAction.CANCEL, actor, at, sequence=gathering.sequence + 1)
        association = get_association(session, gathering.association_id)
        _tell(session, gathering, association, MessageKind.GATHERING_CANCELLED, at=at)
    _log("gathering cancelled", gathering_id, actor)


@retried
def answer_gathering(
    *, gathering_id: UUID, supporter_id: UUID, answer: CircleAnswer, actor: Actor, at: datetime
) -> None:
    """Say whether one comes; it can be said again until the gathering begins.

    Raises NotFoundError (also for who is not in the circle), PermissionDeniedError or InvalidTransitionError.
    """
    with transaction() as session:
        supporter = get_supporter(session, supporter_id)
        require(actor, Permission.LISTING_OWN, supporter)
        supporter = lock_supporter(session, supporter.id)
        gathering = get_gathering(session, gathering_id, is_locked=True)
        if not _is_in_circle(session, supporter, gathering):
            raise NotFoundError(record="Gathering")
        _require_to_come(gathering, "answer", at)
        row = _attendance(session, gathering, supporter.id)
        row.answer, row.answered_at = answer, at
    _log("gathering answered", gathering_id, actor)


@retried
def hold_gathering(*, gathering_id: UUID, report: GatheringReport, actor: Actor, at: datetime) -> None:
    """Note that a gathering took place and who was there: the hours count for them. It can be corrected.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError or InvalidInputError.
    """
    if not LEAST_MINUTES <= report.minutes <= MOST_MINUTES:
        raise InvalidInputError(field="minutes", minimum=LEAST_MINUTES, maximum=MOST_MINUTES)
    with transaction() as session:
        gathering = _lock_steered(session, gathering_id, actor)
        _require_begun(gathering, at)
        people = {supporter.public_id: supporter for supporter in list_attendees(session, gathering)}
        present = set(report.present)
        if not present or not present <= people.keys():
            raise InvalidInputError(field="present")
        for public_id, supporter in people.items():
            _attendance(session, gathering, supporter.id).was_there = public_id in present
        ended_at = gathering.starts_at + timedelta(minutes=report.minutes)
        values = {"minutes": report.minutes, "report_due_at": ended_at, "sequence": gathering.sequence + 1}
        _move(session, gathering, GatheringAction.HOLD, actor, at, **values, **_logged(actor, at))
    _log("gathering held", gathering_id, actor)


@retried
def miss_gathering(*, gathering_id: UUID, actor: Actor, at: datetime) -> None:
    """Note that a gathering did not take place; nobody was there then.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError or InvalidInputError.
    """
    with transaction() as session:
        gathering = _lock_steered(session, gathering_id, actor)
        _require_begun(gathering, at)
        raised = gathering.sequence + 1
        _move(session, gathering, GatheringAction.MISS, actor, at, sequence=raised, **_logged(actor, at))
        noted = GatheringAttendance.gathering_id == gathering.id
        session.execute(delete(GatheringAttendance).where(noted, GatheringAttendance.answer.is_(None)))
        session.execute(update(GatheringAttendance).where(noted).values(was_there=None))
    _log("gathering missed", gathering_id, actor)


def _read(values: GatheringValues, *, at: datetime) -> dict[str, Any]:
    """Check what was decided, and give it as columns."""
    wall = resolve_wall_time(values.day, values.starts_at)
    place, link, words = values.place.strip(), values.online_url.strip(), values.words.strip()
    checks = {
        "gathering_day": at < wall.instant <= at + FURTHEST,
        "minutes": LEAST_MINUTES <= values.minutes <= MOST_MINUTES,
        "place": len(place) <= 160 and bool(place or link),
        "online_url": len(link) <= 255 and (not link or link.startswith(("https://", "http://"))),
        "words": len(words) <= MOST_WORDS,
    }
    for field, holds in checks.items():
        if not holds:
            raise InvalidInputError(field=field)
    return {
        "starts_at": wall.instant,
        "wall_start": wall.wall,
        "zone": wall.zone,
        "minutes": values.minutes,
        "place": place,
        "online_url": link,
        "words": words,
        "report_due_at": wall.instant + timedelta(minutes=values.minutes),
    }


def _build(
    session: Session, association: Association, columns: dict[str, Any], *, actor: Actor, at: datetime
) -> Gathering:
    gathering = Gathering(
        public_id=uuid4(),
        association_id=association.id,
        host_id=actor.account_id,
        state=GatheringState.PLANNED,
        sequence=0,
        updated_at=at,
        **columns,
    )
    session.add(gathering)
    try:
        session.flush()
    except IntegrityError as error:
        raise _one_at_a_time() from error
    write_event(session, gathering, "plan", to_state=gathering.state.value, actor_id=actor.account_id, at=at)
    return gathering


def _one_at_a_time() -> InvalidTransitionError:
    return InvalidTransitionError(record="gathering", state=str(GatheringState.PLANNED), action="plan")


def _tell(
    session: Session,
    gathering: Gathering,
    association: Association,
    kind: MessageKind,
    *,
    at: datetime,
    **facts: object,
) -> None:
    """Tell everybody in the circle, each change once; what asks whether she comes has a link for one tap."""
    asks = kind is MessageKind.GATHERING_PLANNED or bool(facts.get("is_moved"))
    common = {
        "gathering_id": gathering.public_id,
        "association": association.name,
        "starts_at": gathering.starts_at,
        **facts,
    }
    people = [listing.supporter for listing in list_listed(session, association.id)]
    taps = add_links(
        session,
        [(gathering.public_id, supporter) for supporter in people],
        purpose=TapPurpose.ANSWER_GATHERING,
        expires_at=gathering.starts_at if asks else None,
        at=at,
    )
    drafts = [
        Draft(
            kind=kind,
            account_id=supporter.account_id,
            recipient=supporter.email,
            event_key=f"gathering:{gathering.public_id}:{gathering.sequence}:{kind}",
            facts={**common, "tap": tap},
            association_id=association.id,
        )
        for supporter, tap in zip(people, taps, strict=True)
    ]
    queue_messages(session, drafts, at=at)


def _lock_steered(session: Session, gathering_id: UUID, actor: Actor) -> Gathering:
    gathering = get_gathering(session, gathering_id, is_locked=True)
    require(actor, Permission.GATHERING_STEER, gathering)
    return gathering


def _is_in_circle(session: Session, supporter: Supporter, gathering: Gathering) -> bool:
    is_here = supporter.association_id == gathering.association_id and supporter.state is not SupporterState.LEFT
    return is_here and find_listing(session, supporter.id) is not None


def _move(
    session: Session, gathering: Gathering, action: GatheringAction, actor: Actor, at: datetime, **values: Any
) -> None:
    move(session, gathering, action, actor_id=actor.account_id, at=at, updated_at=at, **values)


def _logged(actor: Actor, at: datetime) -> dict[str, Any]:
    return {"logged_at": at, "logged_by_id": actor.account_id}


def _require_to_come(gathering: Gathering, action: str, at: datetime) -> None:
    if gathering.state is not GatheringState.PLANNED or gathering.starts_at <= at:
        raise InvalidTransitionError(record="gathering", state=str(gathering.state), action=action)


def _require_begun(gathering: Gathering, at: datetime) -> None:
    if gathering.starts_at > at:
        raise InvalidInputError(field="starts_at", expected="a gathering that has begun")


def _attendance(session: Session, gathering: Gathering, supporter_id: int) -> GatheringAttendance:
    """Give what is known of a supporter about a locked gathering, or begin it."""
    row = next((one for one in gathering.attendances if one.supporter_id == supporter_id), None)
    if row is None:
        row = GatheringAttendance(
            gathering_id=gathering.id, supporter_id=supporter_id, association_id=gathering.association_id
        )
        session.add(row)
    return row


def _log(message: str, gathering_id: UUID, actor: Actor) -> None:
    logger.info(message, extra={"gathering_id": str(gathering_id), "actor_id": actor.account_id})
