"""A person's team: who answers for her at the association, who is with her, who was asked, and when each comes next."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from models.entrepreneurs import Entrepreneur
from models.pairings import Pairing
from models.queries import members
from models.queries.members import Contact
from models.queries.reviews import find_next_review
from models.states import TOGETHER_PAIRING_STATES, UNANSWERED_PAIRING_STATES, EntrepreneurState
from models.supporters import SupporterRole
from webapp.clock import PARIS
from webapp.services.next_steps import agrees_to_coach, is_beginning, talk_day


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMember:
    """Somebody who is with the person, or was asked to be. `is_first` when `day` is about the first meeting."""

    pairing: Pairing
    day: date
    is_late: bool = False
    is_first: bool = False

    @property
    def is_active(self) -> bool:
        """Say whether the two work together: only then are names and contacts shown whole."""
        return self.pairing.state in TOGETHER_PAIRING_STATES


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Everybody around one person; `looked_for` are the roles that nobody fills yet.

    `review_day` is that of the next check or review, or today when it is due. `lacks_consent` says that a coach is
    wished for without the agreement that it takes.
    """

    contact: Contact
    contact_day: date | None
    members: tuple[TeamMember, ...]
    looked_for: tuple[SupporterRole, ...]
    lacks_consent: bool
    review_day: date | None = None


def read_team(session: Session, entrepreneur: Entrepreneur, *, at: datetime) -> Team:
    """Read who is around a person."""
    today = at.astimezone(PARIS).date()
    pairings = members.list_live_pairings(session, entrepreneur.id)
    served = {pairing.role for pairing in pairings}
    wanted = members.list_wanted_roles(entrepreneur) if entrepreneur.state is not EntrepreneurState.CLOSED else ()
    planned, review = entrepreneur.follow_up_on, find_next_review(session, entrepreneur.id)
    return Team(
        contact=members.find_contact(
            session, association_id=entrepreneur.association_id, referent_id=entrepreneur.referent_id
        ),
        contact_day=planned if planned is not None and planned >= today else None,
        members=tuple(place_pairing(pairing, at=at) for pairing in pairings),
        looked_for=tuple(role for role in wanted if role not in served),
        lacks_consent=not agrees_to_coach(entrepreneur),
        review_day=max(review.due_on, today) if review is not None else None,
    )


def place_pairing(pairing: Pairing, *, at: datetime) -> TeamMember:
    """Say which day counts next for a pairing: the answer, the first talk, or the talk of the month."""
    today = at.astimezone(PARIS).date()
    if pairing.state in UNANSWERED_PAIRING_STATES:
        day = pairing.deadline_at.astimezone(PARIS).date() if pairing.deadline_at else today
        return TeamMember(pairing=pairing, day=day, is_late=day < today)
    day = talk_day(pairing, today)
    return TeamMember(pairing=pairing, day=day, is_late=day < today, is_first=is_beginning(pairing, today))
