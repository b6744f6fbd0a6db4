"""Reads of peer circles: who asks and who leads, compositions, circles with their members."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from models.circles import (
    Circle,
    CircleComposition,
    CircleLeftOut,
    CircleMember,
    CircleRound,
    DepartureReason,
    Facilitator,
)
from models.entrepreneurs import Entrepreneur, EntrepreneurNeed, EntrepreneurOffer
from models.exceptions import NotFoundError
from models.match_runs import RejectReason, Suggestion
from models.pairings import DeclineReason, EndReason, Pairing, WithdrawReason
from models.queries.committees import list_examiners
from models.queries.suggestions import WITH_PROFILE
from models.queries.supporters import WITH_PROFILE as WITH_SUPPORTER_PROFILE
from models.states import (
    LIVE_CIRCLE_MEMBER_STATES,
    CircleMemberState,
    CircleState,
    EntrepreneurState,
    SupporterState,
)
from models.supporters import Supporter
from models.territories import Commune

# Somebody whose place is only proposed can be placed anew: the next composition replaces it.
SETTLED = (CircleMemberState.INVITED, CircleMemberState.JOINED)


@dataclass(frozen=True, slots=True, kw_only=True)
class CirclePoolRows:
    """Everybody whom a composition looks at; `free` counts the circles that each supporter can still lead."""

    people: Sequence[Entrepreneur]
    supporters: Sequence[Supporter]
    free: Mapping[int, int]
    excluded: Mapping[int, frozenset[int]]
    examiners: dict[int, frozenset[int]]
    apart: Mapping[int, frozenset[int]]


def read_circle_pool(session: Session, association_id: int) -> CirclePoolRows:
    """Read the people who ask for a circle and are in none, and the supporters who can lead one more."""
    settled = select(CircleMember.entrepreneur_id).where(CircleMember.state.in_(SETTLED))
    people = session.scalars(
        select(Entrepreneur)
        .where(
            Entrepreneur.association_id == association_id,
            Entrepreneur.state == EntrepreneurState.READY,
            Entrepreneur.wants_circle,
            Entrepreneur.id.not_in(settled),
        )
        .options(*WITH_PROFILE, selectinload(Entrepreneur.offers))
        .order_by(Entrepreneur.id)
    ).all()
    return _with_relations(session, association_id, people, None)


def read_one_circle_pool(
    session: Session, circle: Circle, people_ids: Collection[int], *, has_every_leader: bool = False
) -> CirclePoolRows:
    """Read some people and the facilitator of one circle, or everybody who could lead it, to look at them together."""
    people = session.scalars(
        select(Entrepreneur)
        .where(Entrepreneur.id.in_(people_ids))
        .options(*WITH_PROFILE, selectinload(Entrepreneur.offers))
        .order_by(Entrepreneur.id)
    ).all()
    facilitator_id = None if has_every_leader else circle.facilitator_id
    return _with_relations(session, circle.association_id, people, facilitator_id)


def _with_relations(
    session: Session, association_id: int, people: Sequence[Entrepreneur], facilitator_id: int | None
) -> CirclePoolRows:
    wanted = Facilitator.taken < Facilitator.capacity if facilitator_id is None else Supporter.id == facilitator_id
    rows = session.execute(
        select(Supporter, Facilitator.capacity - Facilitator.taken)
        .join(Facilitator, Facilitator.supporter_id == Supporter.id)
        .where(Supporter.association_id == association_id, Supporter.state == SupporterState.ACTIVE, wanted)
        .options(*WITH_SUPPORTER_PROFILE)
        .order_by(Supporter.id)
    ).all()
    return CirclePoolRows(
        people=people,
        supporters=[supporter for supporter, _ in rows],
        free={supporter.id: free for supporter, free in rows},
        excluded=map_conflicts(session, association_id),
        examiners=list_examiners(session, association_id),
        apart=map_apart(session, association_id),
    )


def map_conflicts(session: Session, association_id: int) -> dict[int, frozenset[int]]:
    """Give for each person the supporters with whom she must not sit: a conflict of interest, or no fit before.

    A supporter who once had no time, or with whom all went well, may lead her circle.
    """
    pairings = select(Pairing.entrepreneur_id, Pairing.supporter_id).where(
        Pairing.association_id == association_id,
        or_(
            Pairing.decline_reason == DeclineReason.CONFLICT_OF_INTEREST,
            Pairing.end_reason == EndReason.NOT_A_FIT,
            Pairing.withdraw_reason == WithdrawReason.PERSON_CHANGED_MIND,
        ),
    )
    suggestions = select(Suggestion.entrepreneur_id, Suggestion.supporter_id).where(
        Suggestion.association_id == association_id, Suggestion.reject_reason == RejectReason.CONFLICT_OF_INTEREST
    )
    found: dict[int, set[int]] = {}
    for chosen in (pairings, suggestions):
        for person_id, supporter_id in session.execute(chosen):
            found.setdefault(person_id, set()).add(supporter_id)
    return {person_id: frozenset(supporter_ids) for person_id, supporter_ids in found.items()}


def map_apart(session: Session, association_id: int) -> dict[int, frozenset[int]]:
    """Give for each person who left a circle so as not to be together whom she sat with."""
    left, other = aliased(CircleMember), aliased(CircleMember)
    rows = session.execute(
        select(left.entrepreneur_id, other.entrepreneur_id)
        .join(other, and_(other.circle_id == left.circle_id, other.id != left.id))
        .where(
            left.association_id == association_id,
            left.departure_reason == DepartureReason.NOT_TOGETHER,
            or_(other.departed_at.is_(None), other.departed_at >= left.departed_at),
        )
    )
    found: dict[int, set[int]] = {}
    for one, another in rows:
        found.setdefault(one, set()).add(another)
    return {one: frozenset(others) for one, others in found.items()}


def find_composition(session: Session, association_id: int) -> CircleComposition | None:
    """Give the composition that is asked for and not made, as it is now."""
    return session.get(CircleComposition, association_id, populate_existing=True)


def list_waiting_compositions(session: Session, *, started_before: datetime) -> Sequence[int]:
    """Give the associations whose composition no worker has taken, or one that took it before then."""
    waits = or_(CircleComposition.started_at.is_(None), CircleComposition.started_at < started_before)
    return session.scalars(
        select(CircleComposition.association_id)
        .where(CircleComposition.failure.is_(None), waits)
        .order_by(CircleComposition.requested_at, CircleComposition.association_id)
    ).all()


def find_last_round(session: Session, association_id: int) -> CircleRound | None:
    """Give the last composition of an association."""
    return session.scalar(
        select(CircleRound).where(CircleRound.association_id == association_id).order_by(CircleRound.id.desc()).limit(1)
    )


def list_left_outs(session: Session, round_id: int) -> Sequence[CircleLeftOut]:
    """Give whom a composition left out, with their names: who still asks and is in no circle since."""
    live = select(CircleMember.entrepreneur_id).where(CircleMember.state.in_(LIVE_CIRCLE_MEMBER_STATES))
    return session.scalars(
        select(CircleLeftOut)
        .join(Entrepreneur, Entrepreneur.id == CircleLeftOut.entrepreneur_id)
        .where(
            CircleLeftOut.round_id == round_id,
            Entrepreneur.wants_circle,
            Entrepreneur.state == EntrepreneurState.READY,
            CircleLeftOut.entrepreneur_id.not_in(live),
        )
        .options(joinedload(CircleLeftOut.entrepreneur))
        .order_by(CircleLeftOut.entrepreneur_id)
    ).all()


def list_circles(session: Session, association_id: int, states: Collection[CircleState]) -> Sequence[Circle]:
    """Give circles with facilitator and members; those that wait for a decision first."""
    return session.scalars(
        _whole_circle()
        .where(Circle.association_id == association_id, Circle.state.in_(states))
        .order_by(Circle.state != CircleState.PROPOSED, Circle.id)
    ).all()


def find_circle(session: Session, public_id: UUID) -> Circle | None:
    """Give one circle with facilitator and members."""
    return session.scalar(_whole_circle().where(Circle.public_id == public_id))


def get_circle_of(session: Session, member: CircleMember) -> Circle:
    """Give the circle of a place, with facilitator and members."""
    return session.scalars(_whole_circle().where(Circle.id == member.circle_id)).one()


def _whole_circle() -> Select[Circle]:
    return select(Circle).options(
        joinedload(Circle.facilitator), selectinload(Circle.members).joinedload(CircleMember.entrepreneur)
    )


def list_askers(session: Session, association_id: int) -> frozenset[int]:
    """Give who asks for a circle now and is neither invited to one nor in one."""
    settled = select(CircleMember.entrepreneur_id).where(CircleMember.state.in_(SETTLED))
    return frozenset(
        session.scalars(
            select(Entrepreneur.id).where(
                Entrepreneur.association_id == association_id,
                Entrepreneur.state == EntrepreneurState.READY,
                Entrepreneur.wants_circle,
                Entrepreneur.id.not_in(settled),
            )
        )
    )


def list_free_askers(session: Session, association_id: int) -> frozenset[int]:
    """Give who asks for a circle now and has no place in any, not even a proposed one."""
    placed = select(CircleMember.entrepreneur_id).where(CircleMember.state.in_(LIVE_CIRCLE_MEMBER_STATES))
    return list_askers(session, association_id) - frozenset(session.scalars(placed))


def find_asker(session: Session, public_id: UUID) -> Entrepreneur | None:
    """Give a person by her address."""
    return session.scalar(select(Entrepreneur).where(Entrepreneur.public_id == public_id))


def hold_people(session: Session, entrepreneur_ids: Collection[int]) -> None:
    """Keep people's files as they are until the end, in the order of their numbers: call it before locking a circle.

    Whoever closes a file, or no longer asks, locks it before looking for her place: so none is given meanwhile.
    """
    numbered = select(Entrepreneur.id).where(Entrepreneur.id.in_(entrepreneur_ids))
    session.execute(numbered.order_by(Entrepreneur.id).with_for_update(read=True)).all()


def get_circle_member(session: Session, public_id: UUID) -> CircleMember:
    """Give one place in a circle.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    member = session.scalar(select(CircleMember).where(CircleMember.public_id == public_id))
    if member is None:
        raise NotFoundError(record="CircleMember")
    return member


def find_place_of(session: Session, entrepreneur_id: int) -> CircleMember | None:
    """Give the circle that a person is invited to or in, with its facilitator and its other members."""
    return session.scalar(
        select(CircleMember)
        .where(CircleMember.entrepreneur_id == entrepreneur_id, CircleMember.state.in_(SETTLED))
        .options(
            joinedload(CircleMember.circle).joinedload(Circle.facilitator),
            joinedload(CircleMember.circle).selectinload(Circle.members).joinedload(CircleMember.entrepreneur),
        )
    )


def map_topics(
    session: Session, table: type[EntrepreneurNeed | EntrepreneurOffer], circle_id: int
) -> dict[int, frozenset[str]]:
    """Give what each person of a circle, by number, needs or offers now; who declined or left is not of it."""
    rows = session.execute(
        select(table.entrepreneur_id, table.topic)
        .join(CircleMember, CircleMember.entrepreneur_id == table.entrepreneur_id)
        .where(CircleMember.circle_id == circle_id, CircleMember.state.in_(LIVE_CIRCLE_MEMBER_STATES))
    )
    found: dict[int, set[str]] = {}
    for person_id, topic in rows:
        found.setdefault(person_id, set()).add(topic)
    return {person_id: frozenset(topics) for person_id, topics in found.items()}


def find_settled_place(session: Session, entrepreneur_id: int) -> CircleMember | None:
    """Give the circle that a person is invited to or in, with its facilitator. One statement."""
    return session.scalar(
        select(CircleMember)
        .where(CircleMember.entrepreneur_id == entrepreneur_id, CircleMember.state.in_(SETTLED))
        .options(joinedload(CircleMember.circle).joinedload(Circle.facilitator))
    )


def list_places_of(session: Session, entrepreneur_id: int) -> Sequence[CircleMember]:
    """List every place that a person has or had, the newest first, each with its circle and who leads it."""
    return session.scalars(
        select(CircleMember)
        .where(CircleMember.entrepreneur_id == entrepreneur_id)
        .options(joinedload(CircleMember.circle).joinedload(Circle.facilitator))
        .order_by(CircleMember.id.desc())
    ).all()


def find_live_place(session: Session, entrepreneur_id: int) -> CircleMember | None:
    """Give a person's place in a live circle, proposed ones included."""
    return session.scalar(
        select(CircleMember).where(
            CircleMember.entrepreneur_id == entrepreneur_id, CircleMember.state.in_(LIVE_CIRCLE_MEMBER_STATES)
        )
    )


def lock_circle(session: Session, circle_id: int) -> Circle:
    """Give a circle as it is now, and keep others from changing it and its members until the end."""
    return session.scalars(
        select(Circle)
        .where(Circle.id == circle_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def list_live_members(session: Session, circle_id: int) -> Sequence[CircleMember]:
    """Give the live members of a locked circle, as they are now."""
    return session.scalars(
        select(CircleMember)
        .where(CircleMember.circle_id == circle_id, CircleMember.state.in_(LIVE_CIRCLE_MEMBER_STATES))
        .order_by(CircleMember.id)
        .execution_options(populate_existing=True)
    ).all()


def list_unanswered(session: Session, *, at: datetime, after: int, limit: int) -> Sequence[int]:
    """Give invitations whose day has passed, by number."""
    return session.scalars(
        select(CircleMember.id)
        .where(
            CircleMember.state == CircleMemberState.INVITED,
            CircleMember.deadline_at <= at,
            CircleMember.id > after,
        )
        .order_by(CircleMember.id)
        .limit(limit)
    ).all()


def list_facilitators(session: Session, association_id: int) -> Sequence[Facilitator]:
    """Give who leads circles in an association, with their names."""
    return session.scalars(
        select(Facilitator)
        .join(Supporter, Supporter.id == Facilitator.supporter_id)
        .where(Facilitator.association_id == association_id, Facilitator.capacity > 0)
        .options(joinedload(Facilitator.supporter))
        .order_by(Supporter.search_name, Supporter.id)
    ).all()


def lock_facilitator(session: Session, supporter_id: UUID) -> tuple[Supporter, Facilitator]:
    """Give a supporter, locked, and how many circles she leads; a row of zero is added when there is none.

    Raises
    ------
    NotFoundError
        If there is no such supporter.
    """
    supporter = session.scalar(
        select(Supporter)
        .where(Supporter.public_id == supporter_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if supporter is None:
        raise NotFoundError(record="Supporter")
    known = session.get(Facilitator, supporter.id, populate_existing=True)
    if known is None:
        known = Facilitator(supporter_id=supporter.id, association_id=supporter.association_id, capacity=0, taken=0)
        session.add(known)
        session.flush()
    return supporter, known


def map_commune_names(session: Session, codes: Collection[str]) -> dict[str, str]:
    """Give the names of communes."""
    rows = session.execute(select(Commune.code, Commune.name).where(Commune.code.in_(codes)))
    return {row.code: row.name for row in rows}
