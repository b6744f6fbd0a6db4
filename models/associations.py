"""Local associations and the weights they match by."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Model, PublicRecord, RowId, UtcDateTime, enum_type


class Network(StrEnum):
    """The network an association belongs to."""

    INITIATIVE_FRANCE = "initiative_france"
    REBONDS = "rebonds"


class MatchAim(StrEnum):
    """What decides who gets whom, once as many people are served as can be."""

    MOST_SERVED = "most_served"
    FAIREST = "fairest"


class Delay(StrEnum):
    """A number of days that people have to answer, by the column of the association's row that carries it."""

    REMINDER = "reminder_days"
    EXPIRY = "expiry_days"
    DECISION = "decision_days"
    FOLLOW_UP = "follow_up_days"


class Association(PublicRecord, Model):
    """One local association (*plateforme*, *antenne*), how it is reached, and the delays it gives people to answer."""

    __tablename__ = "associations"
    __table_args__ = (
        CheckConstraint("reminder_days BETWEEN 1 AND 60", name="reminder_days"),
        CheckConstraint("expiry_days BETWEEN 2 AND 90 AND expiry_days > reminder_days", name="expiry_days"),
        CheckConstraint("decision_days BETWEEN 1 AND 60", name="decision_days"),
        CheckConstraint("follow_up_days BETWEEN 1 AND 90", name="follow_up_days"),
    )

    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    network: Mapped[Network] = mapped_column(enum_type(Network, "network"))
    department: Mapped[str | None] = mapped_column(String(3))
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(32), default="")
    address: Mapped[str] = mapped_column(String(255), default="")
    reminder_days: Mapped[int] = mapped_column(Integer, default=5, server_default="5")
    expiry_days: Mapped[int] = mapped_column(Integer, default=10, server_default="10")
    decision_days: Mapped[int] = mapped_column(Integer, default=7, server_default="7")
    follow_up_days: Mapped[int] = mapped_column(Integer, default=14, server_default="14")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WeightVersion(Model):
    """One published set of weights, and what matching aims at with them. None is ever changed.

    Without an association it is the national default.
    """

    __tablename__ = "weight_versions"
    __table_args__ = (
        UniqueConstraint("association_id", "number"),
        Index(
            "uq_weight_versions_national_number",
            "number",
            unique=True,
            sqlite_where=text("association_id IS NULL"),
            postgresql_where=text("association_id IS NULL"),
        ),
        CheckConstraint("number >= 1", name="number"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    association_id: Mapped[int | None] = mapped_column(ForeignKey("associations.id"))
    number: Mapped[int] = mapped_column(Integer)
    weights: Mapped[dict[str, dict[str, float]]] = mapped_column(JSON)
    aim: Mapped[MatchAim] = mapped_column(
        enum_type(MatchAim, "aim"), default=MatchAim.MOST_SERVED, server_default="most_served"
    )
    note: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
