"""What a person's calendar shows, each kind in one statement."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, or_, select
from sqlalchemy.orm import Session, defer

from models.accounts import Account, Coordinator
from models.associations import Association
from models.circle_meetings import CircleMeeting
from models.circles import Circle, CircleMember
from models.entrepreneurs import Entrepreneur
from models.gatherings import Gathering, SupporterListing
from models.interviews import Interview
from models.meetings import Meeting
from models.pairings import Pairing
from models.states import BookingState, CircleMemberState, CircleState, MeetingState
from models.supporters import Supporter, SupporterRole
from models.topics import WorkshopTheme
from models.workshops import Booking, WorkshopSession


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSession:
    """A session of somebody's calendar: her bookings of it when she comes, none when she leads it."""

    workshop: WorkshopSession
    association: Association
    is_sensitive: bool
    person_id: UUID | None = None
    bookings: tuple[Booking, ...] = ()

    @property
    def live(self) -> Booking | None:
        """Give the booking that counts, if one does."""
        return next((one for one in self.bookings if one.state is not BookingState.CANCELLED), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarMeeting:
    """A meeting of somebody's calendar, with whom it is, and in which role one supports the other."""

    meeting: Meeting
    pairing_id: UUID
    role: SupporterRole
    association: Association
    other: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarInterview:
    """A first interview with its hour, and the first names of the two; `is_hers` in the calendar of the person."""

    interview: Interview
    association: Association
    person: str
    holder: str
    is_hers: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarCircle:
    """A day of a circle: its meeting, none while only the first day is known; her place in it, none when she leads."""

    circle: Circle
    association: Association
    meeting: CircleMeeting | None = None
    member: CircleMember | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarGathering:
    """A meeting of the supporters' circle that somebody is in."""

    gathering: Gathering
    association: Association


def list_booked_sessions(session: Session, account_id: int, *, since: datetime) -> Sequence[CalendarSession]:
    """Give the sessions that an account's people have booked, also those they have left."""
    rows = session.execute(
        select(Booking, WorkshopSession, Entrepreneur.public_id, Association, WorkshopTheme.is_sensitive)
        .join(WorkshopSession, WorkshopSession.id == Booking.session_id)
        .join(Entrepreneur, Entrepreneur.id == Booking.entrepreneur_id)
        .join(Association, Association.id == Booking.association_id)
        .join(WorkshopTheme, WorkshopTheme.slug == WorkshopSession.theme_slug)
        .where(Entrepreneur.account_id == account_id, WorkshopSession.ends_at >= since)
        .order_by(WorkshopSession.starts_at, WorkshopSession.id, Booking.entrepreneur_id, Booking.id)
        .execution_options(populate_existing=True)
    ).all()
    return [
        CalendarSession(
            workshop=found[0][1],
            person_id=found[0][2],
            association=found[0][3],
            is_sensitive=found[0][4],
            bookings=tuple(row[0] for row in found),
        )
        for found in (list(group) for _, group in groupby(rows, key=lambda row: (row[1].id, row[2])))
    ]


def list_led_sessions(session: Session, account_id: int, *, since: datetime) -> Sequence[CalendarSession]:
    """Give the sessions that an account leads for an association that it runs."""
    runs = exists().where(
        Coordinator.account_id == account_id, Coordinator.association_id == WorkshopSession.association_id
    )
    rows = session.execute(
        select(WorkshopSession, Association, WorkshopTheme.is_sensitive)
        .join(Association, Association.id == WorkshopSession.association_id)
        .join(WorkshopTheme, WorkshopTheme.slug == WorkshopSession.theme_slug)
        .where(WorkshopSession.organiser_id == account_id, WorkshopSession.ends_at >= since, runs)
        .order_by(WorkshopSession.starts_at, WorkshopSession.id)
        .execution_options(populate_existing=True)
    )
    return [CalendarSession(workshop=row[0], association=row[1], is_sensitive=row[2]) for row in rows]


def list_dated_meetings(session: Session, account_id: int, *, since: datetime) -> Sequence[CalendarMeeting]:
    """Give the meetings with a date of an account's people, also those called off; nothing of what the two noted."""
    other = case((Supporter.account_id == account_id, Entrepreneur.first_name), else_=Supporter.first_name)
    rows = session.execute(
        select(Meeting, Pairing.public_id, Pairing.role, Association, other)
        .join(Pairing, Pairing.id == Meeting.pairing_id)
        .join(Entrepreneur, Entrepreneur.id == Pairing.entrepreneur_id)
        .join(Supporter, Supporter.id == Pairing.supporter_id)
        .join(Association, Association.id == Meeting.association_id)
        .where(
            or_(Entrepreneur.account_id == account_id, Supporter.account_id == account_id),
            Meeting.starts_at >= since,
            Meeting.state != MeetingState.PROPOSED,
        )
        .options(defer(Meeting.word), defer(Meeting.next_step))
        .order_by(Meeting.starts_at, Meeting.id)
        .execution_options(populate_existing=True)
    )
    return [
        CalendarMeeting(meeting=meeting, pairing_id=pairing_id, role=role, association=association, other=other_name)
        for meeting, pairing_id, role, association, other_name in rows
    ]


def list_dated_interviews(session: Session, account_id: int, *, since: datetime) -> Sequence[CalendarInterview]:
    """Give the interviews with an hour of an account's people, and those that it holds for an association it runs."""
    is_hers = Entrepreneur.account_id == account_id
    runs = exists().where(Coordinator.account_id == account_id, Coordinator.association_id == Interview.association_id)
    rows = _select_interviews(is_hers).where(
        Interview.starts_at >= since, or_(is_hers, and_(Interview.coordinator_id == account_id, runs))
    )
    return [_build_interview(row) for row in session.execute(rows.order_by(Interview.starts_at, Interview.id))]


def find_dated_interview(session: Session, public_id: UUID, *, person_ids: Collection[int]) -> CalendarInterview | None:
    """Give an interview if its hour is agreed; it is hers if she is one of these people."""
    rows = _select_interviews(Interview.entrepreneur_id.in_(person_ids)).where(
        Interview.public_id == public_id, Interview.starts_at.is_not(None)
    )
    row = session.execute(rows).one_or_none()
    return _build_interview(row) if row is not None else None


def _select_interviews(is_hers: ColumnElement[bool]) -> Select[Interview, Association, str, str | None, bool | None]:
    """Select interviews without what was said in them."""
    return (
        select(Interview, Association, Entrepreneur.first_name, Account.first_name, is_hers)
        .join(Entrepreneur, Entrepreneur.id == Interview.entrepreneur_id)
        .join(Association, Association.id == Interview.association_id)
        .outerjoin(Account, Account.id == Interview.coordinator_id)
        .options(defer(Interview.team_note), defer(Interview.orientation))
        .execution_options(populate_existing=True)
    )


def _build_interview(row: Row[Interview, Association, str, str | None, bool | None]) -> CalendarInterview:
    interview, association, person, holder, is_hers = row
    return CalendarInterview(
        interview=interview, association=association, person=person, holder=holder or "", is_hers=bool(is_hers)
    )


def list_dated_circles(session: Session, account_id: int, *, since: datetime) -> Sequence[CalendarCircle]:
    """Give all meetings of the circles of an account's people, those it leads and those they left included.

    A circle that has no meetings in its calendar yet is given once, for its first day.
    """
    dated = and_(CircleMeeting.circle_id == Circle.id, CircleMeeting.starts_at >= since)
    known = (
        or_(CircleMeeting.id.is_not(None), Circle.first_meeting_on >= since.date()),
        Circle.state != CircleState.PROPOSED,
        Circle.confirmed_at.is_not(None),
    )
    joined = session.execute(
        select(Circle, Association, CircleMeeting, CircleMember)
        .join(CircleMember, CircleMember.circle_id == Circle.id)
        .join(Entrepreneur, Entrepreneur.id == CircleMember.entrepreneur_id)
        .join(Association, Association.id == Circle.association_id)
        .outerjoin(CircleMeeting, dated)
        .where(Entrepreneur.account_id == account_id, CircleMember.state != CircleMemberState.PROPOSED, *known)
        .order_by(Circle.id, CircleMember.id, CircleMeeting.number)
        .execution_options(populate_existing=True)
    )
    led = session.execute(
        select(Circle, Association, CircleMeeting)
        .join(Supporter, Supporter.id == Circle.facilitator_id)
        .join(Association, Association.id == Circle.association_id)
        .outerjoin(CircleMeeting, dated)
        .where(Supporter.account_id == account_id, *known)
        .order_by(Circle.id, CircleMeeting.number)
        .execution_options(populate_existing=True)
    )
    return [
        *(
            CalendarCircle(circle=circle, association=association, meeting=meeting, member=member)
            for circle, association, meeting, member in joined
        ),
        *(
            CalendarCircle(circle=circle, association=association, meeting=meeting)
            for circle, association, meeting in led
        ),
    ]


def list_dated_gatherings(session: Session, account_id: int, *, since: datetime) -> Sequence[CalendarGathering]:
    """Give the meetings of the supporters' circles that an account is in, also those called off."""
    mine = exists().where(
        SupporterListing.supporter_id == Supporter.id,
        SupporterListing.association_id == Gathering.association_id,
        Supporter.account_id == account_id,
    )
    rows = session.execute(
        select(Gathering, Association)
        .join(Association, Association.id == Gathering.association_id)
        .where(Gathering.starts_at >= since, mine)
        .order_by(Gathering.starts_at, Gathering.id)
        .execution_options(populate_existing=True)
    )
    return [CalendarGathering(gathering=gathering, association=association) for gathering, association in rows]
