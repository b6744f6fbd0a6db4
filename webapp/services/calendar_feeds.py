"""Private addresses of calendars: made, renewed and ended by their owner, read by whoever holds the secret."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.accounts import Account
from models.correspondence import CalendarFeed
from models.db import db, retried, transaction
from models.exceptions import AlreadyServedError, NotFoundError
from webapp.identity.tokens import hash_token, new_token
from webapp.permissions import Actor
from webapp.services.calendar_entries import list_entries
from webapp.services.calendars import CalendarEntry, CalendarWords, Links, build_calendar

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFile:
    """A calendar to hand over, and when anything in it last changed."""

    content: bytes
    changed_at: datetime


@retried
def renew_feed(*, actor: Actor, at: datetime) -> str:
    """Make a new secret and end the one before: who held that reads no more. It is told this once.

    Raises NotFoundError, or AlreadyServedError when another is being made at this moment.
    """
    token = new_token()
    with transaction() as session:
        account_id = _own_account(actor)
        _end(session, account_id, at=at)
        session.add(CalendarFeed(account_id=account_id, token_hash=hash_token(token), created_at=at))
        try:
            session.flush()
        except IntegrityError as error:
            raise AlreadyServedError(record="CalendarFeed") from error
    logger.info("calendar feed renewed", extra={"account_id": actor.account_id})
    return token


@retried
def end_feed(*, actor: Actor, at: datetime) -> None:
    """End the address; a second call changes nothing.

    Raises NotFoundError.
    """
    with transaction() as session:
        _end(session, _own_account(actor), at=at)
    logger.info("calendar feed ended", extra={"account_id": actor.account_id})


def find_feed(account_id: int | None) -> CalendarFeed | None:
    """Give the live address of an account, without its secret."""
    return db.session().scalar(
        select(CalendarFeed).where(CalendarFeed.account_id == account_id, CalendarFeed.ended_at.is_(None))
    )


def read_feed(*, token: str, links: Links, words: Callable[[str], CalendarWords], at: datetime) -> FeedFile:
    """Give the calendar behind a secret: sessions, meetings and circles, in the words of its owner's language.

    Raises NotFoundError, also when the address has ended or its account is closed.
    """
    session = db.session()
    row = session.execute(
        select(CalendarFeed, Account)
        .join(Account, Account.id == CalendarFeed.account_id)
        .where(CalendarFeed.token_hash == hash_token(token), CalendarFeed.ended_at.is_(None), Account.is_active)
    ).one_or_none()
    if row is None:
        raise NotFoundError(record="CalendarFeed")
    feed, account = row
    said = words(account.locale)
    entries = list_entries(session, account.id, links=links, words=said, at=at)
    content = build_calendar(*entries, name=said.name)
    return FeedFile(content=content, changed_at=_last_change(entries, feed.created_at))


def _last_change(entries: list[CalendarEntry], began_at: datetime) -> datetime:
    return max([entry.changed_at for entry in entries], default=began_at)


def _own_account(actor: Actor) -> int:
    if actor.account_id is None:
        raise NotFoundError(record="Account")
    return actor.account_id


def _end(session: Session, account_id: int, *, at: datetime) -> None:
    session.execute(
        update(CalendarFeed)
        .where(CalendarFeed.account_id == account_id, CalendarFeed.ended_at.is_(None))
        .values(ended_at=at)
    )
