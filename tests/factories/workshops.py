"""Workshop sessions and bookings, with the seats they hold."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.associations import Association
from models.entrepreneurs import Entrepreneur
from models.states import SEATED_BOOKING_STATES, BookingState
from models.workshops import Booking, SessionFormat, WorkshopSession
from tests.factories.sequence import MADE_AT, next_number

STARTS_AT = datetime(2026, 12, 8, 17, 0, tzinfo=UTC)


def make_workshop_session(session: Session, association: Association, **values: Any) -> WorkshopSession:
    """Make a session on cash flow, a Tuesday evening in person, with ten seats."""
    number = next_number()
    starts_at = values.get("starts_at", STARTS_AT)
    workshop_session = WorkshopSession(
        **{
            "association_id": association.id,
            "reference": f"W{number}",
            "theme_slug": "financial_management",
            "title": "Tenir sa trésorerie",
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=2),
            "wall_start": "2026-12-08T18:00",
            "format": SessionFormat.IN_PERSON,
            "place": "Maison de l'emploi",
            "commune_code": "93066",
            "seats": 10,
            "created_at": MADE_AT,
            "updated_at": MADE_AT,
            **values,
        }
    )
    session.add(workshop_session)
    session.flush()
    return workshop_session


def make_booking(
    session: Session, workshop_session: WorkshopSession, entrepreneur: Entrepreneur, **values: Any
) -> Booking:
    """Make a confirmed booking; it takes its ticket, and its seat while it holds one."""
    booking = Booking(
        **{
            "association_id": workshop_session.association_id,
            "session_id": workshop_session.id,
            "entrepreneur_id": entrepreneur.id,
            "ticket": workshop_session.next_ticket,
            "turn": workshop_session.next_ticket,
            "state": BookingState.CONFIRMED,
            "booked_at": MADE_AT,
            **values,
        }
    )
    workshop_session.next_ticket += 1
    if booking.state in SEATED_BOOKING_STATES:
        workshop_session.taken += 1
    session.add(booking)
    session.flush()
    return booking
