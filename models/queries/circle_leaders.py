"""Circles that nobody leads, and by when somebody must."""

from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, or_, outerjoin, select

from models.accounts import Account
from models.circle_meetings import CircleMeeting
from models.circles import Circle
from models.states import CircleMeetingState, CircleState, SupporterState
from models.supporters import Supporter


def is_unled() -> ColumnElement[bool]:
    """Say of a circle that it is under way and has nobody to lead it: she left, or can no longer sign in."""
    gone = or_(Supporter.state == SupporterState.LEFT, Account.is_active.is_(False))
    leaderless = (
        exists()
        .where(Supporter.id == Circle.facilitator_id, gone)
        .select_from(outerjoin(Supporter, Account, Account.id == Supporter.account_id))
    )
    return and_(Circle.state == CircleState.CONFIRMED, leaderless)


def next_meeting_at() -> ScalarSelect[datetime]:
    """Give the day of a circle's next meeting: by then somebody leads it."""
    return (
        select(func.min(CircleMeeting.starts_at))
        .where(CircleMeeting.circle_id == Circle.id, CircleMeeting.state == CircleMeetingState.PLANNED)
        .correlate(Circle)
        .scalar_subquery()
    )
