"""Meetings of a pairing: dates proposed, confirmed, held, and what was agreed for next time."""

from datetime import datetime
from enum import StrEnum
from typing import TypedDict

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.db import Model, PublicRecord, UtcDateTime, enum_type
from models.encryption import EncryptedText
from models.pairings import Pairing
from models.states import MeetingState

LIVE = text("state IN ('proposed', 'confirmed')")
MOST_SLOTS = 3


class MeetingSide(StrEnum):
    """Who of a pairing did something: one of the two, or the coordinator for them."""

    ENTREPRENEUR = "entrepreneur"
    SUPPORTER = "supporter"
    COORDINATOR = "coordinator"


class MeetingFormat(StrEnum):
    """How the two meet."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    PHONE = "phone"


class Slot(TypedDict):
    """A date proposed: the instant in UTC (ISO 8601), what the clock on the wall shows, and where that clock hangs."""

    starts_at: str
    wall: str
    zone: str


class Meeting(PublicRecord, Model):
    """One meeting of a pairing. One at most is to come; `next_step` and `word` are for the two alone.

    `minutes` is planned until the meeting is held, then how long it was. `sequence` rises with each change, for
    calendars.
    """

    __tablename__ = "meetings"
    __table_args__ = (
        UniqueConstraint("association_id", "id"),
        ForeignKeyConstraint(["association_id", "pairing_id"], ["pairings.association_id", "pairings.id"]),
        Index("uq_meetings_live", "pairing_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        Index("ix_meetings_pairing_id_state_starts_at", "pairing_id", "state", "starts_at"),
        Index("ix_meetings_state_report_due_at", "state", "report_due_at"),
        Index("ix_meetings_state_answer_due_at", "state", "answer_due_at"),
        CheckConstraint("minutes BETWEEN 5 AND 600", name="minutes"),
        CheckConstraint("sequence >= 0", name="sequence"),
        CheckConstraint("state <> 'proposed' OR answer_due_at IS NOT NULL", name="proposed_has_deadline"),
        CheckConstraint("state NOT IN ('confirmed', 'held', 'missed') OR starts_at IS NOT NULL", name="has_start"),
        CheckConstraint("state <> 'confirmed' OR report_due_at IS NOT NULL", name="confirmed_has_report"),
        CheckConstraint("state NOT IN ('held', 'missed') OR logged_at IS NOT NULL", name="logged_at"),
        CheckConstraint("(starts_at IS NULL) = (wall_start IS NULL)", name="whole_start"),
    )

    association_id: Mapped[int] = mapped_column()
    pairing_id: Mapped[int] = mapped_column()
    state: Mapped[MeetingState] = mapped_column(enum_type(MeetingState, "state"), default=MeetingState.PROPOSED)
    format: Mapped[MeetingFormat] = mapped_column(enum_type(MeetingFormat, "format"))
    place: Mapped[str] = mapped_column(String(255), default="")
    slots: Mapped[list[Slot]] = mapped_column(JSON, default=list)
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    wall_start: Mapped[str | None] = mapped_column(String(16))
    zone: Mapped[str] = mapped_column(String(40), default="Europe/Paris")
    minutes: Mapped[int] = mapped_column(Integer, default=60)
    proposed_by: Mapped[MeetingSide] = mapped_column(enum_type(MeetingSide, "proposed_by"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    report_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_by: Mapped[MeetingSide | None] = mapped_column(enum_type(MeetingSide, "cancelled_by"))
    word: Mapped[str | None] = mapped_column(EncryptedText)
    next_step: Mapped[str | None] = mapped_column(EncryptedText)
    logged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    logged_by: Mapped[MeetingSide | None] = mapped_column(enum_type(MeetingSide, "logged_by"))
    logged_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    sequence: Mapped[int] = mapped_column(Integer, default=0)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    pairing: Mapped[Pairing] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(Meeting.pairing_id) == Pairing.id"
    )
