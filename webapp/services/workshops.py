"""Workshop sessions: create, change with notice, resize, cancel, hold, and who came."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from models.associations import Association
from models.db import retried, transaction
from models.exceptions import InvalidInputError, SeatsTakenError, SessionClosedError
from models.messages import MessageKind
from models.moves import move, move_all, write_event
from models.queries.associations import get_association_by_public_id
from models.queries.bookings import count_bookings_in, list_open_bookings
from models.queries.workshops import get_workshop_session, lock_workshop_session
from models.series import WorkshopSeries
from models.states import IN_LINE_BOOKING_STATES, BookingAction, BookingState, SessionAction, SessionState
from models.topics import WorkshopTheme
from models.workshops import Booking, CancelReason, WorkshopSession
from webapp.form_keys import claim_form_key, note_outcome
from webapp.permissions import Actor, Permission, require
from webapp.services.attendance import hold_session, mark_attendance
from webapp.services.group_minimum import plan_decision
from webapp.services.other_dates import (
    NewDate,
    OtherDate,
    copy_session,
    count_offers,
    describe_in_public,
    describe_other,
    give_rules,
    in_their_order,
    lock_with_other,
    offer_other_date,
    require_suits,
)
from webapp.services.seats import require_ahead, settle_seats
from webapp.services.session_leaders import tell_leader
from webapp.services.session_notices import tell_about_bookings
from webapp.services.session_values import MOST_SEATS, SessionValues, read_series, read_values
from webapp.services.visitors import end_visitors, tell_visitors_change

__all__ = [
    "SessionOutcome",
    "SessionValues",
    "cancel_session",
    "create_session",
    "hold_session",
    "mark_attendance",
    "resize_session",
    "update_session",
]

logger = logging.getLogger(__name__)

# A change of one of these is news for the people who come; others only raise the sequence of the calendar entry.
TOLD = frozenset({"starts_at", "ends_at", "format", "place", "address", "online_url"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOutcome:
    """A session as it stands, to how many people a seat is offered, and to how many a message about it goes."""

    session_id: UUID
    state: SessionState
    seats: int
    taken: int
    offered: int = 0
    told: int = 0


@retried
def create_session(
    *, association_id: UUID, values: SessionValues, actor: Actor, at: datetime, form_key: str | None = None
) -> SessionOutcome:
    """Open a session for booking, organised by the actor.

    Raises NotFoundError, PermissionDeniedError, InvalidInputError, InvalidWallTimeError or RepeatedRequestError.
    """
    with transaction() as session:
        association = get_association_by_public_id(session, association_id)
        require(actor, Permission.WORKSHOP_RUN, association)
        claim_form_key(session, key=form_key, account_id=actor.account_id, at=at)
        workshop, outcome = add_session(session, association, values, actor=actor, at=at)
        note_outcome(session, key=form_key, outcome=workshop.public_id)
    logger.info("session created", extra={"session_id": str(outcome.session_id)})
    return outcome


def add_session(
    session: Session, association: Association, values: SessionValues, *, actor: Actor, at: datetime
) -> tuple[WorkshopSession, SessionOutcome]:
    """Open a session for booking in the caller's transaction, organised by the actor.

    Raises
    ------
    InvalidInputError
        If a value breaks a rule, or the session would begin in the past.
    InvalidWallTimeError
        If no clock shows a time.
    """
    read = read_values(session, values)
    if read["starts_at"] <= at:
        raise InvalidInputError(field="day")
    workshop = WorkshopSession(
        public_id=uuid4(),
        association_id=association.id,
        organiser_id=actor.account_id,
        reference=f"web-{uuid4().hex[:16]}",
        seats=values.seats,
        taken=0,
        state=SessionState.SCHEDULED,
        created_at=at,
        updated_at=at,
        **read,
        **read_series(session, values, association.id),
        **_plan_decision(session, association.id, values, read["starts_at"], at=at),
        is_public=values.is_public,
    )
    session.add(workshop)
    session.flush()
    _write_event(session, workshop, "create", actor, at, to_state=workshop.state.value)
    return workshop, _outcome(workshop)


@retried
def update_session(*, session_id: UUID, values: SessionValues, actor: Actor, at: datetime) -> SessionOutcome:
    """Change a session before its start; who holds a seat or waits is told when time or place move.

    Raises NotFoundError, PermissionDeniedError, SessionClosedError, SeatsTakenError, InvalidInputError or
    InvalidWallTimeError.
    """
    with transaction() as session:
        workshop = _lock_for(session, session_id, actor)
        require_ahead(workshop, at)
        read = read_values(session, values)
        columns = {
            **read,
            **read_series(session, values, workshop.association_id),
            **_plan_change(session, workshop, values, read["starts_at"], at=at),
            "is_public": values.is_public,
        }
        change = change_session(session, workshop, columns, seats=values.seats, actor=actor, at=at)
        outcome = _outcome(workshop, offered=change.offered, told=change.told)
    logger.info("session changed", extra={"session_id": str(session_id), "told": outcome.told})
    return outcome


@retried
def resize_session(*, session_id: UUID, seats: int, actor: Actor, at: datetime) -> SessionOutcome:
    """Change the number of seats, never below those that people hold; new seats are offered to who waits.

    Raises NotFoundError, PermissionDeniedError, SessionClosedError, SeatsTakenError or InvalidInputError.
    """
    with transaction() as session:
        workshop = _lock_for(session, session_id, actor)
        require_ahead(workshop, at)
        offered = _resize(session, workshop, seats, actor=actor, at=at)
        outcome = _outcome(workshop, offered=offered)
    logger.info("session resized", extra={"session_id": str(session_id), "offered": outcome.offered})
    return outcome


@retried
def cancel_session(*, session_id: UUID, actor: Actor, at: datetime, other: OtherDate | None = None) -> SessionOutcome:
    """Cancel a session that was not held, free everybody, and tell them. A second call changes nothing.

    With another date (a session that is there, or a copy to make) everybody is asked to it, in the same message.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError, SessionClosedError if somebody was marked, or
    InvalidInputError and InvalidWallTimeError if the other date cannot be.
    """
    with transaction() as session:
        found = get_workshop_session(session, session_id)
        require(actor, Permission.WORKSHOP_RUN, found)
        workshop, named = lock_with_other(session, found, other, actor)
        if workshop.state is SessionState.CANCELLED:
            return _outcome(workshop)
        if count_bookings_in(session, workshop.id, BookingState.ATTENDED, BookingState.ABSENT):
            raise SessionClosedError(session_id=session_id)
        there = copy_session(session, workshop, other, actor=actor, at=at) if isinstance(other, NewDate) else named
        if there is not None:
            require_suits(session, workshop, there, at=at)
        told = in_their_order(list_open_bookings(session, workshop.id))
        rules = give_rules(session, told, there) if there is not None else ()
        move(
            session,
            workshop,
            SessionAction.CANCEL,
            actor_id=actor.account_id,
            at=at,
            sequence=workshop.sequence + 1,
            taken=0,
            updated_at=at,
        )
        _end_bookings(session, told, CancelReason.SESSION_CANCELLED, actor=actor, at=at)
        asked = offer_other_date(session, told, rules, there, actor=actor, at=at) if there is not None else {}
        facts = describe_in_public(session, there) if there is not None else {}
        visitors = end_visitors(session, workshop, actor_id=actor.account_id, at=at, **facts)
        own = [
            describe_other(session, asked[one.entrepreneur_id], there, at=at) if there is not None else {}
            for one in told
        ]
        kind = MessageKind.SESSION_CANCELLED
        mails = tell_about_bookings(session, kind, zip(told, own, strict=True), workshop, at=at)
        leaders = tell_leader(session, workshop, at=at)
        outcome = _outcome(workshop, offered=count_offers(asked), told=mails + visitors + leaders)
    logger.info("session cancelled", extra={"session_id": str(session_id), "told": outcome.told})
    return outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a change of a session brought to its people."""

    offered: int
    told: int


def change_session(
    session: Session, workshop: WorkshopSession, columns: dict[str, Any], *, seats: int, actor: Actor, at: datetime
) -> Change:
    """Change a locked session in the caller's transaction, offer new seats to who waits, and tell what is news.

    Raises
    ------
    InvalidInputError
        If it would begin in the past, or show people who came in private.
    SeatsTakenError
        If fewer seats are left than people hold.
    """
    changed = {name for name, value in columns.items() if getattr(workshop, name) != value}
    lost_at = workshop.starts_at if "starts_at" in changed else None
    if changed:
        if columns["starts_at"] <= at:
            raise InvalidInputError(field="day")
        require_kept_privacy(session, workshop, columns["theme_slug"])
        require_theme_of_series(session, workshop, columns)
        require_open_theme(session, workshop, columns)
        for name in changed:
            setattr(workshop, name, columns[name])
        workshop.sequence += 1
        workshop.updated_at = at
        _write_event(session, workshop, "change", actor, at, note=", ".join(sorted(changed)))
        session.flush()
    if "starts_at" in changed:
        _shorten_offers(session, workshop)
    told = _tell_change(session, workshop, lost_at=lost_at, at=at) if changed & TOLD else 0
    offered = _resize(session, workshop, seats, actor=actor, at=at)
    if "starts_at" in changed:
        # Moved out of its last day, a seat that was open to all is offered to one after the other again.
        offered += settle_seats(session, workshop.id, freed=0, actor_id=actor.account_id, at=at)
    return Change(offered=offered, told=told)


def require_kept_privacy(session: Session, workshop: WorkshopSession, theme_slug: str) -> None:
    """Refuse to open a sensitive session that people have booked: they came because nobody else would know.

    Raises
    ------
    InvalidInputError
        If the theme asked for would show their names to more than the organiser.
    """
    before, after = (session.get_one(WorkshopTheme, slug) for slug in (workshop.theme_slug, theme_slug))
    if before.is_sensitive and not after.is_sensitive and count_bookings_in(session, workshop.id, *BookingState):
        raise InvalidInputError(field="theme")


def require_theme_of_series(session: Session, workshop: WorkshopSession, columns: dict[str, Any]) -> None:
    """Refuse a theme that is not that of the series of which the session is, or becomes, a date.

    Raises
    ------
    InvalidInputError
        If the themes differ.
    """
    series_id = columns.get("series_id", workshop.series_id)
    if series_id is not None and session.get_one(WorkshopSeries, series_id).theme_slug != columns["theme_slug"]:
        raise InvalidInputError(field="series")


def require_open_theme(session: Session, workshop: WorkshopSession, columns: dict[str, Any]) -> None:
    """Refuse to show a sensitive session to everybody.

    Raises
    ------
    InvalidInputError
        If the session is, or becomes, public and sensitive.
    """
    theme = session.get_one(WorkshopTheme, columns["theme_slug"])
    if columns.get("is_public", workshop.is_public) and theme.is_sensitive:
        raise InvalidInputError(field="is_public")


def _lock_for(session: Session, session_id: UUID, actor: Actor) -> WorkshopSession:
    workshop = get_workshop_session(session, session_id)
    require(actor, Permission.WORKSHOP_RUN, workshop)
    return lock_workshop_session(session, workshop.id)


def _resize(session: Session, workshop: WorkshopSession, seats: int, *, actor: Actor, at: datetime) -> int:
    if not 1 <= seats <= MOST_SEATS:
        raise InvalidInputError(field="seats")
    if seats == workshop.seats:
        return 0
    before = workshop.seats
    changed: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        update(WorkshopSession)
        .where(WorkshopSession.id == workshop.id, WorkshopSession.taken <= seats)
        .values(seats=seats, updated_at=at)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:
        raise SeatsTakenError(seats=seats, taken=workshop.taken)
    _write_event(session, workshop, "resize", actor, at, note=f"{before} -> {seats}")
    return settle_seats(session, workshop.id, freed=0, added=seats - before, actor_id=actor.account_id, at=at)


def _plan_decision(
    session: Session, association_id: int, values: SessionValues, starts_at: datetime, *, at: datetime
) -> Mapping[str, Any]:
    return plan_decision(
        session, association_id=association_id, minimum=values.minimum, seats=values.seats, starts_at=starts_at, at=at
    )


def _plan_change(
    session: Session, workshop: WorkshopSession, values: SessionValues, starts_at: datetime, *, at: datetime
) -> Mapping[str, Any]:
    """Keep the day to decide by while neither the number nor the date moves: it may be over already."""
    planned = _plan_decision(session, workshop.association_id, values, starts_at, at=at)
    is_same = values.minimum == workshop.minimum and starts_at == workshop.starts_at
    return {} if is_same else planned


def _shorten_offers(session: Session, workshop: WorkshopSession) -> None:
    """Let no offer last beyond the start of a session that was moved to an earlier day."""
    session.execute(
        update(Booking)
        .where(
            Booking.session_id == workshop.id,
            Booking.state == BookingState.OFFERED,
            Booking.offer_until > workshop.starts_at,
        )
        .values(offer_until=workshop.starts_at)
        .execution_options(synchronize_session=False)
    )


def _tell_change(session: Session, workshop: WorkshopSession, *, lost_at: datetime | None, at: datetime) -> int:
    people = list_open_bookings(session, workshop.id)
    told_each = [(booking, {**_turn_of(booking), "lost_at": lost_at}) for booking in people]
    event = f"changed:{workshop.sequence}"
    told = tell_about_bookings(session, MessageKind.SESSION_CHANGED, told_each, workshop, at=at, event=event)
    told += tell_leader(session, workshop, lost_at=lost_at, at=at)
    return told + tell_visitors_change(session, workshop, at=at)


def _turn_of(booking: Booking) -> Mapping[str, object]:
    """Say how somebody stands in the line of a session that changed: a seat is held for her, she waits, or neither."""
    if booking.state is BookingState.OFFERED:
        return {"offer_until": booking.offer_until}
    return {"waiting": booking.state in IN_LINE_BOOKING_STATES}


def _end_bookings(
    session: Session, bookings: Sequence[Booking], reason: CancelReason, *, actor: Actor, at: datetime
) -> None:
    ended = {"cancelled_at": at, "cancel_reason": reason}
    move_all(session, bookings, BookingAction.CANCEL, actor_id=actor.account_id, at=at, reason=reason.value, **ended)


def _write_event(
    session: Session,
    workshop: WorkshopSession,
    action: str,
    actor: Actor,
    at: datetime,
    *,
    to_state: str | None = None,
    note: str = "",
) -> None:
    write_event(session, workshop, action, to_state=to_state, actor_id=actor.account_id, at=at, note=note)


def _outcome(workshop: WorkshopSession, *, offered: int = 0, told: int = 0) -> SessionOutcome:
    return SessionOutcome(
        session_id=workshop.public_id,
        state=workshop.state,
        seats=workshop.seats,
        taken=workshop.taken,
        offered=offered,
        told=told,
    )
