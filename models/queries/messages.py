"""Reads of messages."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.messages import Message
from models.queries.pages import Page, fetch_page

PAGE_SIZE = 20


def list_messages_of(session: Session, account_id: int | None, *, number: int = 1) -> Page[Message]:
    """Give one page of the messages to an account, the newest first."""
    newest = (
        select(Message).where(Message.account_id == account_id).order_by(Message.queued_at.desc(), Message.id.desc())
    )
    return fetch_page(session, newest, number, size=PAGE_SIZE)


def list_outbox(session: Session, *, number: int = 1) -> Page[Message]:
    """Give one page of all messages, the newest first."""
    newest = select(Message).order_by(Message.queued_at.desc(), Message.id.desc())
    return fetch_page(session, newest, number, size=PAGE_SIZE)
