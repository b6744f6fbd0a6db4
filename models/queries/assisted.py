"""Calls with a person on the telephone: the one under way, those that were, and what was done in each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.accounts import Account
from models.assisted import AssistedCall
from models.audit import AuditEvent
from models.circles import CircleMember
from models.entrepreneurs import Entrepreneur
from models.interviews import Interview
from models.meetings import Meeting
from models.names import full_name
from models.pairings import Pairing
from models.states import CircleMemberAction
from models.workshops import Booking, WorkshopSession

CALLS_SHOWN = 30
TEAM_ALONE: Mapping[str, tuple[str, ...]] = {
    "entrepreneur": (
        "create", "import", "invite", "close", "confirm_qpv", "set_follow_up", "name_examiner", "release_examiner",
        "read_confided", "refuse_confided", "begin_call", "end_call",
    ),
    "booking": ("offer", "promote", "reorder", "attend", "miss"),
    "pairing": ("propose", "create", "remind", "withdraw", "expire", "answer"),
    "meeting": (),
    "circle_member": ("invite", "expire", "remove"),
    "interview": (),
}  # fmt: skip
"""Of each record that is hers, what only a team does: never done with her, also during a call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallUnderWay:
    """A call and the person on the other end."""

    call: AssistedCall
    person: Entrepreneur


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneLine:
    """Something that was done in a call; `about` is the title of a session, or empty."""

    record: str
    action: str
    at: datetime
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldCall:
    """A call as the person reads it: who was on the telephone with her, and what was done."""

    coordinator: str
    began_at: datetime
    ended_at: datetime | None
    done: tuple[DoneLine, ...]


def find_call_under_way(session: Session, coordinator_id: int | None, *, at: datetime) -> CallUnderWay | None:
    """Give the call that somebody is in now, with the person on the other end. One statement."""
    row = session.execute(
        select(AssistedCall, Entrepreneur)
        .join(Entrepreneur, Entrepreneur.id == AssistedCall.entrepreneur_id)
        .where(
            AssistedCall.coordinator_id == coordinator_id,
            AssistedCall.ended_at.is_(None),
            AssistedCall.deadline_at > at,
        )
    ).one_or_none()
    return CallUnderWay(call=row[0], person=row[1]) if row is not None else None


def is_on_the_phone(session: Session, coordinator_id: int | None, entrepreneur_id: int, *, at: datetime) -> bool:
    """Say whether somebody is in a call with a person now."""
    found = find_call_under_way(session, coordinator_id, at=at)
    return found is not None and found.person.id == entrepreneur_id


def list_forgotten_calls(session: Session, *, at: datetime) -> Sequence[int]:
    """Give the row numbers of the calls that nobody ended, and that are over."""
    rows = select(AssistedCall.id).where(AssistedCall.ended_at.is_(None), AssistedCall.deadline_at <= at)
    return session.scalars(rows.order_by(AssistedCall.id)).all()


def was_done_with(entrepreneur_id: int | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Say of an event whether the one who did it was on the telephone with a person, and did it with her.

    The person is one, or the one of each row.
    """
    return and_(
        or_(
            *[
                and_(AuditEvent.record == record, AuditEvent.action.not_in(alone) if alone else true())
                for record, alone in TEAM_ALONE.items()
            ]
        ),
        exists().where(
            AssistedCall.entrepreneur_id == entrepreneur_id,
            AssistedCall.coordinator_id == AuditEvent.actor_id,
            AssistedCall.began_at <= AuditEvent.at,
            func.coalesce(AssistedCall.ended_at, AssistedCall.deadline_at) >= AuditEvent.at,
        ),
    )


def list_booked_together(session: Session, session_id: int) -> frozenset[int]:
    """Give the row numbers of the bookings of a session that were made with the person on the telephone."""
    rows = (
        select(AuditEvent.record_id)
        .join(Booking, Booking.id == AuditEvent.record_id)
        .where(
            Booking.session_id == session_id,
            AuditEvent.record == "booking",
            AuditEvent.action.in_(("book", "accept")),
            was_done_with(Booking.entrepreneur_id),
        )
    )
    return frozenset(session.scalars(rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class Booker:
    """Who of the association booked a place for a person, and whether on the telephone with her."""

    name: str
    together: bool


def list_bookers(session: Session, person: Entrepreneur, booking_ids: Collection[int]) -> Mapping[int, Booker]:
    """Name who booked or took these places for a person, where it was not she herself. One statement."""
    rows = session.execute(
        select(AuditEvent.record_id, Account, was_done_with(person.id))
        .join(Account, Account.id == AuditEvent.actor_id)
        .where(
            AuditEvent.record == "booking",
            AuditEvent.record_id.in_(booking_ids),
            AuditEvent.action.in_(("book", "accept")),
        )
        .order_by(AuditEvent.id)
    )
    last = {booking_id: (account, together) for booking_id, account, together in rows}
    return {
        booking_id: Booker(name=full_name(account), together=bool(together))
        for booking_id, (account, together) in last.items()
        if account.id != person.account_id
    }


def select_done(entrepreneur_id: int) -> Select[AuditEvent]:
    """Select what was done with a person in her calls: about her file, and what is hers."""
    hers: dict[str, Select[Any]] = {
        "booking": select(Booking.id).where(Booking.entrepreneur_id == entrepreneur_id),
        "pairing": select(Pairing.id).where(Pairing.entrepreneur_id == entrepreneur_id),
        "meeting": select(Meeting.id)
        .join(Pairing, Pairing.id == Meeting.pairing_id)
        .where(Pairing.entrepreneur_id == entrepreneur_id),
        "circle_member": select(CircleMember.id).where(CircleMember.entrepreneur_id == entrepreneur_id),
        "interview": select(Interview.id).where(Interview.entrepreneur_id == entrepreneur_id),
    }
    own = [and_(AuditEvent.record == "entrepreneur", AuditEvent.record_id == entrepreneur_id)]
    own += [and_(AuditEvent.record == record, AuditEvent.record_id.in_(ids)) for record, ids in hers.items()]
    return select(AuditEvent).where(or_(*own), was_done_with(entrepreneur_id))


def list_done_with_pair(session: Session, pairing: Pairing) -> frozenset[tuple[str, int]]:
    """Name the records of a pairing, itself and its meetings, with which something was done with her in a call."""
    meetings = select(Meeting.id).where(Meeting.pairing_id == pairing.id)
    of_the_pair = or_(
        and_(AuditEvent.record == "pairing", AuditEvent.record_id == pairing.id),
        and_(AuditEvent.record == "meeting", AuditEvent.record_id.in_(meetings)),
    )
    rows = select(AuditEvent.record, AuditEvent.record_id).where(of_the_pair, was_done_with(pairing.entrepreneur_id))
    return frozenset((record, record_id) for record, record_id in session.execute(rows.distinct()))


def list_answered_together(session: Session, circle_id: int) -> frozenset[int]:
    """Give the places of a circle whose yes or no was said with the person on the telephone. One statement."""
    rows = (
        select(CircleMember.id)
        .join(AuditEvent, and_(AuditEvent.record == "circle_member", AuditEvent.record_id == CircleMember.id))
        .where(
            CircleMember.circle_id == circle_id,
            AuditEvent.action.in_((CircleMemberAction.JOIN, CircleMemberAction.DECLINE)),
            was_done_with(CircleMember.entrepreneur_id),
        )
    )
    return frozenset(session.scalars(rows))


def count_done(session: Session, call: AssistedCall) -> int:
    """Count what was done in one call."""
    own = select_done(call.entrepreneur_id).where(_in_call(call)).subquery()
    return session.scalar(select(func.count()).select_from(own)) or 0


def list_told_calls(session: Session, entrepreneur_id: int) -> list[ToldCall]:
    """Give the last calls with a person, the newest first, and what was done in each. Two statements."""
    calls = session.execute(
        select(AssistedCall, Account)
        .join(Account, Account.id == AssistedCall.coordinator_id)
        .where(AssistedCall.entrepreneur_id == entrepreneur_id)
        .order_by(AssistedCall.began_at.desc(), AssistedCall.id.desc())
        .limit(CALLS_SHOWN)
    ).all()
    done = session.execute(
        select_done(entrepreneur_id)
        .outerjoin(Booking, and_(AuditEvent.record == "booking", Booking.id == AuditEvent.record_id))
        .outerjoin(WorkshopSession, WorkshopSession.id == Booking.session_id)
        .add_columns(WorkshopSession.title)
        .order_by(AuditEvent.at, AuditEvent.id)
    ).all()
    return [
        ToldCall(
            coordinator=full_name(account),
            began_at=call.began_at,
            ended_at=call.ended_at,
            done=tuple(
                DoneLine(record=event.record, action=event.action, at=event.at, about=title or "")
                for event, title in done
                if event.actor_id == call.coordinator_id
                and call.began_at <= event.at <= (call.ended_at or call.deadline_at)
            ),
        )
        for call, account in calls
    ]


def _in_call(call: AssistedCall) -> ColumnElement[bool]:
    return and_(
        AuditEvent.actor_id == call.coordinator_id,
        AuditEvent.at.between(call.began_at, call.ended_at or call.deadline_at),
    )
