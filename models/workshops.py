"""Workshop sessions and bookings."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    Boolean,
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
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.db import Model, PublicRecord, UtcDateTime, enum_type
from models.entrepreneurs import Entrepreneur
from models.states import BookingState, SessionState
from models.topics import WorkshopTheme

LIVE = text("state <> 'cancelled'")


class SessionFormat(StrEnum):
    """Where a session takes place."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    HYBRID = "hybrid"


class CancelReason(StrEnum):
    """Who or what ended a booking."""

    BY_PERSON = "by_person"
    BY_ORGANISER = "by_organiser"
    SESSION_CANCELLED = "session_cancelled"
    NO_SEAT_FREED = "no_seat_freed"
    OFFER_DECLINED = "offer_declined"
    OFFER_LAPSED = "offer_lapsed"


class MoveReason(StrEnum):
    """Why somebody was moved in a waiting list by hand."""

    ACCESS = "access"
    URGENT = "urgent"
    CANCELLED_BEFORE = "cancelled_before"
    AGREED = "agreed"
    MISTAKE = "mistake"


class WaitingRule(StrEnum):
    """Why somebody stands where she stands in a waiting list; the first of these go first."""

    CANCELLED_BEFORE = "cancelled_before"
    FIRST_TIME_AND_NEED = "first_time_and_need"
    FIRST_TIME = "first_time"
    NEED = "need"
    ARRIVAL = "arrival"


class WorkshopSession(PublicRecord, Model):
    """One date of a workshop. `taken` of `seats` is a counter; `next_ticket` numbers the bookings as they come.

    Where `minimum` people are needed, somebody says by `decide_by` whether it takes place; `sure_at` when it was sure.
    Of visitors only how many came is kept, in `visitors_came`: their names are erased.
    `last_calls` counts how often, in the last day, a seat was opened to who answers first after all were taken.

    Who comes to a sensitive theme is shown to the organiser only; without one, to nobody until somebody takes it over.
    """

    __tablename__ = "workshop_sessions"
    __table_args__ = (
        UniqueConstraint("association_id", "id"),
        UniqueConstraint("association_id", "reference"),
        ForeignKeyConstraint(["association_id", "series_id"], ["workshop_series.association_id", "workshop_series.id"]),
        CheckConstraint("seats BETWEEN 1 AND 500", name="seats"),
        CheckConstraint("taken BETWEEN 0 AND seats", name="taken"),
        CheckConstraint("minimum IS NULL OR minimum BETWEEN 1 AND 500", name="minimum"),
        CheckConstraint("visitors_came IS NULL OR visitors_came BETWEEN 0 AND 500", name="visitors_came"),
        CheckConstraint("(minimum IS NULL) = (decide_by IS NULL)", name="decide_by"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("format <> 'in_person' OR place <> ''", name="place_in_person"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="whole_point"),
        Index("ix_workshop_sessions_association_id_state_starts_at", "association_id", "state", "starts_at"),
    )

    association_id: Mapped[int] = mapped_column(ForeignKey("associations.id"))
    organiser_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    reference: Mapped[str] = mapped_column(String(64))
    series_id: Mapped[int | None] = mapped_column(index=True)
    theme_slug: Mapped[str] = mapped_column(ForeignKey("workshop_themes.slug"))
    title: Mapped[str] = mapped_column(String(160))
    description: Mapped[str] = mapped_column(Text, default="")
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    wall_start: Mapped[str] = mapped_column(String(16))
    zone: Mapped[str] = mapped_column(String(40), default="Europe/Paris")
    format: Mapped[SessionFormat] = mapped_column(enum_type(SessionFormat, "format"))
    place: Mapped[str] = mapped_column(String(160), default="")
    address: Mapped[str] = mapped_column(String(255), default="")
    online_url: Mapped[str] = mapped_column(String(255), default="")
    commune_code: Mapped[str | None] = mapped_column(ForeignKey("communes.code"))
    latitude: Mapped[float | None] = mapped_column(Double)
    longitude: Mapped[float | None] = mapped_column(Double)
    language: Mapped[str] = mapped_column(ForeignKey("languages.code"), default="fr")
    stages: Mapped[list[str]] = mapped_column(JSON, default=list)
    accessibility: Mapped[str] = mapped_column(String(255), default="")
    is_public: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    seats: Mapped[int] = mapped_column(Integer)
    taken: Mapped[int] = mapped_column(Integer, default=0)
    next_ticket: Mapped[int] = mapped_column(Integer, default=1)
    last_calls: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    minimum: Mapped[int | None] = mapped_column(Integer)
    decide_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sure_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    visitors_came: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[SessionState] = mapped_column(enum_type(SessionState, "state"), default=SessionState.SCHEDULED)
    sequence: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    theme: Mapped[WorkshopTheme] = relationship(lazy="raise_on_sql", viewonly=True)


class Booking(PublicRecord, Model):
    """One person's place, or turn in the waiting list, of one session.

    `ticket` is the order in which bookings came, `turn` the order in which free seats are offered, `waiting_rule` why.
    `from_session_id` is the cancelled session instead of which this one was proposed to her.
    `reminded_for` is the start that a reminder named, `corrected_at` when the person said that she was there.
    """

    __tablename__ = "bookings"
    __table_args__ = (
        UniqueConstraint("association_id", "id"),
        UniqueConstraint("session_id", "ticket"),
        ForeignKeyConstraint(
            ["association_id", "session_id"], ["workshop_sessions.association_id", "workshop_sessions.id"]
        ),
        ForeignKeyConstraint(
            ["association_id", "from_session_id"], ["workshop_sessions.association_id", "workshop_sessions.id"]
        ),
        ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"], ["entrepreneurs.association_id", "entrepreneurs.id"]
        ),
        Index(
            "uq_bookings_live", "session_id", "entrepreneur_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE
        ),
        Index("ix_bookings_session_id_state_ticket", "session_id", "state", "ticket"),
        Index("ix_bookings_state_offer_until", "state", "offer_until"),
        CheckConstraint("(state = 'cancelled') = (cancel_reason IS NOT NULL)", name="cancel_reason"),
        CheckConstraint("state <> 'offered' OR offer_until IS NOT NULL", name="offer_until"),
    )

    association_id: Mapped[int] = mapped_column()
    session_id: Mapped[int] = mapped_column()
    entrepreneur_id: Mapped[int] = mapped_column(index=True)
    from_session_id: Mapped[int | None] = mapped_column(index=True)
    ticket: Mapped[int] = mapped_column(Integer)
    turn: Mapped[int] = mapped_column(Integer)
    waiting_rule: Mapped[WaitingRule] = mapped_column(
        enum_type(WaitingRule, "waiting_rule"), default=WaitingRule.ARRIVAL, server_default=WaitingRule.ARRIVAL.value
    )
    state: Mapped[BookingState] = mapped_column(enum_type(BookingState, "state"))
    booked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    offer_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminded_for: Mapped[datetime | None] = mapped_column(UtcDateTime)
    corrected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancel_reason: Mapped[CancelReason | None] = mapped_column(enum_type(CancelReason, "cancel_reason_value"))

    session: Mapped[WorkshopSession] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(Booking.session_id) == WorkshopSession.id"
    )
    entrepreneur: Mapped[Entrepreneur] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(Booking.entrepreneur_id) == Entrepreneur.id"
    )
