"""The clocks of associations, with what they chose and the defaults for the rest."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import Session

from models.clocks import SPANS, AssociationClock, Clock

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


def list_clocks(session: Session, association_ids: Iterable[int]) -> Mapping[int, Mapping[Clock, int]]:
    """Give the days of every clock of each association. One statement."""
    wanted = list(association_ids)
    days = {id: {clock: span.default for clock, span in SPANS.items()} for id in wanted}
    for association_id, clock, chosen in session.execute(_CHOSEN, {"associations": wanted}):
        days[association_id][clock] = chosen
    return days
