"""What must hold of circles, their members, facilitators, meetings and contracts, and of the supporters' circle."""

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select

from models.circle_meetings import CircleAgreement, CircleMeeting
from models.circles import Circle, CircleMember, Facilitator
from models.entrepreneurs import Entrepreneur
from models.gatherings import Gathering, GatheringAttendance, SupporterListing
from models.queries.laws.law import Law, count_all
from models.states import (
    LIVE_CIRCLE_MEMBER_STATES,
    CircleMeetingState,
    CircleMemberState,
    CircleState,
    EntrepreneurState,
    GatheringState,
    SupporterState,
)
from models.supporters import Supporter


def list_laws() -> list[Law]:
    """List the laws, as the check names them."""
    return [
        ("circle_taken_equals_live_members", count_all(Circle), _wrong_members),
        ("live_member_is_in_a_live_circle", count_all(CircleMember, _is_live_member()), _member_of_nothing),
        ("live_member_has_an_open_file", count_all(CircleMember, _is_live_member()), _member_closed),
        ("one_live_circle_per_person", count_all(CircleMember, _is_live_member()), _several_circles),
        ("facilitator_taken_equals_confirmed_circles", count_all(Facilitator), _wrong_circles_led),
        ("circle_to_come_is_of_a_live_circle", count_all(CircleMeeting, _circle_planned()), _meeting_of_a_past_circle),
        (
            "turn_is_of_a_member",
            count_all(CircleMeeting, CircleMeeting.client_member_id.is_not(None)),
            _turn_of_a_stranger,
        ),
        ("one_turn_at_a_time", count_all(CircleMeeting, _circle_planned()), _several_turns),
        ("short_circle_has_a_day_to_decide", count_all(Circle, _is_confirmed()), _day_without_need),
        ("contract_is_of_who_joined", count_all(CircleAgreement), _agreed_without_joining),
        ("listed_supporter_is_here_still", count_all(SupporterListing), _listed_after_leaving),
        ("was_there_is_noted_of_what_took_place", count_all(GatheringAttendance), _there_without_gathering),
    ]


def _is_live_member() -> ColumnElement[bool]:
    return CircleMember.state.in_(LIVE_CIRCLE_MEMBER_STATES)


def _wrong_members() -> Select[int]:
    live = (
        select(func.count())
        .select_from(CircleMember)
        .where(CircleMember.circle_id == Circle.id, _is_live_member())
        .correlate(Circle)
        .scalar_subquery()
    )
    return count_all(Circle, Circle.taken != live)


def _member_of_nothing() -> Select[int]:
    """Count live places of circles that are over, and places not invited to of a confirmed one or the reverse."""
    over = exists().where(Circle.id == CircleMember.circle_id, Circle.state == CircleState.DISSOLVED)
    confirmed = exists().where(Circle.id == CircleMember.circle_id, Circle.state == CircleState.CONFIRMED)
    waits = CircleMember.state == CircleMemberState.PROPOSED
    return count_all(CircleMember, _is_live_member(), or_(over, and_(waits, confirmed), and_(~waits, ~confirmed)))


def _member_closed() -> Select[int]:
    closed = exists().where(
        Entrepreneur.id == CircleMember.entrepreneur_id, Entrepreneur.state == EntrepreneurState.CLOSED
    )
    return count_all(CircleMember, _is_live_member(), closed)


def _several_circles() -> Select[int]:
    groups = (
        select(literal(1))
        .select_from(CircleMember)
        .where(_is_live_member())
        .group_by(CircleMember.entrepreneur_id)
        .having(func.count() > 1)
        .subquery()
    )
    return select(func.count()).select_from(groups)


def _circle_planned() -> ColumnElement[bool]:
    return CircleMeeting.state == CircleMeetingState.PLANNED


def _is_confirmed() -> ColumnElement[bool]:
    return Circle.state == CircleState.CONFIRMED


def _meeting_of_a_past_circle() -> Select[int]:
    live = exists().where(Circle.id == CircleMeeting.circle_id, _is_confirmed())
    return count_all(CircleMeeting, _circle_planned(), ~live)


def _turn_of_a_stranger() -> Select[int]:
    """Count turns of somebody of another circle, or of a planned meeting of somebody who is not in it any more."""
    member = exists().where(
        CircleMember.id == CircleMeeting.client_member_id,
        CircleMember.circle_id == CircleMeeting.circle_id,
        or_(CircleMember.state == CircleMemberState.JOINED, ~_circle_planned()),
    )
    return count_all(CircleMeeting, CircleMeeting.client_member_id.is_not(None), ~member)


def _several_turns() -> Select[int]:
    groups = (
        select(literal(1))
        .where(_circle_planned(), CircleMeeting.client_member_id.is_not(None))
        .group_by(CircleMeeting.circle_id, CircleMeeting.client_member_id)
        .having(func.count() > 1)
        .subquery()
    )
    return select(func.count()).select_from(groups)


def _day_without_need() -> Select[int]:
    """Count circles that wait for a decision though they have people enough, or are not under way."""
    return count_all(Circle, Circle.decide_by_at.is_not(None), or_(~_is_confirmed(), Circle.taken >= Circle.minimum))


def _agreed_without_joining() -> Select[int]:
    joined = exists().where(CircleMember.id == CircleAgreement.member_id, CircleMember.joined_at.is_not(None))
    return count_all(CircleAgreement, ~joined)


def _listed_after_leaving() -> Select[int]:
    left = exists().where(Supporter.id == SupporterListing.supporter_id, Supporter.state == SupporterState.LEFT)
    return count_all(SupporterListing, left)


def _there_without_gathering() -> Select[int]:
    held = exists().where(Gathering.id == GatheringAttendance.gathering_id, Gathering.state == GatheringState.HELD)
    return count_all(GatheringAttendance, GatheringAttendance.was_there.is_not(None), ~held)


def _wrong_circles_led() -> Select[int]:
    led = (
        select(func.count())
        .select_from(Circle)
        .where(Circle.facilitator_id == Facilitator.supporter_id, Circle.state == CircleState.CONFIRMED)
        .correlate(Facilitator)
        .scalar_subquery()
    )
    return count_all(Facilitator, Facilitator.taken != led)
