"""Support plans: what a match run proposes to one person together, line by line."""

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
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.db import Model, PublicRecord, UtcDateTime, enum_type
from models.entrepreneurs import Entrepreneur
from models.match_runs import Suggestion
from models.states import PlanLineState
from models.workshops import WorkshopSession

LIVE = text("state IN ('proposed', 'approved')")


class PlanLineKind(StrEnum):
    """What a line of a plan brings, in the order in which plans are read."""

    MENTOR = "mentor"
    COACH = "coach"
    EXPERT = "expert"
    AMBASSADOR = "ambassador"
    WORKSHOP = "workshop"


class SupportPlan(PublicRecord, Model):
    """A person's plan, renewed by each match run; `left_out` says what it lacks and why, as the engine told it."""

    __tablename__ = "support_plans"
    __table_args__ = (
        UniqueConstraint("association_id", "id"),
        UniqueConstraint("entrepreneur_id"),
        ForeignKeyConstraint(["association_id", "run_id"], ["match_runs.association_id", "match_runs.id"]),
        ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"], ["entrepreneurs.association_id", "entrepreneurs.id"]
        ),
        Index("ix_support_plans_association_id_deadline_at", "association_id", "deadline_at"),
    )

    association_id: Mapped[int] = mapped_column()
    entrepreneur_id: Mapped[int] = mapped_column()
    run_id: Mapped[int] = mapped_column()
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deadline_at: Mapped[datetime] = mapped_column(UtcDateTime)
    left_out: Mapped[list[dict[str, Any]]] = mapped_column(JSON)

    entrepreneur: Mapped[Entrepreneur] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(SupportPlan.entrepreneur_id) == Entrepreneur.id"
    )


class PlanLine(PublicRecord, Model):
    """One line of a plan: a suggestion, or an invitation to a workshop session.

    A line about a supporter has no state of its own: its suggestion's counts. `slot` is the weekly slot kept for it.
    """

    __tablename__ = "plan_lines"
    __table_args__ = (
        UniqueConstraint("association_id", "id"),
        UniqueConstraint("plan_id", "suggestion_id"),
        ForeignKeyConstraint(["association_id", "plan_id"], ["support_plans.association_id", "support_plans.id"]),
        ForeignKeyConstraint(["association_id", "run_id"], ["match_runs.association_id", "match_runs.id"]),
        ForeignKeyConstraint(["association_id", "suggestion_id"], ["suggestions.association_id", "suggestions.id"]),
        ForeignKeyConstraint(
            ["association_id", "session_id"], ["workshop_sessions.association_id", "workshop_sessions.id"]
        ),
        Index("uq_plan_lines_live", "plan_id", "session_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        Index("ix_plan_lines_session_id_state", "session_id", "state"),
        CheckConstraint("(kind = 'workshop') = (session_id IS NOT NULL)", name="workshop_has_session"),
        CheckConstraint("(kind <> 'workshop') = (suggestion_id IS NOT NULL)", name="supporter_has_suggestion"),
        CheckConstraint("(kind = 'workshop') = (state IS NOT NULL)", name="workshop_has_state"),
        CheckConstraint("(state IN ('approved', 'rejected')) = (decided_at IS NOT NULL)", name="decided_at"),
        CheckConstraint("score BETWEEN 0 AND 1", name="score"),
    )

    association_id: Mapped[int] = mapped_column()
    plan_id: Mapped[int] = mapped_column()
    run_id: Mapped[int] = mapped_column()
    kind: Mapped[PlanLineKind] = mapped_column(enum_type(PlanLineKind, "kind"))
    position: Mapped[int] = mapped_column(Integer)
    suggestion_id: Mapped[int | None] = mapped_column(index=True)
    session_id: Mapped[int | None] = mapped_column()
    # NULL on lines about supporters only, which nobody moves.
    state: Mapped[PlanLineState] = mapped_column(enum_type(PlanLineState, "state"), nullable=True)
    slot: Mapped[str | None] = mapped_column(String(8))
    score: Mapped[float] = mapped_column(Double)
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    plan: Mapped[SupportPlan] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(PlanLine.plan_id) == SupportPlan.id"
    )
    suggestion: Mapped[Suggestion | None] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(PlanLine.suggestion_id) == Suggestion.id"
    )
    session: Mapped[WorkshopSession | None] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(PlanLine.session_id) == WorkshopSession.id"
    )
