"""What people thought of a workshop session: one face, and a word if they wish."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Model, RowId, UtcDateTime, enum_type
from models.encryption import EncryptedText


class FeedbackFace(StrEnum):
    """How it was, in one tap."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


class SessionFeedback(Model):
    """One person's word on a session that she came to.

    It names the booking so that each says it once and may correct herself; no page reads it the other way round.
    """

    __tablename__ = "session_feedbacks"
    __table_args__ = (
        UniqueConstraint("booking_id"),
        ForeignKeyConstraint(
            ["association_id", "session_id"], ["workshop_sessions.association_id", "workshop_sessions.id"]
        ),
        ForeignKeyConstraint(["association_id", "booking_id"], ["bookings.association_id", "bookings.id"]),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    association_id: Mapped[int] = mapped_column()
    session_id: Mapped[int] = mapped_column(index=True)
    booking_id: Mapped[int] = mapped_column()
    face: Mapped[FeedbackFace] = mapped_column(enum_type(FeedbackFace, "face"))
    word: Mapped[str | None] = mapped_column(EncryptedText)
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
