"""People who sign in, their open sessions, their one-time links, and how often an address was tried."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Model, PublicRecord, RowId, UtcDateTime, enum_type


class Locale(StrEnum):
    """Languages of the screens."""

    FRENCH = "fr"
    ENGLISH = "en"


class LinkPurpose(StrEnum):
    """What a one-time link opens."""

    INVITATION = "invitation"
    RESET = "reset"


class Account(PublicRecord, Model):
    """One person who can sign in. What she may do follows from the rows that name her account."""

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_folded"),
        CheckConstraint(
            "erased_at IS NULL OR (NOT is_active AND phone IS NULL AND password_hash IS NULL)", name="erased_at"
        ),
    )

    email: Mapped[str] = mapped_column(String(254), unique=True)
    first_name: Mapped[str] = mapped_column(String(80))
    last_name: Mapped[str] = mapped_column(String(80))
    phone: Mapped[str | None] = mapped_column(String(32))
    password_hash: Mapped[str | None] = mapped_column(String(255))
    locale: Mapped[Locale] = mapped_column(enum_type(Locale, "locale"), default=Locale.FRENCH)
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Coordinator(Model):
    """An account that runs an association."""

    __tablename__ = "coordinators"
    __table_args__ = (UniqueConstraint("account_id", "association_id"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    association_id: Mapped[int] = mapped_column(ForeignKey("associations.id"), index=True)


class LoginSession(Model):
    """One sign-in on one device. The cookie holds a secret of which only the hash is here; ended means dead."""

    __tablename__ = "login_sessions"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OneTimeLink(Model):
    """An invitation or a reset, good once; only the hash of its secret is here."""

    __tablename__ = "one_time_links"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    purpose: Mapped[LinkPurpose] = mapped_column(enum_type(LinkPurpose, "purpose"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignInAttempt(Model):
    """Failed sign-ins of one key (hash of an address, or of a place) in one window of time."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        UniqueConstraint("key_hash", "window_start"),
        Index("ix_sign_in_attempts_window_start", "window_start"),
        CheckConstraint("failures >= 0", name="failures"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64))
    window_start: Mapped[datetime] = mapped_column(UtcDateTime)
    failures: Mapped[int] = mapped_column(Integer, default=0)


class FormKey(Model):
    """A form that was sent. The same key a second time has no second effect."""

    __tablename__ = "form_keys"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    outcome: Mapped[str | None] = mapped_column(String(64))
