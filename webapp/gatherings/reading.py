"""What the pages of the supporters' circle show: one's own circle, and a gathering with who comes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models.circle_meetings import CircleAnswer
from models.gatherings import Gathering, SupporterListing
from models.queries.directory import find_commune_names
from models.queries.gatherings import find_planned, list_listed, list_listings
from models.queries.members import Contact, find_contact, list_supporters
from models.states import SupporterState
from models.supporters import Supporter
from webapp.permissions import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCircle:
    """The circle of one association as one of its supporters sees it; who is not in it sees how many are, not who."""

    supporter: Supporter
    listing: SupporterListing | None
    others: tuple[SupporterListing, ...]
    count: int
    gathering: Gathering | None
    answer: CircleAnswer | None
    communes: Mapping[str, str]
    contact: Contact


def list_own_circles(session: Session, actor: Actor, *, at: datetime) -> list[OwnCircle]:
    """Give the circle of each association that somebody supports in: once, whatever roles she has there."""
    present = [one for one in list_supporters(session, actor.supporter_ids) if one.state is not SupporterState.LEFT]
    listings = {one.supporter_id: one for one in list_listings(session, [one.id for one in present])}
    chosen: dict[int, Supporter] = {}
    for supporter in sorted(present, key=lambda one: (one.id not in listings, one.id)):
        chosen.setdefault(supporter.association_id, supporter)
    return [_read_circle(session, one, listings.get(one.id), at=at) for one in chosen.values()]


def find_own_listing(session: Session, actor: Actor, association_id: int) -> SupporterListing | None:
    """Give the yes of who asks in one association, if she said it."""
    return next(
        (one for one in list_listings(session, actor.supporter_ids) if one.association_id == association_id), None
    )


def answer_of(gathering: Gathering, supporter_id: int) -> CircleAnswer | None:
    """Give what a supporter said about coming."""
    return next((one.answer for one in gathering.attendances if one.supporter_id == supporter_id), None)


def list_saying(gathering: Gathering, answer: CircleAnswer) -> frozenset[int]:
    """Give the row numbers of who said this."""
    return frozenset(one.supporter_id for one in gathering.attendances if one.answer is answer)


def name_host(session: Session, gathering: Gathering) -> Contact:
    """Give who answers for a gathering: who planned it, else somebody of the team."""
    return find_contact(session, association_id=gathering.association_id, referent_id=gathering.host_id)


def list_present(gathering: Gathering, people: Sequence[Supporter]) -> list[Supporter]:
    """Give who was noted as there."""
    there = {one.supporter_id for one in gathering.attendances if one.was_there}
    return [one for one in people if one.id in there]


def _read_circle(
    session: Session, supporter: Supporter, listing: SupporterListing | None, *, at: datetime
) -> OwnCircle:
    listed = list_listed(session, supporter.association_id, with_profile=True)
    planned = find_planned(session, supporter.association_id)
    gathering = planned if planned is not None and planned.starts_at > at else None
    others = tuple(one for one in listed if one.supporter_id != supporter.id) if listing is not None else ()
    host = planned.host_id if planned is not None else None
    return OwnCircle(
        supporter=supporter,
        listing=listing,
        others=others,
        count=len(listed),
        gathering=gathering,
        answer=answer_of(gathering, supporter.id) if gathering is not None else None,
        communes=find_commune_names(session, {one.supporter.commune_code for one in others}),
        contact=find_contact(session, association_id=supporter.association_id, referent_id=host),
    )
