"""All that the next steps of a person follow from, read in one place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from models.associations import Association
from models.charters import Charter
from models.circle_meetings import CircleMeeting
from models.circles import CircleMember
from models.entrepreneurs import Entrepreneur
from models.erasures import Erasure
from models.expert_questions import ExpertQuestion
from models.interviews import Interview
from models.introductions import Introduction
from models.match_runs import Suggestion, UnmatchedNeed
from models.pairings import Pairing
from models.plans import PlanLine
from models.queries import members, sessions
from models.queries.charters import find_unsigned_by_person
from models.queries.circle_meetings import find_next_meeting
from models.queries.circles import find_settled_place
from models.queries.erasures import list_live_erasures
from models.queries.expert_questions import find_live_question
from models.queries.feedback import list_sessions_to_tell
from models.queries.interviews import list_interviews
from models.queries.introductions import list_live_introductions
from models.queries.members import Contact, KnownCheck
from models.queries.pairings import list_to_close
from models.queries.plans import list_invitations
from models.queries.presence import read_presence
from models.queries.reviews import find_next_review
from models.queries.session_proposals import list_ahead
from models.queries.sessions import OwnBooking
from models.reviews import Review
from models.session_proposals import SessionProposal
from models.states import CircleMemberState
from models.supporters import SupporterRole
from models.territories import QpvGround, QpvResult
from models.topics import Offer
from models.workshops import WorkshopSession
from webapp.services.care_steps import CareNews, read_care
from webapp.services.recommendations import RecommendedSession, recommend
from webapp.services.talks import NextTalk, place_pairings

QUARTER_LOAN = "pret_honneur_quartier"
CITESLAB = "citeslab"
OPENS_RIGHTS = frozenset({QpvResult.INSIDE, QpvResult.BORDERLINE, QpvResult.DECLARED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that the steps of one person follow from, read once."""

    entrepreneur: Entrepreneur
    association: Association
    contact: Contact
    talks: Sequence[NextTalk] = ()
    ended: Sequence[Pairing] = ()
    suggestions: Sequence[Suggestion] = ()
    unmatched: Sequence[UnmatchedNeed] = ()
    checks: Mapping[QpvGround, KnownCheck] = field(default_factory=dict)
    bookings: Sequence[OwnBooking] = ()
    invitations: Sequence[PlanLine] = ()
    proposals: Sequence[SessionProposal] = ()
    recommended: Sequence[RecommendedSession] = ()
    to_tell: Sequence[WorkshopSession] = ()
    place: CircleMember | None = None
    introductions: Sequence[Introduction] = ()
    review: Review | None = None
    question: ExpertQuestion | None = None
    charter: Charter | None = None
    interviews: Sequence[Interview] = ()
    circle_meeting: CircleMeeting | None = None
    offers: Mapping[str, Offer] = field(default_factory=dict)
    care: CareNews = field(default_factory=CareNews)
    erasures: Sequence[Erasure] = ()

    @property
    def has_coach(self) -> bool:
        """Say whether a coach works with her, so that their space has a door."""
        return any(talk.is_active and talk.pairing.role is SupporterRole.COACH for talk in self.talks)


def read_situation(session: Session, entrepreneur: Entrepreneur, *, at: datetime) -> Situation:
    """Read what the steps of a person follow from. Her needs and languages must be loaded."""
    bookings = sessions.list_own_bookings(session, entrepreneur.id, ends_after=at)
    invitations = list_invitations(session, entrepreneur.id, at=at)
    talks = place_pairings(session, members.list_live_pairings(session, entrepreneur.id), at=at)
    is_together = any(talk.is_active for talk in talks)
    checks = members.list_last_checks(session, entrepreneur.id)
    association, contact = members.read_contact(
        session, association_id=entrepreneur.association_id, referent_id=entrepreneur.referent_id
    )
    has = read_presence(session, entrepreneur.id, at=at)
    place = find_settled_place(session, entrepreneur.id) if has.place else None
    has_joined = place is not None and place.state is CircleMemberState.JOINED
    return Situation(
        entrepreneur=entrepreneur,
        association=association,
        contact=contact,
        talks=talks,
        ended=list_to_close(session, entrepreneur.id) if has.closing else (),
        suggestions=members.list_open_suggestions(session, entrepreneur.id) if has.suggestion else (),
        unmatched=members.list_unmatched(
            session, association_id=entrepreneur.association_id, entrepreneur_id=entrepreneur.id
        ),
        checks=checks,
        bookings=bookings,
        invitations=invitations,
        proposals=list_ahead(session, entrepreneur_ids=(entrepreneur.id,), at=at) if has.proposal else (),
        recommended=recommend(session, entrepreneur, bookings=bookings, invitations=invitations, at=at),
        to_tell=list_sessions_to_tell(session, entrepreneur.id, at=at) if has.attended else (),
        introductions=list_live_introductions(session, entrepreneur.id) if has.introduction else (),
        review=find_next_review(session, entrepreneur.id) if has.review else None,
        question=find_live_question(session, entrepreneur.id) if has.question else None,
        charter=find_unsigned_by_person(session, entrepreneur.id) if is_together and has.charter else None,
        interviews=list_interviews(session, entrepreneur.id) if has.interview else (),
        place=place,
        circle_meeting=find_next_meeting(session, place.circle_id, at=at) if place and has_joined else None,
        offers=members.map_offers(session, (QUARTER_LOAN, CITESLAB)) if list_openings(checks) else {},
        care=read_care(session, entrepreneur, has, at=at),
        erasures=_list_erasures(session, entrepreneur) if has.erasure else (),
    )


def _list_erasures(session: Session, entrepreneur: Entrepreneur) -> Sequence[Erasure]:
    ids = (entrepreneur.id,)
    return list_live_erasures(session, account_id=entrepreneur.account_id, entrepreneur_ids=ids, supporter_ids=())


def list_openings(checks: Mapping[QpvGround, KnownCheck]) -> list[KnownCheck]:
    """Give the neighbourhood checks that open rights."""
    return [known for known in checks.values() if known.check.result in OPENS_RIGHTS]
