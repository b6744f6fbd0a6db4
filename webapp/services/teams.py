"""A person's team: who answers for her at the association, who is with her, who was asked, and when each comes next."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

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


class ContactMatter(StrEnum):
    """Why the contact is heard of next: news are due, a check or review is, or what others planned may not come off."""

    NEWS = "news"
    REVIEW = "review"
    BACKSTOP = "backstop"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactStep:
    """What the contact does next, and the day that counts for it."""

    matter: ContactMatter
    day: date
    is_late: bool = False


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

    @property
    def contact_step(self) -> ContactStep | None:
        """What the contact does next, as the person herself may know it."""
        return self.find_contact_step(member.day for member in self.members)

    def find_contact_step(self, days: Iterable[date]) -> ContactStep | None:
        """Say what the contact does next for who may know of some days of the others.

        Where nothing is planned with the contact, the clocks tell him what the others let pass: he steps in after the
        first of their days. None when there is no day at all.
        """
        ahead = [day for day in self.news.values() if day >= self.today]
        if self.contact_day is not None or ahead:
            return ContactStep(matter=ContactMatter.NEWS, day=self.contact_day or min(ahead))
        if self.news:
            return ContactStep(matter=ContactMatter.NEWS, day=min(self.news.values()), is_late=True)
        if self.review_day is not None:
            return ContactStep(matter=ContactMatter.REVIEW, day=self.review_day)
        first = min(days, default=None)
        if first is None:
            return None
        return ContactStep(matter=ContactMatter.BACKSTOP, day=first, is_late=first < self.today)


def read_team(session: Session, entrepreneur: Entrepreneur, *, with_offers: bool = False, at: datetime) -> Team:
    """Read who is around a person; and what they offer, to say why they were chosen."""
    today = day_of(at)
    pairings = members.list_live_pairings(session, entrepreneur.id, with_offers=with_offers)
    served = {pairing.role for pairing in pairings}
    is_closed = entrepreneur.state is EntrepreneurState.CLOSED
    wanted = members.list_wanted_roles(entrepreneur) if not is_closed else ()
    looked_for = tuple(role for role in wanted if role not in served)
    planned = entrepreneur.follow_up_on if not is_closed else None
    review = find_next_review(session, entrepreneur.id)
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
