"""Checks of a pairing in its first months and reviews of a project over five years: planned, held, left out.

The checks of a pairing are planned with the yes, the reviews once per person, with the first one: they go on whoever
accompanies her. An end takes the checks that are still due with it, a closed file takes everything.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from models.clocks import CHECK_MONTHS, REVIEW_MONTHS, Clock
from models.db import retried, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import InvalidInputError, InvalidTransitionError
from models.moves import move, write_events
from models.pairings import Pairing
from models.queries.clocks import get_clocks
from models.queries.reviews import (
    get_reviewed_id,
    has_checks,
    has_reviews,
    lock_due_checks,
    lock_due_reviews,
    lock_review,
)
from models.queries.suggestions import lock_entrepreneur
from models.reviews import Review, ReviewKind, SkipReason
from models.states import ReviewAction, ReviewState
from models.supporters import LASTING_ROLES, SupporterRole
from models.wall import lends
from webapp.clock import PARIS, day_of
from webapp.permissions import SYSTEM, Actor, Permission, require
from webapp.services.pairing_terms import add_months
from webapp.services.parties import Parties

logger = logging.getLogger(__name__)
MOST_JOBS = 1000.0
MOST_HEARD = 2000
GIVEN_REASONS = frozenset({SkipReason.UNREACHABLE, SkipReason.NOT_WANTED, SkipReason.OTHER})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewAnswers:
    """What was heard: whether it goes on, jobs in full-time equivalents, the neighbourhood, and words for the team."""

    goes_on: bool
    jobs_created: float | None = None
    jobs_kept: float | None = None
    in_neighbourhood: bool | None = None
    heard: str = ""


def plan_points(session: Session, parties: Parties, *, actor: Actor, at: datetime) -> int:
    """Plan the checks of two who began, and the reviews of who has none, in the caller's transaction. Twice is once.

    What a coach hears is no matter of an association that decides on loans: there her path has no checks.
    """
    pairing, association = parties.pairing, parties.association
    if pairing.role not in LASTING_ROLES:
        return 0
    began = day_of(pairing.answered_at or at)
    late_after = timedelta(days=get_clocks(session, association.id)[Clock.REVIEW])
    planned: list[Review] = []
    is_walled = pairing.role is SupporterRole.COACH and lends(association.network)
    if not is_walled and not has_checks(session, pairing.id):
        planned += [_build(ReviewKind.CHECK, pairing, month, began, late_after) for month in CHECK_MONTHS]
    if not is_walled and not has_reviews(session, parties.entrepreneur.id):
        planned += [_build(ReviewKind.REVIEW, pairing, month, began, late_after) for month in REVIEW_MONTHS]
    # Two who began before there were checks are not asked about months gone by.
    planned = [review for review in planned if review.due_on >= day_of(at)]
    session.add_all(planned)
    session.flush()
    if planned:
        write_events(session, planned, "plan", to_state=ReviewState.DUE, actor_id=actor.account_id, at=at)
    return len(planned)


def cancel_checks(session: Session, pairing: Pairing, *, actor: Actor, at: datetime) -> None:
    """Leave out the checks of a pairing that is over, in the caller's transaction."""
    _leave_out(session, lock_due_checks(session, pairing.id), SkipReason.PAIRING_ENDED, actor=actor, at=at)


def cancel_reviews(session: Session, person: Entrepreneur, *, actor: Actor, at: datetime) -> None:
    """Leave out all that is due of a person whose file closes, in the caller's transaction."""
    _leave_out(session, lock_due_reviews(session, person.id), SkipReason.FILE_CLOSED, actor=actor, at=at)


@retried
def note_review(*, review_id: UUID, answers: ReviewAnswers, actor: Actor, at: datetime) -> None:
    """Note what was heard; noting it again corrects it.

    Raises NotFoundError, PermissionDeniedError, InvalidInputError or InvalidTransitionError (she is forgotten).
    """
    _check(answers)
    with transaction() as session:
        person = lock_entrepreneur(session, get_reviewed_id(session, review_id))
        review = lock_review(session, review_id)
        require(actor, Permission.REVIEW_HOLD, review)
        if person.erased_at is not None:
            raise InvalidTransitionError(record="review", state=str(review.state), action=str(ReviewAction.NOTE))
        move(
            session,
            review,
            ReviewAction.NOTE,
            actor_id=actor.account_id,
            at=at,
            done_at=at,
            done_by_id=actor.account_id,
            skip_reason=None,
            goes_on=answers.goes_on,
            jobs_created=answers.jobs_created if review.kind is ReviewKind.REVIEW else None,
            jobs_kept=answers.jobs_kept if review.kind is ReviewKind.REVIEW else None,
            in_neighbourhood=answers.in_neighbourhood if review.kind is ReviewKind.REVIEW else None,
            heard=answers.heard.strip() or None,
        )
    logger.info("review noted", extra={"review_id": str(review_id), "actor_id": actor.account_id})


@retried
def skip_review(*, review_id: UUID, reason: SkipReason, actor: Actor, at: datetime) -> None:
    """Leave one out, and say why; it can still be noted later.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError or InvalidInputError.
    """
    if reason not in GIVEN_REASONS:
        raise InvalidInputError(field="reason", value=str(reason))
    with transaction() as session:
        review = lock_review(session, review_id)
        require(actor, Permission.REVIEW_HOLD, review)
        _leave_out(session, [review], reason, actor=actor, at=at)
    logger.info("review left out", extra={"review_id": str(review_id), "actor_id": actor.account_id})


@retried
def set_aside_review(*, review_id: UUID, at: datetime) -> bool:
    """Set aside what nobody held long after its last day, if nobody did meanwhile."""
    with transaction() as session:
        review = lock_review(session, review_id)
        if review.state is not ReviewState.DUE:
            return False
        _leave_out(session, [review], SkipReason.NOT_HELD, actor=SYSTEM, at=at)
    return True


def _build(kind: ReviewKind, pairing: Pairing, month: int, began: date, late_after: timedelta) -> Review:
    due_on = add_months(began, month)
    due_at = datetime.combine(due_on, time(), PARIS).astimezone(UTC)
    return Review(
        public_id=uuid4(),
        association_id=pairing.association_id,
        entrepreneur_id=pairing.entrepreneur_id,
        pairing_id=pairing.id if kind is ReviewKind.CHECK else None,
        kind=kind,
        month=month,
        due_on=due_on,
        due_at=due_at,
        deadline_at=due_at + late_after,
        state=ReviewState.DUE,
    )


def _leave_out(session: Session, found: Sequence[Review], reason: SkipReason, *, actor: Actor, at: datetime) -> None:
    for review in found:
        move(
            session,
            review,
            ReviewAction.SKIP,
            actor_id=actor.account_id,
            at=at,
            reason=str(reason),
            skip_reason=reason,
        )


def _check(answers: ReviewAnswers) -> None:
    for name, jobs in (("jobs_created", answers.jobs_created), ("jobs_kept", answers.jobs_kept)):
        if jobs is not None and not 0 <= jobs <= MOST_JOBS:
            raise InvalidInputError(field=name, value=jobs, expected=f"0 to {MOST_JOBS:g}")
    if len(answers.heard) > MOST_HEARD:
        raise InvalidInputError(field="heard", maximum=MOST_HEARD)
