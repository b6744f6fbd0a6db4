"""What waits in circles: too few who come to a meeting, fewer people than planned, meetings that nobody noted.

Coordinators and facilitators look at the same selects, each of their own circles (`of_association`, `led_by`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, union_all
from sqlalchemy.orm import Session, joinedload

from models.circle_meetings import CircleMeeting
from models.circles import Circle
from models.queries.circle_leaders import is_unled, next_meeting_at
from models.queries.circle_meetings import lacks_people
from models.states import CircleMeetingState

DECIDE_SOON = timedelta(days=7)
"""How long before the day to decide a meeting to which too few come is shown as waiting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CircleMatter:
    """One thing that waits in a circle: a decision about a meeting or the circle itself, or a meeting to note."""

    circle: Circle
    meeting: CircleMeeting | None
    due_at: datetime
    is_to_note: bool
    is_unled: bool = False


def of_association(association_id: int) -> ColumnElement[bool]:
    """Choose the circles of an association."""
    return Circle.association_id == association_id


def led_by(supporter_ids: Collection[int]) -> ColumnElement[bool]:
    """Choose the circles that somebody leads."""
    return Circle.facilitator_id.in_(supporter_ids)


def select_unnoted(circles: ColumnElement[bool], *, at: datetime) -> Select[CircleMeeting]:
    """Select the meetings that have begun and that nobody has noted."""
    return _planned(circles).where(CircleMeeting.starts_at <= at)


def select_decisions(circles: ColumnElement[bool], *, at: datetime) -> Select[Any]:
    """Select what is to decide: circles with fewer people than planned, and meetings to which too few come."""
    few = _planned(circles).where(_is_few(at)).with_only_columns(CircleMeeting.quorum_due_at.label("due_at"))
    short = _short(circles).with_only_columns(Circle.decide_by_at.label("due_at"))
    unled = select(next_meeting_at().label("due_at")).where(circles, is_unled())
    return select(union_all(few, short, unled).subquery())


def list_matters(session: Session, circles: ColumnElement[bool], *, at: datetime) -> list[CircleMatter]:
    """List all that waits in circles, the first day first. Three statements."""
    meetings = session.scalars(
        _planned(circles)
        .where(or_(CircleMeeting.starts_at <= at, _is_few(at)))
        .options(joinedload(CircleMeeting.circle).joinedload(Circle.facilitator))
    )
    found = [_of_meeting(meeting, at) for meeting in meetings]
    for circle in session.scalars(_short(circles).options(joinedload(Circle.facilitator))):
        assert circle.decide_by_at is not None  # what was selected
        found.append(CircleMatter(circle=circle, meeting=None, due_at=circle.decide_by_at, is_to_note=False))
    unled = select(Circle, next_meeting_at()).where(circles, is_unled()).options(joinedload(Circle.facilitator))
    for circle, due_at in session.execute(unled):
        found.append(CircleMatter(circle=circle, meeting=None, due_at=due_at or at, is_to_note=False, is_unled=True))
    return sorted(found, key=lambda one: (one.due_at, one.circle.id))


def _of_meeting(meeting: CircleMeeting, at: datetime) -> CircleMatter:
    has_begun = meeting.starts_at <= at
    due_at = meeting.report_due_at if has_begun else meeting.quorum_due_at
    return CircleMatter(circle=meeting.circle, meeting=meeting, due_at=due_at, is_to_note=has_begun)


def _planned(circles: ColumnElement[bool]) -> Select[CircleMeeting]:
    return (
        select(CircleMeeting)
        .join(Circle, Circle.id == CircleMeeting.circle_id)
        .where(circles, CircleMeeting.state == CircleMeetingState.PLANNED)
    )


def _short(circles: ColumnElement[bool]) -> Select[Circle]:
    return select(Circle).where(circles, Circle.decide_by_at.is_not(None))


def _is_few(at: datetime) -> ColumnElement[bool]:
    return and_(CircleMeeting.starts_at > at, CircleMeeting.quorum_due_at <= at + DECIDE_SOON, lacks_people(at))
