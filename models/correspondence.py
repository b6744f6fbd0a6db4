"""How people wish to be written to, the private addresses of their calendars, and answers from a mail in one tap."""

from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Integer, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Model, RowId, UtcDateTime, enum_type
from models.messages import MessageKind

LIVE = text("ended_at IS NULL")
USUAL_QUIET_FROM, USUAL_QUIET_UNTIL = 20, 8


class MailGroup(StrEnum):
    """Messages that are chosen for together. What must always come by mail at once is in none."""

    ASKS = "asks"
    PAIRS = "pairs"
    WORKSHOPS = "workshops"
    CIRCLES = "circles"
    DESK = "desk"


class MailWay(StrEnum):
    """How a group comes: each by mail, in one mail a day or a week, or on one's own page alone."""

    EACH = "each"
    DAILY = "daily"
    WEEKLY = "weekly"
    IN_APP = "in_app"


# A kind is in one group, or among those below: a test sees that none is forgotten.
GROUPS = MappingProxyType(
    {
        MessageKind.PAIRING_PROPOSED: MailGroup.ASKS,
        MessageKind.PAIRING_REMINDER: MailGroup.ASKS,
        MessageKind.PAIRING_ASKED: MailGroup.ASKS,
        MessageKind.PAIRING_QUESTION_ANSWERED: MailGroup.ASKS,
        MessageKind.MEETING_PROPOSED: MailGroup.ASKS,
        MessageKind.CHARTER_OPENED: MailGroup.ASKS,
        MessageKind.CIRCLE_INVITED: MailGroup.ASKS,
        MessageKind.INTERVIEW_PLANNED: MailGroup.ASKS,
        MessageKind.INTERVIEW_OUTCOME: MailGroup.ASKS,
        MessageKind.SESSION_PROPOSED: MailGroup.ASKS,
        MessageKind.EXPERT_ASKED: MailGroup.ASKS,
        MessageKind.PEER_PROPOSED: MailGroup.ASKS,
        MessageKind.EXPERT_ANSWERED: MailGroup.ASKS,
        MessageKind.CIRCLE_TURN_ASKED: MailGroup.ASKS,
        MessageKind.GATHERING_PLANNED: MailGroup.ASKS,
        MessageKind.PAIRING_ACCEPTED: MailGroup.PAIRS,
        MessageKind.PAIRING_DECLINED: MailGroup.PAIRS,
        MessageKind.PAIRING_EXPIRED: MailGroup.PAIRS,
        MessageKind.PAIRING_WITHDRAWN: MailGroup.PAIRS,
        MessageKind.PAIRING_ENDED: MailGroup.PAIRS,
        MessageKind.PAIRING_PAUSED: MailGroup.PAIRS,
        MessageKind.PAIRING_RESUMED: MailGroup.PAIRS,
        MessageKind.PAIRING_EXTENDED: MailGroup.PAIRS,
        MessageKind.MEETING_CONFIRMED: MailGroup.PAIRS,
        MessageKind.MEETING_CANCELLED: MailGroup.PAIRS,
        MessageKind.CHARTER_SIGNED: MailGroup.PAIRS,
        MessageKind.INTRODUCTION_MADE: MailGroup.PAIRS,
        MessageKind.INTRODUCTION_TOLD: MailGroup.PAIRS,
        MessageKind.EXPERT_UNANSWERED: MailGroup.PAIRS,
        MessageKind.CALL_ENDED: MailGroup.PAIRS,
        MessageKind.PEER_ANSWERED: MailGroup.WORKSHOPS,
        MessageKind.PEER_CHANGED: MailGroup.WORKSHOPS,
        MessageKind.BOOKING_CONFIRMED: MailGroup.WORKSHOPS,
        MessageKind.BOOKING_WAITING: MailGroup.WORKSHOPS,
        MessageKind.SESSION_SURE: MailGroup.WORKSHOPS,
        MessageKind.BOOKING_CANCELLED: MailGroup.WORKSHOPS,
        MessageKind.SESSION_CHANGED: MailGroup.WORKSHOPS,
        MessageKind.SESSION_CANCELLED: MailGroup.WORKSHOPS,
        MessageKind.CIRCLE_LED: MailGroup.CIRCLES,
        MessageKind.CIRCLE_LEADER: MailGroup.CIRCLES,
        MessageKind.CIRCLE_OVER: MailGroup.CIRCLES,
        MessageKind.CIRCLE_MEETING_MOVED: MailGroup.CIRCLES,
        MessageKind.CIRCLE_MEETING_CANCELLED: MailGroup.CIRCLES,
        MessageKind.CIRCLE_MEETING_KEPT: MailGroup.CIRCLES,
        MessageKind.CIRCLE_TURN_ANSWERED: MailGroup.CIRCLES,
        MessageKind.GATHERING_CHANGED: MailGroup.CIRCLES,
        MessageKind.GATHERING_CANCELLED: MailGroup.CIRCLES,
        MessageKind.SUGGESTIONS_WAITING: MailGroup.DESK,
        MessageKind.CIRCLE_ANSWERED: MailGroup.DESK,
    }
)
ALWAYS_AT_ONCE = frozenset(
    {
        MessageKind.INVITATION,
        MessageKind.PASSWORD_RESET,
        MessageKind.REGISTRATION,
        MessageKind.BOOKING_PROMOTED,
        MessageKind.SEAT_OFFERED,
        MessageKind.SEAT_FREE,
        MessageKind.ERASURE_ASKED,
        MessageKind.ERASURE_DONE,
        MessageKind.HANDOVER_ASKED,
        MessageKind.HANDOVER_REMINDER,
        MessageKind.HANDOVER_UNANSWERED,
        MessageKind.VISITOR_ASKED,
        MessageKind.VISITOR_CONFIRMED,
        MessageKind.VISITOR_CHANGED,
        MessageKind.VISITOR_CANCELLED,
    }
)
"""Links that end soon, a seat for the first answer, a person who waits for a call, people who have no preferences."""

# What waits for an answer has a deadline: it may be gathered for a day, never longer, never left out of the mail.
WAYS = MappingProxyType(
    {
        MailGroup.ASKS: (MailWay.EACH, MailWay.DAILY),
        MailGroup.PAIRS: tuple(MailWay),
        MailGroup.WORKSHOPS: tuple(MailWay),
        MailGroup.CIRCLES: tuple(MailWay),
        MailGroup.DESK: (MailWay.EACH, MailWay.DAILY),
    }
)
USUAL_WAYS = MappingProxyType(
    {group: MailWay.DAILY if group is MailGroup.DESK else MailWay.EACH for group in MailGroup}
)


class MailPreference(Model):
    """How an account wishes to be written to; without a row everything is as usual.

    Between the hours `quiet_from` and `quiet_until` on a clock in France no mail leaves; two equal hours mean never.
    """

    __tablename__ = "mail_preferences"
    __table_args__ = (
        CheckConstraint("quiet_from BETWEEN 0 AND 23", name="quiet_from"),
        CheckConstraint("quiet_until BETWEEN 0 AND 23", name="quiet_until"),
        CheckConstraint("asks_way IN ('each', 'daily')", name="asks_reach_her"),
        CheckConstraint("desk_way IN ('each', 'daily')", name="desk_reaches_her"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, autoincrement=False)
    asks_way: Mapped[MailWay] = mapped_column(enum_type(MailWay, "asks_way"), default=MailWay.EACH)
    pairs_way: Mapped[MailWay] = mapped_column(enum_type(MailWay, "pairs_way"), default=MailWay.EACH)
    workshops_way: Mapped[MailWay] = mapped_column(enum_type(MailWay, "workshops_way"), default=MailWay.EACH)
    circles_way: Mapped[MailWay] = mapped_column(enum_type(MailWay, "circles_way"), default=MailWay.EACH)
    desk_way: Mapped[MailWay] = mapped_column(enum_type(MailWay, "desk_way"), default=MailWay.DAILY)
    quiet_from: Mapped[int] = mapped_column(Integer, default=USUAL_QUIET_FROM)
    quiet_until: Mapped[int] = mapped_column(Integer, default=USUAL_QUIET_UNTIL)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    def way_of(self, group: MailGroup) -> MailWay:
        """Give how a group comes."""
        ways = {
            MailGroup.ASKS: self.asks_way,
            MailGroup.PAIRS: self.pairs_way,
            MailGroup.WORKSHOPS: self.workshops_way,
            MailGroup.CIRCLES: self.circles_way,
            MailGroup.DESK: self.desk_way,
        }
        return ways[group]


class CalendarFeed(Model):
    """The private address at which a person's calendar reads; only the hash of its secret is here. One is live."""

    __tablename__ = "calendar_feeds"
    __table_args__ = (
        Index("uq_calendar_feeds_live", "account_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        CheckConstraint("ended_at IS NULL OR ended_at >= created_at", name="ended_at"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TapPurpose(StrEnum):
    """Which one question a link in a mail answers."""

    ANSWER_PAIRING = "answer_pairing"
    TELL_MEETING = "tell_meeting"
    LEAVE_SESSION = "leave_session"
    ANSWER_SEAT = "answer_seat"
    ANSWER_GATHERING = "answer_gathering"


class TapAnswer(StrEnum):
    """What was answered by such a link."""

    YES = "yes"
    NO = "no"


class OneTap(Model):
    """One answer that one person may give from a mail without signing in; only the hash of its secret is here.

    `target_id` is the public number of the pairing, meeting, booking or gathering. She is a supporter or an
    entrepreneur, with or without an account.
    """

    __tablename__ = "one_taps"
    __table_args__ = (
        ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"], ["entrepreneurs.association_id", "entrepreneurs.id"]
        ),
        ForeignKeyConstraint(["association_id", "supporter_id"], ["supporters.association_id", "supporters.id"]),
        Index("ix_one_taps_expires_at", "expires_at"),
        CheckConstraint("(entrepreneur_id IS NULL) <> (supporter_id IS NULL)", name="one_person"),
        CheckConstraint("(used_at IS NULL) = (answer IS NULL)", name="answer"),
        CheckConstraint("expires_at > created_at", name="expires_at"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    association_id: Mapped[int] = mapped_column(ForeignKey("associations.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[TapPurpose] = mapped_column(enum_type(TapPurpose, "purpose"))
    target_id: Mapped[UUID] = mapped_column(Uuid)
    entrepreneur_id: Mapped[int | None] = mapped_column(index=True)
    supporter_id: Mapped[int | None] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[TapAnswer | None] = mapped_column(enum_type(TapAnswer, "answer_value"))
