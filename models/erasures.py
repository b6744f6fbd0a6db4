"""Wishes to be forgotten: asked, a day to change one's mind, then carried out."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Model, PublicRecord, UtcDateTime, enum_type
from models.states import ErasureState

LIVE = text("state IN ('asked', 'under_way')")
TIME_TO_THINK = timedelta(days=1)
"""How long somebody may change her mind."""

MAILS_KEPT = timedelta(days=8)
"""How long what was written to others about the end is kept: a summary of the week may still tell it."""

ERASED_FIRST_NAME, ERASED_LAST_NAME = "Personne", "effacée"
"""How a row is called whose person is forgotten. It stays, so that numbers do."""


class ErasureGround(StrEnum):
    """How a wish came to us. A coordinator writes one down only because she was asked to."""

    OWN = "own"
    BY_TELEPHONE = "by_telephone"
    IN_WRITING = "in_writing"
    IN_PERSON = "in_person"


class Erasure(PublicRecord, Model):
    """One wish to be forgotten: of an account with all its files, or of one file of one association.

    `due_at` is when it is carried out. From then on `mail_ids` are the messages to others that name her; they go at
    `mails_until`, when each has had the time to leave.
    """

    __tablename__ = "erasures"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN account_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN entrepreneur_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN supporter_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_subject",
        ),
        CheckConstraint("(association_id IS NULL) = (account_id IS NOT NULL)", name="file_of_an_association"),
        CheckConstraint("due_at >= asked_at", name="due_at"),
        CheckConstraint("(state IN ('asked', 'under_way')) = (ended_at IS NULL)", name="ended_at"),
        CheckConstraint("(state = 'done') = (mails_until IS NOT NULL)", name="mails_until"),
        CheckConstraint("mails_erased_at IS NULL OR state = 'done'", name="mails_erased_at"),
        Index("uq_erasures_account", "account_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        Index("uq_erasures_entrepreneur", "entrepreneur_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        Index("uq_erasures_supporter", "supporter_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        Index("ix_erasures_state_due_at", "state", "due_at"),
    )

    association_id: Mapped[int | None] = mapped_column(ForeignKey("associations.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    entrepreneur_id: Mapped[int | None] = mapped_column(ForeignKey("entrepreneurs.id"))
    supporter_id: Mapped[int | None] = mapped_column(ForeignKey("supporters.id"))
    state: Mapped[ErasureState] = mapped_column(enum_type(ErasureState, "state"), default=ErasureState.ASKED)
    ground: Mapped[ErasureGround] = mapped_column(enum_type(ErasureGround, "ground"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mail_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    mails_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mails_erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
