"""Clocks: how long each state may last before somebody is reminded, told, or something happens by itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy import CheckConstraint, ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from models.associations import Delay
from models.db import Model, UtcDateTime, enum_type


class Clock(StrEnum):
    """What can be waited for; each has a number of days, set per association."""

    INTERVIEW = "interview"
    QUESTION = "question"
    FIRST_MEETING = "first_meeting"
    CHARTER = "charter"
    MEETING_REPORT = "meeting_report"
    SILENCE = "silence"
    SILENCE_ESCALATION = "silence_escalation"
    PAUSE = "pause"
    SUGGESTION_ESCALATION = "suggestion_escalation"
    REVIEW = "review"
    SEAT_OFFER = "seat_offer"
    GO_OR_NO_GO = "go_or_no_go"
    CIRCLE_ANSWER = "circle_answer"
    EXPERT_ANSWER = "expert_answer"
    INTRODUCTION = "introduction"
    HANDOVER = "handover"
    SESSION_PROPOSAL = "session_proposal"
    GATHERING = "gathering"
    HANDOVER_ESCALATION = "handover_escalation"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a clock where an association set nothing, and between which it may choose."""

    default: int
    least: int = 1
    most: int = 90


SPANS: Mapping[Clock, Span] = MappingProxyType(
    {
        Clock.INTERVIEW: Span(10),
        Clock.QUESTION: Span(5, most=30),
        Clock.FIRST_MEETING: Span(10, most=60),
        Clock.CHARTER: Span(15, most=60),
        Clock.MEETING_REPORT: Span(3, most=30),
        Clock.SILENCE: Span(21),
        Clock.SILENCE_ESCALATION: Span(45, most=120),
        Clock.PAUSE: Span(30, most=180),
        Clock.SUGGESTION_ESCALATION: Span(14, most=60),
        Clock.REVIEW: Span(21),
        Clock.SEAT_OFFER: Span(1, most=7),
        Clock.GO_OR_NO_GO: Span(3, most=30),
        Clock.CIRCLE_ANSWER: Span(7, most=30),
        Clock.EXPERT_ANSWER: Span(10, most=60),
        Clock.INTRODUCTION: Span(21),
        Clock.HANDOVER: Span(1, most=7),
        Clock.HANDOVER_ESCALATION: Span(7, most=30),
        Clock.SESSION_PROPOSAL: Span(7, most=30),
        Clock.GATHERING: Span(90, least=14, most=180),
        Clock.AWAY: Span(60, least=7, most=180),
    }
)

DELAYS: Mapping[Delay, Span] = MappingProxyType(
    {
        Delay.REMINDER: Span(5, most=60),
        Delay.EXPIRY: Span(10, least=2),
        Delay.DECISION: Span(7, most=60),
        Delay.FOLLOW_UP: Span(14),
    }
)
"""The same of the delays that an association's own row carries; its CHECKs hold the same bounds."""

Wait = Clock | Delay
WAITS: tuple[Wait, ...] = (*Clock, *Delay)
"""All that an association may set, wherever it is kept."""


def span_of(wait: Wait) -> Span:
    """Give the usual days of a wait, and its bounds."""
    return SPANS[wait] if isinstance(wait, Clock) else DELAYS[wait]


CHECK_MONTHS = (1, 3, 6)
"""Months after its start at which a pairing is looked at: many break before the sixth (INJEP, plan de mentorat)."""

REVIEW_MONTHS = (6, 12, 24, 36, 48, 60)
"""Months after the start of a follow-up at which its reviews fall: three to five years, denser at the start."""

SUPPORT_MONTHS: Mapping[str, int] = MappingProxyType({"initiative_france": 24, "rebonds": 24})
"""Months a pairing lasts by network: about the first two years of the company; at most 24 months of rebound."""

SHORT_SUPPORT_MONTHS = 6
"""Months that the help of an expert or an ambassador lasts at most: a question, a testimony."""


class AssociationClock(Model):
    """A number of days that an association chose for one clock; without a row the default holds."""

    __tablename__ = "association_clocks"
    __table_args__ = (CheckConstraint("days BETWEEN 1 AND 180", name="days"),)

    association_id: Mapped[int] = mapped_column(ForeignKey("associations.id"), primary_key=True)
    clock: Mapped[Clock] = mapped_column(enum_type(Clock, "clock"), primary_key=True)
    days: Mapped[int] = mapped_column(Integer)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
