"""What people thought of a session, as its organiser may read it: never by name, and never of a few."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from models.feedback import FeedbackFace, SessionFeedback
from models.states import BookingState, SessionState
from models.workshops import Booking, WorkshopSession

SHOWN_FROM = 3
"""Answers from which they are shown: of fewer one could guess who said what."""

SENSITIVE_SHOWN_FROM = 5
"""The same for a sensitive theme, where what somebody writes may be about herself."""

OPEN_FOR = timedelta(days=30)
"""How long after its end people are asked how a session was, and may change their word."""

PRESENT_STATES = (BookingState.CONFIRMED, BookingState.ATTENDED)
"""Who is asked: who came, and who had a place while nobody has marked attendance yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackSheet:
    """The answers to one session. While they are too few, `counts` and `words` are empty and `lacking` says how many.

    Words stand in the order of the alphabet: their order tells nothing of who wrote first.
    """

    total: int
    lacking: int
    counts: Mapping[FeedbackFace, int] = field(default_factory=dict)
    words: tuple[str, ...] = ()


def read_feedback(session: Session, workshop: WorkshopSession) -> FeedbackSheet:
    """Read what people thought of a session; its theme must be loaded."""
    least = SENSITIVE_SHOWN_FROM if workshop.theme.is_sensitive else SHOWN_FROM
    given = session.scalars(select(SessionFeedback).where(SessionFeedback.session_id == workshop.id)).all()
    if len(given) < least:
        return FeedbackSheet(total=len(given), lacking=least - len(given))
    counted = Counter(one.face for one in given)
    return FeedbackSheet(
        total=len(given),
        lacking=0,
        counts={face: counted[face] for face in FeedbackFace},
        words=tuple(sorted((one.word for one in given if one.word), key=str.casefold)),
    )


def find_feedback(session: Session, booking_id: int) -> SessionFeedback | None:
    """Give what was said with one booking."""
    return session.scalar(
        select(SessionFeedback)
        .where(SessionFeedback.booking_id == booking_id)
        .execution_options(populate_existing=True)
    )


def is_open_for_feedback(booking: Booking, workshop: WorkshopSession, *, at: datetime) -> bool:
    """Say whether the person of a booking may say how the session was."""
    is_time = workshop.ends_at <= at <= workshop.ends_at + OPEN_FOR
    return is_time and booking.state in PRESENT_STATES and workshop.state is not SessionState.CANCELLED


def list_sessions_to_tell(session: Session, entrepreneur_id: int, *, at: datetime) -> Sequence[WorkshopSession]:
    """Give the sessions that a person came to lately and has said nothing of, the last one first."""
    return session.scalars(
        select(WorkshopSession)
        .join(Booking, Booking.session_id == WorkshopSession.id)
        .where(
            Booking.entrepreneur_id == entrepreneur_id,
            Booking.state.in_(PRESENT_STATES),
            WorkshopSession.state != SessionState.CANCELLED,
            WorkshopSession.ends_at <= at,
            WorkshopSession.ends_at >= at - OPEN_FOR,
            ~exists().where(SessionFeedback.booking_id == Booking.id),
        )
        .options(joinedload(WorkshopSession.theme))
        .order_by(WorkshopSession.ends_at.desc(), WorkshopSession.id)
    ).all()
