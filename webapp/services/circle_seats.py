"""A free place in a circle: who would fit best, by the engine; and what is decided when nobody does."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from models.circles import Circle
from models.clocks import Clock
from models.db import db, retried, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import InvalidTransitionError, NotEligibleError, NotFoundError
from models.moves import move
from models.queries import circles as queries
from models.queries.clocks import get_clocks
from models.states import CircleAction, CircleState
from webapp import circle_bridge
from webapp.circle_bridge import MemberAccount
from webapp.permissions import Actor, Permission, require
from webapp.services.circle_places import invite, place

logger = logging.getLogger(__name__)
MOST_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """Somebody who asks for a circle and fits in one: what it would be worth to her, and why."""

    person: Entrepreneur
    account: MemberAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class NextPeople:
    """Who would fit in a circle, the best first; `asking` counts everybody who asks and is in none."""

    asking: int
    fitting: int
    best: tuple[Newcomer, ...]


def list_next_people(*, circle: Circle, actor: Actor, at: datetime) -> NextPeople:
    """Give who asks for a circle, is in none, and would fit in this one, the best first.

    Raises NotFoundError or PermissionDeniedError.
    """
    require(actor, Permission.CIRCLE_STEER, circle)
    session = db.session()
    members = [member.entrepreneur_id for member in queries.list_live_members(session, circle.id)]
    asking = queries.list_free_askers(session, circle.association_id)
    if not asking:
        return NextPeople(asking=0, fitting=0, best=())
    pool = queries.read_one_circle_pool(session, circle, [*members, *asking])
    accounts = circle_bridge.rank_newcomers(pool, circle, members=members, at=at)
    people = {person.id: person for person in pool.people}
    return NextPeople(
        asking=len(asking),
        fitting=len(accounts),
        best=tuple(
            Newcomer(person=people[account.entrepreneur_id], account=account) for account in accounts[:MOST_SHOWN]
        ),
    )


@retried
def add_member(*, circle_id: UUID, entrepreneur_id: UUID, actor: Actor, at: datetime) -> UUID:
    """Give a free place to somebody who asks for a circle; in a confirmed circle she is invited.

    Raises NotFoundError, PermissionDeniedError, CapacityReachedError, AlreadyServedError or NotEligibleError.
    """
    with transaction() as session:
        person = queries.find_asker(session, entrepreneur_id)
        if person is not None:
            queries.hold_people(session, [person.id])
        circle = _lock(session, circle_id, actor)
        if person is None or person.association_id != circle.association_id:
            raise NotFoundError(record="Entrepreneur")
        if person.id not in queries.list_free_askers(session, circle.association_id):
            raise NotEligibleError(rule="circle")
        member = place(session, circle, person.id, at=at)
        if circle.state is CircleState.CONFIRMED:
            days = get_clocks(session, circle.association_id)[Clock.CIRCLE_ANSWER]
            invite(session, circle, member, deadline_at=at + timedelta(days=days), actor=actor, at=at)
    logger.info("circle place offered", extra={"circle_id": str(circle_id), "actor_id": actor.account_id})
    return member.public_id


@retried
def go_on_with_fewer(*, circle_id: UUID, actor: Actor, at: datetime) -> None:
    """Decide that a circle goes on with fewer people than planned: its facilitator may, and a coordinator.

    Raises NotFoundError, PermissionDeniedError or InvalidTransitionError (there is nothing to decide).
    """
    with transaction() as session:
        found = queries.find_circle(session, circle_id)
        if found is None:
            raise NotFoundError(record="Circle")
        require(actor, Permission.CIRCLE_LEAD, found)
        circle = queries.lock_circle(session, found.id)
        if circle.decide_by_at is None:
            raise InvalidTransitionError(record="circle", state=str(circle.state), action=str(CircleAction.GO_ON))
        move(session, circle, CircleAction.GO_ON, actor_id=actor.account_id, at=at, decide_by_at=None)
    logger.info("circle goes on", extra={"circle_id": str(circle_id), "actor_id": actor.account_id})


def _lock(session: Session, circle_id: UUID, actor: Actor) -> Circle:
    found = queries.find_circle(session, circle_id)
    if found is None:
        raise NotFoundError(record="Circle")
    require(actor, Permission.CIRCLE_STEER, found)
    return queries.lock_circle(session, found.id)
