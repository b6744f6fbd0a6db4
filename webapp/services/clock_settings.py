"""How long each state may last, as an association sets it."""

import logging
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from models.associations import Association
from models.audit import AuditEvent
from models.clocks import SPANS, AssociationClock, Clock
from models.db import retried, transaction
from models.exceptions import InvalidInputError
from models.queries.associations import get_association_by_public_id
from models.queries.clocks import get_clocks
from webapp.permissions import Actor, Permission, require

logger = logging.getLogger(__name__)


@retried
def set_clocks(*, association_id: UUID, days: Mapping[Clock, int], actor: Actor, at: datetime) -> int:
    """Change some clocks of an association, and say how many really changed. What is under way keeps its deadline.

    Raises NotFoundError, PermissionDeniedError or InvalidInputError.
    """
    for clock, value in days.items():
        span = SPANS[clock]
        if not span.least <= value <= span.most:
            raise InvalidInputError(field=clock.value, value=value, expected=f"{span.least} to {span.most} days")
    with transaction() as session:
        association = get_association_by_public_id(session, association_id)
        require(actor, Permission.ASSOCIATION_RUN, association)
        now = get_clocks(session, association.id)
        changed = {clock: value for clock, value in days.items() if now[clock] != value}
        _refuse_late_warning({**now, **changed})
        for clock, value in changed.items():
            row = AssociationClock(
                association_id=association.id, clock=clock, days=value, set_at=at, set_by_id=actor.account_id
            )
            session.merge(row)
            session.add(_event(association, f"{clock.value}: {now[clock]} → {value}", actor, at))
    logger.info("clocks set", extra={"association_id": str(association_id), "changed": len(changed)})
    return len(changed)


def _refuse_late_warning(days: Mapping[Clock, int]) -> None:
    """Refuse an escalation that comes before its reminder."""
    if days[Clock.SILENCE_ESCALATION] <= days[Clock.SILENCE]:
        expected = f"more than {days[Clock.SILENCE]} days"
        raise InvalidInputError(
            field=Clock.SILENCE_ESCALATION.value, value=days[Clock.SILENCE_ESCALATION], expected=expected
        )


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
