"""Entrepreneurs: profile, needs, languages, and what they confided."""

from datetime import date, datetime
from enum import StrEnum

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
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.db import Model, PublicRecord, RowId, UtcDateTime, enum_type
from models.encryption import EncryptedText
from models.states import EntrepreneurState

ALL_SLOTS = 2**21 - 1


class Stage(StrEnum):
    """Stage of the project, in order."""

    IDEA = "idea"
    EMERGENCE = "emergence"
    PLANNING = "planning"
    FUNDING = "funding"
    REGISTRATION = "registration"
    LAUNCH = "launch"
    CONSOLIDATION = "consolidation"
    GROWTH = "growth"
    TAKEOVER = "takeover"
    DIFFICULTY = "difficulty"
    REBOUND = "rebound"


class Gender(StrEnum):
    """What a person may declare about herself; saying nothing is the rule. It only serves to check fairness."""

    WOMAN = "woman"
    MAN = "man"
    OTHER = "other"


def join_project(title: str, text: str) -> str:
    """Give what a person wrote of her project in one piece, as matches read it."""
    return f"{title}\n{text}".strip()


class Entrepreneur(PublicRecord, Model):
    """One person followed by one association, with a referent who answers for what happens next."""

    __tablename__ = "entrepreneurs"
    __table_args__ = (
        UniqueConstraint("association_id", "id"),
        UniqueConstraint("association_id", "reference"),
        CheckConstraint(f"availability BETWEEN 0 AND {ALL_SLOTS}", name="availability"),
        CheckConstraint("max_km BETWEEN 0 AND 1000", name="max_km"),
        CheckConstraint("latitude IS NULL OR latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude IS NULL OR longitude BETWEEN -180 AND 180", name="longitude"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="whole_point"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at"),
        CheckConstraint("state <> 'ready' OR (stage IS NOT NULL AND waiting_since IS NOT NULL)", name="ready_is_whole"),
        CheckConstraint(
            "erased_at IS NULL OR (state = 'closed' AND email IS NULL AND phone IS NULL AND household IS NULL"
            " AND project_title = '' AND project_text = '' AND latitude IS NULL)",
            name="erased_at",
        ),
        Index("ix_entrepreneurs_association_id_state_search_name", "association_id", "state", "search_name"),
    )

    association_id: Mapped[int] = mapped_column(ForeignKey("associations.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    referent_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    reference: Mapped[str] = mapped_column(String(64))
    first_name: Mapped[str] = mapped_column(String(80))
    last_name: Mapped[str] = mapped_column(String(80))
    search_name: Mapped[str] = mapped_column(String(170))
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(32))
    state: Mapped[EntrepreneurState] = mapped_column(
        enum_type(EntrepreneurState, "state"), default=EntrepreneurState.INCOMPLETE
    )
    stage: Mapped[Stage | None] = mapped_column(enum_type(Stage, "stage"))
    activity_code: Mapped[str | None] = mapped_column(ForeignKey("activities.code"))
    project_title: Mapped[str] = mapped_column(String(160), default="")
    project_text: Mapped[str] = mapped_column(Text, default="")
    commune_code: Mapped[str | None] = mapped_column(ForeignKey("communes.code"))
    qpv_code: Mapped[str | None] = mapped_column(ForeignKey("qpvs.code"))
    latitude: Mapped[float | None] = mapped_column(Double)
    longitude: Mapped[float | None] = mapped_column(Double)
    max_km: Mapped[float] = mapped_column(Double, default=30.0)
    accepts_remote: Mapped[bool] = mapped_column(default=True)
    availability: Mapped[int] = mapped_column(Integer, default=0)
    wanted_roles: Mapped[list[str]] = mapped_column(JSON, default=list)
    wants_bridging: Mapped[bool] = mapped_column(default=False)
    wants_circle: Mapped[bool] = mapped_column(default=False, server_default=false())
    household: Mapped[str | None] = mapped_column(String(64))
    waiting_since: Mapped[date | None] = mapped_column()
    follow_up_on: Mapped[date | None] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    needs: Mapped[list["EntrepreneurNeed"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="EntrepreneurNeed.priority.desc()"
    )
    languages: Mapped[list["EntrepreneurLanguage"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="EntrepreneurLanguage.position"
    )
    offers: Mapped[list["EntrepreneurOffer"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="EntrepreneurOffer.topic"
    )
    confided: Mapped["EntrepreneurConfided | None"] = relationship(lazy="raise_on_sql", cascade="all, delete-orphan")

    @property
    def has_consented(self) -> bool:
        """Whether she agreed to resilience coaching; what she confided must be loaded."""
        return self.confided is not None and self.confided.coaching_consent_at is not None


class EntrepreneurNeed(Model):
    """A topic an entrepreneur needs help with: 1 useful, 2 important, 3 urgent."""

    __tablename__ = "entrepreneur_needs"
    __table_args__ = (CheckConstraint("priority BETWEEN 1 AND 3", name="priority"),)

    entrepreneur_id: Mapped[int] = mapped_column(ForeignKey("entrepreneurs.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[str] = mapped_column(ForeignKey("topics.slug"), primary_key=True)
    priority: Mapped[int] = mapped_column(Integer)


class EntrepreneurOffer(Model):
    """A topic an entrepreneur can help other entrepreneurs with: 1 some, 2 good, 3 expert."""

    __tablename__ = "entrepreneur_offers"
    __table_args__ = (CheckConstraint("level BETWEEN 1 AND 3", name="level"),)

    entrepreneur_id: Mapped[int] = mapped_column(ForeignKey("entrepreneurs.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[str] = mapped_column(ForeignKey("topics.slug"), primary_key=True)
    level: Mapped[int] = mapped_column(Integer)


class EntrepreneurLanguage(Model):
    """A language an entrepreneur speaks, the most at ease first."""

    __tablename__ = "entrepreneur_languages"

    entrepreneur_id: Mapped[int] = mapped_column(ForeignKey("entrepreneurs.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(ForeignKey("languages.code"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, default=0)


class EntrepreneurConfided(Model):
    """What an entrepreneur confided: encrypted, never on the lending side, never lowering a score."""

    __tablename__ = "entrepreneur_confided"
    __table_args__ = (
        ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"],
            ["entrepreneurs.association_id", "entrepreneurs.id"],
            ondelete="CASCADE",
        ),
        UniqueConstraint("entrepreneur_id"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    association_id: Mapped[int] = mapped_column()
    entrepreneur_id: Mapped[int] = mapped_column()
    after_liquidation: Mapped[str | None] = mapped_column(EncryptedText)
    coaching_consent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    gender: Mapped[str | None] = mapped_column(EncryptedText)
