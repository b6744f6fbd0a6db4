"""What must hold of sessions, those that members propose, their series, bookings, waiting lists and visitors."""

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from models.entrepreneurs import Entrepreneur
from models.queries.laws.law import Law, count_all
from models.series import WorkshopSeries
from models.session_proposals import SessionProposal
from models.states import (
    IN_LINE_BOOKING_STATES,
    LIVE_VISITOR_STATES,
    OPEN_BOOKING_STATES,
    SEATED_BOOKING_STATES,
    BookingState,
    EntrepreneurState,
    SessionProposalState,
    SessionState,
    SupporterState,
    VisitorState,
)
from models.supporters import Supporter
from models.topics import WorkshopTheme
from models.visitors import Visitor
from models.workshops import Booking, WorkshopSession


def list_laws() -> list[Law]:
    """List the laws, as the check names them."""
    return [
        ("session_taken_equals_seats_held", count_all(WorkshopSession), _wrong_seats),
        ("session_within_seats", count_all(WorkshopSession), _too_many_seats),
        ("date_has_the_theme_of_its_series", count_all(WorkshopSession, _is_of_a_series()), _foreign_theme),
        ("public_session_is_of_an_open_theme", count_all(WorkshopSession, _is_public()), _public_and_private),
        ("other_date_is_instead_of_a_cancelled_one", count_all(Booking, _is_moved()), _wrongly_moved),
        ("live_visitor_has_a_session", count_all(Visitor, _is_live_visitor()), _visitor_of_nothing),
        ("waiting_only_when_full", count_all(Booking, Booking.state == BookingState.WAITING), _waiting_though_free),
        ("one_turn_each_in_a_waiting_list", count_all(Booking, Booking.state.in_(IN_LINE_BOOKING_STATES)), _same_turn),
        ("proposed_session_has_its_proposer", count_all(SessionProposal, _is_wished_for()), _proposer_gone),
        ("cancelled_session_holds_nobody", count_all(WorkshopSession), _cancelled_with_bookings),
        ("closed_file_holds_no_booking_ahead", count_all(Booking, _is_open()), _booked_by_nobody),
    ]


def _wrong_seats() -> Select[int]:
    held = (
        select(func.count())
        .select_from(Booking)
        .where(Booking.session_id == WorkshopSession.id, Booking.state.in_(SEATED_BOOKING_STATES))
        .correlate(WorkshopSession)
        .scalar_subquery()
    )
    return count_all(WorkshopSession, WorkshopSession.taken != held + _count_seated_visitors())


def _too_many_seats() -> Select[int]:
    return count_all(WorkshopSession, WorkshopSession.taken > WorkshopSession.seats)


def _foreign_theme() -> Select[int]:
    return count_all(WorkshopSession, _has_another_theme_than_its_series())


def _public_and_private() -> Select[int]:
    return count_all(WorkshopSession, _is_public_of_a_sensitive_theme())


def _visitor_of_nothing() -> Select[int]:
    return count_all(Visitor, _visits_a_cancelled_session())


def _waiting_though_free() -> Select[int]:
    """Count people who wait although a seat is free, unless the last seats were opened to who answers first."""
    free = exists().where(
        WorkshopSession.id == Booking.session_id,
        WorkshopSession.state == SessionState.SCHEDULED,
        WorkshopSession.taken < WorkshopSession.seats,
        WorkshopSession.last_calls == 0,
    )
    return count_all(Booking, Booking.state == BookingState.WAITING, free)


def _same_turn() -> Select[int]:
    """Count the people who share their turn in one list with somebody else."""
    groups = (
        select(Booking.session_id)
        .where(Booking.state.in_(IN_LINE_BOOKING_STATES))
        .group_by(Booking.session_id, Booking.turn)
        .having(func.count() > 1)
        .subquery()
    )
    return select(func.count()).select_from(groups)


def _cancelled_with_bookings() -> Select[int]:
    held = exists().where(Booking.session_id == WorkshopSession.id, Booking.state != BookingState.CANCELLED)
    return count_all(WorkshopSession, WorkshopSession.state == SessionState.CANCELLED, held)


def _is_open() -> ColumnElement[bool]:
    return Booking.state.in_(OPEN_BOOKING_STATES)


def _booked_by_nobody() -> Select[int]:
    """Count bookings of sessions that began, or begin, after their person's file was closed."""
    closed = exists().where(
        Entrepreneur.id == Booking.entrepreneur_id,
        Entrepreneur.state == EntrepreneurState.CLOSED,
        WorkshopSession.id == Booking.session_id,
        WorkshopSession.starts_at > Entrepreneur.closed_at,
    )
    return count_all(Booking, _is_open(), closed)


def _is_of_a_series() -> ColumnElement[bool]:
    """Say which sessions are dates of a series."""
    return WorkshopSession.series_id.is_not(None)


def _has_another_theme_than_its_series() -> ColumnElement[bool]:
    """Say which dates have another theme than their series: a private one would be told by an open one."""
    return exists().where(
        WorkshopSeries.id == WorkshopSession.series_id, WorkshopSeries.theme_slug != WorkshopSession.theme_slug
    )


def _is_public() -> ColumnElement[bool]:
    """Say which sessions everybody may come to."""
    return WorkshopSession.is_public.is_(True)


def _is_public_of_a_sensitive_theme() -> ColumnElement[bool]:
    """Say which public sessions are of a theme to which people come because nobody knows."""
    sensitive = exists().where(WorkshopTheme.slug == WorkshopSession.theme_slug, WorkshopTheme.is_sensitive)
    return and_(_is_public(), sensitive)


def _is_live_visitor() -> ColumnElement[bool]:
    """Say which registrations of visitors may still come."""
    return Visitor.state.in_(LIVE_VISITOR_STATES)


def _visits_a_cancelled_session() -> ColumnElement[bool]:
    """Say which live registrations are for a session that will not take place."""
    cancelled = exists().where(
        WorkshopSession.id == Visitor.session_id, WorkshopSession.state == SessionState.CANCELLED
    )
    return and_(_is_live_visitor(), cancelled)


def _count_seated_visitors() -> ScalarSelect[int]:
    """Count the visitors who hold a seat of the session that is looked at."""
    return (
        select(func.count())
        .select_from(Visitor)
        .where(Visitor.session_id == WorkshopSession.id, Visitor.state == VisitorState.CONFIRMED)
        .correlate(WorkshopSession)
        .scalar_subquery()
    )


def _is_moved() -> ColumnElement[bool]:
    return Booking.from_session_id.is_not(None)


def _wrongly_moved() -> Select[int]:
    """Count people asked to another date whose first one takes place, or was private where the other is open."""
    before, after = aliased(WorkshopSession), aliased(WorkshopSession)
    sensitive = select(WorkshopTheme.slug).where(WorkshopTheme.is_sensitive)
    is_wrong = or_(
        before.state != SessionState.CANCELLED,
        and_(before.theme_slug.in_(sensitive), after.theme_slug.not_in(sensitive)),
    )
    return (
        select(func.count())
        .select_from(Booking)
        .join(before, before.id == Booking.from_session_id)
        .join(after, after.id == Booking.session_id)
        .where(is_wrong)
    )


def _is_wished_for() -> ColumnElement[bool]:
    return SessionProposal.state == SessionProposalState.PROPOSED


def _proposer_gone() -> Select[int]:
    """Count sessions proposed by somebody whose file is closed, or who has left."""
    closed = exists().where(
        Entrepreneur.id == SessionProposal.entrepreneur_id, Entrepreneur.state == EntrepreneurState.CLOSED
    )
    left = exists().where(Supporter.id == SessionProposal.supporter_id, Supporter.state == SupporterState.LEFT)
    return count_all(SessionProposal, _is_wished_for(), or_(closed, left))
