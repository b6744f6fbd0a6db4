"""People whom nobody has a day for: everybody who waits has a day on which somebody comes back to her."""

import logging
from collections.abc import Sequence
from datetime import date, datetime

from models.accounts import Account
from models.db import db, retried, transaction
from models.entrepreneurs import Entrepreneur
from models.notices import NoticeKind
from models.queries.associations import get_association
from models.queries.coordinators import list_coordinators
from models.queries.overdue import Overdue, list_all_due
from models.queries.overdue_days import list_days_due
from models.queries.suggestions import lock_entrepreneur
from models.queries.waiting import LATEST_ANSWER, list_kept_waiting, list_without_follow_up
from models.states import EntrepreneurState
from models.supporters import Supporter
from webapp.clock import day_of
from webapp.services.alternatives import plan_follow_up
from webapp.services.notices import Addressee, notice

logger = logging.getLogger(__name__)


def plan_missing_follow_ups(*, at: datetime) -> int:
    """Give everybody whose file is open and who has no day of her own the day on which somebody comes back to her."""
    today = day_of(at)
    return sum(_plan(entrepreneur_id, today=today, at=at) for entrepreneur_id in list_without_follow_up(db.session()))


def renew_missed_follow_ups(*, at: datetime) -> int:
    """Plan another day for who was kept waiting a week past hers: a day gone by is no next step."""
    today = day_of(at)
    kept_waiting = list_kept_waiting(db.session(), today=today)
    return sum(_plan(entrepreneur_id, today=today, at=at) for entrepreneur_id in kept_waiting)


@retried
def _plan(entrepreneur_id: int, *, today: date, at: datetime) -> int:
    with transaction() as session:
        entrepreneur = lock_entrepreneur(session, entrepreneur_id)
        has_day = entrepreneur.follow_up_on is not None and entrepreneur.follow_up_on > today - LATEST_ANSWER
        if has_day or entrepreneur.state is EntrepreneurState.CLOSED:
            return 0
        plan_follow_up(entrepreneur, get_association(session, entrepreneur.association_id), at=at)
    return 1


def notice_people(*, at: datetime) -> int:
    """Notice news that is due and who was in no run, for the coordinators, and a profile that rests, for the person.

    An invitation that nobody took up is told to who was invited, a week later to the coordinators.
    """
    kinds = (NoticeKind.INVITATION_WAITS, NoticeKind.INVITATION_UNANSWERED, NoticeKind.PROFILE_TO_FINISH)
    found = list_days_due(db.session(), (NoticeKind.NEWS_DUE, NoticeKind.NEVER_MATCHED), at=at)
    found += list_all_due(db.session(), kinds, at=at)
    return sum(_notice(kind, overdue, at=at) for kind, overdue in found)


def notice_papers(*, at: datetime) -> int:
    """Notice a training or an insurance that ends within a month, for the supporter and the coordinators."""
    found = list_days_due(db.session(), (NoticeKind.TRAINING_ENDS, NoticeKind.INSURANCE_ENDS), at=at)
    return sum(_notice_papers(kind, overdue, at=at) for kind, overdue in found)


@retried
def _notice_papers(kind: NoticeKind, overdue: Overdue, *, at: datetime) -> int:
    with transaction() as session:
        people: list[Addressee] = [session.get_one(Supporter, overdue.record_id)]
        people += list_coordinators(session, overdue.association_id)
        return notice(session, kind, overdue, people, at=at)


@retried
def _notice(kind: NoticeKind, overdue: Overdue, *, at: datetime) -> int:
    with transaction() as session:
        people: Sequence[Addressee]
        if kind is NoticeKind.PROFILE_TO_FINISH:
            people = [session.get_one(Entrepreneur, overdue.record_id)]
        elif kind is NoticeKind.INVITATION_WAITS:
            people = [session.get_one(Account, overdue.record_id)]
        else:
            people = list_coordinators(session, overdue.association_id)
        return notice(session, kind, overdue, people, at=at)
