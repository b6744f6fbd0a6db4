"""The supporters' circle: what is near or past its day is noticed for who can act, then something happens by itself.

=====================  ==============================  ===============================  ==============================
what waits             who is in the circle            coordinators                     by itself
=====================  ==============================  ===============================  ==============================
a gathering ahead      7 days before, unless she said  -                                takes place as planned
                       that she cannot come
one to note            -                               its host at its end; everybody   missed, 30 days later
                                                       after MEETING_REPORT
none planned           -                               everybody, GATHERING days after  stays on the dashboard
                                                       the last one
=====================  ==============================  ===============================  ==============================
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.accounts import Account
from models.circle_meetings import CircleAnswer
from models.db import db, retried, transaction
from models.gatherings import Gathering
from models.notices import NoticeKind
from models.queries.coordinators import list_coordinators
from models.queries.gatherings import get_gathering, list_listed
from models.queries.overdue import Overdue, list_all_due, list_due
from webapp.permissions import SYSTEM
from webapp.services.clocks.stepping import act_on_each
from webapp.services.gatherings import miss_gathering
from webapp.services.notices import Addressee, notice

SOON = timedelta(days=7)
REPORT_PAST = timedelta(days=30)
PAST = (
    NoticeKind.GATHERING_TO_NOTE,
    NoticeKind.GATHERING_NOT_NOTED,
    NoticeKind.GATHERING_WANTED,
)


def notice_gatherings(*, at: datetime) -> int:
    """Notice what is past its day, or close to it, for whom it concerns."""
    near = list_due(db.session(), NoticeKind.GATHERING_SOON, at=at + SOON)
    found = [(NoticeKind.GATHERING_SOON, overdue) for overdue in near]
    found += list_all_due(db.session(), PAST, at=at)
    return sum(_notice(kind, overdue, at=at) for kind, overdue in found)


def take_gathering_steps(*, at: datetime) -> int:
    """Count as missed what nobody noted, long after it was asked for."""
    unnoted = list_due(db.session(), NoticeKind.GATHERING_TO_NOTE, at=at - REPORT_PAST, noticed=True)
    return act_on_each(unnoted, lambda one: _miss(one, at=at))


@retried
def _notice(kind: NoticeKind, overdue: Overdue, *, at: datetime) -> int:
    with transaction() as session:
        people = _people(session, kind, overdue, at)
        return notice(session, kind, overdue, people, at=at) if people else 0


def _people(session: Session, kind: NoticeKind, overdue: Overdue, at: datetime) -> Sequence[Addressee]:
    if kind is NoticeKind.GATHERING_SOON:
        gathering = get_gathering(session, overdue.subject_id)
        return _expected(session, gathering) if gathering.starts_at > at else []
    team = list_coordinators(session, overdue.association_id)
    if kind is NoticeKind.GATHERING_TO_NOTE:
        host_id = session.get_one(Gathering, overdue.record_id).host_id
        named: list[Account] = [account for account in team if account.id == host_id]
        # Whoever planned it may have gone since: then it is the matter of the whole team at once.
        return named or team
    return team


def _expected(session: Session, gathering: Gathering) -> list[Addressee]:
    absent = {one.supporter_id for one in gathering.attendances if one.answer is CircleAnswer.NO}
    listed = list_listed(session, gathering.association_id)
    return [listing.supporter for listing in listed if listing.supporter_id not in absent]


def _miss(overdue: Overdue, *, at: datetime) -> int:
    miss_gathering(gathering_id=overdue.subject_id, actor=SYSTEM, at=at)
    return 1
