"""Meetings of a peer circle: planned month by month, with who comes, whose turn it is, and each member's yes."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.circles import Circle, CircleMember
from models.db import Model, PublicRecord, UtcDateTime, enum_type
from models.states import CircleMeetingState


class CircleAnswer(StrEnum):
    """What a member says about coming to a meeting."""

    YES = "yes"
    NO = "no"


class CircleMeeting(PublicRecord, Model):
    """One meeting of a circle. `number` is its place in the monthly series, whatever day it is moved to.

    The "client" is the member whose question the others work on; `swap_with_id` was asked to take that turn. `kept_at`:
    somebody decided that it takes place though few come. `sequence` rises with each change, for calendars.
    `facilitator_id` is who led it, once it was held: the hours are hers, whoever leads the circle after her.
    """

    __tablename__ = "circle_meetings"
    __table_args__ = (
        UniqueConstraint("association_id", "id"),
        UniqueConstraint("circle_id", "number"),
        ForeignKeyConstraint(["association_id", "circle_id"], ["circles.association_id", "circles.id"]),
        ForeignKeyConstraint(
            ["association_id", "client_member_id"], ["circle_members.association_id", "circle_members.id"]
        ),
        ForeignKeyConstraint(
            ["association_id", "swap_with_id"], ["circle_members.association_id", "circle_members.id"]
        ),
        ForeignKeyConstraint(["association_id", "facilitator_id"], ["supporters.association_id", "supporters.id"]),
        Index("ix_circle_meetings_state_starts_at", "state", "starts_at"),
        Index("ix_circle_meetings_state_report_due_at", "state", "report_due_at"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("minutes BETWEEN 5 AND 600", name="minutes"),
        CheckConstraint("sequence >= 0", name="sequence"),
        CheckConstraint("quorum_due_at <= starts_at AND starts_at < report_due_at", name="days_in_order"),
        CheckConstraint("state NOT IN ('held', 'missed') OR logged_at IS NOT NULL", name="logged_at"),
        CheckConstraint("state <> 'held' OR facilitator_id IS NOT NULL", name="led_by_somebody"),
        CheckConstraint("swap_with_id IS NULL OR client_member_id IS NOT NULL", name="swap_of_somebody"),
        CheckConstraint("swap_with_id <> client_member_id", name="swap_of_two"),
    )

    association_id: Mapped[int] = mapped_column()
    circle_id: Mapped[int] = mapped_column(index=True)
    number: Mapped[int] = mapped_column(Integer)
    state: Mapped[CircleMeetingState] = mapped_column(
        enum_type(CircleMeetingState, "state"), default=CircleMeetingState.PLANNED
    )
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    wall_start: Mapped[str] = mapped_column(String(16))
    zone: Mapped[str] = mapped_column(String(40), default="Europe/Paris")
    minutes: Mapped[int] = mapped_column(Integer)
    quorum_due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    report_due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kept_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    client_member_id: Mapped[int | None] = mapped_column()
    swap_with_id: Mapped[int | None] = mapped_column()
    logged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    logged_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    facilitator_id: Mapped[int | None] = mapped_column(index=True)
    sequence: Mapped[int] = mapped_column(Integer, default=0)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    circle: Mapped[Circle] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(CircleMeeting.circle_id) == Circle.id"
    )
    attendances: Mapped[list["CircleAttendance"]] = relationship(
        lazy="raise_on_sql",
        viewonly=True,
        primaryjoin="CircleMeeting.id == foreign(CircleAttendance.meeting_id)",
        order_by="CircleAttendance.member_id",
    )


class CircleAttendance(Model):
    """What a member said about coming to one meeting, and whether she was there."""

    __tablename__ = "circle_attendances"
    __table_args__ = (
        ForeignKeyConstraint(
            ["association_id", "meeting_id"], ["circle_meetings.association_id", "circle_meetings.id"]
        ),
        ForeignKeyConstraint(["association_id", "member_id"], ["circle_members.association_id", "circle_members.id"]),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_at"),
        CheckConstraint("answer IS NOT NULL OR was_there IS NOT NULL", name="says_something"),
    )

    meeting_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    member_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, index=True)
    association_id: Mapped[int] = mapped_column()
    answer: Mapped[CircleAnswer | None] = mapped_column(enum_type(CircleAnswer, "answer"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    was_there: Mapped[bool | None] = mapped_column()


class CircleAgreement(Model):
    """One member's yes to the contract of her circle: which text, and when."""

    __tablename__ = "circle_agreements"
    __table_args__ = (
        ForeignKeyConstraint(["association_id", "member_id"], ["circle_members.association_id", "circle_members.id"]),
    )

    member_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    association_id: Mapped[int] = mapped_column(index=True)
    version: Mapped[str] = mapped_column(String(16))
    agreed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    member: Mapped[CircleMember] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(CircleAgreement.member_id) == CircleMember.id"
    )
