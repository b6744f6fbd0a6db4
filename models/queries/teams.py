"""Who belongs to the team of a person: who works with her, and who leads the circle she is in."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, selectinload

from models.circles import Circle, CircleMember
from models.entrepreneurs import Entrepreneur
from models.pairings import Pairing
from models.states import TOGETHER_PAIRING_STATES, CircleMemberState, CircleState, EntrepreneurState


def find_person_of_team(
    session: Session, public_id: UUID, *, supporter_ids: Collection[int], association_ids: Collection[int]
) -> Entrepreneur | None:
    """Give a person whose file is open, if one is of her team: together with her, leading her circle, or following her.

    A proposal is not enough: until the yes, the two do not know each other's people.
    """
    together = exists().where(
        Pairing.entrepreneur_id == Entrepreneur.id,
        Pairing.supporter_id.in_(supporter_ids),
        Pairing.state.in_(TOGETHER_PAIRING_STATES),
    )
    led = exists().where(
        CircleMember.entrepreneur_id == Entrepreneur.id,
        CircleMember.state == CircleMemberState.JOINED,
        Circle.id == CircleMember.circle_id,
        Circle.state == CircleState.CONFIRMED,
        Circle.facilitator_id.in_(supporter_ids),
    )
    return session.scalar(
        select(Entrepreneur)
        .where(
            Entrepreneur.public_id == public_id,
            Entrepreneur.state != EntrepreneurState.CLOSED,
            or_(together, led, Entrepreneur.association_id.in_(association_ids)),
        )
        .options(selectinload(Entrepreneur.confided))
    )
