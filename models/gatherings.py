"""The supporters' circle: who agreed to be seen by the other supporters of an association, and when they meet."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Account
from models.circle_meetings import CircleAnswer
from models.db import Model, PublicRecord, UtcDateTime, enum_type
from models.states import GatheringState
from models.supporters import Supporter

PLANNED = text("state = 'planned'")


class SupporterListing(Model):
    """A supporter's yes to be seen by the other supporters of her association; she takes it back, and the row goes.

    `contact` is how they may reach her, written by her for this and nothing else.
    """

    __tablename__ = "supporter_listings"
    __table_args__ = (
        ForeignKeyConstraint(["association_id", "supporter_id"], ["supporters.association_id", "supporters.id"]),
    )

    supporter_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    association_id: Mapped[int] = mapped_column(index=True)
    contact: Mapped[str] = mapped_column(String(160), default="")
    listed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    supporter: Mapped[Supporter] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(SupporterListing.supporter_id) == Supporter.id"
    )


class Gathering(PublicRecord, Model):
    """One meeting of the supporters' circle. An association has one before it at a time, and notes it before the next.

    `host_id` is the coordinator who answers for it. `sequence` rises with each change, for calendars.
    """

    __tablename__ = "gatherings"
    __table_args__ = (
        UniqueConstraint("association_id", "id"),
        Index("uq_gatherings_planned", "association_id", unique=True, sqlite_where=PLANNED, postgresql_where=PLANNED),
        Index("ix_gatherings_state_report_due_at", "state", "report_due_at"),
        CheckConstraint("minutes BETWEEN 15 AND 600", name="minutes"),
        CheckConstraint("sequence >= 0", name="sequence"),
        CheckConstraint("starts_at < report_due_at", name="days_in_order"),
        CheckConstraint("state NOT IN ('held', 'missed') OR logged_at IS NOT NULL", name="logged_at"),
        CheckConstraint("place <> '' OR online_url <> ''", name="somewhere"),
    )

    association_id: Mapped[int] = mapped_column(ForeignKey("associations.id"), index=True)
    host_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    state: Mapped[GatheringState] = mapped_column(enum_type(GatheringState, "state"), default=GatheringState.PLANNED)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    wall_start: Mapped[str] = mapped_column(String(16))
    zone: Mapped[str] = mapped_column(String(40), default="Europe/Paris")
    minutes: Mapped[int] = mapped_column(Integer)
    place: Mapped[str] = mapped_column(String(160), default="")
    online_url: Mapped[str] = mapped_column(String(255), default="")
    words: Mapped[str] = mapped_column(Text, default="")
    report_due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    logged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    logged_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    sequence: Mapped[int] = mapped_column(Integer, default=0)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    host: Mapped[Account | None] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(Gathering.host_id) == Account.id"
    )
    attendances: Mapped[list["GatheringAttendance"]] = relationship(
        lazy="raise_on_sql",
        viewonly=True,
        primaryjoin="Gathering.id == foreign(GatheringAttendance.gathering_id)",
        order_by="GatheringAttendance.supporter_id",
    )


class GatheringAttendance(Model):
    """What a supporter said about coming to one gathering, and whether she was there."""

    __tablename__ = "gathering_attendances"
    __table_args__ = (
        ForeignKeyConstraint(["association_id", "gathering_id"], ["gatherings.association_id", "gatherings.id"]),
        ForeignKeyConstraint(["association_id", "supporter_id"], ["supporters.association_id", "supporters.id"]),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_at"),
        CheckConstraint("answer IS NOT NULL OR was_there IS NOT NULL", name="says_something"),
    )

    gathering_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    supporter_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, index=True)
    association_id: Mapped[int] = mapped_column()
    answer: Mapped[CircleAnswer | None] = mapped_column(enum_type(CircleAnswer, "answer"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    was_there: Mapped[bool | None] = mapped_column()

    supporter: Mapped[Supporter] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(GatheringAttendance.supporter_id) == Supporter.id"
    )
