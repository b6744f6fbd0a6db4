"""How people wish to be written to, and their calendars' addresses."""

from typing import Any

from sqlalchemy.orm import Session

from models.accounts import Account
from models.correspondence import CalendarFeed, MailPreference
from tests.factories.sequence import MADE_AT, next_number


def make_mail_preference(session: Session, account: Account, **values: Any) -> MailPreference:
    """Keep what is usual for an account."""
    kept = MailPreference(**{"account_id": account.id, "updated_at": MADE_AT, **values})
    session.add(kept)
    session.flush()
    return kept


def make_calendar_feed(session: Session, account: Account, **values: Any) -> CalendarFeed:
    """Give an account a live address whose secret nobody knows."""
    feed = CalendarFeed(
        **{"account_id": account.id, "token_hash": f"{next_number():064d}", "created_at": MADE_AT, **values}
    )
    session.add(feed)
    session.flush()
    return feed
