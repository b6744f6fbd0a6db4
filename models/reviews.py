"""Checks of a pairing in its first months, and reviews of a person's project over five years."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.db import Model, PublicRecord, UtcDateTime, enum_type
from models.encryption import EncryptedText
from models.entrepreneurs import Entrepreneur
from models.pairings import Pairing
from models.states import ReviewState

DUE_CHECK = text("state = 'due' AND kind = 'check'")
DUE_REVIEW = text("state = 'due' AND kind = 'review'")


class ReviewKind(StrEnum):
    """Whether a pairing is looked at, or the project of a person."""

    CHECK = "check"
    REVIEW = "review"


class SkipReason(StrEnum):
    """Why a check or a review was not held. The last three are set by what else happened, or by the clock."""

    UNREACHABLE = "unreachable"
    NOT_WANTED = "not_wanted"
    OTHER = "other"
    NOT_HELD = "not_held"
    PAIRING_ENDED = "pairing_ended"
    FILE_CLOSED = "file_closed"


class Review(PublicRecord, Model):
    """One point of a follow-up, `month` months after it began: due from `due_on` on, late after `deadline_at`.

    A check belongs to a pairing, a review to the person's project, whoever accompanies her. Who answers for it is her
    referent, else whoever runs the association. `heard` is for the association alone.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("association_id", "id"),
        ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"], ["entrepreneurs.association_id", "entrepreneurs.id"]
        ),
        ForeignKeyConstraint(["association_id", "pairing_id"], ["pairings.association_id", "pairings.id"]),
        Index(
            "uq_reviews_due_check",
            "pairing_id",
            "month",
            unique=True,
            sqlite_where=DUE_CHECK,
            postgresql_where=DUE_CHECK,
        ),
        Index(
            "uq_reviews_due_review",
            "entrepreneur_id",
            "month",
            unique=True,
            sqlite_where=DUE_REVIEW,
            postgresql_where=DUE_REVIEW,
        ),
        Index("ix_reviews_association_id_state_due_on", "association_id", "state", "due_on"),
        Index("ix_reviews_state_deadline_at", "state", "deadline_at"),
        Index("ix_reviews_entrepreneur_id", "entrepreneur_id"),
        Index("ix_reviews_pairing_id", "pairing_id"),
        CheckConstraint("(kind = 'check') = (pairing_id IS NOT NULL)", name="check_has_pairing"),
        CheckConstraint("month BETWEEN 1 AND 60", name="month"),
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done_at"),
        CheckConstraint("(state = 'skipped') = (skip_reason IS NOT NULL)", name="skip_reason"),
        CheckConstraint("state <> 'done' OR goes_on IS NOT NULL", name="done_has_answer"),
        CheckConstraint("jobs_created IS NULL OR jobs_created BETWEEN 0 AND 1000", name="jobs_created"),
        CheckConstraint("jobs_kept IS NULL OR jobs_kept BETWEEN 0 AND 1000", name="jobs_kept"),
    )

    association_id: Mapped[int] = mapped_column()
    entrepreneur_id: Mapped[int] = mapped_column()
    pairing_id: Mapped[int | None] = mapped_column()
    kind: Mapped[ReviewKind] = mapped_column(enum_type(ReviewKind, "kind"))
    month: Mapped[int] = mapped_column(Integer)
    due_on: Mapped[date] = mapped_column()
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deadline_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[ReviewState] = mapped_column(enum_type(ReviewState, "state"), default=ReviewState.DUE)
    skip_reason: Mapped[SkipReason | None] = mapped_column(enum_type(SkipReason, "skip_reason_value"))
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    goes_on: Mapped[bool | None] = mapped_column()
    jobs_created: Mapped[float | None] = mapped_column(Double)
    jobs_kept: Mapped[float | None] = mapped_column(Double)
    in_neighbourhood: Mapped[bool | None] = mapped_column()
    heard: Mapped[str | None] = mapped_column(EncryptedText)

    entrepreneur: Mapped[Entrepreneur] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(Review.entrepreneur_id) == Entrepreneur.id"
    )
    pairing: Mapped[Pairing | None] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(Review.pairing_id) == Pairing.id"
    )
