"""How a workshop session was, in one tap, by who came to it."""

import logging
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.db import retried, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import FeedbackClosedError, InvalidInputError, NotFoundError
from models.feedback import FeedbackFace, SessionFeedback
from models.queries.bookings import find_live_booking
from models.queries.feedback import find_feedback, is_open_for_feedback
from models.queries.workshops import get_workshop_session
from webapp.permissions import Actor

logger = logging.getLogger(__name__)

LONGEST_WORD = 500


@retried
def give_feedback(
    *, session_id: UUID, entrepreneur_id: UUID, face: FeedbackFace, word: str | None, actor: Actor, at: datetime
) -> None:
    """Say how a session was, or say it anew; without a word the one written before stays.

    Only the person herself says it. Nobody else is told, and no event names her: what is kept is the last answer.

    Raises NotFoundError (not hers, or no booking), FeedbackClosedError (not over yet, too long ago, did not come) or
    InvalidInputError.
    """
    if word is not None and len(word) > LONGEST_WORD:
        raise InvalidInputError(field="word")
    with transaction() as session:
        workshop = get_workshop_session(session, session_id)
        person = _get_self(session, entrepreneur_id, actor)
        booking = find_live_booking(session, session_id=workshop.id, entrepreneur_id=person.id)
        if booking is None:
            raise NotFoundError(record="Booking")
        if not is_open_for_feedback(booking, workshop, at=at):
            raise FeedbackClosedError(session_id=session_id)
        known = find_feedback(session, booking.id)
        if known is None:
            known = SessionFeedback(
                association_id=workshop.association_id, session_id=workshop.id, booking_id=booking.id
            )
            session.add(known)
        known.face = face
        known.given_at = at
        if word is not None:
            known.word = word.strip() or None
    logger.info("feedback given", extra={"session_id": str(session_id)})


def _get_self(session: Session, entrepreneur_id: UUID, actor: Actor) -> Entrepreneur:
    """Read and lock the person, so that two taps at once are one answer."""
    person = session.scalar(select(Entrepreneur).where(Entrepreneur.public_id == entrepreneur_id).with_for_update())
    if person is None or person.id not in actor.entrepreneur_ids:
        raise NotFoundError(record="Entrepreneur")
    return person
