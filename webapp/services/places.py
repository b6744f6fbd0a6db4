"""A supporter's places: taken and given back by conditional updates of one counter, and by nothing else."""

from typing import Any

from sqlalchemy import CursorResult, Integer, bindparam, update
from sqlalchemy.orm import Session

from models.exceptions import CapacityReachedError, NotEligibleError
from models.pairings import Pairing
from models.queries.supporters import lock_supporter
from models.states import SupporterState
from models.supporters import PAIRING_COST, Supporter

# Every proposal takes a place and gives it back: both are written once.
_TAKE = (
    update(Supporter)
    .where(
        Supporter.id == bindparam("supporter"),
        Supporter.state == SupporterState.ACTIVE,
        Supporter.taken + bindparam("cost", type_=Integer()) <= Supporter.capacity,
    )
    .values(taken=Supporter.taken + bindparam("cost", type_=Integer()))
    .execution_options(synchronize_session=False)
)
_GIVE_BACK = (
    update(Supporter)
    .where(Supporter.id == bindparam("supporter"))
    .values(taken=Supporter.taken - bindparam("cost", type_=Integer()))
    .execution_options(synchronize_session=False)
)


def take_place(session: Session, supporter: Supporter) -> bool:
    """Take the place of one pairing, if she is active and has one left: one row changed means you have it."""
    taken: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        _TAKE, {"supporter": supporter.id, "cost": PAIRING_COST[supporter.role]}
    )
    return taken.rowcount == 1


def give_place_back(session: Session, pairing: Pairing) -> None:
    """Give back what a pairing held; called by `release` alone, once per pairing."""
    session.execute(_GIVE_BACK, {"supporter": pairing.supporter_id, "cost": pairing.cost})


def explain_no_place(session: Session, supporter_id: int) -> CapacityReachedError | NotEligibleError:
    """Say why `take_place` failed, from the row as it is now."""
    supporter = lock_supporter(session, supporter_id)
    if supporter.state is not SupporterState.ACTIVE:
        return NotEligibleError(rule="not_active", state=str(supporter.state), supporter_id=supporter.public_id)
    return CapacityReachedError(supporter_id=supporter.public_id, capacity=supporter.capacity, taken=supporter.taken)
