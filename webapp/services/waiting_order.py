"""The order of a waiting list: written rules, put into one number when somebody joins, so that it can be explained.

0. People whose place fell because their session was cancelled, when this one is proposed to them instead.
1. People who never had a seat in a session of this theme go before people who had one: the others have had their turn.
   Who was absent, or gave her seat back, has not had it: staying away is never held against anybody.
2. Among them, people who said that they need help with what the session is about.
3. Then the order of arrival.

The rule is looked at once, on the day of joining, and kept with the booking: nobody is passed later without a reason.
For a sensitive theme only the order of arrival counts: a place in line must not tell who came before, or who needs it.
"""

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from models.entrepreneurs import Entrepreneur, EntrepreneurNeed
from models.states import BookingState
from models.topics import WorkshopTheme
from models.workshops import Booking, WaitingRule, WorkshopSession

# Tickets count the bookings of one session and stay far below: turn // STEP is the rule, the rest the ticket.
STEP = 1_000_000
# The first rule came last, and lies below zero: turns that were given before it keep their places.
PLACES: Mapping[WaitingRule, int] = MappingProxyType({rule: place for place, rule in enumerate(WaitingRule, -1)})
HAD_HER_TURN = (BookingState.CONFIRMED, BookingState.ATTENDED)


def find_rule(session: Session, person: Entrepreneur, workshop: WorkshopSession) -> WaitingRule:
    """Say by which rule a person joins the waiting list of a session."""
    theme = session.get_one(WorkshopTheme, workshop.theme_slug)
    if theme.is_sensitive:
        return WaitingRule.ARRIVAL
    is_first, needs = not _has_had_a_seat(session, person, workshop), _needs(session, person, theme)
    if is_first:
        return WaitingRule.FIRST_TIME_AND_NEED if needs else WaitingRule.FIRST_TIME
    return WaitingRule.NEED if needs else WaitingRule.ARRIVAL


def give_turn(rule: WaitingRule, ticket: int) -> int:
    """Give the turn of who joins with this ticket: lower is earlier."""
    return PLACES[rule] * STEP + ticket


def _has_had_a_seat(session: Session, person: Entrepreneur, workshop: WorkshopSession) -> bool:
    """Look at other sessions of the theme, but not at other dates of the same series: these are booked as one."""
    statement = exists().where(
        Booking.entrepreneur_id == person.id,
        Booking.state.in_(HAD_HER_TURN),
        Booking.session_id == WorkshopSession.id,
        WorkshopSession.theme_slug == workshop.theme_slug,
        WorkshopSession.id != workshop.id,
        or_(WorkshopSession.series_id.is_(None), WorkshopSession.series_id.is_distinct_from(workshop.series_id)),
    )
    return bool(session.scalar(select(statement)))


def _needs(session: Session, person: Entrepreneur, theme: WorkshopTheme) -> bool:
    statement = exists().where(EntrepreneurNeed.entrepreneur_id == person.id, EntrepreneurNeed.topic.in_(theme.topics))
    return bool(session.scalar(select(statement)))
