"""Drafts of weights: what a coordinator would change, replayed on the real people before it is published."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.associations import MatchAim
from models.db import Model, PublicRecord, UtcDateTime, enum_type
from models.states import WeightDraftState


class WeightDraft(PublicRecord, Model):
    """Weights that somebody would publish, and what a replay says of them. `based_on_id`: those that held then."""

    __tablename__ = "weight_drafts"
    __table_args__ = (
        UniqueConstraint("association_id", "id"),
        Index("ix_weight_drafts_association_id_state", "association_id", "state"),
        CheckConstraint("state <> 'running' OR seen_at IS NOT NULL", name="running_is_seen"),
        CheckConstraint("state <> 'failed' OR failure IS NOT NULL", name="failure"),
        CheckConstraint("state NOT IN ('ready', 'published') OR replay IS NOT NULL", name="replayed"),
        CheckConstraint("(state = 'published') = (published_as_id IS NOT NULL)", name="published_as"),
    )

    association_id: Mapped[int] = mapped_column(ForeignKey("associations.id"))
    state: Mapped[WeightDraftState] = mapped_column(
        enum_type(WeightDraftState, "state"), default=WeightDraftState.QUEUED
    )
    weights: Mapped[dict[str, dict[str, float]]] = mapped_column(JSON)
    aim: Mapped[MatchAim] = mapped_column(
        enum_type(MatchAim, "aim"), default=MatchAim.MOST_SERVED, server_default="most_served"
    )
    based_on_id: Mapped[int] = mapped_column(ForeignKey("weight_versions.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    replay: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    failure: Mapped[str | None] = mapped_column(String(64))
    published_as_id: Mapped[int | None] = mapped_column(ForeignKey("weight_versions.id"), unique=True)
