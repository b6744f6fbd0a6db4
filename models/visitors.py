"""Visitors: people without an account who come to a public session."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.accounts import Locale
from models.db import Model, PublicRecord, UtcDateTime, enum_type
from models.states import VisitorState

LIVE = text("state IN ('asked', 'confirmed')")


class Visitor(PublicRecord, Model):
    """One registration for a public session by name and address, confirmed by the link in a mail.

    Name and address stand here only while the registration lives, and until `erase_at` at the latest; then they go,
    with every mail that was written to them, and `erased_at` says when.
    """

    __tablename__ = "visitors"
    __table_args__ = (
        UniqueConstraint("association_id", "id"),
        ForeignKeyConstraint(
            ["association_id", "session_id"], ["workshop_sessions.association_id", "workshop_sessions.id"]
        ),
        Index("uq_visitors_live", "session_id", "email", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        Index("ix_visitors_state_expires_at", "state", "expires_at"),
        Index("ix_visitors_erased_at_erase_at", "erased_at", "erase_at"),
        CheckConstraint("(name IS NULL) = (email IS NULL)", name="name_with_email"),
        CheckConstraint("state IN ('asked', 'confirmed') OR email IS NULL", name="only_live_have_email"),
        CheckConstraint("erased_at IS NULL OR email IS NULL", name="erased"),
    )

    association_id: Mapped[int] = mapped_column()
    session_id: Mapped[int] = mapped_column(index=True)
    state: Mapped[VisitorState] = mapped_column(enum_type(VisitorState, "state"), default=VisitorState.ASKED)
    name: Mapped[str | None] = mapped_column(String(120))
    email: Mapped[str | None] = mapped_column(String(254))
    locale: Mapped[Locale] = mapped_column(enum_type(Locale, "locale"), default=Locale.FRENCH)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    erase_at: Mapped[datetime] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
