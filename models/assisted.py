"""Calls in which a coordinator fills, answers and books with a person on the telephone."""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Model, PublicRecord, UtcDateTime

UNDER_WAY = text("ended_at IS NULL")
LONGEST_CALL = timedelta(hours=2)
"""A call that nobody ended is over after this long: whoever forgot the button must not mark a whole day."""


class AssistedCall(PublicRecord, Model):
    """One call: who is on the telephone with whom, from when to when, and that she agreed aloud.

    What the coordinator does about her meanwhile is done with her; nothing else need be written on each record.
    """

    __tablename__ = "assisted_calls"
    __table_args__ = (
        ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"], ["entrepreneurs.association_id", "entrepreneurs.id"]
        ),
        Index(
            "uq_assisted_calls_one_at_a_time",
            "coordinator_id",
            unique=True,
            sqlite_where=UNDER_WAY,
            postgresql_where=UNDER_WAY,
        ),
        CheckConstraint("agreed", name="agreed"),
        CheckConstraint("deadline_at > began_at", name="deadline_at"),
        CheckConstraint("ended_at IS NULL OR (ended_at >= began_at AND ended_at <= deadline_at)", name="ended_at"),
    )

    association_id: Mapped[int] = mapped_column(index=True)
    entrepreneur_id: Mapped[int] = mapped_column(index=True)
    coordinator_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    agreed: Mapped[bool] = mapped_column()
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deadline_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
