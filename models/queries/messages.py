"""Reads of messages."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.messages import Message

PAGE_SIZE = 50


def list_messages_of(session: Session, account_id: int | None, *, page: int = 1) -> tuple[Message, ...]:
    """Give one page of the messages to an account, the newest first, and one more if there is a next page."""
    found = session.scalars(
        select(Message)
        .where(Message.account_id == account_id)
        .order_by(Message.queued_at.desc(), Message.id.desc())
        .limit(PAGE_SIZE + 1)
        .offset((page - 1) * PAGE_SIZE)
    )
    return tuple(found)


def list_outbox(session: Session, *, page: int = 1) -> tuple[Message, ...]:
    """Give one page of all messages, the newest first, and one more if there is a next page."""
    newest = select(Message).order_by(Message.queued_at.desc(), Message.id.desc())
    return tuple(session.scalars(newest.limit(PAGE_SIZE + 1).offset((page - 1) * PAGE_SIZE)))
