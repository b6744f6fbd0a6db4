"""Match runs, their suggestions, and who found nobody and why."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Double,
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

from models.db import Model, PublicRecord, RowId, UtcDateTime, enum_type
from models.entrepreneurs import Entrepreneur
from models.states import MatchRunState, SuggestionState
from models.supporters import Supporter, SupporterRole

UNDER_WAY = text("state IN ('queued', 'running')")
OPEN = text("state = 'open'")


class RejectReason(StrEnum):
    """Why a coordinator sets a suggestion aside."""

    NEEDS_DIFFER = "needs_differ"
    TOO_FAR = "too_far"
    ALREADY_SUPPORTED = "already_supported"
    NOT_NOW = "not_now"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    BETTER_KNOWN = "better_known"
    OTHER = "other"


class MatchRun(PublicRecord, Model):
    """One matching of an association's people; one at most is under way. `seen_at`: the worker's last sign of life."""

    __tablename__ = "match_runs"
    __table_args__ = (
        UniqueConstraint("association_id", "id"),
        Index(
            "uq_match_runs_under_way", "association_id", unique=True, sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY
        ),
        CheckConstraint("progress BETWEEN 0 AND 100", name="progress"),
        CheckConstraint("(state IN ('done', 'failed')) = (ended_at IS NOT NULL)", name="ended_at"),
        CheckConstraint("state <> 'running' OR seen_at IS NOT NULL", name="running_is_seen"),
        CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name="failure"),
    )

    association_id: Mapped[int] = mapped_column(ForeignKey("associations.id"))
    state: Mapped[MatchRunState] = mapped_column(enum_type(MatchRunState, "state"), default=MatchRunState.QUEUED)
    progress: Mapped[int] = mapped_column(Integer, default=0)
    weight_version_id: Mapped[int] = mapped_column(ForeignKey("weight_versions.id"))
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    report: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    recruitment: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    failure: Mapped[str | None] = mapped_column(String(64))


class Suggestion(PublicRecord, Model):
    """A supporter the engine proposes for an entrepreneur, with the parts of the score and the reasons."""

    __tablename__ = "suggestions"
    __table_args__ = (
        UniqueConstraint("association_id", "id"),
        UniqueConstraint("run_id", "entrepreneur_id", "supporter_id", "role"),
        UniqueConstraint("run_id", "entrepreneur_id", "role", "rank"),
        ForeignKeyConstraint(["association_id", "run_id"], ["match_runs.association_id", "match_runs.id"]),
        ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"], ["entrepreneurs.association_id", "entrepreneurs.id"]
        ),
        ForeignKeyConstraint(["association_id", "supporter_id"], ["supporters.association_id", "supporters.id"]),
        Index("uq_suggestions_open", "entrepreneur_id", "role", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_suggestions_association_id_state_score", "association_id", "state", "score"),
        CheckConstraint("score BETWEEN 0 AND 1", name="score"),
        CheckConstraint("rank BETWEEN 1 AND 9", name="rank"),
        CheckConstraint("(state = 'rejected') = (reject_reason IS NOT NULL)", name="reject_reason"),
        CheckConstraint("state <> 'open' OR deadline_at IS NOT NULL", name="open_has_deadline"),
        CheckConstraint("state NOT IN ('approved', 'rejected') OR decided_at IS NOT NULL", name="decided_at"),
    )

    association_id: Mapped[int] = mapped_column()
    run_id: Mapped[int] = mapped_column()
    entrepreneur_id: Mapped[int] = mapped_column(index=True)
    supporter_id: Mapped[int] = mapped_column(index=True)
    role: Mapped[SupporterRole] = mapped_column(enum_type(SupporterRole, "role"))
    rank: Mapped[int] = mapped_column(Integer)
    score: Mapped[float] = mapped_column(Double)
    components: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    gaps: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    state: Mapped[SuggestionState] = mapped_column(enum_type(SuggestionState, "state"))
    deadline_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    reject_reason: Mapped[RejectReason | None] = mapped_column(enum_type(RejectReason, "reject_reason_value"))
    note: Mapped[str] = mapped_column(Text, default="")

    entrepreneur: Mapped[Entrepreneur] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(Suggestion.entrepreneur_id) == Entrepreneur.id"
    )
    supporter: Mapped[Supporter] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(Suggestion.supporter_id) == Supporter.id"
    )


class UnmatchedNeed(Model):
    """An entrepreneur for whom a run found nobody in a role: how many each hard rule set aside, what would help."""

    __tablename__ = "unmatched_needs"
    __table_args__ = (
        UniqueConstraint("run_id", "entrepreneur_id", "role"),
        ForeignKeyConstraint(["association_id", "run_id"], ["match_runs.association_id", "match_runs.id"]),
        ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"], ["entrepreneurs.association_id", "entrepreneurs.id"]
        ),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    association_id: Mapped[int] = mapped_column()
    run_id: Mapped[int] = mapped_column()
    entrepreneur_id: Mapped[int] = mapped_column(index=True)
    role: Mapped[SupporterRole] = mapped_column(enum_type(SupporterRole, "role"))
    refusals: Mapped[dict[str, int]] = mapped_column(JSON)
    possible: Mapped[int] = mapped_column(Integer)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default=text("'[]'"))

    entrepreneur: Mapped[Entrepreneur] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(UnmatchedNeed.entrepreneur_id) == Entrepreneur.id"
    )
