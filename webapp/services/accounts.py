"""Signing in and out, one-time links, passwords and accounts."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.accounts import Account, LinkPurpose, Locale, LoginSession
from models.db import db, retried, transaction
from models.exceptions import InvalidCredentialsError, InvalidLinkError, TooManyAttemptsError
from models.queries.accounts import find_account_by_email, find_link
from webapp.identity.passwords import hash_password, is_outdated, password_fits, require_strong
from webapp.identity.tokens import hash_token, new_token
from webapp.permissions import Actor
from webapp.services.new_accounts import create_account, open_account
from webapp.services.one_time_links import build_invitation, end_links, send_link, take_link
from webapp.services.sign_in_attempts import (
    KEPT_FOR,
    PER_ADDRESS,
    PER_PLACE,
    RESETS_PER_ADDRESS,
    RESETS_PER_DAY,
    RESETS_PER_PLACE,
    address_key,
    give_back,
    place_key,
    take_attempts,
    try_attempt,
)

logger = logging.getLogger(__name__)

SESSION_LENGTH = timedelta(days=30)

__all__ = [
    "SignInOutcome",
    "accept_invitation",
    "add_session",
    "build_invitation",
    "change_password",
    "check_link",
    "count_reset",
    "create_account",
    "end_other_sessions",
    "open_account",
    "request_reset",
    "reset_password",
    "set_locale",
    "sign_in",
    "sign_out",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInOutcome:
    """A new sign-in: the secret for its cookie, and the account's language."""

    token: str
    account_id: int
    locale: Locale


def sign_in(*, email: str, password: str, place: str, at: datetime) -> SignInOutcome:
    """Open a session for an address and its password, tried from a place (a network address).

    The attempt is counted first, the password is looked at outside any transaction, because hashing takes long.

    Raises InvalidCredentialsError or TooManySignInsError.
    """
    _count_attempt(email=email, place=place, at=at)
    account = find_account_by_email(db.session(), email)
    known_hash = account.password_hash if account is not None and account.is_active else None
    if not password_fits(known_hash, password) or account is None:
        logger.info("sign-in refused")
        raise InvalidCredentialsError
    outcome = _open_session(account_id=account.id, password=password, known_hash=known_hash, place=place, at=at)
    logger.info("signed in", extra={"account_id": outcome.account_id})
    return outcome


@retried
def _count_attempt(*, email: str, place: str, at: datetime) -> None:
    with transaction() as session:
        take_attempts(session, {address_key(email): PER_ADDRESS, place_key(place): PER_PLACE}, at=at)


@retried
def _open_session(*, account_id: int, password: str, known_hash: str | None, place: str, at: datetime) -> SignInOutcome:
    with transaction() as session:
        account = _lock_account(session, account_id)
        if not account.is_active or account.password_hash != known_hash:
            raise InvalidCredentialsError  # the password was changed, or the account closed, in the meantime
        if known_hash and is_outdated(known_hash):
            account.password_hash = hash_password(password)
        give_back(session, address=address_key(account.email), place=place_key(place), at=at)
        return add_session(session, account, at=at)


def _lock_account(session: Session, account_id: int) -> Account:
    return session.get_one(Account, account_id, with_for_update=True, populate_existing=True)


def add_session(session: Session, account: Account, *, at: datetime) -> SignInOutcome:
    """Begin a sign-in of an account in the caller's transaction: the secret leaves the house, its hash stays."""
    token = new_token()
    session.add(
        LoginSession(
            token_hash=hash_token(token),
            account_id=account.id,
            created_at=at,
            seen_at=at,
            expires_at=at + SESSION_LENGTH,
        )
    )
    return SignInOutcome(token=token, account_id=account.id, locale=account.locale)


@retried
def sign_out(*, session_id: int, actor: Actor, at: datetime) -> None:
    """End one sign-in of the actor: every copy of its cookie is dead."""
    with transaction() as session:
        session.execute(
            update(LoginSession)
            .where(
                LoginSession.id == session_id,
                LoginSession.account_id == actor.account_id,
                LoginSession.ended_at.is_(None),
            )
            .values(ended_at=at)
        )
    logger.info("signed out", extra={"account_id": actor.account_id})


@retried
def end_other_sessions(*, actor: Actor, at: datetime, keep_session_id: int | None = None) -> None:
    """End every sign-in of the actor, on all devices, but the one to keep."""
    with transaction() as session:
        _end_sessions(session, actor.account_id, at=at, keep_session_id=keep_session_id)


def _end_sessions(session: Session, account_id: int | None, *, at: datetime, keep_session_id: int | None) -> None:
    session.execute(
        update(LoginSession)
        .where(
            LoginSession.account_id == account_id,
            LoginSession.ended_at.is_(None),
            LoginSession.id != (keep_session_id or 0),
        )
        .values(ended_at=at)
    )


def check_link(*, token: str, purpose: LinkPurpose, at: datetime) -> str:
    """Give the address that a live link belongs to, without using it.

    Raises InvalidLinkError.
    """
    account = find_link(db.session(), token_hash=hash_token(token), purpose=purpose, at=at)
    if account is None:
        raise InvalidLinkError(purpose=purpose)
    return account.email


def accept_invitation(*, token: str, password: str, at: datetime) -> SignInOutcome:
    """Choose the first password of an account with the link of its invitation, and sign in.

    Raises InvalidLinkError or WeakPasswordError.
    """
    return _use_link(token=token, purpose=LinkPurpose.INVITATION, password=password, at=at)


def reset_password(*, token: str, password: str, at: datetime) -> SignInOutcome:
    """Choose a new password with the link of a reset; every earlier sign-in ends, a new one begins.

    Raises InvalidLinkError or WeakPasswordError.
    """
    return _use_link(token=token, purpose=LinkPurpose.RESET, password=password, at=at)


def _use_link(*, token: str, purpose: LinkPurpose, password: str, at: datetime) -> SignInOutcome:
    account = find_link(db.session(), token_hash=hash_token(token), purpose=purpose, at=at)
    if account is None:
        raise InvalidLinkError(purpose=purpose)
    require_strong(password, about=_known_words(account))
    return _set_by_link(token=token, purpose=purpose, password_hash=hash_password(password), at=at)


@retried
def _set_by_link(*, token: str, purpose: LinkPurpose, password_hash: str, at: datetime) -> SignInOutcome:
    with transaction() as session:
        account = _lock_account(session, take_link(session, token=token, purpose=purpose, at=at).id)
        account.password_hash = password_hash
        end_links(session, account.id, at=at)
        _end_sessions(session, account.id, at=at, keep_session_id=None)
        outcome = add_session(session, account, at=at)
    logger.info("password set by link", extra={"account_id": outcome.account_id, "purpose": purpose.value})
    return outcome


@retried
def count_reset(*, email: str, place: str, at: datetime) -> bool:
    """Count a wish for a new password, and say whether one more mail may go to that address, known or not.

    Raises TooManyAttemptsError when one place asks for many.
    """
    often, daily = address_key(email, purpose="reset"), address_key(email, purpose="reset of a day")
    with transaction() as session:
        take_attempts(
            session, {place_key(place, purpose="reset:"): RESETS_PER_PLACE}, at=at, refusal=TooManyAttemptsError
        )
        return try_attempt(session, often, limit=RESETS_PER_ADDRESS, at=at) and try_attempt(
            session, daily, limit=RESETS_PER_DAY, at=at, window=KEPT_FOR
        )


@retried
def request_reset(*, email: str, at: datetime) -> None:
    """Send a reset link to an address if it is known. A worker does it: a page would be slower for who is known."""
    with transaction() as session:
        account = find_account_by_email(session, email)
        if account is not None and account.is_active:
            send_link(session, account, LinkPurpose.RESET, at=at)


def change_password(*, current: str, new: str, session_id: int, actor: Actor, at: datetime) -> None:
    """Change one's own password; other devices are signed out and open links end.

    Raises InvalidCredentialsError, TooManySignInsError or WeakPasswordError.
    """
    _count_attempt(email=actor.email, place=f"account {actor.account_id}", at=at)
    account = find_account_by_email(db.session(), actor.email)
    if account is None or not password_fits(account.password_hash, current):
        raise InvalidCredentialsError
    require_strong(new, about=_known_words(account))
    _set_password(
        account_id=account.id,
        known_hash=account.password_hash,
        password_hash=hash_password(new),
        session_id=session_id,
        at=at,
    )
    logger.info("password changed", extra={"account_id": actor.account_id})


@retried
def _set_password(
    *, account_id: int, known_hash: str | None, password_hash: str, session_id: int, at: datetime
) -> None:
    with transaction() as session:
        account = _lock_account(session, account_id)
        if account.password_hash != known_hash:
            raise InvalidCredentialsError
        account.password_hash = password_hash
        end_links(session, account.id, at=at)
        give_back(session, address=address_key(account.email), place=place_key(f"account {account_id}"), at=at)
        _end_sessions(session, account.id, at=at, keep_session_id=session_id)


@retried
def set_locale(*, locale: Locale, actor: Actor, at: datetime) -> None:  # noqa: ARG001 - every decision gets its instant
    """Keep the language an account reads in."""
    with transaction() as session:
        session.execute(update(Account).where(Account.id == actor.account_id).values(locale=locale))


def _known_words(account: Account) -> tuple[str, ...]:
    return (account.email, account.email.split("@")[0], account.first_name, account.last_name)
