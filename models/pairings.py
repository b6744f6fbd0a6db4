"""Pairings (*binômes*), from proposal to end."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.db import Model, PublicRecord, UtcDateTime, enum_type
from models.entrepreneurs import Entrepreneur
from models.states import PairingState
from models.supporters import Supporter, SupporterRole

LIVE = text("state IN ('proposed', 'asked', 'active', 'paused')")


class DeclineReason(StrEnum):
    """Why a supporter declines a proposal."""

    NO_TIME = "no_time"
    TOO_FAR = "too_far"
    OTHER_EXPERTISE = "other_expertise"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    LANGUAGE = "language"
    OTHER = "other"


class WithdrawReason(StrEnum):
    """Why a proposal is taken back before an answer."""

    PERSON_CHANGED_MIND = "person_changed_mind"
    SUPPORTER_PAUSED = "supporter_paused"
    SUPPORTER_LESS_TIME = "supporter_less_time"
    OTHER_CHOICE = "other_choice"
    OTHER = "other"


class EndReason(StrEnum):
    """Why a pairing ended; nobody is at fault."""

    GOAL_REACHED = "goal_reached"
    TERM_REACHED = "term_reached"
    UNAVAILABLE = "unavailable"
    NEED_CHANGED = "need_changed"
    NOT_A_FIT = "not_a_fit"
    PROJECT_STOPPED = "project_stopped"
    MOVED = "moved"
    OTHER = "other"


class ChoiceReason(StrEnum):
    """Why a coordinator chose somebody other than the engine did."""

    ASKED_FOR = "asked_for"
    KNOWN_FIT = "known_fit"
    BETTER_EXPERTISE = "better_expertise"
    CLOSER = "closer"
    SPREAD_LOAD = "spread_load"
    OTHER = "other"


class Pairing(PublicRecord, Model):
    """A supporter and an entrepreneur, proposed or together. While live it holds `cost` of the supporter's capacity.

    Each live state has its instant: `deadline_at` of a proposal, `question_due_at` of a question before deciding,
    `next_meeting_due_at` while active (a date is agreed or a talk held by then), `pause_until` of a pause.
    """

    __tablename__ = "pairings"
    __table_args__ = (
        UniqueConstraint("association_id", "id"),
        ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"], ["entrepreneurs.association_id", "entrepreneurs.id"]
        ),
        ForeignKeyConstraint(["association_id", "supporter_id"], ["supporters.association_id", "supporters.id"]),
        ForeignKeyConstraint(["association_id", "suggestion_id"], ["suggestions.association_id", "suggestions.id"]),
        Index(
            "uq_pairings_live_couple",
            "entrepreneur_id",
            "supporter_id",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
        Index(
            "uq_pairings_live_role", "entrepreneur_id", "role", unique=True, sqlite_where=LIVE, postgresql_where=LIVE
        ),
        Index("ix_pairings_association_id_state_deadline_at", "association_id", "state", "deadline_at"),
        CheckConstraint("cost >= 1", name="cost"),
        CheckConstraint("state NOT IN ('proposed', 'asked') OR deadline_at IS NOT NULL", name="proposed_has_deadline"),
        CheckConstraint(
            "state <> 'asked' OR (question <> '' AND asked_at IS NOT NULL AND question_due_at IS NOT NULL)",
            name="asked_has_question",
        ),
        CheckConstraint(
            "state NOT IN ('active', 'paused', 'declined', 'ended') OR answered_at IS NOT NULL", name="answered_at"
        ),
        CheckConstraint("state <> 'active' OR next_meeting_due_at IS NOT NULL", name="active_has_next_meeting"),
        CheckConstraint("state <> 'paused' OR pause_until IS NOT NULL", name="paused_has_end"),
        CheckConstraint("state NOT IN ('active', 'paused') OR ends_on IS NOT NULL", name="together_has_term"),
        CheckConstraint("budget_minutes IS NULL OR budget_minutes BETWEEN 60 AND 6000", name="budget_minutes"),
        CheckConstraint("closing_done_at IS NULL OR closing_due_at IS NOT NULL", name="closing"),
        CheckConstraint("(state = 'declined') = (decline_reason IS NOT NULL)", name="decline_reason"),
        CheckConstraint("(state = 'withdrawn') = (withdraw_reason IS NOT NULL)", name="withdraw_reason"),
        CheckConstraint("(state = 'ended') = (end_reason IS NOT NULL)", name="end_reason"),
        CheckConstraint(
            "(state IN ('declined', 'withdrawn', 'expired', 'ended')) = (ended_at IS NOT NULL)", name="ended_at"
        ),
        CheckConstraint("suggestion_id IS NOT NULL OR choice_reason IS NOT NULL", name="suggested_or_chosen"),
    )

    association_id: Mapped[int] = mapped_column()
    entrepreneur_id: Mapped[int] = mapped_column(index=True)
    supporter_id: Mapped[int] = mapped_column(index=True)
    suggestion_id: Mapped[int | None] = mapped_column(unique=True)
    role: Mapped[SupporterRole] = mapped_column(enum_type(SupporterRole, "role"))
    cost: Mapped[int] = mapped_column(Integer)
    state: Mapped[PairingState] = mapped_column(enum_type(PairingState, "state"), default=PairingState.PROPOSED)
    choice_reason: Mapped[ChoiceReason | None] = mapped_column(enum_type(ChoiceReason, "choice_reason_value"))
    note: Mapped[str] = mapped_column(Text, default="")
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    deadline_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decline_reason: Mapped[DeclineReason | None] = mapped_column(enum_type(DeclineReason, "decline_reason_value"))
    withdraw_reason: Mapped[WithdrawReason | None] = mapped_column(enum_type(WithdrawReason, "withdraw_reason_value"))
    end_reason: Mapped[EndReason | None] = mapped_column(enum_type(EndReason, "end_reason_value"))
    answer_note: Mapped[str] = mapped_column(Text, default="")
    question: Mapped[str] = mapped_column(Text, default="", server_default="")
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    question_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    question_answer: Mapped[str] = mapped_column(Text, default="", server_default="")
    question_answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_meeting_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    pause_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_on: Mapped[date | None] = mapped_column()
    budget_minutes: Mapped[int | None] = mapped_column(Integer)
    wants_other: Mapped[bool | None] = mapped_column()
    closing_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closing_done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    entrepreneur: Mapped[Entrepreneur] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(Pairing.entrepreneur_id) == Entrepreneur.id"
    )
    supporter: Mapped[Supporter] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(Pairing.supporter_id) == Supporter.id"
    )
