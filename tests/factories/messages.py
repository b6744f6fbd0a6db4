"""Messages."""

from typing import Any

from sqlalchemy.orm import Session

from models.accounts import Locale
from models.messages import Message, MessageKind
from tests.factories.sequence import MADE_AT, next_number


def make_message(session: Session, **values: Any) -> Message:
    """Make a queued message in French."""
    message = Message(
        **{
            "recipient": "camille@example.org",
            "locale": Locale.FRENCH,
            "kind": MessageKind.BOOKING_CONFIRMED,
            "event_key": f"test:{next_number()}",
            "facts": {},
            "queued_at": MADE_AT,
            "next_try_at": MADE_AT,
            **values,
        }
    )
    session.add(message)
    session.flush()
    return message
