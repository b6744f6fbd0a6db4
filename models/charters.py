"""Charters: what the two and the association promise each other, signed by three, kept as a document."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.associations import Network
from models.db import Model, PublicRecord, RowId, UtcDateTime, enum_type
from models.states import CharterState


class CharterParty(StrEnum):
    """Who signs a charter."""

    ENTREPRENEUR = "entrepreneur"
    SUPPORTER = "supporter"
    REFERENT = "referent"


class Charter(PublicRecord, Model):
    """The charter of one pairing. Its text is kept as it was signed; the PDF is made once, at the last signature."""

    __tablename__ = "charters"
    __table_args__ = (
        UniqueConstraint("association_id", "id"),
        UniqueConstraint("pairing_id"),
        ForeignKeyConstraint(["association_id", "pairing_id"], ["pairings.association_id", "pairings.id"]),
        Index("ix_charters_state_due_at", "state", "due_at"),
        CheckConstraint("(state = 'signed') = (signed_at IS NOT NULL)", name="signed_at"),
        CheckConstraint("(state = 'signed') = (pdf IS NOT NULL)", name="pdf"),
        CheckConstraint("(pdf IS NULL) = (pdf_sha256 IS NULL)", name="pdf_sha256"),
    )

    association_id: Mapped[int] = mapped_column()
    pairing_id: Mapped[int] = mapped_column()
    network: Mapped[Network] = mapped_column(enum_type(Network, "network"))
    version: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[CharterState] = mapped_column(enum_type(CharterState, "state"), default=CharterState.OPEN)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pdf: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    pdf_sha256: Mapped[str | None] = mapped_column(String(64))

    signatures: Mapped[list["CharterSignature"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="CharterSignature.signed_at"
    )


class CharterSignature(Model):
    """One signature: the name as it was typed, when, by which account; on paper when a coordinator noted it."""

    __tablename__ = "charter_signatures"

    charter_id: Mapped[int] = mapped_column(RowId, ForeignKey("charters.id", ondelete="CASCADE"), primary_key=True)
    party: Mapped[CharterParty] = mapped_column(enum_type(CharterParty, "party"), primary_key=True)
    name: Mapped[str] = mapped_column(String(170))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    is_on_paper: Mapped[bool] = mapped_column(default=False)
