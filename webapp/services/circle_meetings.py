"""Meetings of a circle: planned month by month, moved or called off with notice, kept though few come, noted after.

Whoever changes a meeting holds the lock of its circle. Who joined is expected to come unless she says no.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models.circle_meetings import CircleAnswer, CircleAttendance, CircleMeeting
from models.circles import Circle, CircleFormat, CircleMember
from models.clocks import Clock
from models.db import retried, transaction
from models.exceptions import InvalidInputError, InvalidTransitionError, NotFoundError
from models.messages import MessageKind
from models.moves import move, write_event
from models.queries import circle_meetings as queries
from models.queries.associations import get_association
from models.queries.circles import get_circle_member, list_live_members, lock_circle
from models.queries.clocks import get_clocks
from models.states import CircleMeetingAction, CircleMeetingState, CircleMemberState, CircleState
from webapp.permissions import Actor, Permission, require
from webapp.services import circle_notices
from webapp.services.circle_calendar import USUAL_MINUTES, plan_next
from webapp.services.circle_turns import settle_turn
from webapp.services.wall_times import WallTime, resolve_wall_time

logger = logging.getLogger(__name__)
AHEAD = 3
"""Meetings that a circle always has before it: people plan a season, not a year."""

LEAST_MINUTES, MOST_MINUTES = 15, 600
LEAST_PLACE, MOST_PLACE = 4, 160


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingReport:
    """What a facilitator notes of a meeting: who was there, whose turn it was, and how long it took."""

    present: Collection[UUID]
    client: UUID | None
    minutes: int


def plan_ahead(session: Session, circle: Circle, *, at: datetime) -> int:
    """Fill the calendar of a locked, confirmed circle, and see to whose turn it is."""
    missing = AHEAD - len(queries.list_planned(session, circle.id, after=at))
    before = queries.find_last_planned(session, circle.id)
    assert circle.first_meeting_on is not None  # a CHECK of confirmed circles
    for _ in range(missing):
        planned = plan_next(circle.first_meeting_on, circle.slot, before, at=at)
        before = CircleMeeting(
            public_id=uuid4(),
            association_id=circle.association_id,
            circle_id=circle.id,
            number=planned.number,
            minutes=USUAL_MINUTES,
            sequence=0,
            updated_at=at,
            **_dated(session, circle, planned.wall, USUAL_MINUTES),
        )
        session.add(before)
        session.flush()
    settle_turn(session, circle, at=at)
    return max(0, missing)


@retried
def fill_calendar(number: int, *, at: datetime) -> int:
    """Fill the calendar of the confirmed circle with this number; gives how many meetings were added."""
    with transaction() as session:
        circle = lock_circle(session, number)
        return plan_ahead(session, circle, at=at) if circle.state is CircleState.CONFIRMED else 0


@retried
def move_meeting(*, meeting_id: UUID, day: date, hour: time, actor: Actor, at: datetime) -> None:
    """Move a meeting to another day or hour, between the one before and the one after; everybody is told.

    What people said about coming is forgotten: it was about another day.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError (it has begun), InvalidInputError (a day out of
    order, or the day and hour that it has) or InvalidWallTimeError.
    """
    wall = resolve_wall_time(day, hour, field="meeting_day")
    with transaction() as session:
        circle, meeting = _lock_led(session, meeting_id, actor)
        _require_to_come(meeting, at)
        _check_order(session, meeting, wall.instant, at)
        if meeting.starts_at == wall.instant:
            raise InvalidInputError(field="same_time", expected="another day or hour")
        values, lost_at = {**_dated(session, circle, wall, meeting.minutes), "kept_at": None}, meeting.starts_at
        _move(session, meeting, CircleMeetingAction.MOVE, actor, at, sequence=meeting.sequence + 1, **values)
        session.execute(delete(CircleAttendance).where(CircleAttendance.meeting_id == meeting.id))
        settle_turn(session, circle, at=at)
        _tell(session, circle, meeting, MessageKind.CIRCLE_MEETING_MOVED, actor, at, lost_at=lost_at)
    logger.info("circle meeting moved", extra={"meeting_id": str(meeting_id), "actor_id": actor.account_id})


@retried
def cancel_meeting(*, meeting_id: UUID, actor: Actor, at: datetime) -> None:
    """Call a meeting off; everybody is told, with the day of the next one.

    Raises NotFoundError, PermissionDeniedError or InvalidTransitionError (it has begun: it is noted instead).
    """
    with transaction() as session:
        circle, meeting = _lock_led(session, meeting_id, actor)
        _require_to_come(meeting, at)
        _move(session, meeting, CircleMeetingAction.CANCEL, actor, at, sequence=meeting.sequence + 1)
        plan_ahead(session, circle, at=at)
        following = queries.list_planned(session, circle.id, after=at)[0]
        facts = {"next_at": following.starts_at}
        _tell(session, circle, meeting, MessageKind.CIRCLE_MEETING_CANCELLED, actor, at, **facts)
    logger.info("circle meeting cancelled", extra={"meeting_id": str(meeting_id), "actor_id": actor.account_id})


@retried
def say_where(*, meeting_id: UUID, place: str, actor: Actor, at: datetime) -> None:
    """Say where a circle meets from its next meeting on: an address, or the link of one online. Told, and in calendars.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError (it has begun) or InvalidInputError.
    """
    where = " ".join(place.split())
    with transaction() as session:
        circle, meeting = _lock_led(session, meeting_id, actor)
        _require_to_come(meeting, at)
        _check_place(circle, where)
        if where == circle.place:
            return
        circle.place = where
        to_come = queries.list_planned(session, circle.id, after=at)
        for one in to_come:
            one.sequence, one.updated_at = one.sequence + 1, at
        session.flush()
        write_event(session, circle, "say_where", actor_id=actor.account_id, at=at)
        _tell(session, circle, to_come[0], MessageKind.CIRCLE_MEETING_MOVED, actor, at, is_place=True)
    logger.info("circle place said", extra={"meeting_id": str(meeting_id), "actor_id": actor.account_id})


@retried
def keep_meeting(*, meeting_id: UUID, actor: Actor, at: datetime) -> None:
    """Decide that a meeting takes place though few come; everybody is told.

    Raises NotFoundError, PermissionDeniedError or InvalidTransitionError (it has begun).
    """
    with transaction() as session:
        circle, meeting = _lock_led(session, meeting_id, actor)
        _require_to_come(meeting, at)
        if meeting.kept_at is not None:
            return
        _move(session, meeting, CircleMeetingAction.KEEP, actor, at, kept_at=at)
        _tell(session, circle, meeting, MessageKind.CIRCLE_MEETING_KEPT, actor, at)
    logger.info("circle meeting kept", extra={"meeting_id": str(meeting_id), "actor_id": actor.account_id})


@retried
def answer_meeting(*, meeting_id: UUID, member_id: UUID, answer: CircleAnswer, actor: Actor, at: datetime) -> None:
    """Say whether one comes; whose turn it was and who cannot come gives it to the next.

    Raises NotFoundError, PermissionDeniedError or InvalidTransitionError (it has begun, or she has not joined).
    """
    with transaction() as session:
        meeting = queries.get_circle_meeting(session, meeting_id)
        member = get_circle_member(session, member_id)
        require(actor, Permission.CIRCLE_ANSWER, member)
        if member.circle_id != meeting.circle_id:
            raise NotFoundError(record="CircleMeeting")
        circle, meeting = _lock(session, meeting)
        member = session.get_one(CircleMember, member.id, populate_existing=True)
        _require_to_come(meeting, at)
        if member.state is not CircleMemberState.JOINED:
            raise InvalidTransitionError(record="circle_member", state=str(member.state), action="answer")
        row = _attendance(session, meeting, member.id)
        row.answer, row.answered_at = answer, at
        session.flush()
        session.expire(meeting, ["attendances"])
        settle_turn(session, circle, at=at)
    logger.info("circle meeting answered", extra={"meeting_id": str(meeting_id), "actor_id": actor.account_id})


@retried
def hold_meeting(*, meeting_id: UUID, report: MeetingReport, actor: Actor, at: datetime) -> None:
    """Note that a meeting took place and who was there; what was noted can be corrected.

    A turn counts for who was there.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError or InvalidInputError.
    """
    if not LEAST_MINUTES <= report.minutes <= MOST_MINUTES:
        raise InvalidInputError(field="minutes", minimum=LEAST_MINUTES, maximum=MOST_MINUTES)
    with transaction() as session:
        circle, meeting = _lock_led(session, meeting_id, actor)
        _require_begun(meeting, at)
        members = {member.public_id: member for member in queries.list_attendees(session, meeting)}
        present = set(report.present)
        if not present or not present <= members.keys() or (report.client and report.client not in present):
            raise InvalidInputError(field="present")
        for public_id, member in members.items():
            _attendance(session, meeting, member.id).was_there = public_id in present
        client_id = members[report.client].id if report.client else None
        leader = meeting.facilitator_id or circle.facilitator_id
        values = {"client_member_id": client_id, "swap_with_id": None, "minutes": report.minutes}
        values["facilitator_id"] = leader
        _move(session, meeting, CircleMeetingAction.HOLD, actor, at, **values, **_logged(meeting, actor, at, report))
        _go_on(session, circle, at)
    logger.info("circle meeting held", extra={"meeting_id": str(meeting_id), "actor_id": actor.account_id})


@retried
def miss_meeting(*, meeting_id: UUID, actor: Actor, at: datetime) -> None:
    """Note that a meeting did not take place.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError or InvalidInputError.
    """
    with transaction() as session:
        circle, meeting = _lock_led(session, meeting_id, actor)
        _require_begun(meeting, at)
        logged = {"logged_at": at, "logged_by_id": actor.account_id, "swap_with_id": None, "client_member_id": None}
        _move(session, meeting, CircleMeetingAction.MISS, actor, at, **logged)
        _go_on(session, circle, at)
    logger.info("circle meeting missed", extra={"meeting_id": str(meeting_id), "actor_id": actor.account_id})


def call_off(session: Session, circle: Circle, *, actor: Actor, at: datetime) -> None:
    """Call off what a locked circle that ends had planned: its end is told by itself."""
    for meeting in queries.list_planned(session, circle.id):
        _move(session, meeting, CircleMeetingAction.CANCEL, actor, at, sequence=meeting.sequence + 1)


def _go_on(session: Session, circle: Circle, at: datetime) -> None:
    if circle.state is CircleState.CONFIRMED:
        plan_ahead(session, circle, at=at)


def _lock_led(session: Session, meeting_id: UUID, actor: Actor) -> tuple[Circle, CircleMeeting]:
    meeting = queries.get_circle_meeting(session, meeting_id)
    require(actor, Permission.CIRCLE_LEAD, meeting.circle)
    return _lock(session, meeting)


def _lock(session: Session, meeting: CircleMeeting) -> tuple[Circle, CircleMeeting]:
    circle = lock_circle(session, meeting.circle_id)
    return circle, queries.get_circle_meeting(session, meeting.public_id)


def _dated(session: Session, circle: Circle, wall: WallTime, minutes: int) -> dict[str, Any]:
    days = get_clocks(session, circle.association_id)
    return {
        "starts_at": wall.instant,
        "wall_start": wall.wall,
        "zone": wall.zone,
        "quorum_due_at": wall.instant - timedelta(days=days[Clock.GO_OR_NO_GO]),
        "report_due_at": wall.instant + timedelta(minutes=minutes),
    }


def _logged(meeting: CircleMeeting, actor: Actor, at: datetime, report: MeetingReport) -> dict[str, Any]:
    ended_at = meeting.starts_at + timedelta(minutes=report.minutes)
    return {"logged_at": at, "logged_by_id": actor.account_id, "report_due_at": ended_at}


def _move(
    session: Session, meeting: CircleMeeting, action: CircleMeetingAction, actor: Actor, at: datetime, **values: Any
) -> None:
    move(session, meeting, action, actor_id=actor.account_id, at=at, updated_at=at, **values)


def _tell(
    session: Session,
    circle: Circle,
    meeting: CircleMeeting,
    kind: MessageKind,
    actor: Actor,
    at: datetime,
    **facts: object,
) -> None:
    """Tell who was invited or has joined, and the facilitator, but not who does it."""
    association = get_association(session, circle.association_id)
    told = [
        member
        for member in list_live_members(session, circle.id)
        if member.entrepreneur_id not in actor.entrepreneur_ids
    ]
    circle_notices.tell_group(
        session, kind, circle, meeting, told, association, {"starts_at": meeting.starts_at, **facts}, actor=actor, at=at
    )


def _check_order(session: Session, meeting: CircleMeeting, starts_at: datetime, at: datetime) -> None:
    """Refuse a day that has passed, or that would turn the order of the meetings round."""
    others = [one for one in queries.list_planned(session, meeting.circle_id) if one.id != meeting.id]
    is_in_order = all(
        one.starts_at < starts_at if one.number < meeting.number else one.starts_at > starts_at for one in others
    )
    if starts_at <= at or not is_in_order:
        raise InvalidInputError(field="meeting_day", expected="a day to come, before the meeting after it")


def _check_place(circle: Circle, where: str) -> None:
    """Refuse what leads nobody there.

    Raises InvalidInputError.
    """
    if not LEAST_PLACE <= len(where) <= MOST_PLACE:
        raise InvalidInputError(field="circle_place")
    if circle.format is CircleFormat.ONLINE and not where.startswith(("https://", "http://")):
        raise InvalidInputError(field="online_url")


def _require_to_come(meeting: CircleMeeting, at: datetime) -> None:
    if meeting.state is not CircleMeetingState.PLANNED or meeting.starts_at <= at:
        raise InvalidTransitionError(record="circle_meeting", state=str(meeting.state), action="answer")


def _require_begun(meeting: CircleMeeting, at: datetime) -> None:
    if meeting.starts_at > at:
        raise InvalidInputError(field="starts_at", expected="a meeting that has begun")


def _attendance(session: Session, meeting: CircleMeeting, member_id: int) -> CircleAttendance:
    row = session.get(CircleAttendance, (meeting.id, member_id), populate_existing=True)
    if row is None:
        row = CircleAttendance(meeting_id=meeting.id, member_id=member_id, association_id=meeting.association_id)
        session.add(row)
    return row
