"""Places in circles: given, offered, and given back. All of it happens in a locked circle, in the caller's transaction.

A confirmed circle that has fewer people than planned has a day by which somebody decides: to fill it, to go on, or to
end it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.circles import Circle, CircleMember, DepartureReason
from models.clocks import Clock
from models.exceptions import AlreadyServedError, CapacityReachedError, NotEligibleError
from models.moves import move
from models.queries import circles as queries
from models.queries.associations import get_association
from models.queries.clocks import get_clocks
from models.states import CircleMemberAction, CircleState
from webapp import circle_bridge
from webapp.circle_bridge import MemberAccount
from webapp.permissions import Actor
from webapp.services import circle_notices
from webapp.services.circle_turns import settle_turn


def invite(
    session: Session, circle: Circle, member: CircleMember, *, deadline_at: datetime, actor: Actor, at: datetime
) -> None:
    """Invite somebody who has a place, with a day to answer by."""
    move(
        session,
        member,
        CircleMemberAction.INVITE,
        actor_id=actor.account_id,
        at=at,
        invited_at=at,
        deadline_at=deadline_at,
    )
    association = get_association(session, circle.association_id)
    circle_notices.tell_invited(session, circle, member, association, at=at)


def place(session: Session, circle: Circle, entrepreneur_id: int, *, at: datetime) -> CircleMember:
    """Put somebody in a locked circle, if it has room and no rule forbids it.

    Raises
    ------
    NotEligibleError
        If the circle is over, or a rule of circles forbids it.
    CapacityReachedError
        If it has no room.
    AlreadyServedError
        If the person is in another circle.
    """
    if circle.state is CircleState.DISSOLVED:
        raise NotEligibleError(rule="circle_over")
    members = queries.list_live_members(session, circle.id)
    account = _judge(session, circle, [*(member.entrepreneur_id for member in members), entrepreneur_id], at)
    taken: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        update(Circle)
        .where(Circle.id == circle.id, Circle.taken < Circle.maximum)
        .values(taken=Circle.taken + 1)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:
        raise CapacityReachedError(circle_id=circle.public_id)
    member = circle_bridge.build_member(account, circle=circle)
    session.add(member)
    flush_members(session)
    _judge_size(session, circle, at=at)
    return member


def _judge(session: Session, circle: Circle, people_ids: Sequence[int], at: datetime) -> MemberAccount:
    """Look at a circle with somebody more, the last named; refuse when a rule forbids it."""
    pool = queries.read_one_circle_pool(session, circle, people_ids)
    accounts = circle_bridge.judge(pool, circle, at=at)
    if accounts is None:
        raise NotEligibleError(rule="circle")
    return next(account for account in accounts if account.entrepreneur_id == people_ids[-1])


def flush_members(session: Session) -> None:
    """Write new places.

    Raises
    ------
    AlreadyServedError
        If somebody is in another circle meanwhile.
    """
    try:
        session.flush()
    except IntegrityError as error:
        raise AlreadyServedError(record="circle") from error


def release(
    session: Session,
    circle: Circle,
    member: CircleMember,
    action: CircleMemberAction,
    reason: DepartureReason,
    *,
    actor: Actor,
    at: datetime,
    note: str = "",
) -> None:
    """End a place in a locked circle, in whatever way: nothing else gives it back."""
    move(
        session,
        member,
        action,
        actor_id=actor.account_id,
        at=at,
        reason=str(reason),
        departed_at=at,
        departure_reason=reason,
        departure_note=note.strip(),
    )
    session.execute(
        update(Circle)
        .where(Circle.id == circle.id)
        .values(taken=Circle.taken - 1)
        .execution_options(synchronize_session=False)
    )
    if circle.state is CircleState.CONFIRMED:
        _judge_size(session, circle, at=at)
        settle_turn(session, circle, at=at)


def _judge_size(session: Session, circle: Circle, *, at: datetime) -> None:
    """Set the day by which somebody decides about a confirmed circle that fell short, or take it away."""
    taken = session.scalars(select(Circle.taken).where(Circle.id == circle.id)).one()
    if circle.state is not CircleState.CONFIRMED or taken >= circle.minimum:
        circle.decide_by_at = None
    elif circle.decide_by_at is None:
        days = get_clocks(session, circle.association_id)[Clock.CIRCLE_ANSWER]
        circle.decide_by_at = at + timedelta(days=days)
