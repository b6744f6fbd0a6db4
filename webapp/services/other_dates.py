"""Another date for a session that is cancelled: who had a place is offered one there, who was in line stands behind.

Nobody is moved without being asked: a place is held until an answer, and passes on. She did not look out for this news:
where the date is more than a week away, she has working days enough to read it and to ask around. Who had a place
comes first in the line of the other date, in the order in which places were taken; who was in line comes after her, in
the order in which the line stood. Who has a place or a turn there already keeps it.

The other date lies far enough ahead for an answer, and people of a private workshop are never asked to another list
than that of their own organiser: they came because nobody else would know.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from models.correspondence import TapPurpose
from models.db import retried, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import InvalidInputError
from models.moves import write_event, write_events
from models.queries.bookings import find_live_booking
from models.queries.other_dates import find_other_date, list_not_answered
from models.queries.workshops import get_workshop_session, lock_workshop_session
from models.states import BookingState, SessionState
from models.topics import WorkshopTheme
from models.workshops import Booking, CancelReason, WaitingRule, WorkshopSession
from webapp.permissions import Actor, Permission, require
from webapp.services.group_minimum import plan_decision
from webapp.services.seats import LAST_DAY, draw_ticket, end_turn, settle_seats
from webapp.services.session_notices import describe_session
from webapp.services.tap_links import add_link
from webapp.services.waiting_order import give_turn
from webapp.services.wall_times import resolve_wall_time

logger = logging.getLogger(__name__)

# What a copy at another date takes from the session that is cancelled; the rest follows from its date.
COPIED = (
    *("association_id", "organiser_id", "series_id", "theme_slug", "title", "description", "format", "place"),
    *("address", "online_url", "commune_code", "latitude", "longitude", "language", "stages", "accessibility"),
    *("is_public", "seats"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDate:
    """When a copy of a session takes place, on a clock in France."""

    day: date
    starts_at: time
    ends_at: time


OtherDate = UUID | NewDate
"""The other date: a session that is there, by its public number, or one to make."""


def lock_with_other(
    session: Session, workshop: WorkshopSession, other: OtherDate | None, actor: Actor
) -> tuple[WorkshopSession, WorkshopSession | None]:
    """Lock a session, and the one that is named as its other date, in the order of their ids, as everywhere.

    Raises
    ------
    NotFoundError
        If there is no such other session, or the actor does not coordinate its association.
    """
    if not isinstance(other, UUID):
        return lock_workshop_session(session, workshop.id), None
    named = get_workshop_session(session, other)
    require(actor, Permission.WORKSHOP_RUN, named)
    locked = {key: lock_workshop_session(session, key) for key in sorted({workshop.id, named.id})}
    return locked[workshop.id], locked[named.id]


def require_suits(session: Session, workshop: WorkshopSession, other: WorkshopSession, *, at: datetime) -> None:
    """Refuse a date at which nobody could be asked any more, or that would tell what somebody came in private for.

    Raises
    ------
    InvalidInputError
        If the two sessions do not go together.
    """
    is_sensitive = session.get_one(WorkshopTheme, workshop.theme_slug).is_sensitive
    suits = (
        other.id != workshop.id
        and other.association_id == workshop.association_id
        and other.state is SessionState.SCHEDULED
        and other.starts_at - at > LAST_DAY
        and session.get_one(WorkshopTheme, other.theme_slug).is_sensitive == is_sensitive
        and (not is_sensitive or other.organiser_id == workshop.organiser_id)
    )
    if not suits:
        raise InvalidInputError(field="other")


def copy_session(
    session: Session, workshop: WorkshopSession, when: NewDate, *, actor: Actor, at: datetime
) -> WorkshopSession:
    """Open the same session at another date, in the caller's transaction.

    Raises
    ------
    InvalidInputError
        If the day is too near for an answer, the hour is the same, or the end does not come after the beginning.
    InvalidWallTimeError
        If clocks skip that hour.
    """
    start = resolve_wall_time(when.day, when.starts_at, field="starts_at")
    end = resolve_wall_time(when.day, when.ends_at, field="ends_at")
    if end.instant <= start.instant:
        raise InvalidInputError(field="ends_at")
    if start.instant == workshop.starts_at:
        raise InvalidInputError(field="same_time")
    if start.instant - at <= LAST_DAY:
        raise InvalidInputError(field="other_day")
    planned = plan_decision(
        session,
        association_id=workshop.association_id,
        minimum=workshop.minimum,
        seats=workshop.seats,
        starts_at=start.instant,
        at=at,
    )
    copy = WorkshopSession(
        public_id=uuid4(),
        reference=f"web-{uuid4().hex[:16]}",
        starts_at=start.instant,
        ends_at=end.instant,
        wall_start=start.wall,
        zone=start.zone,
        taken=0,
        state=SessionState.SCHEDULED,
        created_at=at,
        updated_at=at,
        **{name: getattr(workshop, name) for name in COPIED},
        **planned,
    )
    session.add(copy)
    session.flush()
    write_event(session, copy, "create", to_state=copy.state, actor_id=actor.account_id, at=at)
    return copy


def in_their_order(bookings: Sequence[Booking]) -> Sequence[Booking]:
    """Put the people of a session in the order in which they are asked: places by ticket, then the line by turn."""
    seated = [one for one in bookings if one.state is BookingState.CONFIRMED]
    in_line = [one for one in bookings if one.state is not BookingState.CONFIRMED]
    return [*sorted(seated, key=lambda one: one.ticket), *sorted(in_line, key=lambda one: one.turn)]


def give_rules(session: Session, bookings: Sequence[Booking], other: WorkshopSession) -> Sequence[WaitingRule]:
    """Say by which rule each stands in the line of the other date; call it while the bookings still stand.

    Who was in line keeps the rule of the day on which she joined. For a sensitive theme only the order of arrival
    counts: a place in line must not tell who had one before.
    """
    if session.get_one(WorkshopTheme, other.theme_slug).is_sensitive:
        return [WaitingRule.ARRIVAL for _one in bookings]
    return [
        WaitingRule.CANCELLED_BEFORE if one.state is BookingState.CONFIRMED else one.waiting_rule for one in bookings
    ]


def offer_other_date(
    session: Session,
    bookings: Sequence[Booking],
    rules: Sequence[WaitingRule],
    other: WorkshopSession,
    *,
    actor: Actor,
    at: datetime,
) -> Mapping[int, Booking]:
    """Put these people in the line of the other date in this order, and offer them what is free; tell nobody.

    The turns that their rules and tickets give are dealt out again in that order, as when a list is changed by hand.
    Both sessions must be locked. The bookings there are given by the id of the person.
    """
    there: dict[int, Booking] = {}
    made: list[Booking] = []
    for ended, rule in zip(bookings, rules, strict=True):
        known = find_live_booking(session, session_id=other.id, entrepreneur_id=ended.entrepreneur_id)
        if known is None:
            known = _join(session, ended, rule, other, at=at)
            made.append(known)
        there[ended.entrepreneur_id] = known
    for booking, turn in zip(made, sorted(give_turn(one.waiting_rule, one.ticket) for one in made), strict=True):
        booking.turn = turn
    session.add_all(made)
    session.flush()
    if made:
        write_events(session, made, "book", to_state=BookingState.WAITING, actor_id=actor.account_id, at=at)
    untold = frozenset(booking.id for booking in made)
    settle_seats(session, other.id, freed=0, actor_id=actor.account_id, at=at, untold=untold)
    return there


def count_offers(there: Mapping[int, Booking]) -> int:
    """Count who is offered a place at the other date."""
    return sum(one.state is BookingState.OFFERED for one in there.values())


def describe_other(session: Session, booking: Booking, other: WorkshopSession, *, at: datetime) -> dict[str, Any]:
    """Give the facts by which the news of a cancellation tells the other date as well, with a link for the answer."""
    facts: dict[str, Any] = {"other": _name(session, other), "waiting": booking.state is BookingState.WAITING}
    if booking.state is BookingState.OFFERED:
        facts["offer_until"] = booking.offer_until
        facts["tap"] = add_link(
            session,
            purpose=TapPurpose.ANSWER_SEAT,
            target_id=booking.public_id,
            person=session.get_one(Entrepreneur, booking.entrepreneur_id),
            expires_at=other.starts_at,
            at=at,
        )
    return facts


def describe_in_public(session: Session, other: WorkshopSession) -> dict[str, Any]:
    """Give the facts that visitors are told of the other date: none unless it is public too."""
    return {"other": _name(session, other)} if other.is_public else {}


@retried
def take_back_other_date(*, session_id: UUID, actor: Actor, at: datetime) -> int:
    """Take back the offers and turns that came of a cancelled session and were not answered; say how many, tell them.

    Who said yes keeps her place; what is freed goes to who waits there. A second call changes nothing.

    Raises NotFoundError or PermissionDeniedError.
    """
    with transaction() as session:
        workshop = get_workshop_session(session, session_id)
        require(actor, Permission.WORKSHOP_RUN, workshop)
        found = find_other_date(session, workshop.id)
        if found is None:
            return 0
        other = lock_workshop_session(session, found.session.id)
        unanswered = list_not_answered(session, workshop.id)
        held = sum(booking.state is BookingState.OFFERED for booking in unanswered)
        for booking in unanswered:
            end_turn(session, booking, other, CancelReason.BY_ORGANISER, actor_id=actor.account_id, at=at)
        settle_seats(session, other.id, freed=held, actor_id=actor.account_id, at=at)
    logger.info("other date taken back", extra={"session_id": str(session_id), "ended": len(unanswered)})
    return len(unanswered)


def _name(session: Session, other: WorkshopSession) -> dict[str, object]:
    return {name: fact for name, fact in describe_session(session, other).items() if fact is not None}


def _join(session: Session, ended: Booking, rule: WaitingRule, other: WorkshopSession, *, at: datetime) -> Booking:
    ticket = draw_ticket(session, other.id, at=at)
    assert ticket is not None  # the session is locked, and lies ahead
    return Booking(
        public_id=uuid4(),
        association_id=other.association_id,
        session_id=other.id,
        entrepreneur_id=ended.entrepreneur_id,
        from_session_id=ended.session_id,
        ticket=ticket,
        waiting_rule=rule,
        state=BookingState.WAITING,
        booked_at=at,
    )
