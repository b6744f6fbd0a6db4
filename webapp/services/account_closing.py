"""Closing an account, and opening it again: nobody signs in with it, and what rested with it rests with somebody named.

What was handed over stays with whoever took it when the account is opened again; a sentinel is named anew, and a
supporter, who went on pause with her account, is taken off pause on her sheet.
"""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models.accounts import Account, LoginSession
from models.audit import AuditEvent
from models.db import retried, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import (
    AccountClosedError,
    InvalidInputError,
    InvalidTransitionError,
    LastCoordinatorError,
    NotFoundError,
    PermissionDeniedError,
)
from models.gatherings import Gathering
from models.handovers import Sentinel
from models.interviews import Interview
from models.messages import Message
from models.notices import Notice
from models.queries.accounts import list_hats
from models.queries.care import list_trained_for, lock_sentinels
from models.queries.coordinators import list_coordinators
from models.queries.holdings import count_holdings, list_coordinated_ids, lock_associations
from models.queries.supporters import lock_supporter
from models.series import WorkshopSeries
from models.states import (
    GatheringState,
    InterviewState,
    MessageState,
    SessionState,
    SupporterState,
)
from models.supporters import Supporter
from models.workshops import WorkshopSession
from webapp.permissions import Actor, Permission
from webapp.services.messages import keep_unsent
from webapp.services.one_time_links import end_links
from webapp.services.sentinels import end_locked
from webapp.services.supporters import pause_locked

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What closing an account did: the proposals to somebody who cannot answer them now went back."""

    was_open: bool
    released: tuple[UUID, ...] = ()


@retried
def close_account(*, account_id: UUID, successor_id: UUID | None, actor: Actor, at: datetime) -> Closing:
    """Close an account: every sign-in ends, and all that rested with it goes to somebody named. Twice is once.

    Whoever takes over runs each association concerned; nobody need be named for an account with which nothing rests.

    Raises NotFoundError, PermissionDeniedError (an account that other associations count on), InvalidInputError (one's
    own, or a successor who is missing or runs not all of them), AccountClosedError (the successor's) or
    LastCoordinatorError.
    """
    with transaction() as session:
        account, successor = _lock_both(session, account_id, successor_id)
        where = require_whole(session, account, actor)
        if account.id == actor.account_id:
            raise InvalidInputError(field="account")
        if not account.is_active:
            return Closing(was_open=False)
        held = count_holdings(session, account.id)
        coordinated = list_coordinated_ids(session, account.id)
        lock_associations(session, {*coordinated, *held})
        _check_successor(session, account, successor, coordinated=coordinated, held=held.keys())
        account.is_active = False
        session.flush()
        _end_access(session, account, at=at)
        if successor is not None:
            _hand_over(session, account, successor, at=at)
        _end_sentinels(session, account, actor=actor, at=at)
        released = _pause_supporters(session, account, actor=actor, at=at)
        for association_id in _places(where):
            counts = ", ".join(f"{kind} {number}" for kind, number in held.get(association_id or 0, {}).items())
            note = f"{counts} -> {successor.id}" if counts and successor is not None else ""
            session.add(_event(account, "close", association_id, actor, at, note=note))
    logger.info("account closed", extra={"account_id": account.id, "actor_id": actor.account_id})
    return Closing(was_open=True, released=released)


@retried
def reopen_account(*, account_id: UUID, actor: Actor, at: datetime) -> bool:
    """Open a closed account again: its person signs in as before, on no device that was signed in then. Twice is once.

    Raises NotFoundError, PermissionDeniedError or InvalidTransitionError (its person is forgotten).
    """
    with transaction() as session:
        account, _ = _lock_both(session, account_id, None)
        where = require_whole(session, account, actor)
        if account.is_active:
            return False
        if account.erased_at is not None:
            raise InvalidTransitionError(record="account", state="erased", action="reopen")
        account.is_active = True
        for association_id in _places(where):
            session.add(_event(account, "reopen", association_id, actor, at))
    logger.info("account opened again", extra={"account_id": account.id, "actor_id": actor.account_id})
    return True


def _lock_both(session: Session, account_id: UUID, successor_id: UUID | None) -> tuple[Account, Account | None]:
    """Lock the account and who takes over, in the order of their numbers: neither is closed or signs in meanwhile."""
    found = {
        one.public_id: one
        for one in session.scalars(
            select(Account)
            .where(Account.public_id.in_({account_id, successor_id} - {None}))
            .order_by(Account.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    }
    if account_id not in found:
        raise NotFoundError(record="Account")
    if successor_id is not None and successor_id not in found:
        raise InvalidInputError(field="successor")
    return found[account_id], found[successor_id] if successor_id is not None else None


def require_whole(session: Session, account: Account, actor: Actor) -> set[int]:
    """Give the associations that count on an account; whoever closes it, or has it forgotten, runs them all.

    An open one is that of a colleague: of anybody else a refusal would tell that another association counts on her.

    Raises
    ------
    NotFoundError
        If the actor runs none of them; of an open account, none of those that it runs.
    PermissionDeniedError
        If other associations count on it as well.
    """
    where = {hat.association_id for hat in list_hats(session, account.id)}
    if actor.is_system:
        return where
    if not actor.coordinates & find_ties(session, account):
        raise NotFoundError(record="Account")
    if where - actor.coordinates:
        raise PermissionDeniedError(permission=str(Permission.ASSOCIATION_RUN))
    return where


def find_ties(session: Session, account: Account) -> set[int]:
    """Give the associations through which somebody may know of an account, to close it, or open it again."""
    if account.is_active:
        return set(list_coordinated_ids(session, account.id))
    return {hat.association_id for hat in list_hats(session, account.id)}


def _places(where: set[int]) -> list[int | None]:
    """Give where a move is written down: in each association, or once for an account that none counts on."""
    return [*sorted(where)] or [None]


def _check_successor(
    session: Session, account: Account, successor: Account | None, *, coordinated: Sequence[int], held: Collection[int]
) -> None:
    """Refuse to leave an association without anybody, or what rests with the account without a named person."""
    others = {one: {other.id for other in list_coordinators(session, one)} for one in {*coordinated, *held}}
    if any(not others[association_id] - {account.id} for association_id in coordinated):
        raise LastCoordinatorError(account_id=account.public_id)
    if successor is None:
        if held:
            raise InvalidInputError(field="successor")
        return
    if not successor.is_active:
        raise AccountClosedError(email=successor.email)
    if successor.id == account.id or any(successor.id not in others[one] for one in held):
        raise InvalidInputError(field="successor")


def _end_access(session: Session, account: Account, *, at: datetime) -> None:
    """End every sign-in and open link, and keep what was waiting for a mail: no letter follows whoever left."""
    session.execute(
        update(LoginSession)
        .where(LoginSession.account_id == account.id, LoginSession.ended_at.is_(None))
        .values(ended_at=at)
    )
    end_links(session, account.id, at=at)
    unsent = Message.state.in_((MessageState.HELD, MessageState.QUEUED))
    waiting = select(Message).where(Message.account_id == account.id, unsent).order_by(Message.id).with_for_update()
    keep_unsent(session, session.scalars(waiting.execution_options(populate_existing=True)).all(), at=at)
    # Not told yet: the next tick finds the same things past their day, and notices them for whoever answers now.
    session.execute(delete(Notice).where(Notice.account_id == account.id, Notice.told_at.is_(None)))


def _hand_over(session: Session, account: Account, successor: Account, *, at: datetime) -> None:
    session.execute(update(Entrepreneur).where(Entrepreneur.referent_id == account.id).values(referent_id=successor.id))
    session.execute(
        update(Interview)
        .where(Interview.coordinator_id == account.id, Interview.state == InterviewState.PLANNED)
        .values(coordinator_id=successor.id, sequence=Interview.sequence + 1, updated_at=at)
    )
    session.execute(
        update(WorkshopSession)
        .where(WorkshopSession.organiser_id == account.id, WorkshopSession.state == SessionState.SCHEDULED)
        .values(organiser_id=successor.id, updated_at=at)
    )
    session.execute(
        update(Gathering)
        .where(Gathering.host_id == account.id, Gathering.state == GatheringState.PLANNED)
        .values(host_id=successor.id, updated_at=at)
    )
    session.execute(
        update(WorkshopSeries)
        .where(WorkshopSeries.organiser_id == account.id)
        .values(organiser_id=successor.id, updated_at=at)
    )


def _end_sentinels(session: Session, account: Account, *, actor: Actor, at: datetime) -> None:
    """Whoever waits for a call is handed to the next trained person: only who was trained may take it."""
    still = select(Sentinel).where(Sentinel.account_id == account.id, Sentinel.ended_at.is_(None))
    lock_sentinels(session, list_trained_for(session, account.id))
    for sentinel in session.scalars(still.order_by(Sentinel.id).with_for_update()).all():
        end_locked(session, sentinel, actor=actor, at=at)


def _pause_supporters(session: Session, account: Account, *, actor: Actor, at: datetime) -> tuple[UUID, ...]:
    """Propose nobody to whoever cannot answer: proposals go back, pairings go on and show among the silent ones."""
    active = select(Supporter.id).where(Supporter.account_id == account.id, Supporter.state == SupporterState.ACTIVE)
    released: list[UUID] = []
    for supporter_id in session.scalars(active.order_by(Supporter.id)).all():
        supporter = lock_supporter(session, supporter_id)
        if supporter.state is SupporterState.ACTIVE:
            released += pause_locked(session, supporter, actor=actor, at=at)
    return tuple(released)


def _event(
    account: Account, action: str, association_id: int | None, actor: Actor, at: datetime, *, note: str = ""
) -> AuditEvent:
    return AuditEvent(
        association_id=association_id,
        record="account",
        record_id=account.id,
        action=action,
        from_state="open" if action == "close" else "closed",
        to_state="closed" if action == "close" else "open",
        actor_id=actor.account_id,
        at=at,
        note=note,
    )
