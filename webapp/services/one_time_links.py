"""Invitations and resets: a secret in a link, good once, taken by a conditional update."""

from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from models.accounts import Account, LinkPurpose, OneTimeLink
from models.associations import Association
from models.exceptions import InvalidLinkError
from models.messages import MessageKind
from models.queries.accounts import find_link
from webapp.identity.tokens import hash_token, new_token
from webapp.services.messages import queue_message

LIFETIME = MappingProxyType({LinkPurpose.INVITATION: timedelta(days=14), LinkPurpose.RESET: timedelta(hours=2)})
KIND = MappingProxyType({LinkPurpose.INVITATION: MessageKind.INVITATION, LinkPurpose.RESET: MessageKind.PASSWORD_RESET})
# The addresses of the three pages; a test compares them with the routes.
SIGN_IN = "/sign-in"
PATH = MappingProxyType({LinkPurpose.INVITATION: "/invitation/{token}", LinkPurpose.RESET: "/new-password/{token}"})


def build_invitation(
    session: Session, account: Account, *, at: datetime, association: Association | None = None
) -> None:
    """Write an account an invitation to choose its password, in the caller's transaction."""
    send_link(session, account, LinkPurpose.INVITATION, at=at, association=association)


def tell_to_sign_in(
    session: Session, account: Account, file_id: UUID, *, at: datetime, association: Association
) -> None:
    """Write to an account whose password is chosen that there is one more file, in the caller's transaction."""
    queue_message(
        session,
        kind=MessageKind.INVITATION,
        account_id=account.id,
        event_key=f"{LinkPurpose.INVITATION.value}:{file_id}:{at:%Y-%m-%d}",
        facts={
            "path": SIGN_IN,
            "expires_at": at + LIFETIME[LinkPurpose.INVITATION],
            "association": association.name,
            "has_password": True,
        },
        association_id=association.id,
        at=at,
    )


def send_link(
    session: Session, account: Account, purpose: LinkPurpose, *, at: datetime, association: Association | None = None
) -> None:
    """Write a new link and the message that carries it; older ones of the same purpose end."""
    session.flush()
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.account_id == account.id, OneTimeLink.purpose == purpose, OneTimeLink.used_at.is_(None))
        .values(used_at=at)
    )
    token = new_token()
    link = OneTimeLink(
        token_hash=hash_token(token),
        account_id=account.id,
        purpose=purpose,
        created_at=at,
        expires_at=at + LIFETIME[purpose],
    )
    session.add(link)
    session.flush()
    queue_message(
        session,
        kind=KIND[purpose],
        account_id=account.id,
        event_key=f"{purpose.value}:{link.id}",
        facts={
            "path": PATH[purpose].format(token=token),
            "expires_at": link.expires_at,
            "association": association.name if association is not None else None,
        },
        association_id=association.id if association is not None else None,
        at=at,
    )


def take_link(session: Session, *, token: str, purpose: LinkPurpose, at: datetime) -> Account:
    """Use a link up and give its account; of two who use it at once, one is refused.

    Raises
    ------
    InvalidLinkError
        If it is unknown, used, too old, or its account is inactive.
    """
    account = find_link(session, token_hash=hash_token(token), purpose=purpose, at=at)
    if account is None:
        raise InvalidLinkError(purpose=purpose)
    taken: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        update(OneTimeLink)
        .where(OneTimeLink.token_hash == hash_token(token), OneTimeLink.used_at.is_(None))
        .values(used_at=at)
    )
    if taken.rowcount != 1:
        raise InvalidLinkError(purpose=purpose)
    return account


def end_links(session: Session, account_id: int, *, at: datetime) -> None:
    """End every open link of an account: its password has just been set."""
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.account_id == account_id, OneTimeLink.used_at.is_(None))
        .values(used_at=at)
    )
