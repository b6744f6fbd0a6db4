"""What people are told about their workshop sessions: rows in the outbox, written with the decision."""

from datetime import datetime
from types import MappingProxyType

from sqlalchemy.orm import Session

from models.associations import Association
from models.correspondence import TapPurpose
from models.entrepreneurs import Entrepreneur
from models.messages import MessageKind
from models.topics import WorkshopTheme
from models.workshops import Booking, SessionFormat, WorkshopSession
from webapp.services.messages import queue_message
from webapp.services.tap_links import add_link

TAPS = MappingProxyType(
    {
        MessageKind.BOOKING_CONFIRMED: TapPurpose.LEAVE_SESSION,
        MessageKind.BOOKING_PROMOTED: TapPurpose.LEAVE_SESSION,
        MessageKind.SESSION_REMINDER: TapPurpose.LEAVE_SESSION,
        MessageKind.SEAT_OFFERED: TapPurpose.ANSWER_SEAT,
        MessageKind.SEAT_FREE: TapPurpose.ANSWER_SEAT,
    }
)


def tell_about_booking(
    session: Session,
    kind: MessageKind,
    booking: Booking,
    workshop: WorkshopSession,
    *,
    at: datetime,
    event: str = "",
    **facts: object,
) -> None:
    """Tell a person about her own booking; what tells of a place carries a link to give it back in one tap."""
    person = session.get_one(Entrepreneur, booking.entrepreneur_id)
    if kind in TAPS:
        facts["tap"] = add_link(
            session,
            purpose=TAPS[kind],
            target_id=booking.public_id,
            person=person,
            expires_at=workshop.starts_at,
            at=at,
        )
    queue_message(
        session,
        kind=kind,
        account_id=person.account_id,
        recipient=person.email,
        event_key=f"booking:{booking.public_id}:{event or kind.value}",
        facts={**describe_session(session, workshop), **facts},
        association_id=workshop.association_id,
        at=at,
    )


def describe_session(session: Session, workshop: WorkshopSession) -> dict[str, object]:
    """Give the facts of a session that a mail may hold: of a sensitive one date and place only, never what it is on."""
    theme = session.get_one(WorkshopTheme, workshop.theme_slug)
    association = session.get_one(Association, workshop.association_id)
    return {
        "session_id": workshop.public_id,
        "title": None if theme.is_sensitive else workshop.title,
        "starts_at": workshop.starts_at,
        "place": ", ".join(part for part in (workshop.place, workshop.address) if part) or None,
        "online": workshop.format is not SessionFormat.IN_PERSON,
        "association": association.name,
    }
