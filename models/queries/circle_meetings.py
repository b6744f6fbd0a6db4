"""Reads of the meetings of circles: what is to come, who comes, whose turn it was, and each yes to the contract."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from models.circle_meetings import CircleAgreement, CircleAnswer, CircleAttendance, CircleMeeting
from models.circles import Circle, CircleMember
from models.exceptions import NotFoundError
from models.states import CircleMeetingState, CircleMemberState, CircleState

PAST = (CircleMeetingState.HELD, CircleMeetingState.MISSED)
# Every answer of a member asks these: they are written once.
_WITH_ADDRESS = (
    select(CircleMeeting)
    .where(CircleMeeting.public_id == bindparam("address"))
    .options(joinedload(CircleMeeting.circle), joinedload(CircleMeeting.attendances))
    .execution_options(populate_existing=True)
)
_PLANNED = (
    select(CircleMeeting)
    .where(CircleMeeting.circle_id == bindparam("circle"), CircleMeeting.state == CircleMeetingState.PLANNED)
    .options(selectinload(CircleMeeting.attendances))
    .order_by(CircleMeeting.starts_at, CircleMeeting.number)
    .execution_options(populate_existing=True)
)
_PLANNED_AFTER = _PLANNED.where(CircleMeeting.starts_at > bindparam("after"))
_TURNS = (
    select(CircleMeeting.client_member_id, func.count(), func.max(CircleMeeting.starts_at))
    .where(
        CircleMeeting.circle_id == bindparam("circle"),
        or_(
            CircleMeeting.state == CircleMeetingState.HELD,
            and_(CircleMeeting.state == CircleMeetingState.PLANNED, CircleMeeting.starts_at <= bindparam("at")),
        ),
        CircleMeeting.client_member_id.is_not(None),
    )
    .group_by(CircleMeeting.client_member_id)
)
_JOINED = (
    select(CircleMember)
    .where(CircleMember.circle_id == bindparam("circle"), CircleMember.state == CircleMemberState.JOINED)
    .options(joinedload(CircleMember.entrepreneur))
    .order_by(CircleMember.joined_at, CircleMember.id)
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """How often a member has been the client, and when last."""

    number: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingLine:
    """One meeting to come in an association's agenda, how many people are expected, and whether that is too few."""

    meeting: CircleMeeting
    coming: int
    lacks_people: bool


def find_circle_meeting(session: Session, public_id: UUID) -> CircleMeeting | None:
    """Give one meeting as it is now, with its circle and what was said and noted."""
    return session.scalars(_WITH_ADDRESS, {"address": public_id}).unique().one_or_none()


def get_circle_meeting(session: Session, public_id: UUID) -> CircleMeeting:
    """Give one meeting as it is now.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    meeting = find_circle_meeting(session, public_id)
    if meeting is None:
        raise NotFoundError(record="CircleMeeting")
    return meeting


def list_planned(session: Session, circle_id: int, *, after: datetime | None = None) -> Sequence[CircleMeeting]:
    """Give the meetings of a circle that are planned, the next first; `after` leaves out what has begun."""
    rows = _PLANNED if after is None else _PLANNED_AFTER
    return session.scalars(rows, {"circle": circle_id, "after": after}).all()


def list_unnoted_clients(session: Session, circle_id: int, *, at: datetime) -> frozenset[int]:
    """Give whose turn it was at meetings that have begun and are not noted yet: whether it counts is not known."""
    return frozenset(
        session.scalars(
            select(CircleMeeting.client_member_id).where(
                CircleMeeting.circle_id == circle_id,
                CircleMeeting.state == CircleMeetingState.PLANNED,
                CircleMeeting.starts_at <= at,
                CircleMeeting.client_member_id.is_not(None),
            )
        )
    )


def list_past(session: Session, circle_id: int) -> Sequence[CircleMeeting]:
    """Give the meetings of a circle that took place, or should have, the last first."""
    return session.scalars(
        select(CircleMeeting)
        .where(CircleMeeting.circle_id == circle_id, CircleMeeting.state.in_(PAST))
        .options(selectinload(CircleMeeting.attendances))
        .order_by(CircleMeeting.starts_at.desc(), CircleMeeting.number.desc())
    ).all()


def find_last_planned(session: Session, circle_id: int) -> CircleMeeting | None:
    """Give the meeting of a circle with the highest number, whatever became of it."""
    return session.scalar(
        select(CircleMeeting).where(CircleMeeting.circle_id == circle_id).order_by(CircleMeeting.number.desc()).limit(1)
    )


def map_next_meetings(session: Session, circle_ids: Collection[int], *, at: datetime) -> dict[int, CircleMeeting]:
    """Give the next meeting of each circle, by its number. One statement."""
    if not circle_ids:
        return {}
    rows = session.scalars(
        select(CircleMeeting)
        .where(
            CircleMeeting.circle_id.in_(circle_ids),
            CircleMeeting.state == CircleMeetingState.PLANNED,
            CircleMeeting.starts_at > at,
        )
        .order_by(CircleMeeting.starts_at.desc(), CircleMeeting.number.desc())
    )
    return {meeting.circle_id: meeting for meeting in rows}


def find_next_meeting(session: Session, circle_id: int, *, at: datetime) -> CircleMeeting | None:
    """Give the next meeting of one circle, with what was said about it."""
    return session.scalar(
        select(CircleMeeting)
        .where(
            CircleMeeting.circle_id == circle_id,
            CircleMeeting.state == CircleMeetingState.PLANNED,
            CircleMeeting.starts_at > at,
        )
        .options(selectinload(CircleMeeting.attendances))
        .order_by(CircleMeeting.starts_at)
        .limit(1)
    )


def list_next_meetings(session: Session, association_id: int, *, at: datetime, limit: int) -> list[MeetingLine]:
    """List the next meetings of all circles of an association, with who is expected. One statement."""
    rows = session.execute(
        select(CircleMeeting, count_coming(), lacks_people(at))
        .where(
            CircleMeeting.association_id == association_id,
            CircleMeeting.state == CircleMeetingState.PLANNED,
            CircleMeeting.starts_at > at,
        )
        .options(joinedload(CircleMeeting.circle).joinedload(Circle.facilitator))
        .order_by(CircleMeeting.starts_at, CircleMeeting.id)
        .limit(limit)
    )
    return [MeetingLine(meeting=meeting, coming=coming, lacks_people=lacks) for meeting, coming, lacks in rows]


def map_turns(session: Session, circle_id: int, *, at: datetime) -> Mapping[int, Turns]:
    """Give how often each member of a circle has been the client: of meetings held, or past and not noted yet."""
    rows = session.execute(_TURNS, {"circle": circle_id, "at": at})
    return {
        member_id: Turns(number=number, last_at=last_at) for member_id, number, last_at in rows if member_id is not None
    }


def list_joined(session: Session, circle_id: int) -> Sequence[CircleMember]:
    """Give who has joined a circle, as it is now, with their names: the first to join first."""
    return session.scalars(_JOINED, {"circle": circle_id}).all()


def list_attendees(session: Session, meeting: CircleMeeting) -> Sequence[CircleMember]:
    """Give who may have been at a meeting: who has joined, and who left since it began; with their names."""
    return session.scalars(
        select(CircleMember)
        .where(
            CircleMember.circle_id == meeting.circle_id,
            CircleMember.joined_at.is_not(None),
            or_(CircleMember.departed_at.is_(None), CircleMember.departed_at > meeting.starts_at),
        )
        .options(joinedload(CircleMember.entrepreneur))
        .order_by(CircleMember.joined_at, CircleMember.id)
        .execution_options(populate_existing=True)
    ).all()


def map_agreements(session: Session, member_ids: Collection[int]) -> Mapping[int, CircleAgreement]:
    """Give each yes to the contract, by the number of the place."""
    rows = session.scalars(select(CircleAgreement).where(CircleAgreement.member_id.in_(member_ids)))
    return {agreement.member_id: agreement for agreement in rows}


def list_led_circles(session: Session, supporter_ids: Collection[int]) -> Sequence[Circle]:
    """Give the circles that somebody leads or led, those under way first; what is only proposed is not told."""
    return session.scalars(
        select(Circle)
        .where(Circle.facilitator_id.in_(supporter_ids), Circle.confirmed_at.is_not(None))
        .options(joinedload(Circle.facilitator), selectinload(Circle.members).joinedload(CircleMember.entrepreneur))
        .order_by(Circle.state != CircleState.CONFIRMED, Circle.first_meeting_on, Circle.id)
    ).all()


def list_short_of_meetings(session: Session, *, wanted: int, at: datetime) -> Sequence[int]:
    """Give the confirmed circles that have fewer meetings to come in their calendar than wanted, by number."""
    to_come = _count_of_circle(CircleMeeting.state == CircleMeetingState.PLANNED, CircleMeeting.starts_at > at)
    return session.scalars(
        select(Circle.id).where(Circle.state == CircleState.CONFIRMED, to_come < wanted).order_by(Circle.id)
    ).all()


def _count_of_circle(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(CircleMeeting)
        .where(CircleMeeting.circle_id == Circle.id, *conditions)
        .correlate(Circle)
        .scalar_subquery()
    )


def count_invited(session: Session, circle_id: int) -> int:
    """Count who has an invitation to a circle that she has not answered."""
    invited = CircleMember.circle_id == circle_id, CircleMember.state == CircleMemberState.INVITED
    return session.scalar(select(func.count()).select_from(CircleMember).where(*invited)) or 0


def lacks_people(at: datetime | None = None) -> ColumnElement[bool]:
    """Say, beside a row of meetings, whether fewer come than it takes, and nobody decided that it takes place.

    Seen from an instant before the day to decide, whoever may still answer an invitation may still come.
    """
    needed = select(Circle.quorum).where(Circle.id == CircleMeeting.circle_id).correlate(CircleMeeting)
    lacking = and_(CircleMeeting.kept_at.is_(None), count_coming() < needed.scalar_subquery())
    if at is None:
        return lacking
    hoped = count_coming() + _count_members(CircleMemberState.INVITED)
    return and_(lacking, or_(CircleMeeting.quorum_due_at <= at, hoped < needed.scalar_subquery()))


def count_coming() -> ScalarSelect[int]:
    """Count, beside a row of meetings, who is to come: everybody who has joined and did not say no."""
    said_no = (
        select(CircleAttendance.member_id)
        .where(
            CircleAttendance.meeting_id == CircleMeeting.id,
            CircleAttendance.member_id == CircleMember.id,
            CircleAttendance.answer == CircleAnswer.NO,
        )
        # Named, since two rows around count: by itself a nested select sees the nearest one only.
        .correlate(CircleMember, CircleMeeting)
        .exists()
    )
    return _count_members(CircleMemberState.JOINED, ~said_no)


def _count_members(state: CircleMemberState, *conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(CircleMember)
        .where(CircleMember.circle_id == CircleMeeting.circle_id, CircleMember.state == state, *conditions)
        .correlate(CircleMeeting)
        .scalar_subquery()
    )
