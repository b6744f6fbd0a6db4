"""Signing in and out, one-time links, passwords and accounts."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import update

from models.accounts import Locale, LoginSession
from models.db import retried, transaction
from models.exceptions import InvalidCredentialsError
from models.queries.accounts import find_account_by_email
from webapp.permissions import Actor
from webapp.sessions import hash_token

SESSION_LENGTH = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInOutcome:
    """The secret for the cookie of a new sign-in."""

    token: str
    locale: Locale


@lru_cache(maxsize=2)
def _hasher(cheap: bool) -> PasswordHasher:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1) if cheap else PasswordHasher()


@lru_cache(maxsize=2)
def _dummy_hash(cheap: bool) -> str:
    return _hasher(cheap).hash(secrets.token_urlsafe())


def hash_password(password: str, *, cheap: bool = False) -> str:
    """Hash a password with argon2id; `cheap` is for tests."""
    return _hasher(cheap).hash(password)


def _matches(password_hash: str, password: str, *, cheap: bool) -> bool:
    try:
        return _hasher(cheap).verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


@retried
def sign_in(*, email: str, password: str, at: datetime, cheap: bool = False) -> SignInOutcome:
    """Open a session for an address and its password.

    Raises InvalidCredentialsError.
    """
    with transaction() as session:
        account = find_account_by_email(session, email)
        known = account is not None and account.is_active and account.password_hash
        # An unknown address costs the same time as a known one.
        fits = _matches((account and account.password_hash) or _dummy_hash(cheap), password, cheap=cheap)
        if account is None or not (known and fits):
            raise InvalidCredentialsError
        token = secrets.token_urlsafe(32)
        session.add(
            LoginSession(
                token_hash=hash_token(token),
                account_id=account.id,
                created_at=at,
                seen_at=at,
                expires_at=at + SESSION_LENGTH,
            )
        )
        return SignInOutcome(token=token, locale=account.locale)


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
