"""A longer time together: the coordinator decides, once she has spoken with both."""

import logging
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy.orm import Session

from models.clocks import SUPPORT_MONTHS
from models.db import retried, transaction
from models.exceptions import InvalidInputError, InvalidTransitionError, TermOverError
from models.messages import MessageKind
from models.moves import write_event
from models.states import TOGETHER_PAIRING_STATES
from webapp.clock import PARIS, day_of
from webapp.permissions import Actor, Permission
from webapp.services.pairing_terms import add_months, may_extend
from webapp.services.parties import Parties, lock_parties, tell_parties

logger = logging.getLogger(__name__)


@retried
def extend_term(*, pairing_id: UUID, until: date, actor: Actor, at: datetime) -> None:
    """Let two people go on until another day, as long again as their network plans at most; tell both. Twice is once.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError, TermOverError (a path that has its end) or
    InvalidInputError (a day that is no later, or too late).
    """
    with transaction() as session:
        parties = lock_parties(session, pairing_id, actor=actor, permission=Permission.PAIRING_STEER)
        pairing, association = parties.pairing, parties.association
        if pairing.state not in TOGETHER_PAIRING_STATES or pairing.ends_on is None:
            raise InvalidTransitionError(record="pairing", state=str(pairing.state), action="extend")
        if not may_extend(association, pairing.role):
            raise TermOverError(ends_on=pairing.ends_on)
        if until == pairing.ends_on:
            return
        today = day_of(at)
        latest = add_months(today, SUPPORT_MONTHS[association.network.value])
        if not max(today, pairing.ends_on) < until <= latest:
            raise InvalidInputError(field="until", expected="a later day, within the time that a network plans")
        note = f"{pairing.ends_on} -> {until}"
        pairing.ends_on = until
        write_event(session, pairing, "extend", actor_id=actor.account_id, at=at, note=note)
        _tell(session, parties, until=until, actor=actor, at=at)
    logger.info("term extended", extra={"pairing_id": str(pairing_id), "actor_id": actor.account_id})


def _tell(session: Session, parties: Parties, *, until: date, actor: Actor, at: datetime) -> None:
    kind, event, noon = MessageKind.PAIRING_EXTENDED, until.isoformat(), datetime.combine(until, time(12), PARIS)
    told = {"until": noon}
    tell_parties(session, parties, kind, both=told, desk=told, actor=actor, at=at, event=event)
