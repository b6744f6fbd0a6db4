"""Coaching files: what a person and her coach look at together, strengths and gaps before and after. Theirs alone."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.db import Model, PublicRecord, RowId, UtcDateTime, enum_type
from models.encryption import EncryptedText
from models.pairings import Pairing
from models.states import CoachingFileState


class CoachingDoor(StrEnum):
    """By which door somebody comes to coaching. It tells of hard times, so it is stored encrypted."""

    AFTER_LIQUIDATION = "after_liquidation"
    PREVENTION = "prevention"


class CoachingMoment(StrEnum):
    """When somebody looks at her strengths and gaps."""

    BEFORE = "before"
    AFTER = "after"


class Statement(StrEnum):
    """What a person says of herself, from 1 (not at all) to 5 (wholly)."""

    CONFIDENCE = "confidence"
    TALENTS = "talents"
    LIMITS = "limits"
    SPEAKING = "speaking"
    ENERGY = "energy"
    PEOPLE = "people"
    NEXT_STEP = "next_step"
    ASKING = "asking"


class CoachingFile(PublicRecord, Model):
    """The file that a person opened with one coach, by her agreement. Taken back, it is hidden at once, then emptied.

    The hours stand on the pairing (`budget_minutes`) and its meetings: one number, in one place.
    """

    __tablename__ = "coaching_files"
    __table_args__ = (
        UniqueConstraint("association_id", "id"),
        UniqueConstraint("pairing_id"),
        ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"],
            ["entrepreneurs.association_id", "entrepreneurs.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(["association_id", "pairing_id"], ["pairings.association_id", "pairings.id"]),
        Index("ix_coaching_files_entrepreneur_id", "entrepreneur_id"),
        Index("ix_coaching_files_state_ends_on", "state", "ends_on"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_at"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at"),
        CheckConstraint("(state = 'open') = (erase_at IS NULL)", name="erase_at"),
        CheckConstraint("erased_at IS NULL OR (state <> 'open' AND door IS NULL)", name="erased_at"),
    )

    association_id: Mapped[int] = mapped_column()
    entrepreneur_id: Mapped[int] = mapped_column()
    pairing_id: Mapped[int] = mapped_column()
    state: Mapped[CoachingFileState] = mapped_column(
        enum_type(CoachingFileState, "state"), default=CoachingFileState.OPEN
    )
    door: Mapped[str | None] = mapped_column(EncryptedText)
    text_version: Mapped[str] = mapped_column(String(16))
    consent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_on: Mapped[date] = mapped_column()
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    erase_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    assessments: Mapped[list["CoachingAssessment"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="CoachingAssessment.noted_at"
    )
    pairing: Mapped[Pairing] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(CoachingFile.pairing_id) == Pairing.id"
    )


class CoachingAssessment(Model):
    """What somebody said of her strengths and gaps at one moment: answers and words in one encrypted text."""

    __tablename__ = "coaching_assessments"

    file_id: Mapped[int] = mapped_column(RowId, ForeignKey("coaching_files.id", ondelete="CASCADE"), primary_key=True)
    moment: Mapped[CoachingMoment] = mapped_column(enum_type(CoachingMoment, "moment"), primary_key=True)
    content: Mapped[str] = mapped_column(EncryptedText)
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
