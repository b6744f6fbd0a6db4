"""Supporters: role, expertise, and the places they hold out."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy import JSON, CheckConstraint, Double, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.db import Model, PublicRecord, UtcDateTime, enum_type
from models.entrepreneurs import ALL_SLOTS
from models.states import SupporterState


class SupporterRole(StrEnum):
    """What a supporter is there for."""

    MENTOR = "mentor"
    COACH = "coach"
    EXPERT = "expert"
    AMBASSADOR = "ambassador"


LASTING_ROLES = frozenset({SupporterRole.MENTOR, SupporterRole.COACH})
"""Roles of a path together; an expert or an ambassador helps once or for a short time."""
PAPERS_NOTICE = timedelta(days=30)
"""How long before its last day a training or an insurance is told to end."""

RESTS_AFTER = 2
"""Proposals in a row without a word after which a supporter is put on pause: each costs somebody ten days."""
ASKED_AGAIN_AFTER = timedelta(days=14)
"""How long after its day a pause about which nobody said anything gets another day."""
LONGEST_PAUSE = timedelta(days=366)
"""The furthest day on which a supporter on pause may ask to be asked again."""

# What one pairing takes of a supporter's capacity: people, or for coaches the hours of one path (DOMAIN 2.6).
PAIRING_COST = MappingProxyType(
    {
        SupporterRole.MENTOR: 1,
        SupporterRole.COACH: 7,
        SupporterRole.EXPERT: 1,
        SupporterRole.AMBASSADOR: 1,
    }
)


class Supporter(PublicRecord, Model):
    """One volunteer in one role. `taken` of `capacity` is a counter: it moves by conditional updates only.

    `unanswered` are the proposals that ended without a word since the last word; `back_on` is the day on which whoever
    is on pause is asked whether she is available again.
    """

    __tablename__ = "supporters"
    __table_args__ = (
        UniqueConstraint("association_id", "id"),
        UniqueConstraint("association_id", "reference"),
        CheckConstraint("capacity BETWEEN 0 AND 500", name="capacity"),
        CheckConstraint("taken BETWEEN 0 AND capacity", name="taken"),
        CheckConstraint(f"availability BETWEEN 0 AND {ALL_SLOTS}", name="availability"),
        CheckConstraint("max_km BETWEEN 0 AND 1000", name="max_km"),
        CheckConstraint("latitude IS NULL OR latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude IS NULL OR longitude BETWEEN -180 AND 180", name="longitude"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="whole_point"),
        CheckConstraint("role <> 'ambassador' OR has_bounced_back", name="ambassador_bounced_back"),
        CheckConstraint("unanswered >= 0", name="unanswered"),
        CheckConstraint("(state = 'paused') = (back_on IS NOT NULL)", name="back_on"),
        CheckConstraint(
            "erased_at IS NULL OR (state = 'left' AND email IS NULL AND phone IS NULL AND household IS NULL"
            " AND presentation = '' AND latitude IS NULL)",
            name="erased_at",
        ),
        Index("ix_supporters_association_id_state_search_name", "association_id", "state", "search_name"),
    )

    association_id: Mapped[int] = mapped_column(ForeignKey("associations.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    reference: Mapped[str] = mapped_column(String(64))
    first_name: Mapped[str] = mapped_column(String(80))
    last_name: Mapped[str] = mapped_column(String(80))
    search_name: Mapped[str] = mapped_column(String(170))
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(32))
    role: Mapped[SupporterRole] = mapped_column(enum_type(SupporterRole, "role"))
    state: Mapped[SupporterState] = mapped_column(enum_type(SupporterState, "state"), default=SupporterState.ACTIVE)
    capacity: Mapped[int] = mapped_column(Integer)
    taken: Mapped[int] = mapped_column(Integer, default=0)
    unanswered: Mapped[int] = mapped_column(Integer, default=0)
    back_on: Mapped[date | None] = mapped_column()
    presentation: Mapped[str] = mapped_column(Text, default="")
    activity_codes: Mapped[list[str]] = mapped_column(JSON, default=list)
    stages: Mapped[list[str]] = mapped_column(JSON, default=list)
    commune_code: Mapped[str | None] = mapped_column(ForeignKey("communes.code"))
    latitude: Mapped[float | None] = mapped_column(Double)
    longitude: Mapped[float | None] = mapped_column(Double)
    max_km: Mapped[float] = mapped_column(Double, default=30.0)
    accepts_remote: Mapped[bool] = mapped_column(default=True)
    availability: Mapped[int] = mapped_column(Integer, default=0)
    household: Mapped[str | None] = mapped_column(String(64))
    in_business: Mapped[bool] = mapped_column(default=False)
    has_bounced_back: Mapped[bool] = mapped_column(default=False)
    is_certified: Mapped[bool] = mapped_column(default=False)
    training_until: Mapped[date | None] = mapped_column()
    insurance_until: Mapped[date | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    expertise: Mapped[list["SupporterExpertise"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="SupporterExpertise.level.desc()"
    )
    languages: Mapped[list["SupporterLanguage"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="SupporterLanguage.position"
    )


class SupporterExpertise(Model):
    """A topic a supporter can help with: 1 some, 2 good, 3 expert."""

    __tablename__ = "supporter_expertise"
    __table_args__ = (CheckConstraint("level BETWEEN 1 AND 3", name="level"),)

    supporter_id: Mapped[int] = mapped_column(ForeignKey("supporters.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[str] = mapped_column(ForeignKey("topics.slug"), primary_key=True)
    level: Mapped[int] = mapped_column(Integer)


class SupporterLanguage(Model):
    """A language a supporter speaks, the most at ease first."""

    __tablename__ = "supporter_languages"

    supporter_id: Mapped[int] = mapped_column(ForeignKey("supporters.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(ForeignKey("languages.code"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, default=0)
