"""Peer circles: who leads them, what people offer each other, compositions by the engine, circles and their members."""

from datetime import date, datetime
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

from models.db import Model, PublicRecord, UtcDateTime, enum_type
from models.entrepreneurs import Entrepreneur
from models.states import CircleMemberState, CircleState, SupporterState
from models.supporters import Supporter

LIVE_MEMBER = text("state IN ('proposed', 'invited', 'joined')")

NOWHERE = "—"
"""The place of a circle in person whose place went with who said it, until another is said."""


class CircleFormat(StrEnum):
    """Where a circle meets."""

    IN_PERSON = "in_person"
    ONLINE = "online"


class DissolveReason(StrEnum):
    """Why a circle, or its proposal, is over."""

    REPLACED = "replaced"
    NOT_FITTING = "not_fitting"
    TOO_FEW = "too_few"
    FACILITATOR_UNAVAILABLE = "facilitator_unavailable"
    TERM_REACHED = "term_reached"
    OTHER = "other"


class DepartureReason(StrEnum):
    """Why somebody is no longer in a circle; `NOT_TOGETHER` keeps these people apart from then on."""

    DECLINED = "declined"
    NO_ANSWER = "no_answer"
    OWN_WISH = "own_wish"
    MOVED = "moved"
    NOT_TOGETHER = "not_together"
    OTHER_CHOICE = "other_choice"
    FILE_CLOSED = "file_closed"
    CIRCLE_OVER = "circle_over"


class CircleRule(StrEnum):
    """What profiles say of a circle and who leads it; a coordinator who spoke with her may pass over it, by hand."""

    TIME = "time"
    LANGUAGE = "language"
    PLACE = "place"


class Facilitator(Model):
    """A supporter who leads circles. `taken` of `capacity` is a counter of confirmed circles."""

    __tablename__ = "facilitators"
    __table_args__ = (
        ForeignKeyConstraint(
            ["association_id", "supporter_id"], ["supporters.association_id", "supporters.id"], ondelete="CASCADE"
        ),
        CheckConstraint("capacity BETWEEN 0 AND 20", name="capacity"),
        CheckConstraint("taken BETWEEN 0 AND capacity", name="taken"),
    )

    supporter_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    association_id: Mapped[int] = mapped_column(index=True)
    capacity: Mapped[int] = mapped_column(Integer)
    taken: Mapped[int] = mapped_column(Integer, default=0)

    supporter: Mapped[Supporter] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(Facilitator.supporter_id) == Supporter.id"
    )


class CircleRound(PublicRecord, Model):
    """One composition by the engine, with what it proved."""

    __tablename__ = "circle_rounds"
    __table_args__ = (
        UniqueConstraint("association_id", "id"),
        CheckConstraint("placed BETWEEN 0 AND placed_bound", name="placed"),
        CheckConstraint("gap >= 0", name="gap"),
    )

    association_id: Mapped[int] = mapped_column(ForeignKey("associations.id"))
    composed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    composed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    placed: Mapped[int] = mapped_column(Integer)
    placed_bound: Mapped[int] = mapped_column(Integer)
    objective: Mapped[float] = mapped_column(Double)
    upper_bound: Mapped[float] = mapped_column(Double)
    gap: Mapped[float] = mapped_column(Double)
    is_exact: Mapped[bool] = mapped_column()


class CircleComposition(Model):
    """A composition that a worker is to make, or that failed: one at most per association, gone once it is made.

    `failure` names what went wrong; `attempts` counts the workers that took it.
    """

    __tablename__ = "circle_compositions"
    __table_args__ = (CheckConstraint("attempts >= 0", name="attempts"),)

    association_id: Mapped[int] = mapped_column(ForeignKey("associations.id"), primary_key=True, autoincrement=False)
    sizes: Mapped[dict[str, int]] = mapped_column(JSON)
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    failure: Mapped[str | None] = mapped_column(String(64))


class CircleLeftOut(Model):
    """Somebody who asked for a circle and is in none of a composition: what holds her back, what would help."""

    __tablename__ = "circle_left_outs"
    __table_args__ = (
        ForeignKeyConstraint(
            ["association_id", "round_id"], ["circle_rounds.association_id", "circle_rounds.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"],
            ["entrepreneurs.association_id", "entrepreneurs.id"],
            ondelete="CASCADE",
        ),
    )

    round_id: Mapped[int] = mapped_column(primary_key=True)
    entrepreneur_id: Mapped[int] = mapped_column(primary_key=True, index=True)
    association_id: Mapped[int] = mapped_column()
    rule: Mapped[str] = mapped_column(String(32))
    refusals: Mapped[dict[str, int]] = mapped_column(JSON)
    change: Mapped[dict[str, Any] | None] = mapped_column(JSON)

    entrepreneur: Mapped[Entrepreneur] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(CircleLeftOut.entrepreneur_id) == Entrepreneur.id"
    )


class Circle(PublicRecord, Model):
    """A peer circle. `taken` of `maximum` is a counter of live members; a confirmed one holds its facilitator."""

    __tablename__ = "circles"
    __table_args__ = (
        UniqueConstraint("association_id", "id"),
        ForeignKeyConstraint(["association_id", "facilitator_id"], ["supporters.association_id", "supporters.id"]),
        ForeignKeyConstraint(["association_id", "round_id"], ["circle_rounds.association_id", "circle_rounds.id"]),
        Index("ix_circles_association_id_state", "association_id", "state"),
        CheckConstraint("slot BETWEEN 0 AND 20", name="slot"),
        CheckConstraint("minimum >= 2 AND minimum <= maximum", name="sizes"),
        CheckConstraint("quorum BETWEEN 2 AND minimum", name="quorum"),
        CheckConstraint("taken BETWEEN 0 AND maximum", name="taken"),
        CheckConstraint("format <> 'in_person' OR place <> ''", name="place_in_person"),
        CheckConstraint(
            "state <> 'confirmed' OR (confirmed_at IS NOT NULL AND first_meeting_on IS NOT NULL)",
            name="confirmed_is_whole",
        ),
        CheckConstraint("(state = 'dissolved') = (ended_at IS NOT NULL)", name="ended_at"),
        CheckConstraint("(state = 'dissolved') = (dissolve_reason IS NOT NULL)", name="dissolve_reason"),
    )

    association_id: Mapped[int] = mapped_column(ForeignKey("associations.id"))
    round_id: Mapped[int] = mapped_column(index=True)
    facilitator_id: Mapped[int] = mapped_column(index=True)
    state: Mapped[CircleState] = mapped_column(enum_type(CircleState, "state"), default=CircleState.PROPOSED)
    slot: Mapped[int] = mapped_column(Integer)
    language: Mapped[str] = mapped_column(ForeignKey("languages.code"))
    format: Mapped[CircleFormat] = mapped_column(enum_type(CircleFormat, "format"))
    place: Mapped[str] = mapped_column(String(160), default="")
    quorum: Mapped[int] = mapped_column(Integer)
    minimum: Mapped[int] = mapped_column(Integer)
    maximum: Mapped[int] = mapped_column(Integer)
    taken: Mapped[int] = mapped_column(Integer, default=0)
    score: Mapped[float] = mapped_column(Double)
    first_meeting_on: Mapped[date | None] = mapped_column()
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Set while it has fewer people than planned and nobody has decided what to do about it.
    decide_by_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Its facilitator was named by hand, past these rules, and why; empty when she suits by her profile.
    passed_over: Mapped[list[str]] = mapped_column(JSON, default=list)
    leader_note: Mapped[str] = mapped_column(Text, default="")
    dissolve_reason: Mapped[DissolveReason | None] = mapped_column(enum_type(DissolveReason, "dissolve_reason_value"))

    facilitator: Mapped[Supporter] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(Circle.facilitator_id) == Supporter.id"
    )
    members: Mapped[list["CircleMember"]] = relationship(
        lazy="raise_on_sql",
        viewonly=True,
        primaryjoin="Circle.id == foreign(CircleMember.circle_id)",
        order_by="CircleMember.id",
    )

    @property
    def is_led(self) -> bool:
        """Say whether its facilitator is still there; she must be loaded."""
        return self.facilitator.state is not SupporterState.LEFT


class CircleMember(PublicRecord, Model):
    """One person's place in a circle, with the engine's reasons for it; invited people have a day to answer by."""

    __tablename__ = "circle_members"
    __table_args__ = (
        UniqueConstraint("association_id", "id"),
        ForeignKeyConstraint(["association_id", "circle_id"], ["circles.association_id", "circles.id"]),
        ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"], ["entrepreneurs.association_id", "entrepreneurs.id"]
        ),
        Index(
            "uq_circle_members_live",
            "entrepreneur_id",
            unique=True,
            sqlite_where=LIVE_MEMBER,
            postgresql_where=LIVE_MEMBER,
        ),
        Index("ix_circle_members_state_deadline_at", "state", "deadline_at"),
        CheckConstraint("state <> 'invited' OR deadline_at IS NOT NULL", name="invited_has_deadline"),
        CheckConstraint("state <> 'joined' OR joined_at IS NOT NULL", name="joined_at"),
        CheckConstraint("(state IN ('declined', 'left')) = (departed_at IS NOT NULL)", name="departed_at"),
        CheckConstraint("(state IN ('declined', 'left')) = (departure_reason IS NOT NULL)", name="departure_reason"),
    )

    association_id: Mapped[int] = mapped_column()
    circle_id: Mapped[int] = mapped_column(index=True)
    entrepreneur_id: Mapped[int] = mapped_column(index=True)
    state: Mapped[CircleMemberState] = mapped_column(
        enum_type(CircleMemberState, "state"), default=CircleMemberState.PROPOSED
    )
    score: Mapped[float] = mapped_column(Double)
    components: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    invited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deadline_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    joined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    departed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    departure_reason: Mapped[DepartureReason | None] = mapped_column(
        enum_type(DepartureReason, "departure_reason_value")
    )
    departure_note: Mapped[str] = mapped_column(Text, default="")

    entrepreneur: Mapped[Entrepreneur] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(CircleMember.entrepreneur_id) == Entrepreneur.id"
    )
    circle: Mapped[Circle] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(CircleMember.circle_id) == Circle.id"
    )
