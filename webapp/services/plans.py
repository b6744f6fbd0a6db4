"""What a coordinator decides about support plans: the whole at once, or line by line; and who is invited to what."""

import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from models.db import db, retried, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import DomainError, NotEligibleError, NotFoundError, SessionClosedError, SessionFullError
from models.messages import MessageKind
from models.moves import move
from models.plans import PlanLine
from models.queries import members
from models.queries.bookings import find_live_booking
from models.queries.plans import get_line, get_plan, list_waiting_lines, lock_line
from models.queries.suggestions import lock_entrepreneur
from models.states import EntrepreneurState, PlanLineAction, SessionState
from models.workshops import WorkshopSession
from webapp.permissions import Actor, Permission, require
from webapp.services.messages import queue_message
from webapp.services.session_notices import describe_session
from webapp.services.suggestions import approve_suggestion

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineOutcome:
    """What became of one line of a plan: done, or the refusal that explains itself."""

    line_id: UUID
    error: DomainError | None


def approve_plan(*, plan_id: UUID, actor: Actor, at: datetime) -> tuple[LineOutcome, ...]:
    """Approve every line that waits, each on its own: one that is refused keeps nobody from the others.

    Raises NotFoundError or PermissionDeniedError.
    """
    session = db.session()
    plan = get_plan(session, plan_id)
    require(actor, Permission.SUGGESTION_DECIDE, plan)
    waiting = list_waiting_lines(session, plan.id, at=at)
    return tuple(_try_approval(line_id, actor=actor, at=at) for line_id in waiting)


def approve_line(*, line_id: UUID, actor: Actor, at: datetime) -> UUID:
    """Approve one line: a supporter is asked as by her suggestion, a person is invited to a workshop session.

    Gives the plan that it belongs to.

    Raises what `approve_suggestion` and `invite_to_session` raise.
    """
    session = db.session()
    line = get_line(session, line_id)
    require(actor, Permission.SUGGESTION_DECIDE, line.plan)
    plan_id, suggestion = line.plan.public_id, line.suggestion
    if suggestion is None:
        invite_to_session(line_id=line_id, actor=actor, at=at)
    else:
        approve_suggestion(suggestion_id=suggestion.public_id, actor=actor, at=at)
    return plan_id


@retried
def invite_to_session(*, line_id: UUID, actor: Actor, at: datetime) -> None:
    """Invite a person to the workshop session of a line. A seat is hers once she books it; none is held until then.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError, NotEligibleError, SessionClosedError or
    SessionFullError.
    """
    with transaction() as session:
        line = get_line(session, line_id)
        require(actor, Permission.SUGGESTION_DECIDE, line.plan)
        person = lock_entrepreneur(session, line.plan.entrepreneur_id)
        line = lock_line(session, line.id)
        workshop = _require_workshop(session, line)
        _require_open(person, workshop, at=at)
        move(
            session,
            line,
            PlanLineAction.APPROVE,
            actor_id=actor.account_id,
            at=at,
            decided_at=at,
            decided_by_id=actor.account_id,
        )
        if find_live_booking(session, session_id=workshop.id, entrepreneur_id=person.id) is None:
            if workshop.taken >= workshop.seats:
                raise SessionFullError(session_id=workshop.public_id)
            _invite(session, line, person, workshop, at=at)
    logger.info("invited to a session", extra={"line_id": str(line_id), "actor_id": actor.account_id})


@retried
def reject_line(*, line_id: UUID, actor: Actor, at: datetime) -> UUID:
    """Set the proposal of a workshop session aside; the person is told nothing, and may still book it herself.

    Lines about supporters are set aside with a reason, as suggestions. Gives the plan that it belongs to.

    Raises NotFoundError, PermissionDeniedError or InvalidTransitionError.
    """
    with transaction() as session:
        line = get_line(session, line_id)
        require(actor, Permission.SUGGESTION_DECIDE, line.plan)
        plan_id = line.plan.public_id
        lock_entrepreneur(session, line.plan.entrepreneur_id)
        line = lock_line(session, line.id)
        _require_workshop(session, line)
        move(
            session,
            line,
            PlanLineAction.REJECT,
            actor_id=actor.account_id,
            at=at,
            decided_at=at,
            decided_by_id=actor.account_id,
        )
    logger.info("plan line set aside", extra={"line_id": str(line_id), "actor_id": actor.account_id})
    return plan_id


def _try_approval(line_id: UUID, *, actor: Actor, at: datetime) -> LineOutcome:
    try:
        approve_line(line_id=line_id, actor=actor, at=at)
    except DomainError as error:
        return LineOutcome(line_id=line_id, error=error)
    return LineOutcome(line_id=line_id, error=None)


def _require_workshop(session: Session, line: PlanLine) -> WorkshopSession:
    if line.session_id is None:
        raise NotFoundError(record="PlanLine")
    return session.get_one(WorkshopSession, line.session_id, populate_existing=True)


def _require_open(person: Entrepreneur, workshop: WorkshopSession, *, at: datetime) -> None:
    if person.state is not EntrepreneurState.READY:
        raise NotEligibleError(rule="not_ready", state=str(person.state), entrepreneur_id=person.public_id)
    if workshop.state is not SessionState.SCHEDULED or workshop.starts_at <= at:
        raise SessionClosedError(session_id=workshop.public_id)


def _invite(session: Session, line: PlanLine, person: Entrepreneur, workshop: WorkshopSession, *, at: datetime) -> None:
    contact = members.find_contact(session, association_id=person.association_id, referent_id=person.referent_id)
    queue_message(
        session,
        kind=MessageKind.SESSION_PROPOSED,
        account_id=person.account_id,
        recipient=person.email,
        event_key=f"plan_line:{line.public_id}:invited",
        facts={**describe_session(session, workshop), "coordinator": contact.name},
        association_id=person.association_id,
        at=at,
    )
