"""Reads of meetings: what is to come, what was held, and the hours given."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, and_, bindparam, case, exists, func, select
from sqlalchemy.orm import Session, aliased

from models.circle_meetings import CircleMeeting
from models.exceptions import NotFoundError
from models.gatherings import Gathering, GatheringAttendance
from models.meetings import Meeting
from models.pairings import Pairing
from models.states import (
    LIVE_MEETING_STATES,
    CircleMeetingState,
    GatheringState,
    MeetingState,
    PairingState,
    SessionState,
)
from models.supporters import Supporter
from models.workshops import WorkshopSession

QUARTER = timedelta(days=91)
HOURS_DECISION_DAYS = 7
"""How long the coordinator has to say what follows the last of a coach's hours."""
# Whatever two people agree on asks these: they are written once, and read a meeting as it is now.
_WITH_ADDRESS = (
    select(Meeting).where(Meeting.public_id == bindparam("address")).execution_options(populate_existing=True)
)
_UNTOLD = (
    select(Meeting.public_id)
    .join(Pairing, Pairing.id == Meeting.pairing_id)
    .where(
        Meeting.state == MeetingState.CONFIRMED,
        Pairing.state == PairingState.ENDED,
        Pairing.ended_at < bindparam("ended_before"),
    )
    .order_by(Meeting.id)
)
_TO_COME = (
    select(Meeting)
    .where(Meeting.pairing_id == bindparam("pairing"), Meeting.state.in_(LIVE_MEETING_STATES))
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldMeetings:
    """How much two people have met: in all, and in the last quarter."""

    number: int = 0
    minutes: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    quarter_number: int = 0
    quarter_minutes: int = 0
    noted_at: datetime | None = None

    def tell_used_up(self, budget_minutes: int | None) -> datetime | None:
        """Give when the last of a coach's hours was noted; none while some are left, or where nobody counts them."""
        return self.noted_at if budget_minutes is not None and self.minutes >= budget_minutes else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What lies before two people: the one meeting that is proposed or agreed, and whether they have met at all.

    `hours_used_at` once the hours of a coach are used: the coordinator decides what follows.
    """

    to_come: Meeting | None = None
    have_met: bool = False
    hours_used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenHours:
    """What a volunteer gave in a span of time: meetings held, sessions and circles led, meetings of supporters."""

    meetings: int
    meeting_minutes: int
    sessions: int
    session_minutes: int
    circles: int = 0
    circle_minutes: int = 0
    gatherings: int = 0
    gathering_minutes: int = 0

    @property
    def minutes(self) -> int:
        """All minutes together."""
        return self.meeting_minutes + self.session_minutes + self.circle_minutes + self.gathering_minutes


def get_meeting(session: Session, public_id: UUID) -> Meeting:
    """Give a meeting as it is now.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    found = session.scalar(_WITH_ADDRESS, {"address": public_id})
    if found is None:
        raise NotFoundError(record="Meeting")
    return found


def find_meeting_to_come(session: Session, pairing_id: int) -> Meeting | None:
    """Give the one meeting of a pairing that is proposed or agreed, as it is now."""
    return session.scalar(_TO_COME, {"pairing": pairing_id})


def map_ahead(session: Session, pairing_ids: Collection[int]) -> Mapping[int, Ahead]:
    """Give what lies before the two of each pairing, by its number. One statement for all."""
    past = aliased(Meeting)
    held = exists().where(past.pairing_id == Pairing.id, past.state == MeetingState.HELD)
    live = and_(Meeting.pairing_id == Pairing.id, Meeting.state.in_(LIVE_MEETING_STATES))
    rows = select(Pairing.id, Meeting, held, hours_used_at()).outerjoin(Meeting, live)
    return {
        number: Ahead(to_come=to_come, have_met=met, hours_used_at=used_at)
        for number, to_come, met, used_at in session.execute(rows.where(Pairing.id.in_(pairing_ids)))
    }


def hours_used_at() -> ScalarSelect[datetime | None]:
    """Say of a pairing when the last of its coach's hours was noted; nothing while some are left."""
    return (
        select(func.max(Meeting.logged_at))
        .where(
            Pairing.budget_minutes.is_not(None), Meeting.pairing_id == Pairing.id, Meeting.state == MeetingState.HELD
        )
        .group_by(Meeting.pairing_id)
        .having(func.sum(Meeting.minutes) >= Pairing.budget_minutes)
        .correlate(Pairing)
        .scalar_subquery()
    )


def list_used_up(session: Session, pairing_ids: Collection[int]) -> frozenset[int]:
    """Give those of some pairings whose hours are used, by number. One statement."""
    rows = select(Pairing.id).where(Pairing.id.in_(pairing_ids), hours_used_at().is_not(None))
    return frozenset(session.scalars(rows))


def find_held_between(session: Session, pairing_id: int, start: datetime, end: datetime) -> Meeting | None:
    """Give a meeting of a pairing held in a span of time, if any."""
    return session.scalar(
        select(Meeting)
        .where(
            Meeting.pairing_id == pairing_id,
            Meeting.state == MeetingState.HELD,
            Meeting.starts_at >= start,
            Meeting.starts_at < end,
        )
        .order_by(Meeting.starts_at)
        .limit(1)
    )


def list_untold_after_end(session: Session, *, ended_before: datetime) -> Sequence[UUID]:
    """Give the agreed meetings that nobody told of, of pairs that had ended by then."""
    return session.scalars(_UNTOLD, {"ended_before": ended_before}).all()


def find_called_off(session: Session, pairing_id: int) -> Meeting | None:
    """Give the last meeting of a pairing if it was called off: nothing was proposed or held since."""
    last = session.scalar(
        select(Meeting)
        .where(Meeting.pairing_id == pairing_id)
        .order_by(Meeting.updated_at.desc(), Meeting.id.desc())
        .limit(1)
    )
    return last if last is not None and last.state is MeetingState.CANCELLED else None


def list_past_meetings(session: Session, pairing_id: int, *, limit: int) -> Sequence[Meeting]:
    """Give the meetings that were held or missed, the last first."""
    return session.scalars(
        select(Meeting)
        .where(Meeting.pairing_id == pairing_id, Meeting.state.in_((MeetingState.HELD, MeetingState.MISSED)))
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
        .limit(limit)
    ).all()


def read_held(session: Session, pairing_id: int, *, at: datetime) -> HeldMeetings:
    """Count what one pairing has held."""
    return map_held(session, [pairing_id], at=at).get(pairing_id, HeldMeetings())


def map_held(session: Session, pairing_ids: Collection[int], *, at: datetime) -> Mapping[int, HeldMeetings]:
    """Count what some pairings have held, by their numbers. One statement; who never met is left out."""
    recent = Meeting.starts_at > at - QUARTER
    rows = (
        select(
            Meeting.pairing_id,
            func.count(),
            func.sum(Meeting.minutes),
            func.min(Meeting.starts_at),
            func.max(Meeting.starts_at),
            func.sum(case((recent, 1), else_=0)),
            func.sum(case((recent, Meeting.minutes), else_=0)),
            func.max(Meeting.logged_at),
        )
        .where(Meeting.pairing_id.in_(pairing_ids), Meeting.state == MeetingState.HELD)
        .group_by(Meeting.pairing_id)
    )
    return {
        pairing_id: HeldMeetings(
            number=number,
            minutes=minutes,
            first_at=first_at,
            last_at=last_at,
            quarter_number=recently,
            quarter_minutes=recent_minutes,
            noted_at=noted_at,
        )
        for pairing_id, number, minutes, first_at, last_at, recently, recent_minutes, noted_at in session.execute(rows)
    }


def read_given_hours(session: Session, supporter: Supporter, *, start: datetime, end: datetime) -> GivenHours:
    """Count what a volunteer gave: meetings of her pairings and of supporters, sessions and circles that she led."""
    meetings, minutes = session.execute(_held_by(supporter.id, start, end)).one()
    circles, circle_minutes = session.execute(_led_by(supporter.id, start, end)).one()
    gatherings, gathering_minutes = session.execute(_gathered_by(supporter.id, start, end)).one()
    sessions = session.execute(
        select(WorkshopSession.starts_at, WorkshopSession.ends_at).where(
            WorkshopSession.association_id == supporter.association_id,
            WorkshopSession.organiser_id == supporter.account_id,
            WorkshopSession.state == SessionState.HELD,
            WorkshopSession.starts_at >= start,
            WorkshopSession.starts_at < end,
        )
    ).all()
    return GivenHours(
        meetings=meetings,
        meeting_minutes=minutes,
        sessions=len(sessions),
        session_minutes=sum(int((ends_at - starts_at).total_seconds() // 60) for starts_at, ends_at in sessions),
        circles=circles,
        circle_minutes=circle_minutes,
        gatherings=gatherings,
        gathering_minutes=gathering_minutes,
    )


def _held_by(supporter_id: int, start: datetime, end: datetime) -> Select[int, int]:
    return (
        select(func.count(), func.coalesce(func.sum(Meeting.minutes), 0))
        .join(Pairing, Pairing.id == Meeting.pairing_id)
        .where(
            Pairing.supporter_id == supporter_id,
            Meeting.state == MeetingState.HELD,
            Meeting.starts_at >= start,
            Meeting.starts_at < end,
        )
    )


def _led_by(supporter_id: int, start: datetime, end: datetime) -> Select[int, int]:
    return select(func.count(), func.coalesce(func.sum(CircleMeeting.minutes), 0)).where(
        CircleMeeting.facilitator_id == supporter_id,
        CircleMeeting.state == CircleMeetingState.HELD,
        CircleMeeting.starts_at >= start,
        CircleMeeting.starts_at < end,
    )


def _gathered_by(supporter_id: int, start: datetime, end: datetime) -> Select[int, int]:
    return (
        select(func.count(), func.coalesce(func.sum(Gathering.minutes), 0))
        .join(GatheringAttendance, GatheringAttendance.gathering_id == Gathering.id)
        .where(
            GatheringAttendance.supporter_id == supporter_id,
            GatheringAttendance.was_there.is_(True),
            Gathering.state == GatheringState.HELD,
            Gathering.starts_at >= start,
            Gathering.starts_at < end,
        )
    )
