"""What people are told about their workshop sessions: rows in the outbox, written with the decision."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models.associations import Association
from models.correspondence import TapPurpose
from models.entrepreneurs import Entrepreneur
from models.messages import MessageKind
from models.topics import WorkshopTheme
from models.workshops import Booking, SessionFormat, WorkshopSession
from webapp.services.messages import Draft, queue_messages
from webapp.services.tap_links import add_links

TAPS = MappingProxyType(
    {
        MessageKind.BOOKING_CONFIRMED: TapPurpose.LEAVE_SESSION,
        MessageKind.BOOKING_PROMOTED: TapPurpose.LEAVE_SESSION,
        MessageKind.SESSION_REMINDER: TapPurpose.LEAVE_SESSION,
        MessageKind.SEAT_OFFERED: TapPurpose.ANSWER_SEAT,
        MessageKind.SEAT_FREE: TapPurpose.ANSWER_SEAT,
    }
)
# Every mail about a session asks this: it is written once.
_THEME_AND_HOUSE = (
    select(WorkshopTheme.is_sensitive, Association.name)
    .select_from(WorkshopSession)
    .join(WorkshopTheme, WorkshopTheme.slug == WorkshopSession.theme_slug)
    .join(Association, Association.id == WorkshopSession.association_id)
    .where(WorkshopSession.id == bindparam("session"))
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
    tell_about_bookings(session, kind, [(booking, facts)], workshop, at=at, event=event)


def tell_about_bookings(
    session: Session,
    kind: MessageKind,
    told: Iterable[tuple[Booking, Mapping[str, object]]],
    workshop: WorkshopSession,
    *,
    at: datetime,
    event: str = "",
) -> int:
    """Tell each of these people about her own booking, with facts of her own, in as few statements as one of them.

    Gives to how many a message goes: who has no address is told by nobody.
    """
    common = describe_session(session, workshop)
    each = [(booking, session.get_one(Entrepreneur, booking.entrepreneur_id), facts) for booking, facts in told]
    taps = _add_taps(session, kind, [(booking.public_id, person) for booking, person, _ in each], workshop, at=at)
    drafts = [
        Draft(
            kind=kind,
            account_id=person.account_id,
            recipient=person.email,
            event_key=f"booking:{booking.public_id}:{event or kind.value}",
            facts={**common, **facts, **tap},
            association_id=workshop.association_id,
        )
        for (booking, person, facts), tap in zip(each, taps, strict=True)
    ]
    return queue_messages(session, drafts, at=at)


def _add_taps(
    session: Session,
    kind: MessageKind,
    asked: Sequence[tuple[UUID, Entrepreneur]],
    workshop: WorkshopSession,
    *,
    at: datetime,
) -> Sequence[Mapping[str, object]]:
    if kind not in TAPS:
        return [{} for _one in asked]
    paths = add_links(session, asked, purpose=TAPS[kind], expires_at=workshop.starts_at, at=at)
    return [{"tap": path} for path in paths]


def describe_session(session: Session, workshop: WorkshopSession) -> dict[str, object]:
    """Give the facts of a session that a mail may hold: of a sensitive one date and place only, never what it is on."""
    is_sensitive, association = session.execute(_THEME_AND_HOUSE, {"session": workshop.id}).one()
    return {
        "session_id": workshop.public_id,
        "title": None if is_sensitive else workshop.title,
        "starts_at": workshop.starts_at,
        "place": ", ".join(part for part in (workshop.place, workshop.address) if part) or None,
        "online": workshop.format is not SessionFormat.IN_PERSON,
        "link_missing": workshop.format is not SessionFormat.IN_PERSON and not workshop.online_url,
        "unsure": (workshop.minimum is not None and workshop.sure_at is None) or None,
        "association": association,
    }
