"""Workshop sessions that would help one person, with why: from the needs that nothing she booked covers yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models.entrepreneurs import Entrepreneur
from models.plans import PlanLine
from models.queries.sessions import OwnBooking, list_coming_sessions
from models.workshops import WorkshopSession
from webapp import session_bridge


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendedSession:
    """A session with the needs it serves (none: it suits what she confided) and how far it is, if she goes there."""

    session: WorkshopSession
    topics: tuple[str, ...]
    distance_km: float | None


def recommend(
    session: Session,
    entrepreneur: Entrepreneur,
    *,
    bookings: Sequence[OwnBooking],
    invitations: Sequence[PlanLine] = (),
    at: datetime,
    coming: Sequence[WorkshopSession] | None = None,
) -> tuple[RecommendedSession, ...]:
    """Give the sessions to come that serve a person best, three at most.

    Those that she has booked or is invited to are left out, and what they serve counts as served: so nothing here
    speaks against what the team proposed to her.
    `coming` saves the reading of the sessions to come of her association, when the caller has them with their themes.
    """
    if entrepreneur.stage is None or not entrepreneur.languages:
        return ()
    if coming is None:
        coming = list_coming_sessions(session, (entrepreneur.association_id,), at=at)
    known = [own.session for own in bookings]
    known += [line.session for line in invitations if line.session is not None]
    covered = frozenset(topic for one in known for topic in one.theme.topics)
    offered = {one.id: one for one in coming if one not in known}
    advice = session_bridge.recommend_for(entrepreneur, list(offered.values()), covered=covered, at=at)
    return tuple(
        RecommendedSession(session=offered[one.session_id], topics=one.topics, distance_km=one.distance_km)
        for one in advice
    )
