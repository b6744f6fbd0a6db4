"""What people thought of sessions."""

from typing import Any

from sqlalchemy.orm import Session

from models.feedback import FeedbackFace, SessionFeedback
from models.workshops import Booking
from tests.factories.sequence import MADE_AT


def make_session_feedback(session: Session, booking: Booking, **values: Any) -> SessionFeedback:
    """Make what the person of a booking thought: it helped her."""
    feedback = SessionFeedback(
        **{
            "association_id": booking.association_id,
            "session_id": booking.session_id,
            "booking_id": booking.id,
            "face": FeedbackFace.GOOD,
            "given_at": MADE_AT,
            **values,
        }
    )
    session.add(feedback)
    session.flush()
    return feedback
