"""A word two days before a session, with one tap to give the place back while somebody else can still come."""

from datetime import datetime
from uuid import UUID

from models.db import db, retried, transaction
from models.messages import MessageKind
from models.queries.bookings import list_bookings_to_remind
from models.queries.workshops import lock_workshop_session
from models.states import BookingState
from models.workshops import Booking
from webapp.services.bookings import get_booking
from webapp.services.session_notices import tell_about_booking


def remind_sessions(*, at: datetime) -> int:
    """Remind everybody who comes within two days, once for each day that a session was set to; may run twice."""
    return sum(_remind(booking_id, at=at) for booking_id in list_bookings_to_remind(db.session(), at=at))


@retried
def _remind(booking_id: UUID, *, at: datetime) -> int:
    with transaction() as session:
        found = get_booking(session, booking_id)
        workshop = lock_workshop_session(session, found.session_id)
        booking = session.get_one(Booking, found.id, with_for_update=True, populate_existing=True)
        is_known = booking.reminded_for == workshop.starts_at
        if booking.state is not BookingState.CONFIRMED or workshop.starts_at <= at or is_known:
            return 0
        booking.reminded_for = workshop.starts_at
        event = f"{MessageKind.SESSION_REMINDER.value}:{workshop.starts_at:%Y%m%d%H%M}"
        tell_about_booking(session, MessageKind.SESSION_REMINDER, booking, workshop, at=at, event=event)
    return 1
