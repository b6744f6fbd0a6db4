"""The team of a person as its members see it: first names, roles, and when each comes next; never what was said.

On the lending side a coach and her dates are left out for everybody but the coach herself: that somebody is coached is
nobody's business who decides on a loan. What is still looked for is left out too, for a wish tells as much.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from models import wall
from models.associations import Association
from models.circles import CircleMember
from models.entrepreneurs import Entrepreneur
from models.exceptions import NotFoundError
from models.queries.circle_meetings import find_next_meeting
from models.queries.circles import find_settled_place
from models.queries.members import Contact
from models.queries.teams import find_person_of_team
from models.states import CircleMemberState
from models.supporters import SupporterRole
from webapp.clock import day_of
from webapp.permissions import Actor
from webapp.services.talks import NextTalk
from webapp.services.teams import ContactStep, read_team


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """One member of the team: a first name, a role, and what comes next for the two."""

    first_name: str
    role: SupporterRole
    talk: NextTalk
    is_reader: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedTeam:
    """The team of one person, for one of its members."""

    entrepreneur: Entrepreneur
    contact: Contact
    contact_step: ContactStep | None
    colleagues: tuple[Colleague, ...]
    place: CircleMember | None
    circle_day: datetime | None
    leads_circle: bool
    is_followed: bool


def read_shared_team(session: Session, *, entrepreneur_id: UUID, actor: Actor, at: datetime) -> SharedTeam:
    """Read the team of a person as the actor, one of it, may know it.

    Raises NotFoundError.
    """
    person = find_person_of_team(
        session, entrepreneur_id, supporter_ids=actor.supporter_ids, association_ids=actor.coordinates
    )
    if person is None:
        raise NotFoundError(record="Team")
    team = read_team(session, person, at=at)
    lends = wall.lends(session.get_one(Association, person.association_id).network)
    colleagues = _list_colleagues(team.members, actor, lends=lends)
    joined, circle_day = _find_circle(session, person.id, at=at)
    days = [colleague.talk.day for colleague in colleagues]
    return SharedTeam(
        entrepreneur=person,
        contact=team.contact,
        contact_step=team.find_contact_step(days if circle_day is None else [*days, day_of(circle_day)]),
        colleagues=colleagues,
        place=joined,
        circle_day=circle_day,
        is_followed=person.association_id in actor.coordinates,
        leads_circle=joined is not None and joined.circle.facilitator_id in actor.supporter_ids,
    )


def _find_circle(session: Session, person_id: int, *, at: datetime) -> tuple[CircleMember | None, datetime | None]:
    """Give the place she has taken in a circle, and when that meets next."""
    place = find_settled_place(session, person_id)
    if place is None or place.state is not CircleMemberState.JOINED:
        return None, None
    following = find_next_meeting(session, place.circle_id, at=at)
    return place, following.starts_at if following is not None else None


def _list_colleagues(members: Sequence[NextTalk], actor: Actor, *, lends: bool) -> tuple[Colleague, ...]:
    return tuple(
        Colleague(
            first_name=member.pairing.supporter.first_name,
            role=member.pairing.role,
            talk=member,
            is_reader=member.pairing.supporter_id in actor.supporter_ids,
        )
        for member in members
        if member.is_active and _may_know(member.pairing.role, member.pairing.supporter_id, actor, lends=lends)
    )


def _may_know(role: SupporterRole, supporter_id: int, actor: Actor, *, lends: bool) -> bool:
    return role is not SupporterRole.COACH or not lends or supporter_id in actor.supporter_ids
