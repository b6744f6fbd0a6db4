"""Audit events: who did what, when, from which state to which, and why."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Model, RowId, UtcDateTime


class AuditEvent(Model):
    """One move of one record, or one read of a private one. Never changed."""

    __tablename__ = "audit_events"
    __table_args__ = (Index("ix_audit_events_record_record_id", "record", "record_id"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    association_id: Mapped[int | None] = mapped_column(ForeignKey("associations.id"), index=True)
    record: Mapped[str] = mapped_column(String(32))
    record_id: Mapped[int] = mapped_column()
    action: Mapped[str] = mapped_column(String(32))
    from_state: Mapped[str | None] = mapped_column(String(32))
    to_state: Mapped[str | None] = mapped_column(String(32))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text, default="")
