"""How long each state may last, as an association sets it."""

import logging
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from models.associations import Association, Delay
from models.audit import AuditEvent
from models.clocks import AssociationClock, Clock, Wait, span_of
from models.db import retried, transaction
from models.exceptions import InvalidInputError
from models.queries.associations import get_association_by_public_id
from models.queries.clocks import get_waits
from webapp.permissions import Actor, Permission, require

logger = logging.getLogger(__name__)


# Of each two, the first warns and must come before the second.
WARNINGS: tuple[tuple[Wait, Wait], ...] = (
    (Clock.SILENCE, Clock.SILENCE_ESCALATION),
    (Delay.REMINDER, Delay.EXPIRY),
)


@retried
def set_clocks(*, association_id: UUID, days: Mapping[Wait, int], actor: Actor, at: datetime) -> int:
    """Change some delays of an association, and say how many really changed. What is under way keeps its deadline.

    Raises NotFoundError, PermissionDeniedError or InvalidInputError.
    """
    for clock, value in days.items():
        _check_span(clock, value)
    with transaction() as session:
        association = get_association_by_public_id(session, association_id)
        require(actor, Permission.ASSOCIATION_RUN, association)
        now = get_waits(session, association.id)
        changed = {clock: value for clock, value in days.items() if now[clock] != value}
        _refuse_late_warning({**now, **changed})
        for clock, value in changed.items():
            _set(session, association, clock, value, actor=actor, at=at)
            session.add(_event(association, f"{clock.value}: {now[clock]} → {value}", actor, at))
    logger.info("clocks set", extra={"association_id": str(association_id), "changed": len(changed)})
    return len(changed)


def _check_span(clock: Wait, value: int) -> None:
    span = span_of(clock)
    if not span.least <= value <= span.most:
        raise InvalidInputError(field=clock.value, value=value, expected=f"{span.least} to {span.most} days")


def _set(session: Session, association: Association, clock: Wait, value: int, *, actor: Actor, at: datetime) -> None:
    if isinstance(clock, Delay):
        setattr(association, clock, value)
        return
    session.merge(
        AssociationClock(association_id=association.id, clock=clock, days=value, set_at=at, set_by_id=actor.account_id)
    )


def _refuse_late_warning(days: Mapping[Wait, int]) -> None:
    """Refuse what would come before its own reminder."""
    for warning, end in WARNINGS:
        if days[end] <= days[warning]:
            raise InvalidInputError(field=end.value, value=days[end], expected=f"more than {days[warning]} days")


def _event(association: Association, note: str, actor: Actor, at: datetime) -> AuditEvent:
    return AuditEvent(
        association_id=association.id,
        record="association",
        record_id=association.id,
        action="set_clock",
        actor_id=actor.account_id,
        at=at,
        note=note,
    )
