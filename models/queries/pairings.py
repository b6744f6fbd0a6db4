"""Reads of pairings."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    and_,
    bindparam,
    false,
    func,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session, joinedload

from models.associations import Association
from models.audit import AuditEvent
from models.exceptions import NotFoundError
from models.match_runs import RejectReason, Suggestion
from models.pairings import EndReason, Pairing, WithdrawReason
from models.queries.committees import list_examiners
from models.states import LIVE_PAIRING_STATES, TOGETHER_PAIRING_STATES, PairingAction, PairingState, SuggestionState
from models.supporters import SupporterRole

IS_TO_CLOSE = (Pairing.closing_due_at.is_not(None), Pairing.closing_done_at.is_(None))
"""Conditions of a pairing that ended and whose interview at the end was not held yet."""
CAME_TO_ITS_END = (EndReason.GOAL_REACHED, EndReason.TERM_REACHED)
"""Ends of pairings that did not break off."""
FOR_AN_OUTER_REASON = (EndReason.UNAVAILABLE, EndReason.NEED_CHANGED, EndReason.PROJECT_STOPPED, EndReason.MOVED)
"""Ends that say nothing of the two: when the reason has gone, which only they know, a coordinator may propose again."""
# Almost every decision about two people asks these: they are written once.
_WITH_ADDRESS = select(Pairing).where(Pairing.public_id == bindparam("address"))
_TO_LOCK = (
    select(Pairing)
    .where(Pairing.id == bindparam("number"))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)
_LIVE = select(Pairing).where(
    Pairing.entrepreneur_id == bindparam("person"),
    Pairing.role == bindparam("role"),
    Pairing.state.in_(LIVE_PAIRING_STATES),
)
_LIVE_ROLES = select(Pairing.entrepreneur_id, Pairing.role).where(
    Pairing.association_id == bindparam("association"), Pairing.state.in_(LIVE_PAIRING_STATES)
)
_PROPOSED = (
    select(Pairing.id)
    .join(Association, Association.id == Pairing.association_id)
    .where(Pairing.state == PairingState.PROPOSED, Pairing.id > bindparam("after"))
    .order_by(Pairing.id)
    .limit(bindparam("most", type_=Integer()))
)
_TO_EXPIRE = _PROPOSED.where(Pairing.deadline_at <= bindparam("at"))


def get_pairing(session: Session, public_id: UUID) -> Pairing:
    """Give a pairing.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    pairing = session.scalar(_WITH_ADDRESS, {"address": public_id})
    if pairing is None:
        raise NotFoundError(record="Pairing")
    return pairing


def lock_pairing(session: Session, pairing_id: int) -> Pairing:
    """Give a pairing as it is now, and keep others from changing it until the end."""
    return session.scalars(_TO_LOCK, {"number": pairing_id}).one()


def find_live_pairing(session: Session, entrepreneur_id: int, role: SupporterRole) -> Pairing | None:
    """Give the pairing that serves this person in this role now, if any."""
    return session.scalar(_LIVE, {"person": entrepreneur_id, "role": role})


def is_past_term(today: date) -> ColumnElement[bool]:
    """Say of a pairing that it goes on though the time that the two agreed on is over."""
    return and_(Pairing.state.in_(TOGETHER_PAIRING_STATES), Pairing.ends_on < today)


def find_end_of_path(session: Session, entrepreneur_id: int, *, after: date) -> date | None:
    """Give the last day of the path with coaches that a person is on: of one broken off before it came to its end."""
    return session.scalar(
        select(func.min(Pairing.ends_on)).where(
            Pairing.entrepreneur_id == entrepreneur_id,
            Pairing.role == SupporterRole.COACH,
            Pairing.state == PairingState.ENDED,
            Pairing.end_reason.not_in(CAME_TO_ITS_END),
            Pairing.ends_on > after,
        )
    )


def list_live_roles(session: Session, association_id: int) -> frozenset[tuple[int, SupporterRole]]:
    """Give (entrepreneur, role) of every live pairing of an association."""
    rows = session.execute(_LIVE_ROLES, {"association": association_id})
    return frozenset((entrepreneur_id, role) for entrepreneur_id, role in rows)


def list_excluded(
    session: Session, association_id: int, entrepreneur_id: int | None = None, *, by_hand: bool = False
) -> dict[int, frozenset[int]]:
    """Give, for each entrepreneur, the supporters that are not to be proposed to her.

    That is: who declined, whose pairing with her broke off (not one that reached its goal or its term: two who did well
    may meet again), whom she did not want, who was set aside for a conflict, or who examines her file in a committee.
    Who left a proposal for her unanswered, and whose pairing with her ended for an outer reason, is not named by itself
    again; a coordinator who has spoken with both may do so `by_hand`.
    """
    examiners = list_examiners(session, association_id, entrepreneur_id)
    found = {person_id: set(supporter_ids) for person_id, supporter_ids in examiners.items()}
    wanted = {"association": association_id, "person": entrepreneur_id}
    for person_id, supporter_id in session.execute(_select_excluded(by_hand, entrepreneur_id is not None), wanted):
        found.setdefault(person_id, set()).add(supporter_id)
    return {person_id: frozenset(supporter_ids) for person_id, supporter_ids in found.items()}


@cache
def _select_excluded(by_hand: bool, is_of_one: bool) -> CompoundSelect[int, int]:
    """Write the statement once: every decision about a suggestion asks it."""
    may_meet_again = (*CAME_TO_ITS_END, *FOR_AN_OUTER_REASON) if by_hand else CAME_TO_ITS_END
    over = or_(
        and_(Pairing.state == PairingState.EXPIRED, false() if by_hand else true()),
        Pairing.state == PairingState.DECLINED,
        and_(Pairing.state == PairingState.ENDED, Pairing.end_reason.not_in(may_meet_again)),
        and_(Pairing.state == PairingState.WITHDRAWN, Pairing.withdraw_reason == WithdrawReason.PERSON_CHANGED_MIND),
    )
    conflict = and_(
        Suggestion.state == SuggestionState.REJECTED, Suggestion.reject_reason == RejectReason.CONFLICT_OF_INTEREST
    )
    return union_all(
        *(
            select(table.entrepreneur_id, table.supporter_id).where(
                table.association_id == bindparam("association"),
                table.entrepreneur_id == bindparam("person") if is_of_one else true(),
                forbidden,
            )
            for table, forbidden in ((Pairing, over), (Suggestion, conflict))
        )
    )


def list_due_for_expiry(session: Session, *, at: datetime, after: int, limit: int) -> Sequence[int]:
    """Give the row numbers, above `after`, of proposals whose deadline has passed."""
    return session.scalars(_TO_EXPIRE, {"at": at, "after": after, "most": limit}).all()


def list_due_for_reminder(session: Session, *, at: datetime, after: int, limit: int) -> Sequence[int]:
    """Give the row numbers, above `after`, of proposals to be reminded of: old enough, not reminded, not over."""
    delays = session.scalars(select(Association.reminder_days).distinct()).all()
    old_enough = or_(
        false(),
        *(and_(Association.reminder_days == days, Pairing.proposed_at <= at - timedelta(days=days)) for days in delays),
    )
    due = and_(Pairing.reminded_at.is_(None), Pairing.deadline_at > at, old_enough)
    return session.scalars(_PROPOSED.where(due), {"after": after, "most": limit}).all()


def list_live_pairings_of_supporter(session: Session, supporter_id: int) -> Sequence[Pairing]:
    """Give what a supporter holds now, in the order of the entrepreneurs' numbers."""
    return session.scalars(
        select(Pairing)
        .where(Pairing.supporter_id == supporter_id, Pairing.state.in_(LIVE_PAIRING_STATES))
        .order_by(Pairing.entrepreneur_id)
    ).all()


def list_live_pairings_of_entrepreneur(session: Session, entrepreneur_id: int) -> Sequence[Pairing]:
    """Give who is proposed to a person or with her now, in the order of the supporters' numbers."""
    return session.scalars(
        select(Pairing)
        .where(Pairing.entrepreneur_id == entrepreneur_id, Pairing.state.in_(LIVE_PAIRING_STATES))
        .order_by(Pairing.supporter_id)
    ).all()


def list_to_close(session: Session, entrepreneur_id: int) -> Sequence[Pairing]:
    """Give a person's pairings that ended and whose interview is to come, with the supporters, the first due first."""
    return session.scalars(
        select(Pairing)
        .where(Pairing.entrepreneur_id == entrepreneur_id, *IS_TO_CLOSE)
        .options(joinedload(Pairing.supporter))
        .order_by(Pairing.closing_due_at, Pairing.id)
    ).all()


def read_paused(session: Session, pairing_id: int, *, start: datetime, end: datetime) -> timedelta:
    """Give how much of a span of time two who go on again were on pause."""
    changes = session.execute(
        select(AuditEvent.action, AuditEvent.at)
        .where(AuditEvent.record == "pairing", AuditEvent.record_id == pairing_id)
        .where(AuditEvent.action.in_((PairingAction.PAUSE, PairingAction.RESUME)))
        .order_by(AuditEvent.id)
    )
    paused, paused_at = timedelta(), end
    for action, at in changes:
        if action == PairingAction.PAUSE:
            paused_at = at
        else:
            paused += max(min(at, end) - max(paused_at, start), timedelta())
    return paused
