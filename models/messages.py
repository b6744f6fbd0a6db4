"""The outbox: messages are rows, written with the decision they tell of, and sent later."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from models.accounts import Locale
from models.db import Model, PublicRecord, UtcDateTime, enum_type
from models.states import MessageState


class MessageKind(StrEnum):
    """What a message tells."""

    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"
    PAIRING_PROPOSED = "pairing_proposed"
    PAIRING_REMINDER = "pairing_reminder"
    PAIRING_ACCEPTED = "pairing_accepted"
    PAIRING_DECLINED = "pairing_declined"
    PAIRING_EXPIRED = "pairing_expired"
    PAIRING_WITHDRAWN = "pairing_withdrawn"
    PAIRING_ENDED = "pairing_ended"
    BOOKING_CONFIRMED = "booking_confirmed"
    BOOKING_WAITING = "booking_waiting"
    BOOKING_PROMOTED = "booking_promoted"
    BOOKING_CANCELLED = "booking_cancelled"
    SESSION_CHANGED = "session_changed"
    SESSION_CANCELLED = "session_cancelled"
    SESSION_PROPOSED = "session_proposed"
    SUGGESTIONS_WAITING = "suggestions_waiting"
    PAIRING_ASKED = "pairing_asked"
    PAIRING_QUESTION_ANSWERED = "pairing_question_answered"
    PAIRING_PAUSED = "pairing_paused"
    PAIRING_RESUMED = "pairing_resumed"
    MEETING_PROPOSED = "meeting_proposed"
    MEETING_CONFIRMED = "meeting_confirmed"
    MEETING_CANCELLED = "meeting_cancelled"
    CHARTER_OPENED = "charter_opened"
    CHARTER_SIGNED = "charter_signed"
    CIRCLE_INVITED = "circle_invited"
    CIRCLE_LED = "circle_led"
    CIRCLE_ANSWERED = "circle_answered"
    CIRCLE_OVER = "circle_over"
    DIGEST = "digest"
    INTRODUCTION_MADE = "introduction_made"
    INTRODUCTION_TOLD = "introduction_told"
    SEAT_OFFERED = "seat_offered"
    SEAT_FREE = "seat_free"
    HANDOVER_ASKED = "handover_asked"
    HANDOVER_REMINDER = "handover_reminder"
    HANDOVER_UNANSWERED = "handover_unanswered"
    SESSION_SURE = "session_sure"
    SESSION_REMINDER = "session_reminder"
    EXPERT_ASKED = "expert_asked"
    EXPERT_ANSWERED = "expert_answered"
    EXPERT_UNANSWERED = "expert_unanswered"
    VISITOR_ASKED = "visitor_asked"
    VISITOR_CONFIRMED = "visitor_confirmed"
    VISITOR_CHANGED = "visitor_changed"
    VISITOR_CANCELLED = "visitor_cancelled"
    INTERVIEW_PLANNED = "interview_planned"
    INTERVIEW_OUTCOME = "interview_outcome"
    REGISTRATION = "registration"
    CIRCLE_MEETING_MOVED = "circle_meeting_moved"
    CIRCLE_MEETING_CANCELLED = "circle_meeting_cancelled"
    CIRCLE_MEETING_KEPT = "circle_meeting_kept"
    CIRCLE_TURN_ASKED = "circle_turn_asked"
    CIRCLE_TURN_ANSWERED = "circle_turn_answered"
    CALL_ENDED = "call_ended"
    PEER_PROPOSED = "peer_proposed"
    PEER_ANSWERED = "peer_answered"
    PEER_CHANGED = "peer_changed"
    GATHERING_PLANNED = "gathering_planned"
    GATHERING_CHANGED = "gathering_changed"
    GATHERING_CANCELLED = "gathering_cancelled"
    ERASURE_ASKED = "erasure_asked"
    ERASURE_DONE = "erasure_done"
    CIRCLE_LEADER = "circle_leader"
    PAIRING_EXTENDED = "pairing_extended"


class Message(PublicRecord, Model):
    """One message to one person. `event_key` with the recipient makes it unique: an event is told once."""

    __tablename__ = "messages"
    __table_args__ = (
        Index("uq_messages_event_key_recipient", "event_key", "recipient", unique=True),
        Index("ix_messages_state_next_try_at", "state", "next_try_at"),
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_at"),
        CheckConstraint("state <> 'held' OR account_id IS NOT NULL", name="held_for_an_account"),
    )

    association_id: Mapped[int | None] = mapped_column(ForeignKey("associations.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    recipient: Mapped[str] = mapped_column(String(254))
    locale: Mapped[Locale] = mapped_column(enum_type(Locale, "locale"))
    kind: Mapped[MessageKind] = mapped_column(enum_type(MessageKind, "kind"))
    event_key: Mapped[str] = mapped_column(String(120))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[MessageState] = mapped_column(enum_type(MessageState, "state"), default=MessageState.QUEUED)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[str | None] = mapped_column(String(120))
