"""Handovers: a person asks to be called by somebody trained. Who, when and how to reach her: nothing else is kept."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Model, PublicRecord, UtcDateTime, enum_type
from models.encryption import EncryptedText
from models.states import HandoverState

LIVE = text("state IN ('open', 'taken')")
STILL = text("ended_at IS NULL")


class Sentinel(PublicRecord, Model):
    """Somebody trained to listen to people in distress, named by her association with the day of the training."""

    __tablename__ = "sentinels"
    __table_args__ = (
        UniqueConstraint("association_id", "id"),
        Index(
            "uq_sentinels_still",
            "association_id",
            "account_id",
            unique=True,
            sqlite_where=STILL,
            postgresql_where=STILL,
        ),
        CheckConstraint("ended_at IS NULL OR ended_at >= certified_at", name="ended_at"),
    )

    association_id: Mapped[int] = mapped_column(ForeignKey("associations.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    trained_on: Mapped[date] = mapped_column()
    certified_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    certified_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Handover(PublicRecord, Model):
    """One wish to be called, by her explicit agreement. `reach` is emptied when it closes; why is never asked.

    `asked_ids` are the sentinels asked in this round, the last of whom answers for it; `round` tells messages apart.
    `told_at` is when the coordinators were told that somebody waits, with her name only if `tells_name`, and with this
    way to reach her only if `tells_reach`.
    """

    __tablename__ = "handovers"
    __table_args__ = (
        UniqueConstraint("association_id", "id"),
        ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"],
            ["entrepreneurs.association_id", "entrepreneurs.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(["association_id", "sentinel_id"], ["sentinels.association_id", "sentinels.id"]),
        Index("uq_handovers_live", "entrepreneur_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        Index("ix_handovers_state_due_at", "state", "due_at"),
        Index("ix_handovers_sentinel_id", "sentinel_id"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at"),
        CheckConstraint("(state = 'closed') = (reach IS NULL)", name="reach"),
        CheckConstraint("state <> 'taken' OR (taken_at IS NOT NULL AND sentinel_id IS NOT NULL)", name="taken_at"),
        CheckConstraint("round >= 1", name="round"),
        CheckConstraint("tells_name OR NOT tells_reach", name="tells_reach"),
    )

    association_id: Mapped[int] = mapped_column()
    entrepreneur_id: Mapped[int] = mapped_column()
    sentinel_id: Mapped[int | None] = mapped_column()
    state: Mapped[HandoverState] = mapped_column(enum_type(HandoverState, "state"), default=HandoverState.OPEN)
    reach: Mapped[str | None] = mapped_column(EncryptedText)
    tells_name: Mapped[bool] = mapped_column(default=False)
    tells_reach: Mapped[bool] = mapped_column(default=False)
    asked_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    round: Mapped[int] = mapped_column(default=1)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
