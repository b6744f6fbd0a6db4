"""The outbox: a message is a row, written with the decision it tells of, and sent afterwards.

What each kind tells, as `facts` (plain values only; `webapp/messages/wording.py` turns them into sentences, and leaves
out the sentence of a fact that is missing). Never a word about health, money trouble or coaching, nor the title of a
session whose theme is sensitive: a mailbox is read over the shoulder.

=====================  ==============================================================================================
kind                   facts
=====================  ==============================================================================================
INVITATION             path (of the one-time link: "/accounts/…"), association, expires_at
PASSWORD_RESET         path, expires_at
PAIRING_PROPOSED       to the supporter: pairing_id, entrepreneur, association, coordinator, deadline_at
PAIRING_REMINDER       the same
PAIRING_ACCEPTED       to both: pairing_id, partner (the other's name), association
PAIRING_DECLINED       to the coordinator: pairing_id, supporter, entrepreneur
PAIRING_EXPIRED        the same, and to the supporter (without the names: pairing_id only)
PAIRING_WITHDRAWN      to the supporter: pairing_id, association, coordinator
PAIRING_ENDED          to both: pairing_id, partner, association, coordinator
BOOKING_CONFIRMED      session_id, title (not of a sensitive theme), starts_at, place
BOOKING_WAITING        the same, and position
BOOKING_PROMOTED       the same as BOOKING_CONFIRMED
BOOKING_CANCELLED      the same, and by_organiser
SESSION_CANCELLED      the same, and association
SUGGESTIONS_WAITING    to the coordinator: count, association, deadline_at
=====================  ==============================================================================================
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.accounts import Account, Locale
from models.messages import Message, MessageKind
from models.states import MessageState


def queue_message(
    session: Session,
    *,
    kind: MessageKind,
    event_key: str,
    facts: dict[str, object],
    association_id: int | None,
    at: datetime,
    account_id: int | None = None,
    recipient: str | None = None,
    locale: Locale | None = None,
) -> None:
    """Write one message into the caller's transaction; the same event is told to the same address once.

    An account is written to at its own address and in its language; `recipient` serves people who have no account.
    People without an address, and accounts that were closed, get nothing, and nobody is told: it is no failure.
    """
    account = session.get(Account, account_id) if account_id is not None else None
    if account is not None:
        address = account.email if account.is_active else ""
        locale = locale or account.locale
    else:
        address = (recipient or "").strip().lower()
    if not address:
        return
    session.flush()
    session.execute(
        _insert_once(session),
        {
            "association_id": association_id,
            "account_id": account_id,
            "recipient": address,
            "locale": locale or Locale.FRENCH,
            "kind": kind,
            "event_key": event_key,
            "facts": {name: _plain(value) for name, value in facts.items() if value is not None},
            "state": MessageState.QUEUED,
            "attempts": 0,
            "queued_at": at,
            "next_try_at": at,
        },
    )


def _insert_once(session: Session) -> Insert:
    unique = ["event_key", "recipient"]
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(Message).on_conflict_do_nothing(index_elements=unique)
    return postgresql.insert(Message).on_conflict_do_nothing(index_elements=unique)


def _plain(value: object) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"a fact of a message is a plain value, not {type(value).__name__}")
