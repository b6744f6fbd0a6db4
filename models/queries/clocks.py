"""The clocks of associations, with what they chose and the defaults for the rest."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import Session

from models.associations import Association, Delay
from models.clocks import SPANS, AssociationClock, Clock, Wait

# Every tick asks this many times over: it is written once.
_CHOSEN = select(AssociationClock.association_id, AssociationClock.clock, AssociationClock.days).where(
    AssociationClock.association_id.in_(bindparam("associations", expanding=True))
)


def select_days(clock: Clock, association_id: ColumnElement[Any]) -> ColumnElement[int]:
    """Give the days of a clock as a column beside rows of associations: what each chose, else the default."""
    chosen = select(AssociationClock.days).where(
        AssociationClock.association_id == association_id, AssociationClock.clock == clock
    )
    return func.coalesce(chosen.scalar_subquery(), SPANS[clock].default)


def get_clocks(session: Session, association_id: int) -> Mapping[Clock, int]:
    """Give the days of every clock of one association, in the order of `SPANS`. One statement."""
    return list_clocks(session, [association_id])[association_id]


def get_waits(session: Session, association_id: int) -> dict[Wait, int]:
    """Give the days of all that one association may set, the clocks and the delays of its own row."""
    days: dict[Wait, int] = dict(get_clocks(session, association_id).items())
    association = session.get_one(Association, association_id)
    days.update({delay: getattr(association, delay) for delay in Delay})
    return days


def list_clocks(session: Session, association_ids: Iterable[int]) -> Mapping[int, Mapping[Clock, int]]:
    """Give the days of every clock of each association. One statement."""
    wanted = list(association_ids)
    days = {id: {clock: span.default for clock, span in SPANS.items()} for id in wanted}
    for association_id, clock, chosen in session.execute(_CHOSEN, {"associations": wanted}):
        days[association_id][clock] = chosen
    return days
