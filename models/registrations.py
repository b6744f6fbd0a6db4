"""Registrations: what somebody wrote on the public page, kept until the link in her mail proves that it was she."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.accounts import Locale
from models.db import Model, PublicRecord, UtcDateTime, enum_type
from models.encryption import EncryptedText


class Registration(PublicRecord, Model):
    """One registration that waits for its confirmation. Confirmed it becomes a file, and too old it is forgotten.

    Only the hash of the link's secret is here.
    """

    __tablename__ = "registrations"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_folded"),
        CheckConstraint("expires_at > made_at", name="expires_at"),
    )

    association_id: Mapped[int] = mapped_column(ForeignKey("associations.id"), index=True)
    first_name: Mapped[str] = mapped_column(String(80))
    last_name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(254), index=True)
    phone: Mapped[str | None] = mapped_column(String(32))
    words: Mapped[str | None] = mapped_column(EncryptedText)
    locale: Mapped[Locale] = mapped_column(enum_type(Locale, "locale"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
