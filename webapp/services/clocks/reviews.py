"""Checks and reviews: their referent is told on the day, everybody who runs the association when the last day passed.

What nobody held 60 days later is set aside by itself, so that the next one of the series counts.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from models.accounts import Account
from models.db import db, retried, transaction
from models.entrepreneurs import Entrepreneur
from models.notices import NoticeKind
from models.pairings import Pairing
from models.queries.coordinators import list_coordinators
from models.queries.overdue import Overdue, list_all_due
from models.queries.reviews import list_to_set_aside, list_together_without_checks
from models.reviews import Review
from models.states import TOGETHER_PAIRING_STATES
from webapp.permissions import SYSTEM
from webapp.services.clocks.stepping import notice_for
from webapp.services.parties import lock_parties_of
from webapp.services.reviews import plan_points, set_aside_review


def plan_missing_checks(*, at: datetime) -> int:
    """Plan the checks of those who began before there were any, or on another path than an answer."""
    return sum(_plan(pairing_id, at=at) for pairing_id in list_together_without_checks(db.session(), at=at))


def notice_reviews(*, at: datetime) -> int:
    """Notice what is due, for the referent, and what is late, for everybody who runs the association."""
    kinds = (NoticeKind.REVIEW_DUE, NoticeKind.REVIEW_LATE)
    found = list_all_due(db.session(), kinds, at=at)
    return sum(notice_for(_people, kind, overdue, at=at) for kind, overdue in found)


def set_aside_not_held(*, at: datetime) -> int:
    """Set aside what nobody held, long after it was told."""
    return sum(set_aside_review(review_id=review_id, at=at) for review_id in list_to_set_aside(db.session(), at=at))


@retried
def _plan(pairing_id: int, *, at: datetime) -> bool:
    with transaction() as session:
        parties = lock_parties_of(session, session.get_one(Pairing, pairing_id))
        if parties.pairing.state not in TOGETHER_PAIRING_STATES:
            return False
        return plan_points(session, parties, actor=SYSTEM, at=at) > 0


def _people(session: Session, kind: NoticeKind, overdue: Overdue) -> Iterable[Account]:
    """Give the referent; without one who can sign in `notice` turns to the coordinators by itself."""
    if kind is NoticeKind.REVIEW_LATE:
        return list_coordinators(session, overdue.association_id)
    person = session.get_one(Entrepreneur, session.get_one(Review, overdue.record_id).entrepreneur_id)
    referent = session.get(Account, person.referent_id) if person.referent_id is not None else None
    return [referent] if referent is not None else []
