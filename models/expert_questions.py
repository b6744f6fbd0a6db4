"""Expert questions: one question, one answer, closed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.db import Model, PublicRecord, UtcDateTime, enum_type
from models.encryption import EncryptedText
from models.entrepreneurs import Entrepreneur
from models.states import ExpertQuestionState
from models.supporters import Supporter

LIVE = text("state IN ('asked', 'answered')")


class ExpertQuestion(PublicRecord, Model):
    """One question of a person: to the expert of a pairing, or to her association when there is none. One at a time.

    `due_at` is by when it is answered, then by when it closes by itself. `word` says why there is no answer.
    """

    __tablename__ = "expert_questions"
    __table_args__ = (
        UniqueConstraint("association_id", "id"),
        ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"], ["entrepreneurs.association_id", "entrepreneurs.id"]
        ),
        ForeignKeyConstraint(["association_id", "supporter_id"], ["supporters.association_id", "supporters.id"]),
        ForeignKeyConstraint(["association_id", "pairing_id"], ["pairings.association_id", "pairings.id"]),
        Index("uq_expert_questions_live", "entrepreneur_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        Index("ix_expert_questions_association_id_state_due_at", "association_id", "state", "due_at"),
        CheckConstraint("(supporter_id IS NULL) = (pairing_id IS NULL)", name="whole_pairing"),
        CheckConstraint("(state IN ('asked', 'answered')) = (due_at IS NOT NULL)", name="live_has_deadline"),
        CheckConstraint("state <> 'answered' OR answer IS NOT NULL", name="answered_has_answer"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_at"),
        CheckConstraint("(state IN ('closed', 'declined', 'expired')) = (ended_at IS NOT NULL)", name="ended_at"),
    )

    association_id: Mapped[int] = mapped_column(ForeignKey("associations.id"))
    entrepreneur_id: Mapped[int] = mapped_column(index=True)
    supporter_id: Mapped[int | None] = mapped_column(index=True)
    pairing_id: Mapped[int | None] = mapped_column(index=True)
    state: Mapped[ExpertQuestionState] = mapped_column(
        enum_type(ExpertQuestionState, "state"), default=ExpertQuestionState.ASKED
    )
    question: Mapped[str] = mapped_column(EncryptedText)
    answer: Mapped[str | None] = mapped_column(EncryptedText)
    word: Mapped[str] = mapped_column(String(500), default="")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    passed_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    entrepreneur: Mapped[Entrepreneur] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(ExpertQuestion.entrepreneur_id) == Entrepreneur.id"
    )
    supporter: Mapped[Supporter | None] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(ExpertQuestion.supporter_id) == Supporter.id"
    )
