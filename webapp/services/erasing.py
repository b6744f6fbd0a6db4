"""Carrying out a wish to be forgotten: all that is open ends as it always ends, then her words go.

Each step is the same decision that she or her association could have taken, in a transaction of its own; it may be
broken off anywhere, and the next tick goes on. Only when everything has ended is anything erased (`forgetting.py`), and
by a later tick: what others had begun to write to her when her account closed is there by then, and goes too.
"""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.accounts import Account
from models.coaching import CoachingFile
from models.db import db, retried, transaction
from models.entrepreneurs import Entrepreneur
from models.erasures import MAILS_KEPT, Erasure
from models.exceptions import DomainError
from models.handovers import Handover, Sentinel
from models.messages import MessageKind
from models.moves import move
from models.queries.erasures import (
    Scope,
    find_begun_at,
    get_erasure,
    has_live_call,
    list_erasures_due,
    list_mails_due,
    read_scope,
)
from models.states import (
    LIVE_HANDOVER_STATES,
    LIVE_VISITOR_STATES,
    CoachingFileState,
    EntrepreneurState,
    ErasureAction,
    ErasureState,
    SupporterState,
)
from models.supporters import Supporter
from models.visitors import Visitor
from webapp.permissions import SYSTEM, Actor
from webapp.services import forgetting
from webapp.services.account_closing import close_account
from webapp.services.coaching import erase_now, withdraw_agreement
from webapp.services.entrepreneurs import close_entrepreneur
from webapp.services.handovers import close_call
from webapp.services.messages import queue_message
from webapp.services.rematch import rematch_returned
from webapp.services.sentinels import end_sentinel
from webapp.services.supporters import let_supporter_leave
from webapp.services.visitors import leave_seat

logger = logging.getLogger(__name__)
SETTLES = timedelta(minutes=2)
"""So long after everything has ended no request can be under way that knew her account and her files open."""


def carry_out_erasures(*, at: datetime) -> int:
    """Carry out the wishes whose day has come, then forget the mails about them; may run twice, also at once."""
    done = sum(_carry_out(erasure_id, at=at) for erasure_id in list_erasures_due(db.session(), at=at))
    return done + sum(_forget_mails(erasure_id, at=at) for erasure_id in list_mails_due(db.session(), at=at))


def _carry_out(erasure_id: UUID, *, at: datetime) -> int:
    try:
        if not _begin(erasure_id, at=at):
            return 0
        _end_everything(erasure_id, at=at)
    except DomainError as error:
        logger.warning("erasure put off", extra={"erasure_id": str(erasure_id), "code": error.code})
        return 0
    return _forget(erasure_id, at=at)


@retried
def _begin(erasure_id: UUID, *, at: datetime) -> bool:
    """Close the way back, and say whether there is something to do."""
    with transaction() as session:
        erasure = get_erasure(session, erasure_id, lock=True)
        if erasure.state is ErasureState.ASKED and erasure.due_at <= at:
            move(session, erasure, ErasureAction.BEGIN, actor_id=None, at=at)
        return erasure.state is ErasureState.UNDER_WAY


def _end_everything(erasure_id: UUID, *, at: datetime) -> None:
    scope = read_scope(db.session(), get_erasure(db.session(), erasure_id))
    addresses = scope.addresses
    for person in scope.people:
        _end_person(person, at=at)
    for supporter in scope.supporters:
        _end_supporter(supporter, at=at)
    for visitor_id in _list_seats(db.session(), scope, addresses):
        leave_seat(visitor_id=visitor_id, at=at)
    if scope.account is not None:
        _end_account(scope.account, at=at)


def _end_person(person: Entrepreneur, *, at: datetime) -> None:
    """Close her file as she herself would: nobody is at fault, and what she held goes to who waits."""
    own, session = Actor(account_id=None, entrepreneur_ids=frozenset({person.id})), db.session()
    asked = select(Handover.public_id).where(
        Handover.entrepreneur_id == person.id, Handover.state.in_(LIVE_HANDOVER_STATES)
    )
    for handover_id in session.scalars(asked).all():
        close_call(handover_id=handover_id, actor=own, at=at)
    if person.state is not EntrepreneurState.CLOSED:
        close_entrepreneur(entrepreneur_id=person.public_id, actor=own, at=at)
    files = select(CoachingFile.public_id, CoachingFile.state).where(
        CoachingFile.entrepreneur_id == person.id, CoachingFile.erased_at.is_(None)
    )
    for file_id, state in session.execute(files).all():
        if state is CoachingFileState.OPEN:
            withdraw_agreement(file_id=file_id, actor=own, at=at)
        erase_now(file_id=file_id, actor=own, at=at)


def _end_supporter(supporter: Supporter, *, at: datetime) -> None:
    """Let her leave: a circle goes on with somebody else, people without her are matched again."""
    if supporter.state is not SupporterState.LEFT:
        own = Actor(account_id=None, supporter_ids=frozenset({supporter.id}))
        released = let_supporter_leave(supporter_id=supporter.public_id, actor=own, at=at)
        rematch_returned(pairing_ids=list(released), at=at)


def _list_seats(session: Session, scope: Scope, addresses: frozenset[str]) -> list[UUID]:
    """Give the seats that she holds at public sessions by her address; of one file, at those of its association."""
    seats = select(Visitor.public_id).where(Visitor.email.in_(addresses), Visitor.state.in_(LIVE_VISITOR_STATES))
    if scope.account is None:
        seats = seats.where(Visitor.association_id.in_({one.association_id for one in forgetting.files_of(scope)}))
    return list(session.scalars(seats.order_by(Visitor.id)))


def _end_account(account: Account, *, at: datetime) -> None:
    still = select(Sentinel.public_id).where(Sentinel.account_id == account.id, Sentinel.ended_at.is_(None))
    for sentinel_id in db.session.scalars(still).all():
        end_sentinel(sentinel_id=sentinel_id, actor=SYSTEM, at=at)
    close_account(account_id=account.public_id, successor_id=None, actor=SYSTEM, at=at)


@retried
def _forget(erasure_id: UUID, *, at: datetime) -> int:
    """Erase what is hers, if everything has ended; what began again meanwhile ends at the next tick."""
    with transaction() as session:
        erasure = get_erasure(session, erasure_id, lock=True)
        scope = forgetting.lock_scope(session, read_scope(session, erasure))
        if erasure.state is not ErasureState.UNDER_WAY or not _has_ended(session, scope):
            return 0
        if find_begun_at(session, erasure) + SETTLES > at:
            return 0
        farewell = _farewell_address(scope)
        mail_ids = forgetting.forget(session, scope, at=at)
        values: dict[str, Any] = {"ended_at": at, "mail_ids": mail_ids, "mails_until": at + MAILS_KEPT}
        move(session, erasure, ErasureAction.CARRY_OUT, actor_id=None, at=at, **values)
        _say_farewell(session, erasure, scope, farewell, at=at)
    logger.info("erasure carried out", extra={"erasure_id": str(erasure_id)})
    return 1


@retried
def _forget_mails(erasure_id: UUID, *, at: datetime) -> int:
    with transaction() as session:
        erasure = get_erasure(session, erasure_id, lock=True)
        if erasure.mails_erased_at is not None or erasure.mails_until is None or erasure.mails_until > at:
            return 0
        forgetting.forget_mails(session, erasure, read_scope(session, erasure))
        erasure.mail_ids, erasure.mails_erased_at = [], at
    return 1


def _has_ended(session: Session, scope: Scope) -> bool:
    return (
        all(one.state is EntrepreneurState.CLOSED for one in scope.people)
        and not has_live_call(session, [one.id for one in scope.people])
        and all(one.state is SupporterState.LEFT for one in scope.supporters)
        and (scope.account is None or not scope.account.is_active)
    )


def _farewell_address(scope: Scope) -> str | None:
    return next((one.email for one in scope.rows if one.email), None)


def _say_farewell(session: Session, erasure: Erasure, scope: Scope, address: str | None, *, at: datetime) -> None:
    """Write the last mail to her, to the address alone: no account is left that it could belong to."""
    queue_message(
        session,
        kind=MessageKind.ERASURE_DONE,
        recipient=address,
        locale=scope.account.locale if scope.account is not None else None,
        event_key=f"erasure:{erasure.public_id}:done",
        facts={"mails_until": erasure.mails_until},
        association_id=None,
        at=at,
    )
