"""Reads of checks and reviews: what is due, what is late, what was held, and who still needs some."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.interfaces import ORMOption

from models.accounts import Account
from models.associations import Association, Network
from models.clocks import CHECK_MONTHS
from models.exceptions import NotFoundError
from models.pairings import Pairing
from models.queries.pages import Page, fetch_page
from models.reviews import Review, ReviewKind, SkipReason
from models.states import TOGETHER_PAIRING_STATES, ReviewState
from models.supporters import LASTING_ROLES, SupporterRole

SET_ASIDE_AFTER = timedelta(days=60)
"""How long after its last day what nobody held is set aside, so that the next one of the series counts."""

SHOWN_BEFORE = timedelta(days=30)
"""How long before its day a review is told to the person as something that comes."""

_LONG_DUE = (
    select(Review.public_id)
    .where(Review.state == ReviewState.DUE, Review.deadline_at <= bindparam("before"))
    .order_by(Review.id)
)
"""What was not held long after its last day: written once, since every tick asks it."""


class ReviewSituation(StrEnum):
    """What a coordinator may look for among checks and reviews."""

    DUE = "due"
    COMING = "coming"
    DONE = "done"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewLine:
    """One line of a list: a check or a review, and the person's referent if she has one."""

    review: Review
    referent: Account | None


def select_reviews(association_id: int, situation: ReviewSituation, *, at: datetime) -> Select[Review]:
    """Select the checks and reviews of one association in a situation; what was due first comes first."""
    rows = select(Review).where(Review.association_id == association_id, *_conditions(situation, at))
    if situation in (ReviewSituation.DUE, ReviewSituation.COMING):
        return rows.order_by(Review.due_on, Review.id)
    return rows.order_by(Review.due_on.desc(), Review.id.desc())


def list_reviews(
    session: Session, association_id: int, situation: ReviewSituation, *, at: datetime, page: int = 1
) -> Page[ReviewLine]:
    """List one page of checks and reviews with the people they are about, and who answers for each."""
    found = fetch_page(session, select_reviews(association_id, situation, at=at).options(*_with_people()), page)
    wanted = {line.entrepreneur.referent_id for line in found.lines} - {None}
    accounts = {account.id: account for account in session.scalars(select(Account).where(Account.id.in_(wanted)))}
    return found.with_lines(
        [ReviewLine(review=line, referent=accounts.get(line.entrepreneur.referent_id or 0)) for line in found.lines]
    )


def find_next_due(session: Session, association_id: int, *, at: datetime, after: Review) -> Review | None:
    """Give the check or review to hold next: the first one behind this one, else the first of all."""
    rows = select_reviews(association_id, ReviewSituation.DUE, at=at).where(Review.id != after.id)
    behind = or_(Review.due_on > after.due_on, and_(Review.due_on == after.due_on, Review.id > after.id))
    return session.scalar(rows.where(behind).limit(1)) or session.scalar(rows.limit(1))


def get_review(session: Session, public_id: UUID, *, association_ids: frozenset[int]) -> Review:
    """Get a check or a review of one's own associations, with the people it is about.

    Raises
    ------
    NotFoundError
        If there is none, or it belongs to others.
    """
    found = session.scalar(
        select(Review)
        .where(Review.public_id == public_id, Review.association_id.in_(association_ids))
        .options(*_with_people())
    )
    if found is None:
        raise NotFoundError(record="Review")
    return found


def get_reviewed_id(session: Session, public_id: UUID) -> int:
    """Give the number of the person of a check or a review.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    found = session.scalar(select(Review.entrepreneur_id).where(Review.public_id == public_id))
    if found is None:
        raise NotFoundError(record="Review")
    return found


def lock_review(session: Session, public_id: UUID) -> Review:
    """Give a check or a review as it is now, and keep others from changing it until the end.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    found = session.scalar(
        select(Review).where(Review.public_id == public_id).with_for_update().execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFoundError(record="Review")
    return found


def lock_due_checks(session: Session, pairing_id: int) -> Sequence[Review]:
    """Give what is still due of a pairing, locked."""
    return _lock_due(session, Review.pairing_id == pairing_id)


def lock_due_reviews(session: Session, entrepreneur_id: int) -> Sequence[Review]:
    """Give what is still due of a person, locked."""
    return _lock_due(session, Review.entrepreneur_id == entrepreneur_id)


def find_next_review(session: Session, entrepreneur_id: int) -> Review | None:
    """Give the next check or review of a person that is due or comes, if any."""
    rows = select(Review).where(Review.entrepreneur_id == entrepreneur_id, Review.state == ReviewState.DUE)
    return session.scalar(rows.order_by(Review.due_on, Review.id).limit(1))


def has_reviews(session: Session, entrepreneur_id: int) -> bool:
    """Say whether a person's follow-up has begun: reviews that went with a closed file do not count."""
    counts = or_(Review.skip_reason.is_(None), Review.skip_reason != SkipReason.FILE_CLOSED)
    rows = exists().where(Review.entrepreneur_id == entrepreneur_id, Review.kind == ReviewKind.REVIEW, counts)
    return bool(session.scalar(select(rows)))


def has_checks(session: Session, pairing_id: int) -> bool:
    """Say whether a pairing's checks were planned."""
    return bool(session.scalar(select(exists().where(Review.pairing_id == pairing_id))))


def list_together_without_checks(session: Session, *, at: datetime) -> Sequence[int]:
    """Give the lasting pairings young enough for checks, of associations that hold them, that have none planned."""
    return session.scalars(_select_without_checks(), {"since": at - timedelta(days=28 * max(CHECK_MONTHS))}).all()


@cache
def _select_without_checks() -> Select[int]:
    """Write the statement once: every tick asks it."""
    lends = exists().where(Association.id == Pairing.association_id, Association.network == Network.INITIATIVE_FRANCE)
    rows = select(Pairing.id).where(
        Pairing.state.in_(TOGETHER_PAIRING_STATES),
        Pairing.role.in_(LASTING_ROLES),
        Pairing.answered_at > bindparam("since"),
        ~and_(Pairing.role == SupporterRole.COACH, lends),
        ~exists().where(Review.pairing_id == Pairing.id),
    )
    return rows.order_by(Pairing.id)


def list_to_set_aside(session: Session, *, at: datetime) -> Sequence[UUID]:
    """Give what nobody held long after its last day."""
    return session.scalars(_LONG_DUE, {"before": at - SET_ASIDE_AFTER}).all()


def _conditions(situation: ReviewSituation, at: datetime) -> tuple[ColumnElement[bool], ...]:
    return {
        ReviewSituation.DUE: (Review.state == ReviewState.DUE, Review.due_at <= at),
        ReviewSituation.COMING: (Review.state == ReviewState.DUE, Review.due_at > at),
        ReviewSituation.DONE: (Review.state == ReviewState.DONE,),
        ReviewSituation.SKIPPED: (Review.state == ReviewState.SKIPPED,),
    }[situation]


def _with_people() -> tuple[ORMOption, ...]:
    return (
        joinedload(Review.entrepreneur),
        joinedload(Review.pairing).joinedload(Pairing.supporter),
    )


def _lock_due(session: Session, about: ColumnElement[bool]) -> Sequence[Review]:
    return session.scalars(
        select(Review)
        .where(about, Review.state == ReviewState.DUE)
        .order_by(Review.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
