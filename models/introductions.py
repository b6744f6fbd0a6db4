"""Introductions: who put whom in touch with whom, and what became of it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.db import Model, PublicRecord, UtcDateTime, enum_type
from models.entrepreneurs import Entrepreneur
from models.states import IntroductionState
from models.supporters import Supporter


class IntroductionPurpose(StrEnum):
    """What an introduction is for."""

    CUSTOMER = "customer"
    SUPPLIER = "supplier"
    FINANCE = "finance"
    PREMISES = "premises"
    PARTNER = "partner"
    PUBLIC_BODY = "public_body"
    RECRUITMENT = "recruitment"
    ADVICE = "advice"
    OTHER = "other"


class Introduction(PublicRecord, Model):
    """One contact opened to an entrepreneur, by the supporter of a pairing, or by the association when there is none.

    While it is promised or made, `due_at` is when somebody is asked how it stands. `word` is what became of it, if
    somebody said more than the state does; the three read it.
    """

    __tablename__ = "introductions"
    __table_args__ = (
        UniqueConstraint("association_id", "id"),
        ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"], ["entrepreneurs.association_id", "entrepreneurs.id"]
        ),
        ForeignKeyConstraint(["association_id", "supporter_id"], ["supporters.association_id", "supporters.id"]),
        ForeignKeyConstraint(["association_id", "pairing_id"], ["pairings.association_id", "pairings.id"]),
        Index("ix_introductions_association_id_state_due_at", "association_id", "state", "due_at"),
        CheckConstraint("organisation <> ''", name="organisation"),
        CheckConstraint("(supporter_id IS NULL) = (pairing_id IS NULL)", name="whole_pairing"),
        CheckConstraint("(state IN ('promised', 'made')) = (due_at IS NOT NULL)", name="live_has_deadline"),
        CheckConstraint("state NOT IN ('made', 'met', 'fruitful') OR made_at IS NOT NULL", name="made_at"),
        CheckConstraint("(state IN ('met', 'fruitful', 'lapsed')) = (told_at IS NOT NULL)", name="told_at"),
    )

    association_id: Mapped[int] = mapped_column(ForeignKey("associations.id"))
    entrepreneur_id: Mapped[int] = mapped_column(index=True)
    supporter_id: Mapped[int | None] = mapped_column(index=True)
    pairing_id: Mapped[int | None] = mapped_column(index=True)
    state: Mapped[IntroductionState] = mapped_column(
        enum_type(IntroductionState, "state"), default=IntroductionState.PROMISED
    )
    organisation: Mapped[str] = mapped_column(String(120))
    function: Mapped[str] = mapped_column(String(120), default="")
    name: Mapped[str] = mapped_column(String(120), default="")
    purpose: Mapped[IntroductionPurpose] = mapped_column(enum_type(IntroductionPurpose, "purpose"))
    word: Mapped[str] = mapped_column(String(500), default="")
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    entrepreneur: Mapped[Entrepreneur] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(Introduction.entrepreneur_id) == Entrepreneur.id"
    )
    supporter: Mapped[Supporter | None] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(Introduction.supporter_id) == Supporter.id"
    )

    @property
    def may_be_described(self) -> bool:
        """Say whether a word may be written about it: not once one of the two is forgotten."""
        return self.entrepreneur.erased_at is None and (self.supporter is None or self.supporter.erased_at is None)
