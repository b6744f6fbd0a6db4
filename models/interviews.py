"""First interviews: who meets a person before anything else, by when, and what came of it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, ForeignKeyConstraint, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Account
from models.db import Model, PublicRecord, UtcDateTime, enum_type
from models.encryption import EncryptedText
from models.entrepreneurs import Entrepreneur
from models.meetings import MeetingFormat
from models.states import InterviewState

PLANNED = text("state = 'planned'")


class InterviewOutcome(StrEnum):
    """What came of a first interview. Nobody is refused: the two other answers have a day to meet again."""

    JOINS = "joins"
    LATER = "later"
    ELSEWHERE = "elsewhere"


class Interview(PublicRecord, Model):
    """One interview of a person with somebody of the association. One at most is to come.

    It opens on `opens_on` and is to be held by `due_at`; `starts_at` once an hour is agreed. `again_on` is the day on
    which the two meet again after an answer other than yes. What was said is for the association alone, encrypted;
    where she was sent is for her too. `place` is the address, the link or the telephone number, as `channel` says; with
    `person_calls` it is she who calls that number. `sequence` rises with each change that she is told of.
    """

    __tablename__ = "interviews"
    __table_args__ = (
        ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"], ["entrepreneurs.association_id", "entrepreneurs.id"]
        ),
        Index(
            "uq_interviews_one_to_come", "entrepreneur_id", unique=True, sqlite_where=PLANNED, postgresql_where=PLANNED
        ),
        CheckConstraint("(state = 'held') = (outcome IS NOT NULL)", name="held_has_outcome"),
        CheckConstraint("(state = 'held') = (held_at IS NOT NULL)", name="held_at"),
        CheckConstraint("(again_on IS NOT NULL) = (outcome IS NOT NULL AND outcome <> 'joins')", name="again_on"),
        CheckConstraint("outcome <> 'elsewhere' OR orientation IS NOT NULL", name="orientation"),
        CheckConstraint("sequence >= 0", name="sequence"),
        CheckConstraint("channel = 'phone' OR NOT person_calls", name="person_calls"),
    )

    association_id: Mapped[int] = mapped_column(index=True)
    entrepreneur_id: Mapped[int] = mapped_column(index=True)
    coordinator_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    state: Mapped[InterviewState] = mapped_column(enum_type(InterviewState, "state"), default=InterviewState.PLANNED)
    channel: Mapped[MeetingFormat] = mapped_column(enum_type(MeetingFormat, "channel"), default=MeetingFormat.PHONE)
    place: Mapped[str] = mapped_column(String(255), default="")
    person_calls: Mapped[bool] = mapped_column(default=False)
    opens_on: Mapped[date] = mapped_column(Date)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[InterviewOutcome | None] = mapped_column(enum_type(InterviewOutcome, "outcome"))
    again_on: Mapped[date | None] = mapped_column(Date)
    orientation: Mapped[str | None] = mapped_column(EncryptedText)
    team_note: Mapped[str | None] = mapped_column(EncryptedText)
    held_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    planned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sequence: Mapped[int] = mapped_column(Integer, default=0)

    entrepreneur: Mapped[Entrepreneur] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(Interview.entrepreneur_id) == Entrepreneur.id"
    )
    coordinator: Mapped[Account | None] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(Interview.coordinator_id) == Account.id"
    )
