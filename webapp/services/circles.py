"""Peer circles: proposed by the engine, confirmed by the coordinator, joined or declined by the people.

Locks come in one order: supporters, people by number (shared by who gives a place, alone by who changes the file), then
circles by number, then members. A circle's counter and its facilitator's move by conditional updates only.
"""

import logging
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from models.associations import Association
from models.circles import Circle, CircleMember, DepartureReason, DissolveReason, Facilitator
from models.clocks import Clock
from models.db import db, retried, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import (
    AlreadyServedError,
    CapacityInUseError,
    InvalidInputError,
    NotEligibleError,
    NotFoundError,
)
from models.moves import move
from models.queries import circles as queries
from models.queries.associations import get_association, get_association_by_public_id
from models.queries.circle_meetings import find_next_meeting
from models.queries.clocks import get_clocks
from models.states import (
    LIVE_CIRCLE_MEMBER_STATES,
    CircleAction,
    CircleMemberAction,
    CircleMemberState,
    CircleState,
    EntrepreneurState,
)
from models.supporters import Supporter
from webapp import circle_bridge
from webapp.circle_bridge import CircleSizes
from webapp.clock import day_of
from webapp.permissions import SYSTEM, Actor, Permission, require
from webapp.services import circle_notices
from webapp.services.assisted_calls import require_own_word
from webapp.services.circle_leaders import give_facilitator_back, take_facilitator
from webapp.services.circle_meetings import call_off, plan_ahead
from webapp.services.circle_places import flush_members, invite, place, release
from webapp.services.circle_turns import settle_turn

logger = logging.getLogger(__name__)

PREPARATION_DAYS = 7
"""Days between the last day to answer and the first meeting: time to tell everybody who comes."""

BATCH = 100
MOST_CIRCLES = 20


def propose_circles(*, association_id: UUID, sizes: CircleSizes, actor: Actor, at: datetime) -> UUID:
    """Compose circles anew from everybody who asks for one; proposals not yet confirmed are replaced.

    The engine works on a snapshot, outside the transaction; who was placed elsewhere meanwhile makes it fail whole.

    Raises NotFoundError, PermissionDeniedError, InvalidInputError (sizes) or AlreadyServedError.
    """
    session = db.session()
    association = get_association_by_public_id(session, association_id)
    require(actor, Permission.CIRCLE_STEER, association)
    pool = queries.read_circle_pool(session, association.id)
    codes = {person.commune_code for person in pool.supporters if person.commune_code}
    communes = queries.map_commune_names(session, codes)
    places = {person.id: communes.get(person.commune_code or "", association.name) for person in pool.supporters}
    plan = circle_bridge.compose(pool, sizes=sizes, at=at)
    round_id = _keep(plan, association.id, places, actor, at)
    logger.info("circles proposed", extra={"association_id": str(association_id), "circles": len(plan.circles)})
    return round_id


@retried
def _keep(
    plan: circle_bridge.CirclePlan, association_id: int, places: dict[int, str], actor: Actor, at: datetime
) -> UUID:
    placed = {int(member.entrepreneur_id) for circle in plan.circles for member in circle.members}
    with transaction() as session:
        queries.hold_people(session, placed)
        for circle in queries.list_circles(session, association_id, (CircleState.PROPOSED,)):
            locked = queries.lock_circle(session, circle.id)
            if locked.state is CircleState.PROPOSED:
                _end(session, locked, CircleAction.REPLACE, DissolveReason.REPLACED, actor=actor, at=at)
        if not placed <= queries.list_askers(session, association_id):
            raise AlreadyServedError(record="circle")
        circle_round = circle_bridge.build_round(
            plan, association_id=association_id, composed_by_id=actor.account_id, composed_at=at
        )
        session.add(circle_round)
        session.flush()
        session.add_all(circle_bridge.build_left_outs(plan, circle_round=circle_round))
        for circle, accounts in circle_bridge.build_circles(plan, circle_round=circle_round, places=places):
            session.add(circle)
            session.flush()
            session.add_all(circle_bridge.build_member(account, circle=circle) for account in accounts)
        flush_members(session)
        return circle_round.public_id


@retried
def confirm_circle(*, circle_id: UUID, actor: Actor, at: datetime) -> date:
    """Confirm a proposal: its facilitator is taken, and its members are invited by message. Gives the first meeting.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError, NotEligibleError (too few people, or the
    facilitator has left) or CapacityReachedError.
    """
    with transaction() as session:
        circle, association = _lock(session, circle_id, actor)
        members = queries.list_live_members(session, circle.id)
        if circle.state is CircleState.PROPOSED:
            if len(members) < circle.minimum:
                raise NotEligibleError(rule="people", count=len(members))
            take_facilitator(session, session.get_one(Supporter, circle.facilitator_id, populate_existing=True))
        days = get_clocks(session, association.id)[Clock.CIRCLE_ANSWER]
        deadline_at = at + timedelta(days=days)
        first_on = first_meeting_on(circle.slot, after=day_of(deadline_at))
        move(
            session,
            circle,
            CircleAction.CONFIRM,
            actor_id=actor.account_id,
            at=at,
            confirmed_at=at,
            confirmed_by_id=actor.account_id,
            first_meeting_on=first_on,
        )
        for member in members:
            invite(session, circle, member, deadline_at=deadline_at, actor=actor, at=at)
        plan_ahead(session, circle, at=at)
        circle_notices.tell_facilitator(session, circle, association, at=at)
    logger.info("circle confirmed", extra={"circle_id": str(circle_id), "actor_id": actor.account_id})
    return first_on


@retried
def dissolve_circle(*, circle_id: UUID, reason: DissolveReason, actor: Actor, at: datetime) -> None:
    """End a circle or its proposal: its facilitator is free again, and its members are told if they knew of it.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError or InvalidInputError.
    """
    if reason is DissolveReason.REPLACED:
        raise InvalidInputError(field="reason")
    with transaction() as session:
        circle, association = _lock(session, circle_id, actor)
        told = [
            member
            for member in queries.list_live_members(session, circle.id)
            if member.state is not CircleMemberState.PROPOSED
        ]
        was_confirmed, lost_at = circle.state is CircleState.CONFIRMED, _next_meeting_at(session, circle, at)
        _end(session, circle, CircleAction.DISSOLVE, reason, actor=actor, at=at)
        for member in told:
            circle_notices.tell_over(session, member, association, at=at, lost_at=lost_at)
        if was_confirmed:
            circle_notices.tell_facilitator(session, circle, association, at=at, is_over=True, lost_at=lost_at)
    logger.info("circle dissolved", extra={"circle_id": str(circle_id), "actor_id": actor.account_id})


@retried
def remove_member(*, member_id: UUID, reason: DepartureReason, note: str = "", actor: Actor, at: datetime) -> None:
    """Take somebody out of a circle; she is told, without the reason, if she knew of it.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError or InvalidInputError.
    """
    if reason not in (DepartureReason.NOT_TOGETHER, DepartureReason.OWN_WISH, DepartureReason.OTHER_CHOICE):
        raise InvalidInputError(field="reason")
    with transaction() as session:
        circle, association, member = _lock_member(session, member_id, actor, Permission.CIRCLE_STEER)
        knew = member.state is not CircleMemberState.PROPOSED
        release(session, circle, member, CircleMemberAction.REMOVE, reason, actor=actor, at=at, note=note)
        if knew:
            lost_at = _next_meeting_at(session, circle, at)
            circle_notices.tell_over(session, member, association, at=at, lost_at=lost_at)
    logger.info("circle member removed", extra={"member_id": str(member_id), "actor_id": actor.account_id})


@retried
def move_member(*, member_id: UUID, circle_id: UUID, actor: Actor, at: datetime) -> UUID:
    """Move somebody to another circle of the association that has room and suits her and everybody in it.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError, CapacityReachedError or NotEligibleError.
    """
    with transaction() as session:
        found = queries.get_circle_member(session, member_id)
        target = queries.find_circle(session, circle_id)
        if target is None:
            raise NotFoundError(record="Circle")
        for record in (found, target):
            require(actor, Permission.CIRCLE_STEER, record)
        if found.association_id != target.association_id or found.circle_id == target.id:
            raise NotFoundError(record="Circle")
        queries.hold_people(session, [found.entrepreneur_id])
        for circle_number in sorted((found.circle_id, target.id)):
            queries.lock_circle(session, circle_number)
        circle, association, member = _lock_member(session, member_id, actor, Permission.CIRCLE_STEER)
        target = queries.lock_circle(session, target.id)
        knew = member.state is not CircleMemberState.PROPOSED
        release(session, circle, member, CircleMemberAction.REMOVE, DepartureReason.MOVED, actor=actor, at=at)
        placed = place(session, target, member.entrepreneur_id, at=at)
        if target.state is CircleState.CONFIRMED:
            days = get_clocks(session, association.id)[Clock.CIRCLE_ANSWER]
            invite(session, target, placed, deadline_at=at + timedelta(days=days), actor=actor, at=at)
        elif knew:
            circle_notices.tell_over(session, member, association, at=at)
    logger.info("circle member moved", extra={"member_id": str(member_id), "circle_id": str(circle_id)})
    return placed.public_id


@retried
def join_circle(*, member_id: UUID, actor: Actor, at: datetime) -> None:
    """Say yes to an invitation, oneself or with a coordinator on the telephone.

    Raises NotFoundError, PermissionDeniedError, NotOnThePhoneError, InvalidTransitionError or NotEligibleError.
    """
    with transaction() as session:
        circle, _, member = _lock_answered(session, member_id, actor, at)
        person = session.get_one(Entrepreneur, member.entrepreneur_id)
        if person.state is EntrepreneurState.CLOSED:
            raise NotEligibleError(rule="not_ready", state=str(person.state))
        move(session, member, CircleMemberAction.JOIN, actor_id=actor.account_id, at=at, joined_at=at)
        settle_turn(session, circle, at=at)
    logger.info("circle joined", extra={"member_id": str(member_id), "actor_id": actor.account_id})


@retried
def decline_circle(*, member_id: UUID, note: str = "", actor: Actor, at: datetime) -> None:
    """Say no to an invitation: the place is free again, and the coordinators are told.

    Raises NotFoundError, PermissionDeniedError, NotOnThePhoneError or InvalidTransitionError.
    """
    _depart(member_id, CircleMemberAction.DECLINE, DepartureReason.DECLINED, note, actor, at)


@retried
def leave_circle(*, member_id: UUID, note: str = "", actor: Actor, at: datetime) -> None:
    """Leave a circle that one had joined: the place is free again, and the coordinators are told.

    Raises NotFoundError, PermissionDeniedError, NotOnThePhoneError or InvalidTransitionError.
    """
    _depart(member_id, CircleMemberAction.LEAVE, DepartureReason.OWN_WISH, note, actor, at)


def _depart(
    member_id: UUID, action: CircleMemberAction, reason: DepartureReason, note: str, actor: Actor, at: datetime
) -> None:
    with transaction() as session:
        circle, association, member = _lock_answered(session, member_id, actor, at)
        release(session, circle, member, action, reason, actor=actor, at=at, note=note)
        circle_notices.tell_coordinators(session, circle, member, association, actor=actor, at=at)
    logger.info("circle left", extra={"member_id": str(member_id), "actor_id": actor.account_id})


def expire_invitations(*, at: datetime) -> int:
    """End every invitation whose day has passed, each on its own. May run twice, or twice at once."""
    after, expired = 0, 0
    while True:
        found = queries.list_unanswered(db.session(), at=at, after=after, limit=BATCH)
        expired += sum(_expire(member_id, at=at) for member_id in found)
        if len(found) < BATCH:
            return expired
        after = found[-1]


@retried
def _expire(number: int, *, at: datetime) -> bool:
    with transaction() as session:
        circle_id = session.get_one(CircleMember, number, populate_existing=True).circle_id
        circle = queries.lock_circle(session, circle_id)
        member = session.get_one(CircleMember, number, populate_existing=True)
        is_due = member.deadline_at is not None and member.deadline_at <= at
        if member.state is not CircleMemberState.INVITED or not is_due:
            return False
        release(session, circle, member, CircleMemberAction.EXPIRE, DepartureReason.NO_ANSWER, actor=SYSTEM, at=at)
        association = get_association(session, circle.association_id)
        circle_notices.tell_over(session, member, association, at=at, lapsed=True)
        circle_notices.tell_coordinators(session, circle, member, association, actor=SYSTEM, at=at)
    logger.info("circle invitation expired", extra={"member_id": number})
    return True


def release_place(
    session: Session, person: Entrepreneur, *, actor: Actor, at: datetime, is_settled: bool = True
) -> None:
    """Give back the place of somebody who stops, in the caller's transaction. Lock her file first: none is given then.

    Without `is_settled` only a place that was not joined yet: who no longer asks keeps the circle that she is in.
    """
    found = queries.find_live_place(session, person.id)
    if found is None:
        return
    circle = queries.lock_circle(session, found.circle_id)
    member = session.get_one(CircleMember, found.id, populate_existing=True)
    if member.state not in LIVE_CIRCLE_MEMBER_STATES:
        return
    if member.state is CircleMemberState.JOINED and not is_settled:
        return
    reason = DepartureReason.FILE_CLOSED if is_settled else DepartureReason.OWN_WISH
    release(session, circle, member, CircleMemberAction.REMOVE, reason, actor=actor, at=at)
    association = get_association(session, circle.association_id)
    circle_notices.tell_coordinators(session, circle, member, association, actor=actor, at=at)


def first_meeting_on(slot: int, *, after: date) -> date:
    """Give the first day of a weekly slot that leaves time to prepare after the answers are in."""
    earliest = after + timedelta(days=PREPARATION_DAYS)
    return earliest + timedelta(days=(slot // 3 - earliest.weekday()) % 7)


@retried
def set_circle_capacity(*, supporter_id: UUID, capacity: int, actor: Actor, at: datetime) -> None:
    """Say how many circles a supporter leads at most; 0 when she leads none.

    Raises NotFoundError, PermissionDeniedError, InvalidInputError or CapacityInUseError (she leads more now).
    """
    if not 0 <= capacity <= MOST_CIRCLES:
        raise InvalidInputError(field="circles", most=MOST_CIRCLES)
    with transaction() as session:
        supporter, _ = queries.lock_facilitator(session, supporter_id)
        require(actor, Permission.SUPPORTER_EDIT, supporter)
        changed: CursorResult[Any] = session.execute(  # type: ignore[assignment]
            update(Facilitator)
            .where(Facilitator.supporter_id == supporter.id, Facilitator.taken <= capacity)
            .values(capacity=capacity)
            .execution_options(synchronize_session=False)
        )
        if changed.rowcount != 1:
            raise CapacityInUseError(supporter_id=supporter.public_id, capacity=capacity)
        supporter.updated_at = at
    logger.info("circle capacity set", extra={"supporter_id": str(supporter_id), "actor_id": actor.account_id})


def _lock(session: Session, circle_id: UUID, actor: Actor) -> tuple[Circle, Association]:
    found = queries.find_circle(session, circle_id)
    if found is None:
        raise NotFoundError(record="Circle")
    require(actor, Permission.CIRCLE_STEER, found)
    return queries.lock_circle(session, found.id), get_association(session, found.association_id)


def _lock_member(
    session: Session, member_id: UUID, actor: Actor, permission: Permission
) -> tuple[Circle, Association, CircleMember]:
    found = queries.get_circle_member(session, member_id)
    require(actor, permission, found)
    circle = queries.lock_circle(session, found.circle_id)
    member = session.get_one(CircleMember, found.id, populate_existing=True)
    return circle, get_association(session, circle.association_id), member


def _lock_answered(
    session: Session, member_id: UUID, actor: Actor, at: datetime
) -> tuple[Circle, Association, CircleMember]:
    found = _lock_member(session, member_id, actor, Permission.CIRCLE_ANSWER)
    require_own_word(session, actor, found[2], at=at)
    return found


def _next_meeting_at(session: Session, circle: Circle, at: datetime) -> datetime | None:
    meeting = find_next_meeting(session, circle.id, at=at)
    return meeting.starts_at if meeting is not None else None


def _end(
    session: Session, circle: Circle, action: CircleAction, reason: DissolveReason, *, actor: Actor, at: datetime
) -> None:
    """End a locked circle with everybody in it; nothing else gives its facilitator back."""
    led = circle.state is CircleState.CONFIRMED
    move(
        session,
        circle,
        action,
        actor_id=actor.account_id,
        at=at,
        reason=str(reason),
        ended_at=at,
        dissolve_reason=reason,
        decide_by_at=None,
    )
    call_off(session, circle, actor=actor, at=at)
    for member in queries.list_live_members(session, circle.id):
        over = DepartureReason.CIRCLE_OVER
        release(session, circle, member, CircleMemberAction.REMOVE, over, actor=actor, at=at)
    if led:
        give_facilitator_back(session, circle.facilitator_id)
