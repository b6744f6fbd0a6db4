"""A person's team: who answers for her at the association, who is with her, who was asked, and when each comes next."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from models.associations import Association
from models.entrepreneurs import Entrepreneur
from models.queries import members
from models.queries.members import Contact
from models.queries.reviews import find_next_review
from models.states import EntrepreneurState
from models.supporters import SupporterRole
from webapp.clock import day_of
from webapp.services.next_steps import agrees_to_coach, find_news_day
from webapp.services.talks import NextTalk, place_pairings


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Everybody around one person; `looked_for` are the roles that nobody fills yet.

    `news` are the days on which somebody comes back to her about them; one may have passed. `review_day` is that of the
    next check or review, or today when it is due. `lacks_consent`: a coach is wished for, not agreed to.
    """

    contact: Contact
    contact_day: date | None
    members: tuple[NextTalk, ...]
    looked_for: tuple[SupporterRole, ...]
    lacks_consent: bool
    news: Mapping[SupporterRole, date]
    today: date
    review_day: date | None = None


def read_team(session: Session, entrepreneur: Entrepreneur, *, with_offers: bool = False, at: datetime) -> Team:
    """Read who is around a person; and what they offer, to say why they were chosen."""
    today = day_of(at)
    pairings = members.list_live_pairings(session, entrepreneur.id, with_offers=with_offers)
    served = {pairing.role for pairing in pairings}
    wanted = members.list_wanted_roles(entrepreneur) if entrepreneur.state is not EntrepreneurState.CLOSED else ()
    looked_for = tuple(role for role in wanted if role not in served)
    planned, review = entrepreneur.follow_up_on, find_next_review(session, entrepreneur.id)
    association, contact = members.read_contact(
        session, association_id=entrepreneur.association_id, referent_id=entrepreneur.referent_id
    )
    news = _plan_news(session, entrepreneur, association, looked_for, today=today)
    return Team(
        contact=contact,
        contact_day=planned if planned is not None and planned >= today else None,
        members=place_pairings(session, pairings, at=at),
        looked_for=looked_for,
        lacks_consent=not agrees_to_coach(entrepreneur),
        news=news,
        today=today,
        review_day=max(review.due_on, today) if review is not None else None,
    )


def _plan_news(
    session: Session,
    entrepreneur: Entrepreneur,
    association: Association,
    roles: Collection[SupporterRole],
    *,
    today: date,
) -> dict[SupporterRole, date]:
    """Give the day of news about each role: that of the suggestion somebody looks at, or that of the next news."""
    if not roles or entrepreneur.state is not EntrepreneurState.READY:
        return {}
    day = find_news_day(entrepreneur, association, today=today)
    open_now = {one.role: one.deadline_at for one in members.list_open_suggestions(session, entrepreneur.id)}
    return {role: day_of(decided) if (decided := open_now.get(role)) else day for role in roles}
