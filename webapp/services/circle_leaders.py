"""Another facilitator for a circle: she left or needs a rest, and the circle goes on.

Who led a meeting that was held keeps its hours; from now on the calendar is that of who takes over.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, and_, func, select, update
from sqlalchemy.orm import Session

from models.audit import AuditEvent
from models.circle_meetings import CircleMeeting
from models.circles import NOWHERE, Circle, CircleFormat, CircleRule, Facilitator
from models.db import db, retried, transaction
from models.exceptions import CapacityReachedError, InvalidTransitionError, NotEligibleError, NotFoundError
from models.moves import write_event
from models.queries import circles as queries
from models.queries.associations import get_association
from models.queries.circle_meetings import list_planned
from models.states import CircleMeetingState, CircleMemberState, CircleState, SupporterState
from models.supporters import Supporter
from models.territories import Commune
from webapp import circle_bridge
from webapp.permissions import Actor, Permission, require
from webapp.services import circle_notices

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class PossibleLeader:
    """Who could lead a circle, and what her profile or those of the people in it say against it."""

    supporter: Supporter
    passed_over: tuple[CircleRule, ...]


@retried
def hand_over_circle(
    *, circle_id: UUID, supporter_id: UUID, note: str = "", moves_place: bool = False, actor: Actor, at: datetime
) -> None:
    """Let somebody else lead a circle from now on; she and its members are told. Twice is once.

    A circle that meets in person stays where its members find it, unless it `moves_place`: then to her town. With a
    `note` of what was agreed with her, whatever the profiles say of time, language and place is passed over, and kept
    as such. What keeps two people apart never is.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError (a circle that is over), NotEligibleError (away,
    or a rule of circles) or CapacityReachedError.
    """
    with transaction() as session:
        found = queries.find_circle(session, circle_id)
        if found is None:
            raise NotFoundError(record="Circle")
        require(actor, Permission.CIRCLE_STEER, found)
        # Supporters come before circles in every transaction: whoever closes a file locks them in this order too.
        supporter, _ = queries.lock_facilitator(session, supporter_id)
        circle = queries.lock_circle(session, found.id)
        if supporter.association_id != circle.association_id:
            raise NotFoundError(record="Supporter")
        if circle.state is CircleState.DISSOLVED:
            raise InvalidTransitionError(record="circle", state=str(circle.state), action="hand_over")
        if supporter.id == circle.facilitator_id:
            return
        _change_leader(session, circle, supporter, note=note.strip(), at=at)
        if (moves_place or circle.place == NOWHERE) and circle.format is CircleFormat.IN_PERSON:
            _move_place(session, circle, supporter, at=at)
        past = ", ".join(circle.passed_over)
        write_event(session, circle, "hand_over", actor_id=actor.account_id, at=at, note=past)
        if circle.state is CircleState.CONFIRMED:
            _tell(session, circle, supporter, at=at)
    logger.info("circle handed over", extra={"circle_id": str(circle_id), "actor_id": actor.account_id})


def list_possible_leaders(*, circle: Circle, actor: Actor, at: datetime) -> list[PossibleLeader]:
    """Give who else could lead a circle, of those who lead fewer than they may: who suits everybody in it comes first.

    Raises NotFoundError or PermissionDeniedError.
    """
    require(actor, Permission.CIRCLE_STEER, circle)
    session = db.session()
    people = [member.entrepreneur_id for member in queries.list_live_members(session, circle.id)]
    pool = queries.read_one_circle_pool(session, circle, people, has_every_leader=True)
    passed_over = circle_bridge.map_passed_over(pool, circle, at=at)
    found = [
        PossibleLeader(supporter=one, passed_over=passed_over[one.id])
        for one in pool.supporters
        if one.id in passed_over and one.id != circle.facilitator_id
    ]
    return sorted(found, key=lambda one: (len(one.passed_over), one.supporter.search_name, one.supporter.id))


def take_facilitator(session: Session, supporter: Supporter) -> None:
    """Take one circle of a supporter's: one row changed means that she leads it.

    Raises NotEligibleError (away) or CapacityReachedError.
    """
    if supporter.state is not SupporterState.ACTIVE:
        raise NotEligibleError(rule="not_active", state=str(supporter.state), supporter_id=supporter.public_id)
    taken: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        update(Facilitator)
        .where(Facilitator.supporter_id == supporter.id, Facilitator.taken < Facilitator.capacity)
        .values(taken=Facilitator.taken + 1)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:
        raise CapacityReachedError(supporter_id=supporter.public_id)


def give_facilitator_back(session: Session, supporter_id: int) -> None:
    """Give a circle of a supporter's back."""
    session.execute(
        update(Facilitator)
        .where(Facilitator.supporter_id == supporter_id)
        .values(taken=Facilitator.taken - 1)
        .execution_options(synchronize_session=False)
    )


def _change_leader(session: Session, circle: Circle, supporter: Supporter, *, note: str, at: datetime) -> None:
    before = circle.facilitator_id
    if circle.state is CircleState.CONFIRMED:
        take_facilitator(session, supporter)
        give_facilitator_back(session, before)
    elif supporter.state is not SupporterState.ACTIVE:
        raise NotEligibleError(rule="not_active", state=str(supporter.state), supporter_id=supporter.public_id)
    circle.facilitator_id = supporter.id
    session.flush()
    session.expire(circle, ["facilitator"])
    circle.passed_over = _require_suits(session, circle, has_agreed=bool(note), at=at)
    circle.leader_note = note if circle.passed_over else ""


def _require_suits(session: Session, circle: Circle, *, has_agreed: bool, at: datetime) -> list[str]:
    """Refuse who may not sit with one of its members; whom they cannot meet, unless she agreed. Give what is passed."""
    people = [member.entrepreneur_id for member in queries.list_live_members(session, circle.id)]
    pool = queries.read_one_circle_pool(session, circle, people)
    rules = circle_bridge.map_passed_over(pool, circle, at=at).get(circle.facilitator_id)
    if rules is None or (rules and not has_agreed):
        raise NotEligibleError(rule="circle")
    return [rule.value for rule in rules]


def _move_place(session: Session, circle: Circle, supporter: Supporter, *, at: datetime) -> None:
    """Let the circle meet where its facilitator is, and calendars know."""
    places = queries.map_commune_names(session, {supporter.commune_code} if supporter.commune_code else set())
    place = places.get(supporter.commune_code or "", circle.place)
    if place == circle.place:
        return
    circle.place = place
    for meeting in list_planned(session, circle.id, after=at):
        meeting.sequence, meeting.updated_at = meeting.sequence + 1, at


def forget_places(session: Session, supporters: Sequence[Supporter], *, at: datetime) -> None:
    """Forget what was said of where circles meet by somebody who leads them no more: it may be her home.

    Until somebody says another place they meet in the town of who leads them now. In the caller's transaction.
    """
    hers = {one.account_id for one in supporters if one.account_id is not None}
    about_place = and_(AuditEvent.record == "circle", AuditEvent.action == "say_where")
    last = select(func.max(AuditEvent.id)).where(about_place).group_by(AuditEvent.record_id)
    said = select(AuditEvent.record_id).where(AuditEvent.id.in_(last), AuditEvent.actor_id.in_(hers))
    rows = session.execute(
        select(Circle, Commune.name)
        .join(Supporter, Supporter.id == Circle.facilitator_id)
        .outerjoin(Commune, Commune.code == Supporter.commune_code)
        .where(Circle.id.in_(said), Circle.facilitator_id.not_in([one.id for one in supporters]))
    ).all()
    for circle, town in rows:
        circle.place = (town or NOWHERE) if circle.format is CircleFormat.IN_PERSON else ""
    planned = CircleMeeting.state == CircleMeetingState.PLANNED, CircleMeeting.starts_at > at
    session.execute(
        update(CircleMeeting)
        .where(CircleMeeting.circle_id.in_([circle.id for circle, _town in rows]), *planned)
        .values(sequence=CircleMeeting.sequence + 1, updated_at=at)
        .execution_options(synchronize_session=False)
    )


def _tell(session: Session, circle: Circle, supporter: Supporter, *, at: datetime) -> None:
    association = get_association(session, circle.association_id)
    following = list_planned(session, circle.id, after=at)
    facts: dict[str, object] = {
        "facilitator": supporter.first_name,
        "next_at": following[0].starts_at if following else None,
    }
    members = queries.list_live_members(session, circle.id)
    known = [member for member in members if member.state is not CircleMemberState.PROPOSED]
    circle_notices.tell_leader(session, circle, supporter, known, association, facts, at=at)
